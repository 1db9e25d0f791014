"""Answers that somebody wrote down beforehand: `scripted:FILE`, `scripted:echo`, `scripted:demo`. No real model.

A script is JSONL or a YAML list. Each entry gives `text`, or `json` for what is written as JSON, or `error` with one of
the troubles of a ModelError. With `match`, a regular expression over the whole prompt, it answers every question that
it fits; without, the next one. `times` limits how often. The first entry that fits and is not used up answers.
What this module does not know: what the answers are for.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import Field, model_validator

from anchorset.core.ask import Ask, Finish, Reply, Usage
from anchorset.core.errors import InputError, ModelError, ModelTrouble
from anchorset.core.noun import Noun
from anchorset.core.ports import ChatModel
from anchorset.infra.llm.demo import Demo, written
from anchorset.infra.llm.tokens import tokens, tokens_of

BUILT_IN = ("echo", "demo")


class Entry(Noun):
    """One answer of a script."""

    match: str | None = None
    """Regular expression, searched in the prompt; None: whatever is asked next."""
    text: str | None = None
    data: Any = Field(default=None, alias="json")
    """Written as JSON."""
    error: ModelTrouble | None = None
    retry_after: float | None = Field(default=None, ge=0)
    finish: Finish = "stop"
    times: int | None = Field(default=None, ge=1)
    """Uses; None: once without `match`, any number with it."""

    @model_validator(mode="after")
    def _one_answer(self) -> Entry:
        given = [name for name in ("text", "data", "error") if name in self.model_fields_set]
        if len(given) != 1:
            raise ValueError(f"an entry has {len(given)} answers; give it exactly one of `text`, `json`, `error`")
        if self.match is not None:
            try:
                re.compile(self.match)
            except re.error as error:
                raise ValueError(f"`match` is no regular expression: {error}") from None
        return self


def open_script(which: str, root: Path) -> ChatModel:
    """The model behind `scripted:WHICH`. Raises InputError for a file that cannot be used."""
    if which == "echo":
        return Echo()
    if which == "demo":
        return Demo()
    return Script(f"scripted:{which}", entries_of(root / which))


class Script:
    """Fills `core.ports.ChatModel` from entries. Entries without `match` go by the order in which questions come."""

    host: Literal[None] = None

    def __init__(self, name: str, entries: list[Entry]) -> None:
        self.name = name
        self._entries = [(entry, re.compile(entry.match, re.DOTALL) if entry.match else None) for entry in entries]
        self._left = [entry.times or (None if entry.match else 1) for entry in entries]
        self.asked: list[Ask] = []
        """Every question so far, for tests."""

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        self.asked.append(ask)
        prompt = "\n".join(line.content for line in ask.lines)
        for at, (entry, pattern) in enumerate(self._entries):
            left = self._left[at]
            if left == 0 or (pattern is not None and not pattern.search(prompt)):
                continue
            if left is not None:
                self._left[at] = left - 1
            return self._answer(entry, ask)
        raise ModelError(
            f"{self.name} has no answer left for question {len(self.asked)} ({len(self._entries)} entries); "
            "add an entry, or one with `match`.",
            trouble="request",
        )

    def _answer(self, entry: Entry, ask: Ask) -> Reply:
        if entry.error is not None:
            raise ModelError(
                f"{self.name} says {entry.error!r}, as it is written; it is a rehearsal.",
                trouble=entry.error,
                retry_after=entry.retry_after,
            )
        text = entry.text if entry.text is not None else orjson.dumps(entry.data).decode()
        usage = Usage(input=tokens_of(ask), output=tokens(text))
        return Reply(text=text, usage=usage, model=self.name, finish=entry.finish)

    async def close(self) -> None:
        return None


class Echo:
    """Says what the user said last; with a shape, in every text of it."""

    name = "scripted:echo"
    host: Literal[None] = None

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        said = next((line.content for line in reversed(ask.lines) if line.role == "user"), "")
        text = written(ask, said)
        return Reply(text=text, usage=Usage(input=tokens_of(ask), output=tokens(text)), model=self.name)

    async def close(self) -> None:
        return None


def entries_of(path: Path) -> list[Entry]:
    """The entries of a script. Raises InputError with file, entry and the way out."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "not UTF-8"
        raise InputError(
            f"the script {str(path)!r} cannot be read ({said}); name a JSONL or YAML file, or one of "
            f"{', '.join(f'scripted:{name}' for name in BUILT_IN)}."
        ) from None
    rows = _yaml(path, content) if path.suffix in (".yaml", ".yml") else _jsonl(path, content)
    entries = []
    for number, written_down in enumerate(rows, start=1):
        row = {"text": written_down} if isinstance(written_down, str) else written_down
        if not isinstance(row, dict):
            raise InputError(f"{path.name} entry {number} is {type(row).__name__}; write an object or a text.")
        entries.append(Entry.read(row, where=f"{path.name} entry {number}"))
    if not entries:
        raise InputError(f"the script {str(path)!r} has no entry; write at least one object with `text`.")
    return entries


def _jsonl(path: Path, content: str) -> list[Any]:
    rows = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                rows.append(orjson.loads(line))
            except orjson.JSONDecodeError as error:
                raise InputError(f"{path.name} line {number} is no JSON ({error}); write one object a line.") from None
    return rows


def _yaml(path: Path, content: str) -> list[Any]:
    import yaml

    try:
        rows = yaml.safe_load(content)
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise InputError(f"{path.name} is no YAML ({said}); write a list of entries.") from None
    if not isinstance(rows, list):
        raise InputError(f"{path.name} holds {type(rows).__name__}; write a list of entries.")
    return rows
