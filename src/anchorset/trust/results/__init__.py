"""Results that others measured: promptfoo, Inspect, DeepEval, lm-eval, garak, judge pairs, rows of our own.

In: one file, and a way to find the case a row is about. Out: `core.run.Result` rows with a head a system, the lineage
of their cases, and an account of every row read.
What this room does not know: how a target is run, where results are kept, and what they decide.
"""
