"""The outside world and the crafts, a room each: formats, embedding, text, statistics, pages.

Comes in: files, texts, vectors, numbers. Goes out: records, vectors, spans, intervals. Rooms never import one another.
What this room does not know: stages, what a run is for, and what its answers decide.
"""
