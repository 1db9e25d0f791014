"""Red team: attack patterns woven into real messages. Comes in: a seed. Goes out: an attack with its taxonomy ids.

What this room does not know: whether the target falls for it.
"""
