"""What is kept of an answer that came in a batch: what the engine would have kept, at a batch's price.

What this module does not know: who asked, and where answers are kept.
"""

from __future__ import annotations

from dataclasses import replace

from anchorset.core.ask import Answer, Fault, Reply
from anchorset.core.errors import ModelError
from anchorset.infra.llm.prices import usd


def as_kept(model: str, came: Reply | ModelError) -> Answer | None:
    """The answer of `provider:model` as it is kept; None: asking again is worth it, so nothing is.

    Refusals are kept as faults, and so is what the vendor calls wrong with the question itself. An answer without a
    word in it is none.
    """
    if isinstance(came, ModelError):
        pointless = came.trouble in ("refused", "request")
        return Fault(cause="refused", message=str(came)) if pointless else None
    cost = usd(model, came.usage, batch=True)
    if came.finish in ("refused", "filtered"):
        what = "refused to answer" if came.finish == "refused" else "had its answer filtered out by the vendor"
        said = f"{model} {what}; the text is kept."
        return Fault(cause="refused", message=said, text=came.text, usage=came.usage, usd=cost)
    if not came.text.strip() and came.finish in ("stop", "other"):
        return None
    return replace(came, usd=cost)
