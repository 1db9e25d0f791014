"""The fixtures of this folder; what they are made of is in `messages_of_a_shop`, which tests import by name."""

from messages_of_a_shop import crowd, make_crowd, says

__all__ = ["crowd", "make_crowd", "says"]
