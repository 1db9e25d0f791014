"""axe-core on every page, light and dark, wide and on a phone: no serious or critical fault."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from crowd import Alone
from playwright.sync_api import Browser, Page, sync_playwright
from review_room import build

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PACKAGE = importlib.util.find_spec("axe_playwright_python")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"),
    pytest.mark.skipif(PACKAGE is None, reason="no axe-core: `pip install axe-playwright-python` has it"),
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ASK = """async rules => {
  const only = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ['violations'], ...only});
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).map(one =>
    [one.id, ...one.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + (node.any[0] || {}).message)]);
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    folder = tmp_path_factory.mktemp("accessible") / "ws"
    build(folder)
    one = Alone(folder)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


def faults(page: Page, *, looks: bool) -> dict[str, list[Any]]:
    """What axe-core calls serious or critical on the page as it is now; `looks`: in dark and on a phone, too."""
    assert PACKAGE is not None
    assert PACKAGE.origin is not None
    page.evaluate(Path(PACKAGE.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = {"light": page.evaluate(ASK, [])}
    if not looks:
        return {"light": found["light"]} if found["light"] else {}
    page.emulate_media(color_scheme="dark")
    found["dark"] = page.evaluate(ASK, ["color-contrast", "link-in-text-block"])
    page.set_viewport_size(PHONE)
    found["phone"] = page.evaluate(ASK, ["color-contrast", "target-size", "scrollable-region-focusable"])
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return {look: wrong for look, wrong in found.items() if wrong}


def pressed(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


PARTS = 3
STEPS: list[tuple[str, str, Callable[[Page], None] | None]] = [
    ("a mutation", "?bucket=mutation", None), ("grounded", "?bucket=grounded", None),
    ("a conversation, a record or a trajectory", "?bucket=remix", None), ("hostile text", "?text=onerror", None),
    ("the editor", "?bucket=mutation", pressed("e")), ("the reasons", "?bucket=mutation", pressed("x")),
    ("the keys", "?bucket=mutation", pressed("?")), ("filters", "?bucket=mutation", pressed("/")),
    ("a group", "?bucket=persona", None), ("nothing left", "?text=nothing+says+this", None),
    ("seeds", "?lane=seeds", None),
    ("answers", "?lane=answers", None), ("progress", "progress", None), ("cases", "cases", None),
    ("datasets", "datasets", None), ("runs", "runs", None), ("a run", "runs/q_1", None), ("audit", "audit", None),
    ("trust", "trust", None), ("outcomes", "outcomes", None), ("the API", "help/api", None),
]  # fmt: skip


@pytest.mark.parametrize("looks", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "every look"])
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_serious_accessibility_fault(browser: Browser, server: Alone, part: int, looks: bool) -> None:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(20_000)
    found: dict[str, Any] = {}
    if part == 0:
        page.goto(server.base)
        found["the way in"] = faults(page, looks=looks)
    page.goto(server.url)
    for name, path, then in STEPS[part::PARTS]:
        page.goto(server.base + path)
        if page.locator("#stage").count():
            page.wait_for_selector("#stage[aria-busy=false]")
        if then is not None:
            then(page)
        found[name] = faults(page, looks=looks)
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
