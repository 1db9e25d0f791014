"""A policy that red-team messages try to get around: one file in the workspace's `redteam/`.

What this module does not know: files and YAML.
"""

from __future__ import annotations

from pydantic import Field

from anchorset.core.config import Name
from anchorset.core.noun import Names, Noun
from anchorset.produce.redteam.pattern import Family


class Policy(Noun):
    """One rule of the product, and what would break it."""

    name: Name
    rule: str = Field(min_length=1)
    """What the product must or must not do, in a sentence or two."""
    families: tuple[Family, ...] = ()
    """Ways of attack that are tried on it; empty: all."""
    examples: Names = ()
    """Attacks that people have tried, to show what is meant."""
    criteria: Names = ()
    """What a good answer does; added to those of the case."""
