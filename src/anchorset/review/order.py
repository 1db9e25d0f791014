"""The order in which cases come: first what survival is measured by, then what the checks are least sure of.

    1  cells in which too little is decided: the one with the fewest decisions, and in it a drawn order, so that what
       is decided is a fair sample of the cell and its survival an honest estimate
    2  once the interval of every cell is narrow enough: the most uncertain case of all, wherever it lies
    -  near duplicates of a case come right after it; attacks are a lane of their own

What this module does not know: where cases are kept, and what uncertainty is made of (`core.uncertainty`).
"""

from __future__ import annotations

from functools import lru_cache

from anchorset.infra.stats.intervals import wilson

HALF_WIDTH = 0.10
"""Half of a cell's 95 % Wilson interval at which its survival is known well enough: 48 decisions at 85 % survival, 93
at 50 %."""


@lru_cache(maxsize=100_000)
def enough(kept: int, rejected: int) -> bool:
    """Whether so many decisions tell a cell's survival."""
    low, high = wilson(kept, kept + rejected)
    return (high - low) / 2 <= HALF_WIDTH
