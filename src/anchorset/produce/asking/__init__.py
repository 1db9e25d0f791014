"""Candidates asked of a language model. Comes in: orders and what the seeds sound like. Goes out: asks, and the cases
that answers hold. A prompt is a text file in `prompts/`; what it may say is written by one small file a technique.

What this room does not know: vendors, money, time, and who sends an ask. Nothing here calls a model but `propose`,
through the Asker it is given.
"""
