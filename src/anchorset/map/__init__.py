"""Seeds to cells and groups. Comes in: seeds. Goes out: the cell each seed is in, and which seeds say nearly the same.

What this room does not know: what will be made from it.
"""
