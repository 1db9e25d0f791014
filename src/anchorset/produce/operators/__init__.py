"""Mutation operators, one file a level.

Comes in: a text (or turns, or a record) and dice. Goes out: the changed one, or None.

What this room does not know: cases, cells and checks.
"""
