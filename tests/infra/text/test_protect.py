from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.protect import protected


def kept(text: str) -> list[str]:
    return [text[start:end] for start, end in protected(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refund $1,299.00 now", ["$1,299.00"]),
        ("€ 15", ["€ 15"]),
        ("it cost 20 EUR.", ["20 EUR"]),
        ("20%", ["20%"]),
        ("order #A-4481 please", ["#A-4481"]),
        ("ref AB12-99", ["AB12-99"]),
        ("on 12 May 2026.", ["12 May 2026"]),
        ("May 12th, 2026", ["May 12th, 2026"]),
        ("at 5pm", ["5pm"]),
        ("12:30", ["12:30"]),
        ("2026-05-12", ["2026-05-12"]),
        ("mail a.b@c.co now", ["a.b@c.co"]),
        ("see https://x.com/a?b=1.", ["https://x.com/a?b=1"]),
        ("www.shop.example/x", ["www.shop.example/x"]),
        ("[EMAIL_1] and {{name}} and ${x} and {order_id}", ["[EMAIL_1]", "{{name}}", "${x}", "{order_id}"]),
        ('he said "not now" twice', ['"not now"']),
        ("run `x = 1` ok", ["`x = 1`"]),
        ("<b>bold</b>", ["<b>", "</b>"]),
        ("see you Monday", ["Monday"]),
        ("said “never again” to me", ["“never again”"]),
        ("where is my card", []),
        ("I may go", []),
        ("today", []),
        ("don't 'quote' me", []),
        ("", []),
    ],
)
def test_protected(text: str, expected: list[str]) -> None:
    assert kept(text) == expected


@given(st.text())
def test_spans_are_in_order_inside_the_text_and_apart(text: str) -> None:
    last = 0
    for start, end in protected(text):
        assert last <= start < end <= len(text)
        last = end


@given(st.text(alphabet='ab 1.,#@$"-[]{}'))
def test_every_ascii_digit_is_protected(text: str) -> None:
    inside = {at for start, end in protected(text) for at in range(start, end)}
    assert all(at in inside for at, char in enumerate(text) if char.isdigit())
