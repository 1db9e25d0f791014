"""What people do with turns. Turns of the system, the assistant and tools are never reworded.

What this module does not know: the words inside a turn, but for one corrected number.
"""

from __future__ import annotations

import re
from itertools import pairwise

from anchorset.core.case import Message
from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Turns, TurnsOperator

_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,6}(?![\w,/-]|\.\d)")
_STOP = re.compile(r"(?<=[.!?])\s+(?=\S)|,? (?=and I |and my |but I |because )")
ASIDES = (
    "sorry, one second, someone is at the door", "by the way your app has been really slow today",
    "hang on, my phone is about to die", "btw is this a real person or a bot?", "wait, let me find my glasses",
    "sorry, had to take a call, I'm back", "is it raining where you are too?", "ok one moment, kids are screaming here",
)  # fmt: skip

Changed = tuple[Turns, str | None]


def _users(turns: Turns) -> list[int]:
    return [at for at, turn in enumerate(turns) if turn.role == "user" and turn.content.strip()]


def _said(text: str) -> Message:
    return Message(role="user", content=text)


def _instead(turns: Turns, at: int, first: str, second: str) -> Turns:
    """One user turn replaced by two."""
    return (*turns[:at], turns[at].model_copy(update={"content": first}), _said(second), *turns[at + 1 :])


def reorder(turns: Turns, dice: Dice) -> Changed | None:
    """Two neighbouring user turns change places.

    >>> [turn.content for turn in reorder(chat("hi", "my card is lost"), Dice(1))[0]]
    ['my card is lost', 'hi']
    """
    users = _users(turns)
    pairs = [(a, b) for a, b in pairwise(users) if turns[a].content != turns[b].content]
    if not pairs:
        return None
    a, b = dice.pick(pairs)
    new = list(turns)
    new[a], new[b] = new[b], new[a]
    return tuple(new), f"turns {a} and {b}"


def drop(turns: Turns, dice: Dice) -> Changed | None:
    """One user turn was never sent, and the answer to it never given.

    >>> [turn.content for turn in drop(chat("hi", "my card is lost"), Dice(1))[0]]
    ['hi']
    """
    users = _users(turns)
    if len(users) < 2:
        return None
    at = dice.pick(users)
    end = at + 1
    while end < len(turns) and turns[end].role in ("assistant", "tool"):
        end += 1
    return (*turns[:at], *turns[end:]), f"turn {at}"


def interrupt(turns: Turns, dice: Dice) -> Changed | None:
    """Something else comes up just before the last thing the user says.

    >>> [turn.content for turn in interrupt(chat("hi", "my card is lost"), Dice(1))[0]]
    ['hi', 'is it raining where you are too?', 'my card is lost']
    """
    users = _users(turns)
    if not users:
        return None
    at = users[-1]
    return (*turns[:at], _said(dice.pick(ASIDES)), *turns[at:]), f"before turn {at}"


def repeat(turns: Turns, dice: Dice) -> Changed | None:
    """The user says the last thing again, with a question mark of impatience.

    >>> [turn.content for turn in repeat(chat("hi", "my card is lost"), Dice(1))[0]]
    ['hi', 'my card is lost', 'as I said, my card is lost']
    """
    users = _users(turns)
    if not users:
        return None
    at = users[-1]
    again = dice.pick(("{}", "again: {}", "hello?? {}", "as I said, {}")).format(turns[at].content)
    return (*turns[: at + 1], _said(again), *turns[at + 1 :]), f"turn {at}"


def split(turns: Turns, dice: Dice) -> Changed | None:
    """One message sent as two.

    >>> [turn.content for turn in split(chat("hi. my card is lost"), Dice(1))[0]]
    ['hi.', 'my card is lost']
    """
    for at in dice.rotated(_users(turns)):
        stops = list(_STOP.finditer(turns[at].content))
        if stops:
            stop = dice.pick(stops)
            content = turns[at].content
            first, second = content[: stop.start()].strip(), content[stop.end() :].strip()
            if first and second:
                return _instead(turns, at, first, second), f"turn {at}"
    return None


def correct(turns: Turns, dice: Dice) -> Changed | None:
    """A number first wrong, then put right: what is asked in the end is what was asked before.

    >>> [turn.content for turn in correct(chat("I paid 30 twice"), Dice(1))[0]]
    ['I paid 40 twice', "no wait, it's 30, not 40"]
    """
    for at in dice.rotated(_users(turns)):
        found = list(_NUMBER.finditer(turns[at].content))
        if found:
            number = dice.pick(found)
            right = number.group()
            wrong = str(int(right) + dice.pick((1, 2, 10)))
            content = turns[at].content[: number.start()] + wrong + turns[at].content[number.end() :]
            sorry = dice.pick(("sorry, I meant {} not {}", "correction: {}, not {}", "no wait, it's {}, not {}"))
            new = _instead(turns, at, content, sorry.format(right, wrong))
            return new, f"{wrong!r} then {right!r}"
    return None


OPERATORS = (
    TurnsOperator(name="turns.interrupt", level="conversation", relation="invariant", apply=interrupt),
    TurnsOperator(name="turns.repeat", level="conversation", relation="invariant", apply=repeat),
    TurnsOperator(name="turns.split", level="conversation", relation="invariant", apply=split),
    TurnsOperator(name="turns.correct", level="conversation", relation="invariant", apply=correct),
    TurnsOperator(name="turns.reorder", level="conversation", relation="unknown", weight=6, apply=reorder),
    TurnsOperator(name="turns.drop", level="conversation", relation="unknown", weight=6, apply=drop),
)
