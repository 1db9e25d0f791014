"""Two sets of texts as one crowd: each distinct text of a side once, with its count, in an order that tells nothing.

What this module does not know: any signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import NothingKeptError, UsageError
from anchorset.core.hashing import draw

MAX_SIDE = 2_000
"""Cases of one set that are measured: the classifier's matrix grows with the square of both sets together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """n rows: the distinct texts of both sides. A text that stands on both sides has a row on each."""

    texts: tuple[str, ...]
    count: NDArray[np.float32]
    """(n,) how many cases say it."""
    synthetic: NDArray[np.bool_]
    """(n,) True: the synthetic side."""
    unit: NDArray[np.intp]
    """(n,) rows of one unit move together when labels are shuffled: cases of one declared group."""
    same: NDArray[np.intp]
    """(n,) rows with one number say the same, whatever their side: they must not face each other in a test fold."""
    slices: tuple[str | None, ...]
    n_real: int
    """Usable cases given."""
    n_synthetic: int

    def measured(self, synthetic: bool) -> int:
        """Cases behind the rows of one side."""
        return int(self.count[self.synthetic == synthetic].sum())

    def distinct(self, synthetic: bool) -> int:
        """Units of one side: what the sample size really is."""
        return len(np.unique(self.unit[self.synthetic == synthetic]))


def gather(
    real: Sequence[str], synthetic: Sequence[str], *, seed: int,
    real_groups: Sequence[str] | None = None, synthetic_groups: Sequence[str] | None = None,
    real_slices: Sequence[str | None] | None = None, synthetic_slices: Sequence[str | None] | None = None,
) -> Crowd:  # fmt: skip
    """Both sets as one crowd, at most `MAX_SIDE` cases of each. Blank texts are left out.

    The result depends on the texts and the seed, never on the order of the cases.
    Raises NothingKeptError when a set has no text, UsageError when groups or slices are not one a case.
    """
    sides = (
        (False, "real", real, real_groups, real_slices),
        (True, "synthetic", synthetic, synthetic_groups, synthetic_slices),
    )
    rows: dict[tuple[str, bool, str, str | None], int] = {}
    shown: dict[tuple[str, bool, str, str | None], str] = {}
    given: list[int] = []
    for side, name, texts, groups, slices in sides:
        for what, column in (("groups", groups), ("slices", slices)):
            if column is not None and len(column) != len(texts):
                raise UsageError(
                    f"`{name}_{what}` has {len(column)} entries for {len(texts)} {name} cases; give one a case."
                )
        kept = [
            (_key(text), text, groups[at] if groups else "", slices[at] if slices else None)
            for at, text in enumerate(texts) if text.strip()
        ]  # fmt: skip
        if not kept:
            raise NothingKeptError(
                f"The {name} set has no usable case ({len(texts)} given, all blank); 1 or more texts are needed."
            )
        given.append(len(kept))
        kept.sort(key=lambda row: (row[0], row[1], row[2], row[3] or ""))
        if len(kept) > MAX_SIDE:
            rng = np.random.default_rng(draw(seed, "audit", "sample", name))
            kept = [kept[at] for at in sorted(rng.choice(len(kept), MAX_SIDE, replace=False))]
        for key, text, group, piece in kept:
            row = (key, side, group, piece)
            rows[row] = rows.get(row, 0) + 1
            shown.setdefault(row, text)
    return _crowd(rows, shown, given, seed)


def _crowd(
    rows: dict[tuple[str, bool, str, str | None], int], shown: dict[tuple[str, bool, str, str | None], str],
    given: list[int], seed: int,
) -> Crowd:  # fmt: skip
    order = sorted(rows, key=lambda row: (row[0], row[1], row[2], row[3] or ""))
    # Two rows that say the same would come real one first: shuffled, so that no tie is ever broken by the side.
    order = [order[at] for at in np.random.default_rng(draw(seed, "audit", "order")).permutation(len(order))]
    units: dict[tuple[bool, str], int] = {}
    same: dict[str, int] = {}
    return Crowd(
        texts=tuple(shown[row] for row in order),
        count=np.array([rows[row] for row in order], dtype=np.float32),
        synthetic=np.array([row[1] for row in order], dtype=np.bool_),
        unit=np.array(
            [units.setdefault((row[1], row[2] or "\0" + row[0]), len(units)) for row in order], dtype=np.intp
        ),
        same=np.array([same.setdefault(row[0], len(same)) for row in order], dtype=np.intp),
        slices=tuple(row[3] for row in order),
        n_real=given[0],
        n_synthetic=given[1],
    )


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
