"""Moved to `anchorset.core.inert`; the old name goes when nobody uses it. What this module does not know: text."""

from anchorset.core.inert import short, visible

__all__ = ["short", "visible"]
