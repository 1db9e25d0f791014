"""What is known about a judge: how far it agrees with people, and whether it keeps its mind when the order is swapped.

Rates and kappas are 0-1 and -1 to 1, intervals 95 %. None means: could not be measured.
What this module does not know: how it was measured, and what a verdict makes of it.
"""

from __future__ import annotations

from pydantic import Field

from anchorset.core.noun import Noun

MIN_KAPPA = 0.4
"""A judge whose kappa may be lower than this agrees with people too little to be asked about its own family.

Landis and Koch (1977), The measurement of observer agreement for categorical data: to 0.4 fair, above it moderate.
"""


class JudgeCalibration(Noun):
    """One judge (under one strategy, or all of them) against people's labels."""

    judge: str
    """The model's name, or the evaluator's."""
    strategy: str | None = None
    """How it was asked; None: over everything in the rows."""
    family: str | None = None
    """None: the name does not tell."""
    items: int = Field(ge=0)
    """Distinct items: what is independent evidence."""
    n: int = Field(ge=0)
    """Judgements that have a human label beside them: two an item and strategy where both orders were asked."""
    not_judged: int = Field(default=0, ge=0)
    """Judgements that the judge did not give."""
    unlabelled: int = Field(default=0, ge=0)
    """Judgements without a human label, or on which people have no majority."""
    accuracy: float | None = None
    """Share of judgements equal to the human label."""
    kappa: float | None = None
    """Cohen's kappa with the human label, clustered by item. None: no judgement, or one label throughout."""
    low: float | None = None
    high: float | None = None
    pairs: int = Field(default=0, ge=0)
    """Items (times strategies) that were judged in both orders."""
    order_consistency: float | None = None
    """Share of them in which the same answer won both times. None: no pair."""
    order_low: float | None = None
    order_high: float | None = None

    @property
    def name(self) -> str:
        """`GPT-4 (Swap_CoT)`."""
        return f"{self.judge} ({self.strategy})" if self.strategy is not None else self.judge
