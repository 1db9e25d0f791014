"""Logs become seeds.

Comes in: a file of real messages, in any format, and which column is what. Goes out: cases with provenance, personal
data replaced, exact duplicates folded, and counts that add up; a row that cannot be used is set aside with its reason.
What this room does not know: other stages, likeness of meaning, and what the cases will be used for.
"""
