"""Can an evaluation on these cases be trusted? Two doors: `audit` for the cases, `compare` for results on them.

Comes in: real and synthetic texts, or rows of who passed what. Goes out: an AuditReport, or Comparisons with their
verdict, and both in words and as pages.
What this room does not know: how cases are made, which files and models there are, the terminal.
"""
