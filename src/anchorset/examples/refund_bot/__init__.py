"""A shop's refund desk: messy seed messages, a naive synthetic set, and two rule-based bots to compare.

In: nothing. Out: rows as plain dicts (`seeds.seed_rows`, `naive.naive_rows`) and actions as strings (`bots.current`,
`bots.next`).
What this room does not know: cases, provenance, checks, or anything else of anchorset.
"""
