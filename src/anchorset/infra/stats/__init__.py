"""Intervals, tests, agreement and power, each with its paper.

In: numpy arrays of outcomes, counts, labels or features. Out: numbers with their uncertainty.
What this room does not know: cases, buckets, verdicts. It counts; others decide.
"""
