"""JSON as language models write it: fenced, wrapped in prose, with trailing commas, or cut off in the middle.

What is cut off is marked as such (`Cut`), so that a reader can tell a whole object from half of one.

What this module does not know: what the values are meant to be.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

DEPTH = 64
"""Deeper nesting is taken for garbage."""
STARTS = 200
"""Opening brackets that are tried in one text: prose full of brackets stays cheap."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_WORDS = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None,
    "NaN": None, "Infinity": None, "-Infinity": None, "nan": None, "undefined": None,
}  # fmt: skip
_HUGE = re.compile(r"\d[eE]\+?\d{3}|\d{300}")
"""What may be a number beyond all floats."""
_SPACE = " \t\r\n\ufeff"


@dataclass(frozen=True, slots=True)
class Cut:
    """A list or object whose end is missing: what of it was whole."""

    value: list[Any] | dict[str, Any]


class _GarbageError(Exception):
    """No value begins here."""


class _EndError(Exception):
    """The text ended inside a value that is of no use in part."""


def values(text: str) -> list[Any]:
    """Every object and list in `text`, in order: dicts, lists, and `Cut` where the end is missing. NaN becomes None."""
    # half of a surrogate pair is no text that a parser takes
    text = text.encode("utf-8", "replace").decode().strip(_SPACE)
    if text.startswith("<think"):
        text = text.partition("</think>")[2].strip(_SPACE)
    try:
        whole = from_json(text, allow_inf_nan=False)
        if _HUGE.search(text):
            whole = _without_nan(whole)
    except (ValueError, RecursionError):
        return _found(text)
    if isinstance(whole, str):
        # an object that was put into a string a second time
        return _found(whole)
    return [whole] if isinstance(whole, dict | list) else []


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _found(text: str) -> list[Any]:
    found: list[Any] = []
    reader = _Reader(text)
    for _ in range(STARTS):
        if not reader.to_bracket():
            break
        start = reader.at
        try:
            found.append(reader.value(0))
        except _GarbageError:
            reader.at = start + 1
        except _EndError:
            break
    return found


class _Reader:
    """Reads on from `at`; where a value ends, `at` stands behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def to_bracket(self) -> bool:
        places = [place for place in (self.text.find("{", self.at), self.text.find("[", self.at)) if place >= 0]
        self.at = min(places, default=len(self.text))
        return bool(places)

    def value(self, depth: int) -> Any:
        self._skip(_SPACE)
        if depth > DEPTH:
            raise _GarbageError
        first = self._here()
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._list(depth)
        if first == '"':
            return self._string()
        return self._word()

    def _here(self) -> str:
        if self.at >= len(self.text):
            raise _EndError
        return self.text[self.at]

    def _skip(self, these: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in these:
            self.at += 1

    def _list(self, depth: int) -> Any:
        self.at += 1
        whole: list[Any] = []
        while True:
            self._skip(_SPACE + ",")
            try:
                if self._here() == "]":
                    self.at += 1
                    return whole
                one = self.value(depth + 1)
            except (_EndError, _GarbageError):
                return Cut(whole)
            if isinstance(one, Cut):
                return Cut(whole)
            whole.append(one)

    def _object(self, depth: int) -> Any:
        self.at += 1
        whole: dict[str, Any] = {}
        while True:
            self._skip(_SPACE + ",")
            try:
                if self._here() == "}":
                    self.at += 1
                    return whole
                if self._here() != '"':
                    if whole:
                        return Cut(whole)
                    raise _GarbageError
                name = self._string()
                self._skip(_SPACE)
                if self._here() != ":":
                    raise _GarbageError
                self.at += 1
                one = self.value(depth + 1)
            except _EndError:
                return Cut(whole)
            except _GarbageError:
                if whole:
                    return Cut(whole)
                raise
            if isinstance(one, Cut):
                return Cut({**whole, name: one.value})
            whole[name] = one

    def _string(self) -> str:
        """Line breaks inside are taken as they are, unknown escapes as the character itself."""
        text, parts, at = self.text, [], self.at + 1
        while True:
            end, escape = text.find('"', at), text.find("\\", at)
            if end < 0:
                self.at = len(text)
                raise _EndError
            if escape < 0 or end < escape:
                parts.append(text[at:end])
                self.at = end + 1
                return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            parts.append(text[at:escape])
            if escape + 1 >= len(text):
                self.at = len(text)
                raise _EndError
            mark = text[escape + 1]
            at = escape + 2
            if mark == "u":
                digits = text[at : at + 4]
                if len(digits) == 4 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
                    parts.append(chr(int(digits, 16)))
                    at += 4
                    continue
            parts.append(_ESCAPES.get(mark, mark))

    def _word(self) -> Any:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ',]}:{["' + _SPACE:
            self.at += 1
        word = self.text[start : self.at]
        if self.at >= len(self.text):
            # 12 may have been going to be 123
            raise _EndError
        if word in _WORDS:
            return _WORDS[word]
        try:
            number = from_json(word.removeprefix("+"))
        except ValueError:
            raise _GarbageError from None
        if isinstance(number, int | float) and not isinstance(number, bool):
            return _without_nan(number)
        raise _GarbageError
