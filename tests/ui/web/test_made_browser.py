"""The pages of what the stages made, in a real browser: no complaints, the commands' numbers, A4, a phone."""

from __future__ import annotations

import contextlib
import io
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_room import build
from playwright.sync_api import Page, expect, sync_playwright
from test_browser import CHROMIUM, WAIT, Server

from anchorset.ui.cli.main import application

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)
REF = "shop@1.0.0"
PAGES = ("datasets", f"datasets/{REF}", "runs", "runs/q_next", "audit", "trust", "outcomes")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("seen") / "ws"
    build(found).close()
    return found


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    one = Server(folder)
    yield one
    one.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def page(server: Server) -> Iterator[Page]:
    """One tab for all; whatever it complains of fails the module."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_default_timeout(WAIT)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        tab.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        tab.goto(server.url)
        yield tab
        browser.close()
    assert complaints == []


def said(folder: Path, *words: str) -> Any:
    """What a command says with --json, in this process: a new one takes seconds to start."""
    line = ["-w", str(folder), *words, "--json"]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        application(line)(line, standalone_mode=False)
    return json.loads(told.getvalue())


def opened(page: Page, server: Server, path: str) -> None:
    page.goto(server.base + path)
    page.wait_for_selector("#stage[aria-busy=false]")
    page.wait_for_load_state("networkidle")


def test_every_page_fits_a_phone_and_runs_nothing_that_a_case_says(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in PAGES:
        opened(page, server, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.locator("main script, main iframe, main a[href^=javascript]").count() == 0, path
        assert page.locator("main .error").count() == 0, path
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_numbers_are_those_of_the_commands(page: Page, server: Server, folder: Path) -> None:
    shown = said(folder, "datasets", "show", REF)
    opened(page, server, f"datasets/{REF}")
    expect(page.locator(".number-box strong").first).to_have_text(str(shown["rows"]))
    expect(page.locator("#stage")).to_contain_text("Every file and row is as it was shipped")
    page.locator("#stage a[href='#cases']").first.click()
    expect(page.locator("#rows .total").first).to_contain_text(f"of {shown['by_bucket']['seed']}")
    compared = said(folder, "compare", REF, "--baseline", "current", "--candidate", "next")
    opened(page, server, f"runs?dataset={REF}&baseline=current&candidate=next")
    expect(page.locator(".verdict")).to_contain_text(compared["verdict"])
    row = page.locator("table", has_text="95 % interval").locator("tr", has_text="seed").first
    expect(row).to_contain_text(f"{100 * compared['buckets'][0]['candidate']:.1f}")
    opened(page, server, "trust")
    answers = [one["answer"] for one in said(folder, "trust")["questions"]]
    badges = page.locator(".answers").first.locator(".badge").all_inner_texts()
    assert [text.split()[-1] for text in badges] == answers
    expect(page.locator("img").first).to_be_visible()
    assert page.locator("img").first.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0


def test_an_outcome_with_the_comparisons_verdict_and_its_evidence(page: Page, server: Server, folder: Path) -> None:
    opened(page, server, f"outcomes?dataset={REF}&candidate=next")
    compared = said(folder, "compare", REF, "--baseline", "current", "--candidate", "next")
    expect(page.locator("select[name=verdict]")).to_have_value(compared["verdict"])
    page.locator(".evidence input").first.check()
    page.get_by_label("reject: it stays back").check()
    page.get_by_label("off policy").check()
    page.get_by_role("button", name="Record").click()
    expect(page.locator(".outcome h2")).to_have_text("next")
    page.get_by_text("Add what production said").click()
    page.locator(".outcome select").select_option("worse")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("as the evaluation had said")
    (row,) = said(folder, "outcome", REF, "--list")["outcomes"]
    assert (row["decision"], row["production"], row["verdict"]) == ("reject", "worse", compared["verdict"])
    assert len(row["evidence"]) == 1


def test_the_packet_prints_on_a4_without_its_way_back(page: Page, server: Server) -> None:
    page.goto(f"{server.base}packet/{REF}")
    expect(page.locator(".back")).to_be_visible()
    assert page.locator("script").count() == 0
    page.emulate_media(media="print")
    expect(page.locator(".back")).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
    page.emulate_media(media="screen")
    page.locator(".back a").click()
    expect(page.locator("#name")).to_have_text(REF)


def test_the_command_writes_the_same_packet(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "packet.html"
    assert said(folder, "datasets", "packet", REF, "--out", str(out))["dataset"] == REF
    text = out.read_text(encoding="utf-8")
    assert "Synthetic and real, side by side" in text
    assert "<script" not in text
    assert 'class="back"' not in text
