"""A workspace on disk: its configuration, personas, mirrors and locks.

Comes in: a folder. Goes out: a checked configuration, lines appended so that nothing is lost, locks.
What this room does not know: the store, and what a line means.
"""
