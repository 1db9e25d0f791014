"""Gaps to briefs. Comes in: cells with their seeds, a size, a mix. Goes out: a Plan.

What this room does not know: how a brief is carried out, and whether anybody likes the result.
"""
