from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from anchorset.ui.cli.terminal import rows, safe


@given(st.text())
def test_nothing_that_moves_the_cursor_or_turns_the_text_around_reaches_the_terminal(text: str) -> None:
    shown = safe(text)
    for char in shown:
        assert char in "\n\t\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "M"])))
def test_words_emoji_and_marks_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


def test_escapes_are_shown_instead_of_obeyed() -> None:
    assert safe("\x1b[31mred\u202e") == "\\x1b[31mred\\u202e"


def test_a_table_aligns_its_columns() -> None:
    assert rows(("name", "n"), [("a", 1), ("bcdef", 1234)]) == ["  name      n", "  a         1", "  bcdef  1234"]
