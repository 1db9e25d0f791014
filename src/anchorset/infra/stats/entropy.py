"""Entropy of counts, corrected for what a small sample has not seen.

What this module does not know: what was counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def entropy_bits(counts: Any) -> float:
    """Miller-Madow entropy in bits of `counts` (kinds,); 0 for an empty or single kind.

    Miller (1955), Note on the bias of information estimates: maximum likelihood plus (kinds seen - 1) / (2 N) nats.
    """
    seen = np.asarray(counts, dtype=np.float64)
    seen = seen[seen > 0]
    if seen.size < 2:
        return 0.0
    share = seen / seen.sum()
    return float(-(share * np.log2(share)).sum() + (seen.size - 1) / (2 * seen.sum() * np.log(2)))
