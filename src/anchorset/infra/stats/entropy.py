"""Entropy of counts, corrected for what a small sample has not seen.

Miller (1955), Note on the bias of information estimates: H = -Σ pᵢ log₂ pᵢ + (kinds seen - 1) / (2 n ln 2), in bits.
What this module does not know: what was counted.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=np.floating[Any])


def entropy_bits(counts: Any) -> float:
    """Miller-Madow entropy in bits of `counts` (kinds,); 0 for an empty or single kind."""
    return float(entropies_bits(np.asarray(counts, dtype=np.float64)[:, None])[0])


def entropies_bits(counts: NDArray[F]) -> NDArray[F]:
    """(columns,) the same of each column of `counts` (kinds, columns), in their precision; 0 for one without counts."""
    n = np.maximum(counts.sum(axis=0), 1e-9)
    share = counts / n
    plug_in = -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=0)
    seen = (counts > 0).sum(axis=0)
    bits = np.where(seen > 0, plug_in + (seen - 1) / (2 * np.maximum(n, 1) * np.log(2)), 0.0)
    return bits.astype(counts.dtype)
