"""What is invisible or turns the reading direction is shown as its code; what scripts need stays."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.inert import fenced, short, visible


@given(st.text())
def test_nothing_that_moves_the_cursor_or_turns_the_text_around_is_left(text: str):
    for char in visible(text):
        assert char in "\n\t\u200c\u200d" or unicodedata.category(char) not in (
            "Cc",
            "Cf",
            "Cs",
            "Co",
            "Cn",
            "Zl",
            "Zp",
        )


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "M"])))
def test_words_emoji_and_marks_stay_as_they_are(text: str):
    assert visible(text) == text


def test_what_emoji_and_scripts_need_stays_as_it_is():
    assert visible("👩\u200d💻 नमस्ते שלום\n") == "👩\u200d💻 नमस्ते שלום\n"


@pytest.mark.parametrize("char", ["\x1b", "\r", "\x9b", "\u202e", "\u2028", "\ufeff", "\ue000", "\ud800", "\U000e0041"])
def test_every_kind_of_hidden_character_is_shown_as_its_code(char: str):
    assert visible(f"a{char}b") == f"a[U+{ord(char):04X}]b"


@given(st.text())
def test_visible_text_stays_as_it_is(text: str):
    assert visible(visible(text)) == visible(text)


@given(st.text(max_size=300), st.integers(5, 50))
def test_short_is_one_line_within_its_limit(text: str, limit: int):
    line = short(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def test_short_shows_where_it_cut():
    assert short("one two three", 8) == "one two…"
    assert short("one two", 8) == "one two"


def test_the_module_loads_without_numpy_and_pydantic():
    code = "import sys, anchorset.core.inert; print(sorted({'numpy', 'pydantic'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@given(st.text())
def test_no_text_ends_its_own_fence(text: str) -> None:
    first, *between, last = fenced(text, "message").split("\n")
    assert first.startswith("<message-")
    assert last == f"</{first[1:]}"
    assert last not in "\n".join(between)
    assert "\n".join(between) == visible(text)
    assert fenced(text, "message") == fenced(text, "message")
