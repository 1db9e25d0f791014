"""A language model's opinion of candidates. Comes in: candidates, and what the workspace says of its product. Goes out:
one question for each candidate that holds everything worth asking, and the findings in the answer.

What this room does not know: how a model is reached, what it costs, and what people decide later.
"""
