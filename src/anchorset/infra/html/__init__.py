"""One self-contained page. Comes in: titles, texts, numbers. Goes out: HTML without network, script or outside font.

Every text is escaped, and characters that are invisible or turn the reading direction are shown as their codes.
What this room does not know: what an audit or a comparison is.
"""
