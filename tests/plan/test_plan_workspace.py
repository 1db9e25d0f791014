from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_bank import MANY, configured, ordered, planned, seed_map

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.decision import Decision
from anchorset.core.errors import ConfigError, UsageError
from anchorset.core.persona import Persona
from anchorset.core.provenance import REAL_BUCKETS, Synthetic
from anchorset.plan.briefs import Spot, briefs_of
from anchorset.plan.filling import filled
from anchorset.plan.tally import Place, Survival, Tally, tallies

AXES = {"user": dict.fromkeys("ab", ""), "policy": dict.fromkeys("xyz", "")}
MODEL_FREE = {"seed": 40, "mutation": 40, "remix": 10, "redteam": 10}
PEOPLE = {name: Persona(name=name) for name in ("novice", "expert", "odd")}

mixes = st.dictionaries(
    st.sampled_from(("seed", "golden", "regression", "mutation", "generated", "remix", "redteam")),
    st.floats(0, 100).map(lambda share: round(share, 2)), min_size=1,
).filter(lambda mix: sum(mix.values()) > 1 and mix.get("redteam", 0) <= 0.49 * sum(mix.values()))  # fmt: skip


@given(mix=mixes, size=st.integers(1, 3000), seeds=st.integers(0, 300), real=st.integers(0, 400))
def test_any_mix_gives_shares_and_counts_that_add_up(mix: dict, size: int, seeds: int, real: int) -> None:
    config = configured(AXES, mix=mix)
    available = {"seed": seeds, "golden": real, "regression": 0}
    try:
        plan = planned(config, seed_map(config, seeds), available=available, size=size)
    except (ConfigError, UsageError):
        # Nothing but buckets that are not there, no seed to grow from, or what remains is over half attacks.
        there = {name for name, share in mix.items() if share and (name not in REAL_BUCKETS or available[name])}
        assert not there or not seeds or there & {"redteam"}
        return
    assert sum(one.share for one in plan.shares) == pytest.approx(1)
    assert sum(one.count for one in plan.shares) == size
    assert all(abs(one.count - one.share * size) < 1 for one in plan.shares)
    assert all(one.available is None or one.available > 0 for one in plan.shares)
    red = {one.bucket: one for one in plan.shares}.get("redteam")
    assert red is None or len(plan.shares) == 1 or red.share <= 0.5
    # Nothing is lost: what is wanted is in a cell or named as not to be had.
    synthetic = sum(one.count for one in plan.shares if one.available is None)
    assert plan.wanted <= synthetic
    assert any("cannot be ordered" in gap for gap in plan.gaps) == (plan.wanted < synthetic)


@given(data=st.data(), size=st.integers(1, 2000))
@settings(max_examples=50)
def test_a_plan_does_not_depend_on_the_order_in_which_anything_is_named(data, size: int) -> None:
    people = {"novice": 60, "expert": 30, "odd": 10}

    def config(order):
        return configured(
            {name: dict.fromkeys(order(list(values)), "") for name, values in AXES.items()},
            mix={name: MODEL_FREE[name] for name in order(list(MODEL_FREE))},
            personas={name: people[name] for name in order(list(people))},
        )

    sizes = {"user=a,policy=x": 3, "user=b,policy=y": 40, "user=a,policy=z": 11}
    standing = {
        ("mutation", "user=a,policy=x", None): Tally(waiting=5, kept=3, rejected=8),
        ("remix", "user=b,policy=y", "novice"): Tally(waiting=2),
    }

    def made(order):
        one = config(order)
        there = {place: standing[place] for place in order(list(standing))}
        found = planned(one, seed_map(one, sizes), standing=there, personas=PEOPLE, size=size)
        briefs = [(brief.id, brief.count) for brief in found.plan.briefs]
        # Cells are named in the order of the configuration, which is all that may differ.
        gaps = sorted(gap for gap in found.gaps if "have no seed" not in gap)
        return briefs, {one.bucket: one.count for one in found.shares}, gaps, found.cost

    assert made(lambda names: data.draw(st.permutations(names))) == made(list)


def test_candidates_are_what_survives_and_what_reviewers_will_reject() -> None:
    plan = planned(configured(mix=MODEL_FREE), seed_map(configured(), 2000), size=1000)
    assert {one.bucket: one.count for one in plan.shares} == {
        "seed": 400,
        "mutation": 400,
        "remix": 100,
        "redteam": 100,
    }
    # 70 % are expected to be kept where nobody has decided yet.
    assert ordered(plan) == {name: ceil(n / 0.7) for name, n in (("mutation", 400), ("remix", 100), ("redteam", 100))}
    assert (plan.wanted, plan.target) == (600, plan.plan.target)


