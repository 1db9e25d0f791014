"""What scores an answer. One small file each: code, version, frozen settings, and `judge`, which keeps nothing.

What this room does not know: how the answer was obtained.
"""
