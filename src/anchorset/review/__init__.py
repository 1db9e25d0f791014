"""Findings become decisions. Comes in: pending cases, what reviewers said. Goes out: verdicts, the queue, survival.

What this room does not know: where rows are kept, and what ships.
"""