def test_a_lower_survival_orders_more_and_a_higher_one_fewer() -> None:
    config = configured(mix={"mutation": 1})
    counts = {}
    for kept in (10, 50, 90):
        history = {("mutation", "all", None): Tally(kept=kept, rejected=100 - kept)}
        counts[kept] = planned(config, seed_map(config, MANY), standing=history, size=1000).plan.target
        survival = Survival(history).of("mutation", "all")
        # What was kept stands for itself; the rest is made in the measure of what survives.
        assert counts[kept] == pytest.approx((1000 - kept) / survival, abs=2)
    assert counts[10] > counts[50] > counts[90]


def test_expected_survival_is_smoothed_towards_the_technique_and_never_under_a_fifth() -> None:
    assert Survival({}).of("mutation", "all") == 0.7
    poor = Survival({("mutation", "x", None): Tally(rejected=1000), ("mutation", "y", None): Tally(kept=5, rejected=5)})
    assert poor.of("mutation", "x") == 0.2
    # By hand: all have (7 + 5) / (10 + 1010), the technique (10 × that + 5) / 1020; y is (10 × that + 5) / (10 + 10).
    technique = (10 * 12 / 1020 + 5) / 1020
    assert poor.of("mutation", "y") == pytest.approx((10 * technique + 5) / 20)
    assert poor.of("remix", "y") == poor.of("remix", "z") == 0.2, "nobody decided on remixes: as all others fare"
    assert poor.decisions() == 1010


def test_two_decisions_do_not_swing_a_cell() -> None:
    history: dict[Place, Tally] = {
        ("remix", "many", None): Tally(kept=70, rejected=30), ("remix", "few", None): Tally(rejected=2),
        ("remix", "poor", None): Tally(kept=7, rejected=24),
    }  # fmt: skip
    found = Survival(history)
    whole = found.of("remix", "none")
    assert found.of("remix", "few") == pytest.approx(whole * 10 / 12)
    assert found.of("remix", "poor") == pytest.approx((10 * whole + 7) / 41)
    assert 0.2 < found.of("remix", "poor") < found.of("remix", "few") < whole < found.of("remix", "many")


def test_a_persona_whose_candidates_are_rejected_gets_more_of_them() -> None:
    history: dict[Place, Tally] = {
        ("remix", "a", "loud"): Tally(kept=10, rejected=30), ("remix", "a", "calm"): Tally(kept=35, rejected=5)
    }  # fmt: skip
    found = Survival(history)
    assert found.voiced("remix", "b", "loud") < found.of("remix", "b") < found.voiced("remix", "b", "calm")
    assert found.voiced("remix", "b", "") == found.voiced("remix", "b", "nobody") == found.of("remix", "b")
    config = Config.model_validate({"name": "x", "personas": {"loud": 1, "calm": 1}})
    spot: dict[Spot, int] = {("remix", "all"): 60}
    even = briefs_of(spot, spot, {"all": {}}, config, {}, {}, None)
    leaning = briefs_of(spot, spot, {"all": {}}, config, {}, {}, None, found.voiced)
    assert {brief.persona: brief.count for brief in even} == {"loud": 30, "calm": 30}
    counts = {brief.persona: brief.count for brief in leaning}
    assert counts["loud"] > 40
    assert sum(counts.values()) == 60


