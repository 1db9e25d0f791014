"""A behaviour: something real users do, found in the seeds by likeness, never declared by hand.

What this module does not know: how likeness is measured.
"""

from __future__ import annotations

from pydantic import Field

from anchorset.core.noun import Names, Noun


class Behaviour(Noun):
    """A family of seeds that ask alike."""

    name: str
    """The words that set it apart, most telling first."""
    size: int = Field(ge=1)
    """Seeds in it."""
    share: float = Field(ge=0, le=1)
    """Of all seeds."""
    examples: Names
    """Ids of its most central seeds."""
