"""What the product asks of the outside world, as small protocols. Infra fills them; stages receive them.

What this module does not know: any implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anchorset.core.ask import Answer, Ask, Reply
    from anchorset.core.case import Case


class Embedder(Protocol):
    """Turns texts into unit vectors.

    `name` identifies model and version: calibrated thresholds are stored under it, and it is recorded in findings.
    """

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32, each row of unit length; a text without a known token gives a zero row."""
        ...


class Progress(Protocol):
    """Where a long step says how far it is. `total` None means not known."""

    def start(self, what: str, total: int | None) -> None: ...

    def advance(self, n: int = 1) -> None: ...

    def tell(self, what: str, text: str) -> None:
        """What else there is to know, beside the bar; a later text of the same `what` stands in its place."""
        ...

    def stop(self) -> None: ...


class Gate(Protocol):
    """What a candidate has to get through. Built once for a run from the seeds; remembers what it let pass."""

    def judge(self, candidates: Sequence[Case]) -> list[Case]:
        """The candidates in the same order, each with findings, language, difficulty and status `passed` or `rejected`.

        What passes counts as known for the rest of this batch and all later ones (duplicates).
        """
        ...


class ChatModel(Protocol):
    """One language model behind one door. Asks once: limits, retries, memory and prices are the engine's.

    Returns a Reply with text, usage, finish and model, and no items. Raises ModelError with what went wrong.
    """

    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    @property
    def host(self) -> str | None:
        """Where texts are sent; None: they stay in this process."""
        ...

    async def reply(self, ask: Ask, *, timeout: float) -> Reply: ...

    async def close(self) -> None: ...


class Asker(Protocol):
    """Language models as stages see them: questions in, answers out, in the same order, however long it takes.

    Every answer is kept before it is returned; what was answered before is not asked again. After Ctrl-C or at the end
    of the budget the rest comes back as Faults with the cause `interrupted` or `budget`: they are never final.
    """

    def ask(self, asks: Sequence[Ask]) -> list[Answer]: ...

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        """Sends them, and returns at once what waits for their answers. Call it once."""
        ...


class Answers(Protocol):
    """Where answers are kept: by the key of their ask. A fault is kept for the run that met it, to be met again."""

    def recall(self, keys: Sequence[str], *, run: str) -> dict[str, Answer]:
        """What is there of these. Replies carry text, usage, usd, model and finish; items are read from the text."""
        ...

    def keep(self, answers: Mapping[str, Answer], *, run: str) -> None:
        """All of them, durably, before it returns."""
        ...
