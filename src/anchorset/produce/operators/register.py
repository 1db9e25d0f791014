"""The tone: the same request polite, blunt, formal, in a hurry, fed up, or with a face.

What this module does not know: locale.
"""

from __future__ import annotations

import re

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import continued, ended, free, laid_out

_POLITE = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: there| team| all|,? support)?[,.!]* +(?=\S)"
    r"|(?:^|(?<=[.,!?] ))(?:could|can|would|will) you (?:please |kindly )?(?=\w)|\bplease,? ?"
    r"|,? ?\bthank(?:s| you)(?: (?:so|very) much| in advance| a lot)?[.!]*$"
    r"|(?:^|(?<=[.,!?] ))i was wondering if you could (?=\w)",
    re.IGNORECASE,
)
_MANNERS = (
    "please",
    "thank",
    "hi ",
    "hi,",
    "hello",
    "hey",
    "dear",
    "good ",
    "can you",
    "could you",
    "would you",
    "will you",
    "i was",
)
_FACE = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?|(?<= )[:;]-?[)(DPp/|](?= |$)")
_FACES = {
    "cross": ("😡", "😠", "🤬", "😤"), "sad": ("😢", "😞", "😩", "😕", ":("), "asking": ("🤔", "🙏", "😅", "🤷", "❓"),
}  # fmt: skip
_CROSS = frozenset({"still", "again", "never", "worst", "ridiculous", "angry", "scam", "charged", "twice", "already"})
_SAD = frozenset(
    {"lost", "stolen", "broken", "damaged", "missing", "late", "wrong", "not", "failed", "declined", "didn't"}
)
_HELLO = ("Hi,", "Hello,", "Hi there,", "Good morning,", "Hi team,", "Hello there,")
_THANKS = ("Thanks!", "Thank you.", "Thanks in advance.", "Many thanks", "Thank you so much.", "Cheers")
_FORMAL = (
    ("Dear Sir or Madam,\n\n", "\n\nYours faithfully"), ("Dear support team,\n\n", "\n\nKind regards"),
    ("To whom it may concern: ", " I look forward to your reply."), ("Good day. ", " Kind regards."),
)  # fmt: skip
_FED_UP = (
    "This is really frustrating.", "I'm getting fed up with this.", "Honestly this is ridiculous.", "Not happy.",
    "This is unbelievable.", "I've had enough.", "Very disappointed.", "What a joke.", "Come on.",
)  # fmt: skip
_HURRY = (
    "ASAP please.",
    "It's urgent.",
    "I need an answer quickly.",
    "Please hurry.",
    "Urgent!!",
    "Quick answer please.",
)


def polite(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A greeting, or thanks, or both.

    >>> polite("Where is my card?", Dice(1), [])
    ('Hi, where is my card? Cheers', None)
    """
    body = text.strip()
    start = body[:5].lower()
    greeted = start.startswith(("hi ", "hi,", "hello", "hey", "dear", "good "))
    thanked = "thank" in body[-40:].lower()
    if not body or (greeted and thanked) or laid_out(body):
        return None
    way = dice.below(3)
    if (way != 1 and not greeted) or thanked:
        body = f"{dice.pick(_HELLO)} {body if spans and not free(spans, 0, 1) else continued(body)}"
    if (way != 0 and not thanked) or greeted:
        body = f"{ended(body)} {dice.pick(_THANKS)}"
    return body, None


def blunt(text: str, dice: Dice, spans: Spans) -> Change | None:
    """No greeting, please or thanks.

    >>> blunt("Hi, could you please check my card? Thanks!", Dice(1), [])
    ('Check my card?', None)
    """
    lowered = text.lower()
    if not any(word in lowered for word in _MANNERS) or laid_out(text):
        return None
    new = _POLITE.sub(lambda m: "" if not spans or free(spans, m.start(), m.end()) else m.group(), text).strip()
    if new == text or len(new) < 8 or new.count(" ") < 1:
        return None
    return (new[0].upper() + new[1:] if text[:1].isupper() else new), None


def formal(text: str, dice: Dice, spans: Spans) -> Change | None:
    """As a letter.

    >>> formal("Where is my card?", Dice(1), [])
    ('Good day. Where is my card? Kind regards.', None)
    """
    body = text.strip()
    if not body or body[:5].lower().startswith(("dear", "hi", "hello", "hey", "good")) or laid_out(body):
        return None
    before, after = dice.pick(_FORMAL)
    return before + ended(body) + after, None


def frustrated(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The same, and fed up.

    >>> frustrated("Where is my card?", Dice(1), [])
    ('Where is my card? Very disappointed.', None)
    """
    body = text.strip()
    if laid_out(body) or not body:
        return None
    words = dice.pick(_FED_UP)
    return f"{ended(body)} {words.lower() if body.islower() else words}", None


def hurried(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The same, and at once.

    >>> hurried("Where is my card?", Dice(1), [])
    ('Where is my card? Urgent!!', None)
    """
    body = text.strip()
    if not body or "urgent" in body.lower() or "asap" in body.lower() or laid_out(body):
        return None
    words = dice.pick(_HURRY)
    return f"{ended(body)} {words.lower() if body.islower() else words}", None


def face(text: str, dice: Dice, spans: Spans) -> Change | None:
    """An emoji that goes with the mood, at the end.

    >>> face("Where is my card?", Dice(1), [])
    ('Where is my card? 🤷🤷', '🤷')
    """
    body = text.rstrip()
    if not body or not body[-1].isascii():
        return None
    words = body.lower().split()
    mood = "asking" if _SAD.isdisjoint(words) else "sad"
    mood = mood if _CROSS.isdisjoint(words) else "cross"
    new = dice.pick(_FACES[mood])
    return body + " " + new * (1 + (dice.below(4) == 0 and len(new) == 1)), f"{new}"


def faceless(text: str, dice: Dice, spans: Spans) -> Change | None:
    """No emoji.

    >>> faceless("where is my card 😡😡", Dice(1), [])
    ('where is my card', None)
    """
    if text.isascii() and ":" not in text and ";" not in text:
        return None
    new = _FACE.sub(lambda m: "" if not spans or free(spans, m.start(), m.end()) else m.group(), text).strip()
    return None if new == text.strip() or not new else (new, None)


OPERATORS = (
    TextOperator(name="register.polite", level="register", relation="invariant", weight=10, apply=polite),
    TextOperator(name="register.blunt", level="register", relation="invariant", weight=10, apply=blunt),
    TextOperator(name="register.formal", level="register", relation="invariant", weight=4, apply=formal),
    TextOperator(name="register.frustrated", level="register", relation="invariant", weight=8, apply=frustrated),
    TextOperator(name="register.hurried", level="register", relation="invariant", weight=6, apply=hurried),
    TextOperator(name="emoji.add", level="register", relation="invariant", weight=5, apply=face),
    TextOperator(name="emoji.remove", level="register", relation="invariant", weight=5, apply=faceless),
)
