"""How a text is written, as numbers: length, capitals, punctuation, manners, slang.

What this module does not know: what is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NAMES: tuple[str, ...] = (
    "words", "characters", "characters_per_word", "capitals_share", "all_lower", "all_caps", "starts_upper",
    "exclamations", "questions", "ellipses", "commas", "ends_punctuated", "sentences", "newlines",
    "polite", "greeting", "sign_off", "emoji", "contractions", "apostrophes_left_out", "slang",
    "repeated_letters", "repeated_marks", "digits_share", "first_person", "placeholders",
)  # fmt: skip
"""Columns of `register`: counts, except `…_share` (0-1), `characters_per_word` (mean), and the yes-or-no columns
`all_lower`, `all_caps`, `starts_upper`, `ends_punctuated`, `greeting`, `sign_off` (0 or 1)."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MANNERS = re.compile(
    r"\b(?:(?P<polite>please|pls|plz|thanks?(?: you)?|thx|kindly|could you|would you|would it be possible|i would like"
    r"|i'd like|appreciate|grateful|sorry|excuse me|bitte|danke|merci|s'il vous pla[iî]t|por favor|gracias"
    r"|grazie|per favore|obrigad[oa])"
    r"|(?P<slang>u|ur|r|b4|gr8|lol|omg|wtf|idk|btw|asap|pls|plz|thx|ty|tho|cuz|coz|bc|gonna|wanna|gotta|dunno|ya|yeah|yep"
    r"|nope|hav|wat|wut|dat|da|im|ive|dont|cant|msg|txt|acct|acc|info|app|tmrw|rn|smh|ppl|abt|imo|fyi|np|ok|k)"
    r"|(?P<first>i|i'm|im|i've|ive|i'd|i'll|my|me|mine|myself|we|our|us))\b"
)
_LEFT_OUT = re.compile(
    r"\b(?:dont|cant|wont|didnt|doesnt|isnt|wasnt|havent"
    r"|hasnt|couldnt|shouldnt|wouldnt|im|ive|youre|theyre|whats|thats|theres|its)\b"
)
_CONTRACTION = re.compile(r"[a-z]['’](?:s|t|m|d|re|ve|ll)\b")
_GREETING = re.compile(
    r"\W{0,3}(?:hi|hello|hey|hiya|hai|helo|good (?:morning|afternoon|evening|day)|greetings|dear|hallo|guten"
    r"|bonjour|salut|hola|buenos|buenas|ciao|salve|ol[aá]|bom dia)\b"
)
_SIGN_OFF = re.compile(
    r"\b(?:regards|cheers|sincerely|best wishes|yours|thanks(?: in advance| a lot| so much)?"
    r"|thank you(?: so much| very much| in advance)?|thx|bye|goodbye|gr[uü](?:ß|ss)e?|cordialement|saludos|saluti)\b"
    r"[\W\d]{0,5}(?:\w{1,20}\W{0,3}){0,2}$"
)
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]|[:;=8][\\-o']?[)(\\]\\[dpo/\\\\|](?!\\w)"
)
_REPEATED_LETTERS = re.compile(r"([a-z])\1\1")
_REPEATED_MARKS = re.compile(r"[!?.,]{2,}")
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)")
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*_\d+\]")
TAIL = 80
"""Characters at the end in which a sign-off is looked for."""


def register(texts: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """(column names, matrix (n_texts, n_columns) float32), one row a text in order. See `NAMES` for the units."""
    rows = [_row(text) for text in texts]
    return NAMES, np.array(rows, np.float32).reshape(len(rows), len(NAMES))


def _row(text: str) -> tuple[float, ...]:
    low, n_placeholders = text.lower(), 0
    if "[" in text:
        text, n_placeholders = _PLACEHOLDER.subn("x", text)
        low = text.lower()
    said = _WORD.findall(text)
    letters = sum(map(str.isalpha, text))
    upper = sum(map(str.isupper, text))
    manners = [match.lastgroup for match in _MANNERS.finditer(low)]
    stripped = text.strip()
    marks = any(mark in text for mark in "'’")
    plain = text.isascii()
    return (
        len(said), len(text), sum(map(len, said)) / max(1, len(said)), upper / max(1, letters),
        letters > 0 and upper == 0, letters > 3 and upper > 0.9 * letters, stripped[:1].isupper(),
        text.count("!"), text.count("?"), text.count("...") + text.count("…"), text.count(","),
        stripped[-1:] in _ENDS, max(1, len(_SENTENCE.findall(text))) if said else 0, text.count("\n"),
        manners.count("polite"), _GREETING.match(low) is not None, _SIGN_OFF.search(low[-TAIL:]) is not None,
        len(_EMOJI.findall(low)) if not plain or ":" in text or ";" in text or "=" in text or "8" in text else 0,
        len(_CONTRACTION.findall(low)) if marks else 0, len(_LEFT_OUT.findall(low)), manners.count("slang"),
        len(_REPEATED_LETTERS.findall(low)), len(_REPEATED_MARKS.findall(text)),
        sum(map(str.isdigit, text)) / max(1, len(text)), manners.count("first"), n_placeholders,
    )  # fmt: skip


_ENDS = frozenset(".!?…。！？")
