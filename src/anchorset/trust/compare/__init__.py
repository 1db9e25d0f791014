"""Result rows in, a seed-anchored verdict out: who passed what, paired by case, split by where the cases came from.

In: CSV or JSONL rows, promptfoo results, or mappings. Out: `core.result.Comparison`, and its forms for readers.
What this room does not know: how the results were made, and what a case says.
"""
