"""Language models. Comes in: asks. Goes out: replies and faults, counted, paid for and kept.

What this room does not know: what is asked for, and what becomes of an answer.
"""
