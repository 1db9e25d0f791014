"""Who else is asked: a drawn share of the queue is decided by two people, so that their agreement can be told.

What this module does not know: where verdicts are kept, and what agreement is enough.
"""

from __future__ import annotations

from anchorset.core.hashing import draw


def asks_two(content: str, overlap: float) -> bool:
    """Whether two reviewers decide on this content. `overlap`: the share of contents that is so, 0-1.

    Hangs on the content alone: a larger share only adds, and what was drawn once stays drawn.
    """
    return draw("overlap", content) < overlap * 2**64
