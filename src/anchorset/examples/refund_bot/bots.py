"""Two rule-based refund bots: text in, the action they would take out.

`current` was grown from what people write: many ways of asking, everyday words for what went wrong, little of the
policy handbook. `next` knows all of that and the handbook's vocabulary besides, but it opens a claim only on the word
"refund" or one of its formal relatives. Both read the text alone; neither knows ids, labels or policies of a row.
"""

from __future__ import annotations

import re
from typing import Literal

Action = Literal["approve", "approve_photo", "approve_label", "ask", "decline", "track", "fallback"]
"""`approve`: pay back · `approve_photo`: pay back or replace, once a photo is in · `approve_label`: same, with a
prepaid return label · `ask`: put a question first · `decline`: too late · `track`: look for the parcel ·
`fallback`: "How can I help you?", which is never the right answer here."""

READ_CHARACTERS = 4_000
"""A longer message is judged by its beginning."""
WINDOW_DAYS = 30
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_NOT_A_WORD = re.compile(r"[\W_]+")
_SPAN = re.compile(r" (\d{1,4}|an?|one|two|three|four|five|six) (day|week|month|year)s? ")

Words = tuple[str, ...]
"""Pieces of normalised text: a leading or trailing space stands for the edge of a word."""

CURRENT_ASKS: Words = (
    " refund", " money", " pay me", " pay us", " paid back", " reverse", " charge back", " chargeback", " charge off",
    " credit", " cancel", " back on my card", " cent back", " deposit", " dispute", " give back", " give me back",
    " call the whole thing off", " stop the order", " want out", " return", " send it back", " sending it back",
    " go back", " take it back", " take things back", " swap", " pay up",
)  # fmt: skip
CURRENT_TOO_OLD: Words = (
    " last year", " last summer", " last winter", " last spring", " months ago", " years ago", " window closed",
    " return window", " past the window", " your 30 days", " the 30 days",
)  # fmt: skip
CURRENT_WRONG: Words = (
    " wrong", " mixed up", " mix up", " mixup", " not what i ordered", " someone else", " a different ",
    " not my order", " you sent me", " but got", " instead of ", " i asked for", " asked for ",
)  # fmt: skip
CURRENT_BROKEN: Words = (
    " broke", " crack", " smashed", " damage", " ripped", " torn", " snapped", " dented", " bent ", " leak",
    " scratch", " chipped", " dead ", " shattered", " stopped working", " stopped charging", " doesnt work",
    " does not work", " wont turn on", " wont power", " crushed", " no sound", " junk", " pieces", " hole in",
    " burnt",
)  # fmt: skip
CURRENT_REGRET: Words = (
    " changed my mind", " dont need", " do not need", " no longer need", " dont like", " do not like",
    " dont want it", " by accident", " by mistake", " too big", " too small", " too tight", " cheaper", " unopened",
    " still sealed", " hate it", " impulse", " havent opened", " not really me", " wont fit", " over ordered",
)  # fmt: skip
CURRENT_LATE: Words = (
    " late ", " overdue", " where is", " wheres", " never came", " never arrived", " not arrived", " did not arrive",
    " still waiting", " not shipped", " not even shipped", " did not ship", " didnt ship", " not here", " isnt here",
    " still not", " still nothing", " no parcel", " package", " parcel", " tracking", " lost", " nothing came",
    " never shipped", " not delivered", " didnt come", " eta ", " weeks ", " supposed to", " says delivered",
    " marked delivered", " any news", " no scan", " days ",
)  # fmt: skip

NEXT_CLAIMS: Words = (
    " refund", " return", " cancel", " credit", " replacement", " exchange", " requesting", " repayment",
)  # fmt: skip
NEXT_TOO_OLD: Words = (
    *CURRENT_TOO_OLD, " return period", " return deadline", " 30 day", " within 30", " expired", " over a year",
)  # fmt: skip
NEXT_WRONG: Words = (
    *CURRENT_WRONG, " incorrect", " not as described", " does not match", " mismatch", " another customer",
)  # fmt: skip
NEXT_BROKEN: Words = (
    *CURRENT_BROKEN, " defect", " malfunction", " not functioning", " fail", " dangerous", " replacement",
)  # fmt: skip
NEXT_REGRET: Words = (
    *CURRENT_REGRET, " no longer require", " not meet my expectations", " not suit", " unused", " ordered too many",
)  # fmt: skip
NEXT_LATE: Words = (
    *CURRENT_LATE, " delay", " delivery date", " has passed", " not ship", " cancellation", " late delivery",
)  # fmt: skip
NEXT_TRACKS: Words = (
    *CURRENT_LATE, " delivery date", " status", " delivered ", " shipment", " courier", " carrier",
)  # fmt: skip


def current(text: str) -> Action:
    """What the bot in production does: a money word, or any sign of what went wrong, is enough to act on."""
    words = _normalised(text)
    asks = _any(CURRENT_ASKS, words)
    if _any(CURRENT_TOO_OLD, words) or _longest_span_days(words) > WINDOW_DAYS:
        return "decline"
    if _any(CURRENT_WRONG, words):
        return "approve_label"
    if _any(CURRENT_BROKEN, words):
        return "approve_photo"
    if _any(CURRENT_REGRET, words):
        return "ask"
    if _any(CURRENT_LATE, words):
        return "approve" if asks else "track"
    return "ask" if asks else "fallback"


def next(text: str) -> Action:
    """What the candidate does: without the word for a claim it follows parcels only, and else offers its help."""
    words = _normalised(text)
    if not _any(NEXT_CLAIMS, words):
        return "track" if _any(NEXT_TRACKS, words) else "fallback"
    if _any(NEXT_TOO_OLD, words) or _longest_span_days(words) > WINDOW_DAYS:
        return "decline"
    if _any(NEXT_WRONG, words):
        return "approve_label"
    if _any(NEXT_BROKEN, words):
        return "approve_photo"
    if _any(NEXT_REGRET, words):
        return "ask"
    return "approve" if _any(NEXT_LATE, words) else "ask"


def _normalised(text: str) -> str:
    """Lower-case words between single spaces, apostrophes dropped (`Don't!` -> ` dont `)."""
    beginning = text[:READ_CHARACTERS].lower().replace("'", "").replace("’", "")
    return f" {_NOT_A_WORD.sub(' ', beginning).strip()} "


def _any(pieces: Words, words: str) -> bool:
    return any(piece in words for piece in pieces)


def _longest_span_days(words: str) -> int:
    """The longest time named (`six weeks` is 42), in days; 0 when none is."""
    if not any(unit in words for unit in DAYS):
        return 0
    return max((_number(count) * DAYS[unit] for count, unit in _SPAN.findall(words)), default=0)


def _number(count: str) -> int:
    return NUMBERS[count] if count in NUMBERS else int(count)
