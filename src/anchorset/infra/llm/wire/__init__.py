"""What goes over the line. Comes in: an ask and a vendor. Goes out: one HTTP request, and the reply that its answer is.

openai and anthropic are pure: values to bytes and back. habits is what a model turned out not to take; client sends.
What this room does not know: how often, how many at once, and what is kept.
"""
