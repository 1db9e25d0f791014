from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.config import Config, Mutation, Redteam
from anchorset.core.hashing import short_hash
from anchorset.core.plan import Brief, Plan
from anchorset.plan.ways import with_ways

COUNTS = st.lists(st.integers(1, 40), min_size=1, max_size=30)


def plan(counts: list[int], technique: str = "redteam") -> Plan:
    return Plan(briefs=tuple(Brief(technique=technique, cell=f"p={n}", count=k) for n, k in enumerate(counts)))  # type: ignore[arg-type]


@given(COUNTS, st.floats(0, 1))
def test_the_share_holds_over_all_briefs_and_no_candidate_is_lost(counts: list[int], share: float) -> None:
    split = with_ways(plan(counts), Config(name="x", redteam=Redteam(by_model=share)))
    assert split.target == sum(counts)
    assert split.cells == plan(counts).cells
    assert abs(sum(b.count for b in split.briefs if b.way == "model") - share * sum(counts)) <= 0.5 + 1e-6


def test_mutations_are_a_model_s_only_when_asked_for() -> None:
    assert with_ways(plan([10], "mutation"), Config(name="x")) == plan([10], "mutation")
    asked = with_ways(plan([10], "mutation"), Config(name="x", mutation=Mutation(paraphrased=0.2)))
    assert [(brief.count, brief.way) for brief in asked.briefs] == [(8, None), (2, "model")]


def test_a_way_is_another_brief_and_none_is_the_brief_it_always_was() -> None:
    plain = Brief(technique="redteam", cell="all", count=1)
    assert plain.id == "b_" + short_hash(["redteam", "all", {}, None, None])
    assert plain.model_copy(update={"way": "model"}).id != plain.id
