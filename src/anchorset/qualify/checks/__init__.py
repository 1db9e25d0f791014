"""The checks, one small file each. Comes in: candidates with the crowd of seeds. Goes out: one finding a candidate.

What this room does not know: which checks run together, and what becomes of a candidate.
"""
