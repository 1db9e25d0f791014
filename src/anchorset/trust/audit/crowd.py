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
from anchorset.core.ports import Embedder
from anchorset.infra.embed.duplicates import near_duplicates

MAX_SIDE = 2_000
"""Cases of one set that are measured: the classifier's matrix grows with the square of both sets together."""


_Row = tuple[str, bool, str, str | None]
"""Key of the text, side, declared group, slice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """n rows: the distinct texts of both sides. A text that stands on both sides has a row on each."""

    texts: tuple[str, ...]
    count: NDArray[np.float32]
    """(n,) how many cases say it."""
    synthetic: NDArray[np.bool_]
    """(n,) True: the synthetic side."""
    vectors: NDArray[np.float32]
    """(n, dim) unit length."""
    declared: NDArray[np.intp]
    """(n,) the declared group of a row; a number of its own where none was declared."""
    same: NDArray[np.intp]
    """(n,) near-duplicates, whatever their side: they must not face each other in a test fold."""
    unit: NDArray[np.intp]
    """(n,) one voice: the near-duplicates, or the declared group, of one side. Labels are shuffled over units."""
    slices: tuple[str | None, ...]
    n_real: int
    """Usable cases given."""
    n_synthetic: int

    def measured(self, synthetic: bool) -> int:
        """Cases behind the rows of one side."""
        return int(self.count[self.synthetic == synthetic].sum())

    def distinct(self, synthetic: bool) -> int:
        """Units of one side: how many voices there really are."""
        return len(np.unique(self.unit[self.synthetic == synthetic]))


def gather(
    real: Sequence[str], synthetic: Sequence[str], *, embedder: Embedder, near: float, seed: int,
    real_groups: Sequence[str] | None = None, synthetic_groups: Sequence[str] | None = None,
    real_slices: Sequence[str | None] | None = None, synthetic_slices: Sequence[str | None] | None = None,
) -> Crowd:  # fmt: skip
    """Both sets as one crowd, at most `MAX_SIDE` cases of each. Blank texts are left out.

    near: cosine from which texts mean the same.
    The result depends on the texts and the seed, never on the order of the cases.
    Raises NothingKeptError when a set has no text, UsageError when groups or slices are not one a case.
    """
    sides = (
        (False, "real", real, real_groups, real_slices),
        (True, "synthetic", synthetic, synthetic_groups, synthetic_slices),
    )
    rows: dict[_Row, int] = {}
    shown: dict[_Row, str] = {}
    given: list[int] = []
    for side, name, texts, declared, slices in sides:
        for what, column in (("groups", declared), ("slices", slices)):
            if column is not None and len(column) != len(texts):
                raise UsageError(
                    f"`{name}_{what}` has {len(column)} entries for {len(texts)} {name} cases; give one a case."
                )
        kept = [
            (_key(text), _encodable(text), declared[at] if declared else "", slices[at] if slices else None)
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
    return _crowd(rows, shown, given, embedder, near, seed)


def _crowd(
    rows: dict[_Row, int], shown: dict[_Row, str], given: list[int], embedder: Embedder, near: float, seed: int
) -> Crowd:
    order = sorted(rows, key=lambda row: (row[0], row[1], row[2], row[3] or ""))
    # Two rows that say the same would come real one first: shuffled, so that no tie is ever broken by the side.
    order = [order[at] for at in np.random.default_rng(draw(seed, "audit", "order")).permutation(len(order))]
    texts = tuple(shown[row] for row in order)
    vectors = embedder.embed(texts)
    same = np.arange(len(order), dtype=np.intp)
    for cluster in near_duplicates(texts, embedder, near, vectors=vectors).clusters:
        for pair in cluster.dropped:
            same[[pair.i, pair.j]] = cluster.kept
    voices = [(side, group or "", -1 if group else int(same[at])) for at, (_, side, group, _) in enumerate(order)]
    alone = [(side, group or "", -1 if group else at) for at, (_, side, group, _) in enumerate(order)]
    return Crowd(
        texts=texts,
        count=np.array([rows[row] for row in order], dtype=np.float32),
        synthetic=np.array([row[1] for row in order], dtype=np.bool_),
        vectors=vectors,
        declared=_numbered(alone),
        same=same,
        unit=_numbered(voices),
        slices=tuple(row[3] for row in order),
        n_real=given[0],
        n_synthetic=given[1],
    )


def _numbered(keys: Sequence[tuple[bool, str, int]]) -> NDArray[np.intp]:
    numbers: dict[tuple[bool, str, int], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def _encodable(text: str) -> str:
    """The text with lone surrogates as `?`: JSON and HTML have no room for them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
