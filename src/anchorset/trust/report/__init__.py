"""Can verdicts on this dataset version be trusted? Five questions, a dozen signals, and pictures over its history.

Comes in: a `History` (cases, manifest, runs, what people said). Goes out: a TrustReport, in words and as a page.
What this room does not know: where a history is kept, and how cases are made.
"""
