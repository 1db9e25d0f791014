"""The review page. Comes in: requests of a browser or a program. Goes out: cases to decide, and decisions kept.

What this room does not know: what a decision leads to. It calls the same functions of the pipeline as the command line.
"""
