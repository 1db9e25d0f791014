"""How an application under test is called. One file a kind; each turns one case into one answer.

What this room does not know: what the answer is worth.
"""
