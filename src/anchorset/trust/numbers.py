"""Moved to `anchorset.core.numbers`; the old name goes when nobody uses it. What this module does not know: numbers."""

from anchorset.core.numbers import plain, share

__all__ = ["plain", "share"]
