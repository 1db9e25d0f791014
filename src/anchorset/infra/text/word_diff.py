"""What differs between two texts, in words.

What this module does not know: which of them is better, and how it is shown.
"""

from __future__ import annotations

import re
from typing import Literal

from rapidfuzz.distance import LCSseq

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 4000
"""Pieces of a text beyond which no diff is made: nobody reads one so long, and it costs the square."""

Kind = Literal["same", "gone", "new"]


def word_diff(old: str, new: str) -> list[tuple[Kind, str]] | None:
    """`new` as pieces that are the same as in `old`, new, or gone from it; None when one of them is too long.

    The pieces that are the same or gone make up `old`, those that are the same or new make up `new`.
    """
    before, after = _PIECES.findall(old[: MOST * 40]), _PIECES.findall(new[: MOST * 40])
    if max(len(before), len(after)) > MOST or max(len(old), len(new)) > MOST * 40:
        return None
    found: list[tuple[Kind, str]] = []
    for step in LCSseq.opcodes(before, after):
        if step.tag == "equal":
            found.append(("same", "".join(after[step.dest_start : step.dest_end])))
        else:
            gone = "".join(before[step.src_start : step.src_end])
            came = "".join(after[step.dest_start : step.dest_end])
            found += _change(gone, came)
    return _joined(found)


def _change(gone: str, came: str) -> list[tuple[Kind, str]]:
    pieces: list[tuple[Kind, str]] = [("gone", gone), ("new", came)]
    return [piece for piece in pieces if piece[1]]


def _joined(pieces: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Runs of changes with nothing but spaces between them as one change: it reads better."""
    found: list[tuple[Kind, str]] = []
    gone = came = ""
    for nth, (kind, text) in enumerate(pieces):
        followed = nth + 1 < len(pieces) and pieces[nth + 1][0] != "same"
        if kind == "gone":
            gone += text
        elif kind == "new":
            came += text
        elif text.isspace() and "\n" not in text and (gone or came) and followed:
            gone, came = gone + text, came + text
        else:
            found += [*_change(gone, came), ("same", text)]
            gone = came = ""
    return found + _change(gone, came)
