"""Answers that were recorded, given again: tests and demonstrations that ask nobody.

A recording is JSONL, one reply a line under the key of its question without the model's name, so that what
`openai:gpt-5` said can be replayed as `replay:answers.jsonl`. A question that was not recorded is an error, never a
guess.
What this module does not know: who answered first.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson

from anchorset.core.ask import Ask, Reply, Usage
from anchorset.core.errors import InputError, ModelError
from anchorset.core.ports import ChatModel


def key_without_model(ask: Ask) -> str:
    """What a question is recorded under."""
    return replace(ask, model="").key


class Replay:
    """Fills `core.ports.ChatModel` from a recording."""

    def __init__(self, name: str, path: Path) -> None:
        """Raises InputError for a file that is not there or holds no recording."""
        self._name, self._path = f"replay:{name}", path
        self._replies = _recorded(path)

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str | None:
        return None

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        found = self._replies.get(key_without_model(ask))
        if found is None:
            raise ModelError(
                f"{self._name} has no answer to this question ({len(self._replies)} recorded, key "
                f"{key_without_model(ask)}); record it again with the model that answered.",
                trouble="request",
            )
        return found

    async def close(self) -> None:
        return None


class Recording:
    """A model whose replies are written down as they come: each is in the file before it is handed on."""

    def __init__(self, model: ChatModel, path: Path) -> None:
        self._model, self._path = model, path

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def host(self) -> str | None:
        return self._model.host

    @property
    def limits_seen(self) -> Any:
        """What the model itself saw of its vendor's limits; None where it sees none."""
        return getattr(self._model, "limits_seen", None)

    @property
    def lessons(self) -> list[str]:
        """What the model itself turned out not to take."""
        return list(getattr(self._model, "lessons", ()))

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        reply = await self._model.reply(ask, timeout=timeout)
        row = {
            "key": key_without_model(ask),
            "asked": self._model.name,
            "text": reply.text,
            "model": reply.model,
            "finish": reply.finish,
            "usage": asdict(reply.usage),
            "usd": reply.usd,
        }
        with self._path.open("ab") as file:
            file.write(orjson.dumps(row) + b"\n")
        return reply

    async def close(self) -> None:
        await self._model.close()


def _recorded(path: Path) -> dict[str, Reply]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(
            f"the recording {str(path)!r} cannot be read ({error.strerror}); record one, or name another file."
        ) from None
    replies: dict[str, Reply] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = orjson.loads(line)
            replies[row["key"]] = Reply(
                text=row["text"],
                usage=Usage(**(row.get("usage") or {})),
                usd=0.0,
                model=row.get("model"),
                finish=row.get("finish", "stop"),
            )
        except (orjson.JSONDecodeError, KeyError, TypeError):
            if number == len(lines):
                continue  # A recording that was cut off ends in half a line.
            raise InputError(
                f"{path.name} line {number} is no recorded reply; it is an object with `key` and `text`."
            ) from None
    return replies
