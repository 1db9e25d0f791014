"""Ways in. Comes in: what a person or program asks. Goes out: what the product answers, shown.

What this room does not know: how anything is made or judged.
"""
