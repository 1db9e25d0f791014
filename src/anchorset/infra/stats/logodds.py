"""Which words does one collection use more than another, with the noise of rare words taken into account?

What this module does not know: how words were counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorset.core.errors import InputError
from anchorset.infra.stats.spread import Floats


def log_odds_z(first: Any, second: Any, prior: Any | None = None, *, strength: float | None = None) -> Floats:
    """(words,) z of each word: positive where `first` uses it more than `second`; about N(0, 1) when neither does.

    first, second (words,): counts. prior (words,): counts of a background in which either would be unremarkable;
    None: both together. strength: total pseudo-counts the prior is scaled to; None: as it is.
    Monroe, Colaresi and Quinn (2008), Fightin' words, equations 16, 18 and 22: difference of the log odds
    (y + α) / (n + α₀ - y - α), over the root of 1/(y₁ + α) + 1/(y₂ + α). Words in neither nor the prior get 0.
    Raises InputError when shapes differ.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    alpha = one + two if prior is None else np.asarray(prior, dtype=np.float64)
    if not one.shape == two.shape == alpha.shape or one.ndim != 1:
        raise InputError(
            f"Counts have shapes {one.shape!r}, {two.shape!r} and prior {alpha.shape!r}; one count a word is expected."
        )
    if strength is not None and alpha.sum() > 0:
        alpha = alpha * (strength / alpha.sum())
    if not one.size or one.sum() + two.sum() <= 0:
        return np.zeros(one.shape)
    known = one + two + alpha > 0
    y1, y2 = (np.maximum(counts + alpha, 1e-9) for counts in (one, two))
    # With a single word there are no other words to weigh it against; the floor keeps the odds finite.
    rest1, rest2 = (np.maximum(counts.sum() + alpha.sum() - y, 1e-9) for counts, y in ((one, y1), (two, y2)))
    z = (np.log(y1 / rest1) - np.log(y2 / rest2)) / np.sqrt(1 / y1 + 1 / y2)
    return np.asarray(np.where(known, z, 0.0))
