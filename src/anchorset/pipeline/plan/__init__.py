"""Seeds onto the map, and what to make next: from the gaps, from what failed, and from what reviewers said.

What this room does not know: how a candidate is made.
"""
