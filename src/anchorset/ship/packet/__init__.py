"""The audit packet of a version: what a person outside reads before they rely on it. Comes in: cases, counts, what was
said. Goes out: real and synthetic cases side by side, and one printable page.

What this room does not know: where anything is kept.
"""
