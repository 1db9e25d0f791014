"""A batch of questions that went to a vendor, to be collected hours later. Rows are appended; the last of an id counts.

What this module does not know: vendors, and where rows are kept.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from anchorset.core.noun import Names, Noun


class SentBatch(Noun):
    """One batch at a vendor."""

    id: str
    """The vendor's; in a row that says `sending`, ours."""
    state: Literal["sending", "sent", "ended", "failed"]
    """sending: about to be sent; nobody knows yet whether it was taken. failed: the vendor took none of it."""
    run: str
    """The production run that asks."""
    model: str
    """`provider:model`."""
    at: str
    """ISO 8601 with zone."""
    keys: Names = ()
    """Of the asks in it; empty in a row that ends it."""
    handle: dict[str, JsonValue] = Field(default_factory=dict)
    """What the vendor is asked for it by; no secrets."""
    usd_most: float | None = None
    """What it may cost at most, once sent; None: the model's price is not known."""
    came: dict[str, int] = Field(default_factory=dict)
    """What became of its questions, once it is over."""
    why: str = ""
    """What the vendor said when it failed."""
