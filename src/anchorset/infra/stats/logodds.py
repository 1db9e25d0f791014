"""Which words does one collection use more than another, with the noise of rare words taken into account?

What this module does not know: how words were counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import InputError


def log_odds_z(
    first: Any, second: Any, prior: Any | None = None, *, sizes: tuple[Any, Any] | None = None, strength: Any = None
) -> NDArray[Any]:
    """z of each word: positive where `first` uses it more than `second`; about N(0, 1) when neither does.

    first, second: counts (words,), or (words, columns) for many pairs of collections at once; z has their shape and
    precision. prior: counts of a background in which either would be unremarkable; None: both together. sizes: how
    large the two are, a number or (columns,) each; None: the sums of their counts. Where texts that hold a word are
    counted, give the numbers of texts. strength: pseudo-counts the prior is scaled to, as sizes; None: as it is.

    Monroe, Colaresi and Quinn (2008), Fightin' words, equations 16, 18 and 22: difference of the log odds
    (y + α) / (n + α₀ - y - α), over the root of 1/(y₁ + α) + 1/(y₂ + α). Words in neither nor the prior get 0.
    Raises InputError when shapes differ.
    """
    one, two = np.asarray(first), np.asarray(second)
    alpha = one + two if prior is None and one.shape == two.shape else np.asarray(prior)
    if not one.shape == two.shape == alpha.shape or one.ndim not in (1, 2):
        raise InputError(
            f"Counts have shapes {one.shape!r}, {two.shape!r} and prior {alpha.shape!r}; one count a word is expected."
        )
    n1, n2 = sizes or (one.sum(axis=0), two.sum(axis=0))
    n0 = n1 + n2 if prior is None else alpha.sum(axis=0)
    if strength is not None:
        alpha, n0 = alpha / np.maximum(n0, 1e-9) * strength, strength
    known = one + two + alpha > 0
    y1, y2 = np.maximum(one + alpha, 1e-9), np.maximum(two + alpha, 1e-9)
    # With a single word there are no other words to weigh it against; the floor keeps the odds finite.
    rest1, rest2 = np.maximum(n1 + n0 - y1, 1e-9), np.maximum(n2 + n0 - y2, 1e-9)
    z = (np.log(y1 / rest1) - np.log(y2 / rest2)) / np.sqrt(1 / y1 + 1 / y2)
    return np.asarray(np.where(known, z, 0.0))
