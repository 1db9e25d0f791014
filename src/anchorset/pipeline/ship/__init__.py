"""Decided cases into dataset versions, and versions read again.

What this room does not know: what anybody ran on a version.
"""
