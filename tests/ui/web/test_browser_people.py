"""Two reviewers in two browsers: both blind on what asks for two, never both on anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from review_room import CONFIG, build
from test_browser import CHROMIUM, Server, browser, settled, shown

from anchorset.core.filter import Filter
from anchorset.pipeline.review.reviewing import say
from anchorset.pipeline.workspace import open_workspace
from anchorset.review.second import asks_two
from anchorset.ui.web.reviewers import invite

__all__ = ["browser"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
OVERLAP = 0.35


@pytest.fixture
def team(tmp_path: Path, browser: Browser) -> Iterator[tuple[Path, dict[str, Page]]]:
    """The workspace, and a page of kim's and one of zoe's."""
    folder = tmp_path / "ws"
    build(folder, texts=8)
    config = CONFIG.replace("{overlap: 0}", f"{{overlap: {OVERLAP}, recheck: 0}}")
    (folder / "anchorset.yaml").write_text(config, encoding="utf-8")
    tokens = {name: invite(folder / ".anchorset", name, "reviewer") for name in ("kim", "zoe")}
    server = Server(folder, "--host", "0.0.0.0")
    pages: dict[str, Page] = {}
    try:
        for name, token in tokens.items():
            page = pages[name] = browser.new_context().new_page()
            page.set_default_timeout(30_000)
            page.goto(server.base.replace("0.0.0.0", "127.0.0.1"))
            page.fill("#token", token)
            page.keyboard.press("Enter")
            shown(page)
        yield folder, pages
    finally:
        for page in pages.values():
            page.context.close()
        server.stop()


def test_two_browsers_never_have_the_same_case_but_for_what_asks_for_two(
    team: tuple[Path, dict[str, Page]],
) -> None:
    folder, pages = team
    room = open_workspace(folder)
    there = {case.id: case for case in room.cases(Filter(real=False, counting=True)) if case.status == "passed"}
    two = {id for id, case in there.items() if asks_two(case.content, OVERLAP)}
    assert 2 <= len(two) < len(there)
    decided: dict[str, list[str]] = {"kim": [], "zoe": []}
    last = {"kim": "", "zoe": ""}
    turn = 0
    while len(decided["kim"]) + len(decided["zoe"]) < len(there) + len(two):
        name = ("kim", "zoe")[turn % 2]
        turn += 1
        assert turn < 80
        page = pages[name]
        page.wait_for_selector("#stage[aria-busy=false]")
        if page.locator(".empty").count():
            if "with others" in page.locator(".empty").inner_text():
                page.get_by_role("button", name="Look now").click()
            continue
        last[name] = shown(page, but=last[name])
        other = shown(pages["zoe" if name == "kim" else "kim"]) if not _empty(pages, name) else ""
        assert last[name] != other or last[name] in two
        if last[name] in two:
            expect(page.locator(".side")).to_contain_text("Hidden until you have decided")
        page.keyboard.press("a" if name == "kim" else "x")
        if name == "zoe":
            page.keyboard.press("2")
        decided[name].append(last[name])
        settled(page)
    assert len(set(decided["kim"])) == len(decided["kim"])
    assert set(decided["kim"]) & set(decided["zoe"]) == two
    assert set(decided["kim"]) | set(decided["zoe"]) == set(there)
    kim = pages["kim"]
    kim.goto(kim.url.partition("?")[0] + "adjudicate")
    expect(kim.locator(".disagreements > li")).to_have_count(len(two))
    expect(kim.locator(".words").first).to_contain_text("zoe rejects unrealistic")
    kim.goto(kim.url.replace("adjudicate", "progress"))
    expect(kim.locator(".people")).to_contain_text(f"{len(two)} cases decided by two or more, 0 of them alike")
    room.close()


def _empty(pages: dict[str, Page], name: str) -> bool:
    other = pages["zoe" if name == "kim" else "kim"]
    other.wait_for_selector("#stage[aria-busy=false]")
    return other.locator(".empty").count() > 0


def test_disagreements_are_settled_by_keys(tmp_path: Path, browser: Browser) -> None:
    """By an owner who has not decided: a third word without knowing, an edit that settles, a rejection that settles."""
    folder = tmp_path / "ws"
    build(folder)
    room = open_workspace(folder)
    ids = [case.id for case in room.cases(Filter(real=False, counting=True)) if case.status == "passed"][:3]
    say(room, ids, "approve", reviewer="zoe")
    say(room, ids, "reject", reason="unrealistic", reviewer="ann")
    server = Server(folder)
    try:
        page = browser.new_context().new_page()
        page.set_default_timeout(30_000)
        page.goto(server.url)
        page.goto(server.base + "adjudicate")
        rows = page.locator(".disagreements > li")
        expect(rows).to_have_count(3)
        expect(page.locator(".words")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        first = shown(page)
        page.keyboard.press("a")
        expect(rows).to_have_count(2)

        page.keyboard.press("Enter")
        second = shown(page)
        page.get_by_role("button", name="Show, and settle it").click()
        expect(page.locator(".words")).to_contain_text("ann rejects unrealistic")
        page.keyboard.press("x")
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        page.get_by_label("What a good answer does").fill("names the day")
        page.keyboard.press("Control+Enter")
        expect(rows).to_have_count(1)

        page.keyboard.press("Enter")
        third = shown(page)
        page.get_by_role("button", name="Show, and settle it").click()
        expect(page.locator(".words")).to_be_visible()
        page.keyboard.press("x")
        page.keyboard.press("4")
        expect(page.locator(".empty")).to_contain_text("disagree about nothing")
    finally:
        server.stop()
    room.sync()
    stands = {case.id: case for case in room.cases(Filter(real=False, counting=True))}
    edited = [case.criteria for case in stands.values() if case.status == "edited"]
    assert (stands[first].status, edited) == ("approved", [("names the day",)])
    assert stands[second].status == "edited"
    assert stands[third].status == "rejected"
    assert "not_enough_context" in {word.reason for word in stands[third].reviews}
    assert {first, second, third} == set(ids)
    room.close()
