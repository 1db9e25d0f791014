"""Several cases at once in a real browser: a group of near duplicates by keys, likeness, ticked rows, metadata."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from review_room import build, made
from test_browser import CHROMIUM, browser, opened, server, settled, shown, standing  # noqa: F401

from anchorset.core.case import Case
from anchorset.pipeline.workspace import open_workspace

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LIKE = [f"where on earth is my refund for the {word}" for word in ("kettle", "ketle", "kettel", "kettle?", "Kettle")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "ws", texts=4)
    workspace = open_workspace(tmp_path / "ws")
    origin = made("template")
    cases = [Case(kind="text", input=text, expected="track", provenance=origin, status="passed") for text in LIKE]
    cases.append(Case(kind="text", input=f"{LIKE[0]} ", expected="else", provenance=origin, status="passed"))
    workspace.append("candidates/r_1.jsonl", cases)
    workspace.close()
    return tmp_path / "ws"


def test_a_group_is_decided_by_keys_and_taken_back_after_a_reload(opened: Callable[..., Page], folder: Path) -> None:  # noqa: F811
    page = opened("?bucket=template&text=earth+is+my")
    first = shown(page)
    expect(page.locator(".group")).to_contain_text("5 like this wait")
    page.keyboard.press("g")
    boxes = page.locator(".members input")
    expect(boxes).to_have_count(5)
    ticked = boxes.evaluate_all("boxes => boxes.filter((box) => box.checked).length")
    assert ticked in (0, 4)  # the one that wants another answer is not, or is alone
    boxes.first.click()
    boxes.first.click()
    for box in boxes.all():
        box.set_checked(True)
    boxes.nth(4).uncheck()
    expect(page.locator("#actions")).to_contain_text("Approve all 5")
    page.keyboard.press("x")
    expect(page.locator("#actions")).to_contain_text("Reject all 5 cases because")
    page.keyboard.press("1")
    expect(page.locator("#toast")).to_contain_text("with 4 like it")
    shown(page, but=first)
    settled(page)
    assert len(standing(folder)) == 5
    assert set(standing(folder).values()) == {("reject", "duplicate")}
    expect(page.locator("#left")).to_contain_text("1 waits")
    page.reload()
    shown(page)
    page.keyboard.press("u")
    expect(page.locator(f'.case[aria-label="Case {first}"]')).to_be_visible()
    settled(page)
    assert standing(folder) == {}
    expect(page.locator("#toast")).to_contain_text("with 4 like it")


def test_metadata_is_set_with_a_key(opened: Callable[..., Page], folder: Path) -> None:  # noqa: F811
    page = opened("?bucket=persona")
    first = shown(page)
    page.keyboard.press("m")
    page.locator("#metadata").get_by_label("policy").select_option("damaged")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".facts")).to_contain_text("damaged")
    assert shown(page) == first
    page.keyboard.press("m")
    page.get_by_role("button", name="Take my last change back").click()
    expect(page.locator(".facts")).to_contain_text("delay")


def test_ticked_cases_are_rejected_after_a_question_and_come_back(opened: Callable[..., Page], folder: Path) -> None:  # noqa: F811
    page = opened("cases?bucket=template")
    page.get_by_label("Like this text").fill("refund for a kettle")
    expect(page.locator(".list .distance").first).to_be_visible()
    expect(page.locator(".list tbody tr")).to_have_count(6)
    for nth in (0, 1, 2):
        page.locator(".list tbody input").nth(nth).check()
    page.get_by_label("Reason").select_option("caricature")
    expect(page.locator("#bulk")).to_contain_text("Reject as caricature: 3 cases?")
    page.keyboard.press("Enter")
    expect(page.locator(".list")).to_contain_text("rejected")
    assert set(standing(folder).values()) == {("reject", "caricature")}
    page.reload()
    expect(page.locator("#undo")).to_contain_text("3 cases rejected in one go")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#undo")).to_be_hidden()
    assert standing(folder) == {}
    page.get_by_label("Tick all on this page").check()
    page.locator("#actions").get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#toast")).to_contain_text("6 cases approved")
    assert len(standing(folder)) == 6
