"""A model that is not asked now: its questions are noted, to be answered in a batch.

What this module does not know: files and vendors.
"""

from __future__ import annotations

from typing import Literal

from anchorset.core.ask import Ask, Reply
from anchorset.core.errors import ModelError


class Waiting:
    """Fills `core.ports.ChatModel`. Nothing leaves this process."""

    host: Literal[None] = None

    def __init__(self, name: str, noted: dict[str, Ask]) -> None:
        """`name`: of the model that will answer. `noted`: takes every question, by its key."""
        self._name = name
        self._noted = noted

    @property
    def name(self) -> str:
        return self._name

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        self._noted[ask.key] = ask
        raise ModelError(
            f"{self._name} is asked in a batch: the question waits; import or collect its answer and go on.",
            trouble="batch",
        )

    async def close(self) -> None:
        return None
