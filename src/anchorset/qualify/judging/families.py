"""Generator and judge of one family: models like the words of their own kin.

What this module does not know: which models exist.
"""

from __future__ import annotations

from anchorset.core.config import ModelSpec
from anchorset.core.family import family_of


def family(spec: ModelSpec) -> str | None:
    """The family of a model that is named; None for `none` and `auto`, and where the name does not tell."""
    return None if spec.model in ("none", "auto") else family_of(spec.model, override=spec.family)


def same_family(generator: ModelSpec, judge: ModelSpec) -> str | None:
    """A sentence of warning when both are of one family; None when they are not, or when nobody knows."""
    one, other = family(generator), family(judge)
    if one is None or one != other:
        return None
    return (
        f"the generator {generator.model} and the judge {judge.model} are one family ({one}), and models of one family "
        "like their own words: its judgements only flag until they are calibrated; set `models.judge` to another family"
    )
