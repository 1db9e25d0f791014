"""Which part of a brief a model carries out, where its technique can do with and without one.

What this module does not know: quotas.
"""

from __future__ import annotations

from collections.abc import Iterator

from anchorset.core.config import Config
from anchorset.core.plan import Brief, Plan


def with_ways(plan: Plan, config: Config) -> Plan:
    """The plan with attacks and mutations split between a model and what needs none. The counts stay.

    What is rounded away in one brief is made up for in the next, so that the shares hold over all of them.
    """
    shares = {"redteam": config.redteam.by_model, "mutation": config.mutation.paraphrased}
    return Plan(briefs=tuple(_split(plan.briefs, shares)))


def _split(briefs: tuple[Brief, ...], shares: dict[str, float]) -> Iterator[Brief]:
    due = dict.fromkeys(shares, 0.0)
    for brief in briefs:
        if not shares.get(brief.technique):
            yield brief
            continue
        due[brief.technique] += brief.count * shares[brief.technique]
        theirs = min(brief.count, round(due[brief.technique]))
        due[brief.technique] -= theirs
        if theirs < brief.count:
            yield brief.model_copy(update={"count": brief.count - theirs})
        if theirs:
            yield brief.model_copy(update={"count": theirs, "way": "model"})
