"""Plans carried out: candidates made and judged, at once or in batches, and judged again when something has changed.

What this room does not know: what became of a version.
"""
