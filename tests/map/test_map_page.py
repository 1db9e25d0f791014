from __future__ import annotations

from html.parser import HTMLParser

import pytest
from talk_of_a_bank import made, mapped, real, said

from anchorset.map.page import map_page
from anchorset.map.words import lines, verdict

HOSTILE = (
    "</td><script>alert('card')</script>",
    '<img src=x onerror="alert(1)"> card card card',
    "{{ 7 * 7 }} {% raw %} card",
    "=HYPERLINK(\"http://evil\")\u202ecard\u0007",
    "a card\x1b[31m with colours\x00 and\r\nlines",
)  # fmt: skip


class Tags(HTMLParser):
    """Which tags a browser would see, and which attributes could run or load something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in ("src", "href") and not (value or "").startswith(("#", "data:"))):
                self.bad.append(f"{tag} {name}={value}")


@pytest.fixture(scope="module")
def hostile(embedder):
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    seeds = [real(text, subject=evil if at % 3 else "card", expected="x") for at, text in enumerate(HOSTILE)]
    seeds += [real(f"{text} {HOSTILE[at % 5]}", subject="card") for at, text in enumerate(said("card"))]
    candidates = [made("x", seeds[0], subject="card")]
    return mapped(seeds, embedder, {"subject": {"card": HOSTILE[1], "<b>bold": ""}}, candidates=candidates)


def test_a_page_of_hostile_messages_has_no_tag_of_theirs_and_loads_nothing(hostile) -> None:
    page = map_page(hostile, name="<script>bank</script>")
    seen = Tags()
    seen.feed(page)
    assert not seen.tags & {"script", "img", "b", "iframe", "object"}
    assert seen.bad == []
    assert "Content-Security-Policy" in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page, "nothing of theirs is a template"
    assert not {"\x1b", "\x00", "\x07", "\u202e"} & set(page)


def test_lines_for_a_terminal_have_no_control_characters_and_one_line_each(hostile) -> None:
    said = lines(hostile)
    assert not {"\x1b", "\x00", "\x07", "\r", "\n", "\u202e"} & set("".join(said))


def test_what_was_cut_shows_that_it_was(embedder) -> None:
    long = real("my card " + "never came " * 60, subject="x")
    page = lines(mapped([long], embedder))
    assert any(line.rstrip().endswith("…") for line in page)


def test_one_of_anything_is_not_called_several(embedder) -> None:
    said = "\n".join(lines(mapped([real("my card never came")], embedder)))
    for wrong in ("1 seeds", "1 groups", "1 kinds", "1 gaps", "are at least 1;", "1 dataset versions"):
        assert wrong not in said


def test_the_verdict_is_not_yet_while_a_question_is_answered_no(embedder) -> None:
    seeds = [real(text, subject="card", expected="x") for text in said("card")]
    assert verdict(mapped([real("x")], embedder)).startswith("Not yet: ")
    ready = mapped(seeds, embedder, {"subject": {"card": "", "loan": ""}})
    assert verdict(ready) == f"Worth generating: {len(ready.gaps)} gap{'' if len(ready.gaps) == 1 else 's'} to fill"
    assert verdict(mapped(seeds, embedder, {"subject": {"card": ""}})).startswith("Nothing is missing")


def test_what_fills_several_gaps_is_said_once_below_them(embedder) -> None:
    axis = {"subject": dict.fromkeys(("card", "loan", "travel"), "")}
    said_ = lines(mapped([real(text, subject="card") for text in said("card", 8)], embedder, axis))
    at = next(n for n, line in enumerate(said_) if "loan has no seed" in line)
    assert "travel has no seed" in said_[at + 1]
    assert said_[at + 2].lstrip().startswith("-> ingest real messages")
