"""The page in a real browser: a review by keys alone, across a reload; a phone; hostile text; a server that dies."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from review_room import build

from anchorset.core.filter import Filter
from anchorset.pipeline.workspace import open_workspace

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)
COMMAND = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]
WAIT = 30_000


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


class Server:
    """`anchorset review` in a process of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "review", "--no-open", "--reviewer", "kim", *words], cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if found is None:
            raise AssertionError(self.process.communicate())
        self.url = found.group()
        self.base = self.url.partition("?")[0]

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, how: int = signal.SIGINT) -> tuple[int, str]:
        if self.alive:
            os.killpg(self.process.pid, how)
        told, _ = self.process.communicate(timeout=30)
        return self.process.returncode, told


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "ws", texts=40)
    return tmp_path / "ws"


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    one = Server(folder)
    yield one
    one.stop(signal.SIGKILL)


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """A page on the server; whatever it complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def one(path: str = "", **more: Any) -> Page:
        context = browser.new_context(**more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.goto(server.url)
        if path:
            page.goto(server.base + path)
        return page

    yield one
    for context in contexts:
        context.close()
    assert [one for one in complaints if server.alive or "net::ERR" not in one] == []


def shown(page: Page, *, but: str = "") -> str:
    """Id of the case that is shown, once it is another than `but`."""
    case = page.locator(f'.case[aria-label^="Case "]:not([aria-label="Case {but}"])')
    return (case.get_attribute("aria-label") or "").removeprefix("Case ")


def standing(folder: Path) -> dict[str, tuple[str, str | None]]:
    """Case id -> decision and reason that stand, by the store."""
    workspace = open_workspace(folder)
    try:
        cases = workspace.cases(Filter(real=False, counting=True))
        return {
            case.id: (case.reviews[-1].decision, case.reviews[-1].reason)
            for case in cases
            if case.reviews and case.revision_of is None
        }
    finally:
        workspace.close()


def settled(page: Page) -> None:
    """Waits until the server has all that was decided."""
    page.wait_for_selector("#actions:not([aria-busy=true])", state="attached")


def test_a_review_by_keyboard_alone_across_a_reload(opened: Callable[..., Page], folder: Path) -> None:
    page = opened("?bucket=persona")
    wanted: dict[str, tuple[str, str | None]] = {}
    reasons = ("duplicate", "unrealistic", "ambiguous_expected")
    last, order = "", []
    for nth in range(33):
        now = shown(page, but=last)
        assert now not in wanted
        if nth % 5 == 3:
            page.keyboard.press("x")
            page.keyboard.press(str(nth % 3 + 1))
            wanted[now] = ("reject", reasons[nth % 3])
        elif nth % 11 == 7:
            page.keyboard.press("e")
            page.locator("#edit-expected").press("ControlOrMeta+a")
            page.keyboard.type(f"asks first, {nth} axuf ")  # letters that are keys elsewhere
            page.keyboard.press("Control+Enter")
            wanted[now] = ("edit", None)
        else:
            page.keyboard.press("a")
            wanted[now] = ("approve", None)
        order.append(now)
        last = now
    shown(page, but=last)
    settled(page)
    assert standing(folder) == wanted

    for _ in range(2):
        page.keyboard.press("u")
        undone = order.pop()
        expect(page.locator(f'.case[aria-label="Case {undone}"]')).to_be_visible()
        del wanted[undone]
    page.reload()
    shown(page)
    for _ in range(2):
        page.keyboard.press("Backspace")
        undone = order.pop()
        expect(page.locator(f'.case[aria-label="Case {undone}"]')).to_be_visible()
        del wanted[undone]
    settled(page)
    assert standing(folder) == wanted
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    now = shown(page, but=undone)
    page.keyboard.press("Space")
    third = shown(page, but=now)
    page.keyboard.press("j")
    fourth = shown(page, but=third)
    page.keyboard.press("k")
    assert shown(page, but=fourth) == third
    settled(page)
    assert standing(folder) == wanted
    expect(page.locator("#left")).to_contain_text("1 for later")
    expect(page.locator("#left")).to_contain_text("1 skipped")
    told = json.loads(
        subprocess.run([*COMMAND, "review", "status", "--json"], cwd=folder, capture_output=True, check=True).stdout
    )
    page.goto(page.url.partition("?")[0] + "progress")
    expect(page.locator(".number-box").nth(1)).to_contain_text(str(told["approved"]))
    page.locator(".number-box a").nth(3).click()
    expect(page.locator(".pager .total").first).to_contain_text(f"of {told['rejected']} cases")


def test_keys_do_nothing_while_somebody_types_or_reads_the_help(opened: Callable[..., Page], folder: Path) -> None:
    page = opened()
    first = shown(page)
    page.keyboard.press("/")
    page.locator("#filters input").press_sequentially("axuf")
    page.locator("#filters input").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    settled(page)
    assert standing(folder) == {}
    assert shown(page) == first


def test_a_phone_never_scrolls_sideways(opened: Callable[..., Page], server: Server) -> None:
    page = opened(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    for path in ("", "?lane=seeds", "?lane=answers", "progress", "cases", "help/api"):
        page.goto(server.base + path)
        if path != "help/api":
            page.wait_for_selector("#stage[aria-busy=false]")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_hostile_text_is_only_text(opened: Callable[..., Page]) -> None:
    page = opened("?text=onerror", viewport={"width": 360, "height": 740})
    expect(page.locator(".asked")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".asked")).to_contain_text("[U+202E]evil")
    assert page.locator(".case img, .case script, .case a, .side img, .side a").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("e")
    assert "{{ 7*7 }}" in page.locator("#edit-input").input_value()


def test_a_long_text_is_shown_whole_when_asked_for(opened: Callable[..., Page]) -> None:
    page = opened("?text=long+long", viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Show the whole").click()
    page.wait_for_function("() => document.querySelector('.asked').textContent.length === 200000")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_seed_gets_its_answer_and_answers_their_grades(opened: Callable[..., Page], folder: Path) -> None:
    page = opened("?lane=seeds")
    shown(page)
    page.keyboard.press("a")
    page.keyboard.press("e")
    page.locator("#edit-criteria").fill("says where it is")
    page.keyboard.press("Meta+Enter")
    expect(page.locator(".empty")).to_contain_text("Nothing waits here")
    page.locator('[data-lane="answers"]').click()
    expect(page.locator(".output")).to_be_visible()
    for key in "axaa":
        text = page.locator(".output p").inner_text()
        page.keyboard.press(key)
        expect(page.locator(".output p", has_text=text)).to_have_count(0)
    expect(page.locator(".empty")).to_be_visible()
    settled(page)
    rows = [json.loads(line) for line in (folder / "reviews" / "kim.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["passed"] for row in rows if row["says"] == "grade"] == [True, False, True, True]


@pytest.mark.slow
def test_a_server_that_dies_loses_the_decision_in_flight_at_the_most(
    opened: Callable[..., Page], server: Server, folder: Path
) -> None:
    page = opened("?bucket=persona")
    last, decided = "", []
    for _ in range(8):
        last = shown(page, but=last)
        page.keyboard.press("a")
        decided.append(last)
    shown(page, but=last)
    server.stop(signal.SIGKILL)
    kept = standing(folder)
    assert set(decided[:-1]) <= set(kept) <= set(decided)
    again = Server(folder)
    try:
        page.goto(again.url)
        assert shown(page) not in kept
    finally:
        code, told = again.stop()
    assert code == 0
    assert "the page is closed" in told


def test_the_page_is_for_this_machine_until_somebody_is_invited(folder: Path) -> None:
    refused = subprocess.run(
        [*COMMAND, "review", "--host", "0.0.0.0", "--no-open"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "anchorset review invite" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert command(folder, "review", "invite", "zoe").returncode == 0
    server = Server(folder, "--host", "0.0.0.0")
    assert "key=" not in server.url
    assert server.stop()[0] == 0
