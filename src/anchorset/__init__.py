"""anchorset: synthetic eval cases, anchored in real ones. The public names, and no work on import."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anchorset.pipeline import audit, compare, dedup, grow, mutate
    from anchorset.core.case import Case

__all__ = ["Case", "audit", "compare", "dedup", "grow", "mutate"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for (PEP 562)."""
    if name == "Case":
        from anchorset.core.case import Case

        return Case
    if name in __all__:
        from anchorset import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'anchorset' has no attribute {name!r}")
