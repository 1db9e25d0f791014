"""Length: how many words a case has, and how much that varies.

What this module does not know: words themselves.
"""

from __future__ import annotations

from math import exp

import numpy as np

from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.null import Measured

_TYPICAL_FLOOR = np.log(1.1)
_SPREAD_FLOOR = np.log(1.15)


def length(ground: Ground) -> list[Measured]:
    """`length.typical` (geometric mean of words) and `length.spread` (how many times longer a long case is)."""
    logs = np.log(ground.lengths)[:, None]
    features = np.hstack([logs, logs**2]).astype(np.float32)
    real, synthetic = ground.labels.shares(features)
    deviations = [np.sqrt(np.maximum(side[1] - side[0] ** 2, 1e-4)) for side in (real, synthetic)]
    typical_real, typical = exp(first(real[0])), exp(first(synthetic[0]))
    spread_real, spread = (exp(first(side)) for side in deviations)
    order = np.argsort(-ground.lengths if typical > typical_real else ground.lengths, kind="stable")
    extreme = ground.texts(order[ground.crowd.synthetic[order]], 2)
    return [
        Measured(
            name="length.typical", statistic=synthetic[0] - real[0], tail="both", floor=float(_TYPICAL_FLOOR),
            value=typical, reference=typical_real, as_value=lambda ratio: typical_real * exp(ratio),
            why=f"A typical synthetic case has {typical:.1f} words, a typical real one {typical_real:.1f}.",
            examples=extreme,
        ),
        Measured(
            name="length.spread", statistic=np.log(deviations[1] / deviations[0]), tail="both",
            floor=float(_SPREAD_FLOOR), value=spread, reference=spread_real,
            as_value=lambda ratio: exp(np.log(spread_real) * exp(ratio)),
            why=(
                f"Two thirds of the synthetic cases are within a factor of {spread:.2f} of their typical length, "
                f"of the real ones within {spread_real:.2f}."
            ),
        ),
    ]  # fmt: skip
