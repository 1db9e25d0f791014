"""anchorset: synthetic eval cases, anchored in real ones. The public names, and no work on import."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anchorset.core.case import Case
    from anchorset.pipeline.files import audit, dedup, grow, mutate
    from anchorset.pipeline.trust.comparing import compare

__all__ = ["Case", "audit", "compare", "dedup", "grow", "mutate"]

_HOMES = {"Case": "anchorset.core.case", "compare": "anchorset.pipeline.trust.comparing"}


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for (PEP 562)."""
    if name in __all__:
        # By name, so that the package itself stands on no rung of the import ladder.
        return getattr(import_module(_HOMES.get(name, "anchorset.pipeline.files")), name)
    raise AttributeError(f"module 'anchorset' has no attribute {name!r}")
