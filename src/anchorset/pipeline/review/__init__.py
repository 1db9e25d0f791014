"""What people decide, taken in and counted: the queue as the page has it, decisions, undo, agreement, grades.

What this room does not know: how a page looks, and what ships.
"""