def test_what_stands_is_not_ordered_again() -> None:
    config = configured(AXES, mix={"mutation": 60, "redteam": 40})
    first = planned(config, size=600)
    standing = {(brief.technique, brief.cell, None): Tally(waiting=brief.count) for brief in first.plan.briefs}
    again = planned(config, size=600, standing=standing)
    assert again.plan.briefs == ()
    assert again.target == first.target
    half = {place: Tally(waiting=tally.waiting // 2) for place, tally in standing.items()}
    rest = planned(config, size=600, standing=half)
    assert rest.plan.target == sum(tally.waiting - tally.waiting // 2 for tally in standing.values())


def test_what_was_kept_is_worth_as_many_as_had_to_be_made_for_it() -> None:
    config = configured(mix={"mutation": 1})
    history = {("mutation", "all", None): Tally(kept=70, rejected=30)}
    plan = planned(config, seed_map(config, MANY), standing=history, size=100)
    assert plan.plan.target == pytest.approx(30 / 0.7, abs=1)


def test_what_reviewers_rejected_is_made_again_and_what_they_dispute_waits() -> None:
    def case(n: int, *words: str, status: str) -> Case:
        origin = Synthetic(source="synthetic", technique="mutation", label="x", random_seed=7, run="r_1")
        said = tuple(
            Decision(decision=word, reviewer=f"r{at}", at="2026-11-20T10:00:00Z",
                     reason="other" if word == "reject" else None)
            for at, word in enumerate(words)
        )  # fmt: skip
        return Case(kind="text", input=f"{status} {n}", provenance=origin, status=status, reviews=said)

    cases = [
        case(0, "approve", status="approved"), case(1, "reject", status="rejected"), case(2, status="rejected"),
        case(3, "approve", "reject", status="passed"), case(4, "reject", "approve", status="passed"),
        case(5, status="passed"), case(6, status="sampled"), case(7, status="shipped"),
        case(8, "edit", status="shipped"), case(9, status="pending"),
    ]  # fmt: skip
    found = tallies(cases, [])
    assert found == {("mutation", "all", None): Tally(kept=2, rejected=1, waiting=3, sampled=2)}
    assert tallies(cases[::-1], []) == found


def test_personas_get_their_weights_over_the_technique_and_the_slowest_first() -> None:
    people = {"novice": 60, "expert": 30, "odd": 10}
    config = configured(AXES, mix={"remix": 1}, personas=people)
    plan = planned(config, size=600, personas=PEOPLE)
    by_persona = Counter()
    for brief in plan.plan.briefs:
        by_persona[brief.persona] += brief.count
    whole = by_persona.total()
    assert all(abs(by_persona[name] - share * whole / 100) <= 6 for name, share in people.items())
    # Only novices stand: the next ones are everybody else's.
    there = {("remix", cell.cell, "novice"): Tally(waiting=100) for cell in plan.cells}
    next_ = planned(config, size=1200, personas=PEOPLE, standing=there)
    late = Counter()
    for brief in next_.plan.briefs:
        late[brief.persona] += brief.count
    assert late["expert"] > late["novice"]


def test_mutation_and_red_team_put_on_no_voice() -> None:
    config = configured(mix=MODEL_FREE, personas={"novice": 1, "expert": 1})
    personas = {(brief.technique, brief.persona) for brief in planned(config, personas=PEOPLE).plan.briefs}
    assert personas == {("mutation", None), ("redteam", None), ("remix", "novice"), ("remix", "expert")}


def test_the_rare_cell_is_forced_to_fill_as_far_as_its_seeds_allow() -> None:
    config = configured({"policy": dict.fromkeys("xyz", "")}, mix={"mutation": 1})
    found = planned(config, seed_map(config, {"policy=x": 1000, "policy=y": 1000, "policy=z": 2}), size=300)
    wanted = {cell.cell: cell.wanted for cell in found.cells}
    # 5 mutations of 2 seeds, of which 70 % survive.
    assert wanted == {"policy=x": 147, "policy=y": 146, "policy=z": 7}


@given(
    total=st.integers(0, 500),
    cells=st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(0, 50), st.none() | st.integers(0, 80)), min_size=1
    ),
)
def test_filling_deals_out_everything_there_is_room_for_and_no_cell_could_be_fuller(total: int, cells: dict) -> None:
    base, room = ({name: pair[at] for name, pair in cells.items()} for at in (0, 1))
    dealt = filled(total, base, room)
    space = sum(total if limit is None else limit for limit in room.values())
    assert sum(dealt.values()) == min(total, space)
    assert all(n >= 0 and (room[name] is None or n <= room[name]) for name, n in dealt.items())
    level = {name: base[name] + n for name, n in dealt.items()}
    takers = [level[name] for name, n in dealt.items() if n]
    open_ = [level[name] for name, n in dealt.items() if room[name] is None or n < room[name]]
    assert not takers or not open_ or max(takers) <= min(open_) + 1


def test_no_cell_is_filled_beyond_the_mutations_and_attacks_its_seeds_allow() -> None:
    config = configured(AXES, mix=MODEL_FREE, mutation={"per_root": 3})
    plan = planned(config, seed_map(config, 4), size=5000)
    room = {"mutation": 3 * 4, "remix": 2 * 4, "redteam": 5 * 4}
    for brief in plan.plan.briefs:
        assert brief.count <= room[brief.technique]
    assert {gap.split(":")[0] for gap in plan.gaps} == {"mutation", "remix", "redteam"}


def test_a_cell_of_one_group_gets_no_remix() -> None:
    config = configured(mix={"remix": 1})
    assert planned(config, seed_map(config, 9, groups={"all": 1}), size=10).plan.briefs == ()
    assert planned(config, seed_map(config, 9, groups={"all": 2}), size=10).plan.briefs != ()


def test_per_cell_raises_the_whole_in_the_proportions_of_the_mix() -> None:
    config = configured(AXES, mix={"mutation": 3, "redteam": 1}, grid={"per_cell": 20})
    plan = planned(config, size=10)
    assert (plan.wanted, {cell.wanted for cell in plan.cells}) == (120, {20})
    by = ordered(plan)
    # 30 attacks of 120, although 2 of 10 was all that whole numbers allowed.
    assert (by["mutation"], by["redteam"]) == (ceil(90 / 0.7), ceil(30 / 0.7))
    assert "`grid.per_cell` asks for 20 in each of 6 cells" in plan.notes[0]


def test_an_exact_number_is_made_without_any_to_reject_and_more_is_on_top() -> None:
    config = configured(AXES, mix=MODEL_FREE)
    assert planned(config, count=200).plan.target == 200
    standing = {("mutation", "user=a,policy=x", None): Tally(waiting=50)}
    # The cell that has 50 already is over its even share of mutations, which is 22 or so.
    assert planned(config, count=200, standing=standing).target >= 200
    more = planned(config, more=30, standing=standing)
    assert (more.plan.target, more.target) == (30, 80)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({"count": 1, "more": 1}, UsageError, "give one of the two"),
        ({"count": 0}, UsageError, "`count` is 0"),
        ({"technique": "mutatoin", "count": 3}, UsageError, "did you mean 'mutation'"),
        ({"technique": "prompted", "count": 3}, UsageError, "without a model"),
        ({"available": {}, "size": 10, "mix": {"golden": 1}}, UsageError, "golden alone"),
        ({"mix": {"mutation": 0}}, ConfigError, "adds up to 0"),
        ({"mix": {"mutaton": 1}}, ConfigError, "did you mean 'mutation'"),
        ({"mix": {"redteam": 60, "mutation": 40}}, ConfigError, "60 % of the dataset"),
        ({"mix": {"grounded": 1}}, UsageError, "'grounded', which is not here"),
        ({"personas": {"nobody": 1}}, ConfigError, "no file `personas/nobody.yaml`"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(call: dict, error: type[Exception], says: str) -> None:
    call = dict(call)
    config = configured(mix=call.pop("mix", MODEL_FREE), personas=call.pop("personas", {}))
    with pytest.raises(error, match=says):
        planned(config, personas=PEOPLE, **call)


def test_without_a_seed_in_a_cell_there_is_nothing_to_grow_from_and_it_says_what_to_do() -> None:
    config = configured(AXES, mix=MODEL_FREE)
    with pytest.raises(UsageError, match="ingest real messages first"):
        planned(config, seed_map(config, 0))
    with pytest.raises(UsageError, match="none of 7 seeds is in a cell"):
        planned(config, seed_map(config, 0, lost=7))


def test_red_team_is_never_past_its_share_whatever_stands_or_cannot_be_had() -> None:
    config = configured(AXES, mix=MODEL_FREE)
    # Mutation and remix lack room: their part is named as a gap, and does not go to attacks.
    plan = planned(config, seed_map(config, 3), size=1000)
    assert sum(cell.wanted for cell in plan.cells) == plan.wanted
    assert ordered(plan)["redteam"] <= ceil(100 / 0.7)
    standing = {("redteam", "user=a,policy=x", None): Tally(waiting=500)}
    assert "redteam" not in {
        brief.technique for brief in planned(config, size=1000, standing=standing).plan.briefs
        if brief.cell == "user=a,policy=x"
    }  # fmt: skip


def test_the_scarcest_real_bucket_says_how_large_the_dataset_can_be() -> None:
    plan = planned(configured(mix={"seed": 30, "golden": 10, "mutation": 60}), available={"seed": 150, "golden": 20})
    assert (plan.size, plan.reachable) == (1000, 200)
    assert any("golden has 20 of 100 cases" in note and "has 200 of 1,000" in note for note in plan.notes)


def test_the_cost_is_by_hand_what_its_parts_are() -> None:
    config = configured(
        mix={"mutation": 1}, review={"overlap": 0.1, "minutes_per_case": 3, "usd_per_case": {"mutation": 0.5}}
    )
    cost = planned(config, seed_map(config, MANY), size=700).cost
    assert (cost.candidates, cost.usd_high) == (1000, 0)
    assert cost.review_hours == pytest.approx(1000 * 1.1 * 3 / 60)
    assert cost.review_usd == pytest.approx(1000 * 1.1 * 0.5)
    waiting = {("mutation", "all", None): Tally(waiting=1000)}
    done = planned(config, seed_map(config, MANY), size=700, standing=waiting)
    assert (done.cost.candidates, done.cost.to_review) == (0, 1000)


def test_generated_means_remix_without_a_model_and_prompted_with_one() -> None:
    plain = planned(configured(mix={"generated": 1}))
    assert set(ordered(plain)) == {"remix"}
    assert "generated means remix" in plain.notes[0]
    known = ("mutation", "remix", "redteam", "prompted", "persona")
    config = configured(mix={"generated": 1}, models={"generator": "openai:gpt-5"}, personas={"novice": 1})
    with_model = planned(config, known=known, personas=PEOPLE)
    assert set(ordered(with_model)) == {"prompted", "persona"}
    assert with_model.cost.usd_high > 0
