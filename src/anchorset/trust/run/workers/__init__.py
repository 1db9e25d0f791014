"""Processes of ours in which code of others runs: a function or a command, one call at a time, killable at any moment.

What this room does not know: cases, targets and evaluators.
"""
