"""Judges held against people: how far they agree, and whether the order of two answers changes their mind.

In: rows with a judge's word and people's. Out: `core.judge.JudgeCalibration`, one a judge and one a strategy of it.
What this room does not know: how a judge is asked, and what a verdict makes of it.
"""
