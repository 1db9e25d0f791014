"""The store: an index over what the mirrors say. The only room that imports SQLAlchemy.

Comes in: nouns. Goes out: nouns, counts, pages of them. It can be thrown away and made again from the mirrors.
What this room does not know: files of a workspace, and what any number means.
"""
