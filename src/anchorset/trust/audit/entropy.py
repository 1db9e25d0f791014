"""Key-term entropy: does the synthetic set spread over the words of the real one, or sit on a few?

What this module does not know: how key terms are chosen when they are given.
"""

from __future__ import annotations

import numpy as np

from anchorset.infra.stats.entropy import entropies_bits
from anchorset.trust.audit.features import Matrix
from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.null import Measured

KEY_TERMS = 50
LIMIT = 0.15
"""Relative departure from the real entropy that fails, when it also leaves the band."""
_FLOOR = 0.1
"""Bits."""


def key_term_entropy(ground: Ground, terms: Matrix, *, given: bool) -> Measured | None:
    """`key_terms.entropy` in bits. `given`: `terms` are the key terms; else the `KEY_TERMS` of them in most real cases.

    The choice is made anew under every shuffle, since it looks at the real side. None when fewer than two terms occur.
    """
    real, synthetic = ground.labels.sums(terms.holds)
    if not given and len(terms.names) > KEY_TERMS:
        top = np.argsort(-real, axis=0, kind="stable")[:KEY_TERMS]
        real, synthetic = np.take_along_axis(real, top, axis=0), np.take_along_axis(synthetic, top, axis=0)
        chosen = [terms.names[at] for at in top[:, 0]]
    else:
        chosen = list(terms.names)
    in_real, in_synthetic = entropies_bits(real), entropies_bits(synthetic)
    reference, value = first(in_real), first(in_synthetic)
    if len(chosen) < 2 or reference <= 0:
        return None
    most = np.argsort(-synthetic[:, 0], kind="stable")[:3]
    often = ", ".join(f"{chosen[at]!r} {synthetic[at, 0]:.0f}" for at in most if synthetic[at, 0] > 0)
    return Measured(
        name="key_terms.entropy", statistic=in_synthetic - in_real, tail="both", floor=_FLOOR, value=value,
        reference=reference, as_value=lambda difference: reference + difference, ratio_limit=LIMIT,
        why=(
            f"The {len(chosen)} key terms spread over {value:.2f} bits in the synthetic set and {reference:.2f} in the "
            f"real one ({100 * (value / reference - 1):+.0f} %). In most synthetic cases: {often or 'none of them'}."
        ),
        examples=tuple(chosen[at] for at in most if synthetic[at, 0] > 0),
    )  # fmt: skip
