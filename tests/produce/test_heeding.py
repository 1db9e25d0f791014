"""What reviewers kept little of takes its turn less often; what was never decided on is made as ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from anchorset.core.case import Case
from anchorset.core.plan import Brief, Plan
from anchorset.core.provenance import Observed, Synthetic
from anchorset.produce.asking.book import ANCHOR, anchors_for, stylebook
from anchorset.produce.cell import cells_for
from anchorset.produce.operators.lexical import lexicon_of
from anchorset.produce.order import Order
from anchorset.produce.stage import produce

TEXTS = ("where is my lamp? it was due on Monday", "The kettle came broken, what now?", "i want my money back please")
SEEDS = [
    Case(
        kind="text", input=f"{text} number {at}", metadata={},
        provenance=Observed(source="production", origin="x.csv sha256:00", original_id=f"{text}{at}"),
    )
    for text in TEXTS
    for at in range(4)
]  # fmt: skip


class Open:
    """A gate that lets everything pass."""

    def judge(self, candidates: Any) -> list[Case]:
        return [one.model_copy(update={"status": "passed"}) for one in candidates]


def operators(technique: Any, weights: dict[str, float] | None) -> Counter[str]:
    plan = Plan(briefs=(Brief(technique=technique, count=400),))
    made = produce(
        plan, SEEDS, gate=Open(), groups={}, random_seed=7, run="r_0123456789abcdef", per_root=100, weights=weights
    )
    return Counter(
        step.operator
        for case in made.passed
        if isinstance(case.provenance, Synthetic)
        for step in case.provenance.operators
    )


@pytest.mark.parametrize("technique", ["mutation", "redteam"])
def test_an_operator_under_the_band_is_taken_less_often_and_never_left_out(technique: str) -> None:
    plain = operators(technique, None)
    name = plain.most_common(1)[0][0]
    heeding = operators(technique, {name: 0.25})
    assert 0 < heeding[name] < 0.6 * plain[name]
    assert operators(technique, {name: 0.25}) == heeding
    assert operators(technique, {}) == plain == operators(technique, {"no.such": 0.25})


def test_an_anchor_under_the_band_is_shown_less_often_and_there_are_still_three() -> None:
    brief = Brief(technique="prompted", count=100)
    book, cell = stylebook(SEEDS), cells_for([brief], SEEDS, {})["all"]
    order = Order(
        brief=brief, cell=cell, lexicon=lexicon_of(seed.text for seed in SEEDS), random_seed=7, run="r_0123456789abcdef"
    )
    poor = SEEDS[0].id

    def shown(order: Order) -> Counter[str]:
        turns = [anchors_for(order, book, turn)[0] for turn in range(200)]
        assert {len({sound.seed.id for sound in some}) for some in turns} == {3}
        return Counter(sound.seed.id for some in turns for sound in some)

    plain, heeding = shown(order), shown(replace(order, weights={ANCHOR + poor: 0.25}))
    assert plain[poor] == 50
    assert 0 < heeding[poor] < 25
    assert set(heeding) == set(plain)
    every = {ANCHOR + seed.id: 0.25 for seed in SEEDS}
    assert sum(shown(replace(order, weights=every)).values()) == 600
