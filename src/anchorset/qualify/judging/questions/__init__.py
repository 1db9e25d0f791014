"""What the judge is asked. One small file a question: code, version, when it applies, and its words.

What this room does not know: the rest of the prompt, and who answers.
"""
