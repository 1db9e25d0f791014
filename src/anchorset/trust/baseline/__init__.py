"""The approved baseline: one JSON file in git that says what the system of today answers, case by case.

In: the head and rows of a run with the lineage of its cases. Out: the file, what it says, and rows to compare with.
What this room does not know: statistics, and who approved it (git does).
"""
