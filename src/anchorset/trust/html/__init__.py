"""Moved to `anchorset.infra.html`, where every stage may use it. What this room does not know: anything."""
