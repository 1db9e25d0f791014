"""The mix: which share of the candidates each technique makes.

What this module does not know: cells.
"""

from __future__ import annotations

from collections.abc import Mapping

from anchorset.core.errors import ConfigError, nearest
from anchorset.core.numbers import share as told
from anchorset.core.provenance import Technique

KNOWN: tuple[Technique, ...] = ("mutation", "remix", "redteam")
"""The techniques that need no model."""

MODEL_FREE: Mapping[str, float] = {"mutation": 60, "remix": 25, "redteam": 15}
"""What `grow` makes when nobody says otherwise: all of it without a model."""

REDTEAM_CEILING = 0.25
"""Red team protects the gate; real traffic is mostly not adversarial, so it may never dominate."""


def checked_mix(mix: Mapping[str, float], known: tuple[Technique, ...] = KNOWN) -> dict[Technique, float]:
    """The mix as shares that add up to 1. ConfigError for unknown names, negative shares, or too much red team."""
    for name, share in mix.items():
        if name not in known:
            raise ConfigError(f"the mix names {name!r}, which is no technique here; {nearest(name, known)}")
        if share < 0:
            raise ConfigError(f"the mix gives {name!r} the share {share!r}; shares are 0 or more")
    whole = sum(mix.values())
    if whole <= 0:
        raise ConfigError(f"the mix {dict(mix)!r} adds up to {whole!r}; at least one share must be over 0")
    shares = {name: mix[name] / whole for name in known if mix.get(name)}
    if len(shares) > 1 and shares.get("redteam", 0) > REDTEAM_CEILING:
        raise ConfigError(
            f"the mix gives redteam {told(shares['redteam'])}; at most {told(REDTEAM_CEILING)} may be adversarial. "
            "Lower its share, or run it alone."
        )
    return shares
