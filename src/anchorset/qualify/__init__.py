"""Candidates to findings. Comes in: candidates, and what the seeds look like. Goes out: each candidate with what every
check said of it, its difficulty, and whether it passed.

What this room does not know: how a candidate was made, and what a reviewer will say.
"""
