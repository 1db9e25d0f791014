"""The page shared by the reports: hostile text is inert, and nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from anchorset.infra.html.page import Section, fragment, page
from anchorset.infra.html.plots import Curve, Interval, Pair, curves, dumbbell, forest

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp.exe\x1b[31m\x00&amp;\"'"


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def parsed(document: str) -> Seen:
    seen = Seen()
    seen.feed(document)
    return seen


def hostile_page(text: str) -> str:
    pictures = (
        dumbbell([Pair(label=text, real=0.2, synthetic=0.9)], says=text, names=(text, text))
        + forest([Interval(label=text, value=0.5, low=0.1, high=0.9, note=text)], says=text, reference=0.5)
        + curves([Curve(label=text, kind="real", points=[(0, 0), (1, 1)])], says=text, x=text)
    )
    sections = [Section(title=text, body=pictures), Section(title=text, body=Markup("<p>x</p>"), folded=True)]
    return page(title=text, verdict=text, tone="bad", lead=text, facts=[text], sections=sections)


def test_hostile_text_adds_no_tag_and_no_attribute():
    calm, hostile = parsed(hostile_page("calm")), parsed(hostile_page(HOSTILE))
    assert hostile.tags == calm.tags
    assert [name for name, _ in hostile.attributes] == [name for name, _ in calm.attributes]


@given(st.text(max_size=60))
def test_no_text_whatsoever_adds_a_tag(text: str):
    assert parsed(hostile_page(text)).tags == parsed(hostile_page("calm")).tags


def test_page_names_no_outside_address_and_holds_no_script():
    document = hostile_page("calm")
    assert "script" not in parsed(document).tags
    assert not re.search(r"https?:|//[a-z]|url\(|@import|javascript:", document)


def test_content_policy_allows_exactly_the_style_sheet_of_the_page():
    document = hostile_page("calm")
    css = re.search(r"<style>(.*?)</style>", document, re.S)
    assert css is not None
    digest = base64.b64encode(hashlib.sha256(css.group(1).encode()).digest()).decode()
    policy = dict(parsed(document).attributes)["content"] and re.search(r'content="(default-src[^"]*)"', document)
    assert policy is not None
    assert f"style-src 'sha256-{digest}'" in policy.group(1)
    assert "unsafe" not in policy.group(1)


def test_page_has_no_style_attribute_which_its_policy_would_block():
    assert "style" not in [name for name, _ in parsed(hostile_page("calm")).attributes]


def test_bidi_and_control_characters_do_not_reach_the_page():
    assert "\u202e" not in hostile_page(HOSTILE)
    assert "\x1b" not in hostile_page(HOSTILE)


def test_fragment_escapes_and_complains_about_a_missing_value(tmp_path: Path):
    template = tmp_path / "part.html.j2"
    template.write_text("<p>{{ said }}</p>")
    assert fragment(template, said="<b>") == "<p>&lt;b&gt;</p>"
    with pytest.raises(UndefinedError):
        fragment(template)


def test_points_outside_the_axis_are_drawn_at_its_edge():
    inside = forest([Interval(label="a", value=1.0)], says="", low=0.0, high=1.0)
    outside = forest([Interval(label="a", value=9.0)], says="", low=0.0, high=1.0)
    assert inside == outside


def test_plots_of_nothing_are_still_pictures():
    for picture in (dumbbell([], says=""), forest([], says=""), curves([], says="", x="")):
        assert picture.startswith("<svg")
