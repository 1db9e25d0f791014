"""What the product asks of the outside world, as small protocols. Infra fills them; stages receive them.

What this module does not know: any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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

    def stop(self) -> None: ...


class Gate(Protocol):
    """What a candidate has to get through. Built once for a run from the seeds; remembers what it let pass."""

    def judge(self, candidates: Sequence[Case]) -> list[Case]:
        """The candidates in the same order, each with findings, language, difficulty and status `passed` or `rejected`.

        What passes counts as known for the rest of this batch and all later ones (duplicates).
        """
        ...
