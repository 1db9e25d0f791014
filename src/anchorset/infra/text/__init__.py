"""What a text is, read off the text alone. Comes in: strings. Goes out: languages, spans, words, counts.

language (which), privacy (what must not travel) and scrub (placeholders for it), offensive (insults, by severity),
vocabulary (words and how many texts hold them), register (how it is written), protect (what no rewrite may touch).
All of it is patterns, checksums and one small model: no network, nothing learnt from what is read.
What this room does not know: cases, vectors, other texts of the run (but for the placeholders of a `Scrubber`).
"""
