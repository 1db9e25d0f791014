"""Decisions become a dataset version. Comes in: approved cases, a mix. Goes out: rows, splits, manifest, card, exports.

What this room does not know: who decided, and what runs on the version.
"""
