from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import ConfigError, UsageError
from anchorset.plan.mix import checked_mix
from anchorset.plan.stage import plan


@given(st.integers(1, 3000), st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 90), min_size=1))
def test_a_plan_orders_exactly_what_was_asked_in_the_mix_that_was_asked(size: int, seeds_in: dict[str, int]) -> None:
    cells = {name: {"intent": name} for name in seeds_in}
    if not any(seeds_in.values()):
        with pytest.raises(UsageError, match="no cell has a seed"):
            plan(cells, seeds_in, size=size)
        return
    made = plan(cells, seeds_in, size=size)
    assert made.target == size
    by_technique = Counter(
        {t: sum(b.count for b in made.briefs if b.technique == t) for t in ("mutation", "remix", "redteam")}
    )
    for technique, share in (("mutation", 0.6), ("remix", 0.25), ("redteam", 0.15)):
        assert abs(by_technique[technique] - share * size) < 1
    assert all(seeds_in[brief.cell] for brief in made.briefs)
    assert len({brief.id for brief in made.briefs}) == len(made.briefs)


def test_a_brief_for_more_of_the_same_is_the_same_brief() -> None:
    few, many = (plan({"all": {}}, {"all": 9}, size=size).briefs[0] for size in (10, 20))
    assert few.id == many.id
    assert few.count < many.count


@pytest.mark.parametrize(
    ("mix", "says"),
    [
        ({"mutaton": 1}, "did you mean 'mutation'"),
        ({"mutation": -1, "remix": 3}, "shares are 0 or more"),
        ({"mutation": 0}, "at least one share"),
        ({"mutation": 50, "redteam": 50}, "at most 25 % may be adversarial"),
    ],
)
def test_a_mix_that_cannot_be_is_refused(mix: dict[str, float], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        checked_mix(mix)


def test_red_team_alone_is_allowed_when_asked_for_alone() -> None:
    assert checked_mix({"redteam": 5}) == {"redteam": 1.0}


def test_a_size_under_one_is_refused() -> None:
    with pytest.raises(UsageError, match="1 or more"):
        plan({"all": {}}, {"all": 1}, size=0)
