from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipping_cases import golden, made, seed, shop

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.errors import ConfigError, InputError, UsageError
from anchorset.ship.eligible import counts_for_gates, eligible
from anchorset.ship.mix import WITHIN, mixed

COUNTS = st.integers(0, 40)


@given(seeds=COUNTS, mutations=COUNTS, remixes=COUNTS, attacks=COUNTS, size=st.none() | st.integers(1, 120))
def test_every_bucket_is_within_two_points_and_no_larger_set_is(
    seeds: int, mutations: int, remixes: int, attacks: int, size: int | None
) -> None:
    real, candidates = shop(max(1, seeds), mutation=mutations, remix=remixes, redteam=attacks)
    mix = {"seed": 40.0, "mutation": 35.0, "generated": 15.0, "redteam": 10.0}
    cases = [*real[:seeds], *candidates]
    if not cases:
        return
    try:
        found = mixed(cases, mix, axes=("policy",), size=size)
    except UsageError:
        return
    total = len(found.cases)
    assert total <= (size or total)
    near = 1 / total if any("within one case" in note for note in found.notes) else WITHIN
    assert len({case.id for case in found.cases}) == total
    for name, share in found.shares.items():
        assert share.wanted is not None
        assert share.got <= share.wanted + (0 if name == "redteam" and len(found.shares) > 1 else near) + 1e-6
        assert share.got >= share.wanted - near - 1e-6
    assert mixed(cases[::-1], mix, axes=("policy",), size=size).cases == found.cases


def test_the_limiting_bucket_is_named_with_what_would_help() -> None:
    real, candidates = shop(60, mutation=60)
    found = mixed(
        [*real, *candidates, *(golden(at) for at in range(2))], {"seed": 45, "mutation": 45, "golden": 10}, axes=()
    )
    assert "golden is the limit: 2 cases" in " ".join(found.notes)
    assert found.shares["golden"].got >= 0.08
    one = mixed([*real, *candidates, golden(0)], {"seed": 45, "mutation": 45, "golden": 10}, axes=(), size=None)
    assert "golden is the limit: 1 case is" in " ".join(one.notes)


def test_a_relaxed_mix_goes_on_and_says_so() -> None:
    real, candidates = shop(60, mutation=60)
    cases = [*real, *candidates, golden(1)]
    found = mixed(cases, {"seed": 45, "mutation": 45, "golden": 10}, axes=(), size=100, relax=True)
    assert len(found.cases) == 100
    assert any("MIX RELAXED: golden" in note for note in found.notes)


def test_a_bucket_without_a_case_is_left_out_aloud() -> None:
    real, _ = shop(20)
    found = mixed(real, {"seed": 50, "golden": 50}, axes=())
    assert (len(found.cases), found.shares["seed"].wanted) == (20, 1.0)
    assert "no case of golden: left out" in found.notes[0]


def test_cells_are_filled_evenly() -> None:
    real = [seed(at, metadata={"policy": "delay" if at < 50 else "damaged"}) for at in range(60)]
    found = mixed(real, {"seed": 1}, axes=("policy",), size=20)
    assert sum(case.metadata["policy"] == "damaged" for case in found.cases) == 10


def test_a_bucket_we_do_not_know_is_named() -> None:
    with pytest.raises(ConfigError, match="did you mean 'mutation'"):
        mixed([seed(1)], {"mutations": 1}, axes=())


def test_undecided_and_rejected_candidates_stay_at_home() -> None:
    parent = seed(1)
    waiting, kept = made(1, parent, status="passed"), made(2, parent)
    refused = made(3, parent, status="rejected")
    found = eligible([parent, seed(2, status="rejected")], [waiting, kept, refused], axes=())
    assert {case.id for case in found.cases} == {parent.id, kept.id}
    with_all = eligible([parent], [waiting, kept, refused], axes=(), allow_unreviewed=True)
    assert with_all.unreviewed == 1
    assert not counts_for_gates(waiting)
    assert counts_for_gates(kept)


def reviewed(at: int, kept: bool) -> Case:
    decision = Decision(
        decision="approve" if kept else "reject", reviewer="kim", at="2026-01-01T00:00:00+00:00",
        reason=None if kept else "other",
    )  # fmt: skip
    return made(at, seed(at), status="approved" if kept else "rejected", reviews=(decision,))


@pytest.mark.parametrize(("kept", "accepted"), [(45, True), (33, False)])
def test_a_sample_carries_its_stratum_only_when_the_lower_limit_says_so(kept: int, accepted: bool) -> None:
    decided = [reviewed(at, at < kept) for at in range(50)]
    waiting = [made(100 + at, seed(at), status="passed") for at in range(10)]
    found = eligible([], [*decided, *waiting], axes=(), sample=True)
    assert found.sampled == (10 if accepted else 0)
    assert bool(found.refused) != accepted
    assert all(case.status == "sampled" for case in found.cases if case.id in {one.id for one in waiting})


def test_one_question_with_two_answers_is_refused_with_both() -> None:
    one, other = seed(1), seed(1, expected="refund")
    with pytest.raises(InputError, match=rf"{one.id} \('refund' and 'track'\)"):
        eligible([one, other], [], axes=())


def test_one_question_under_two_labels_stands_once() -> None:
    one, other = seed(1), seed(1, metadata={"policy": "other"})
    assert len(eligible([one, other], [], axes=()).cases) == 1


def test_of_one_question_the_real_case_stands_whatever_the_order() -> None:
    real, other = seed(1, expected=None), seed(2)
    copy = made(1, other, text=real.text, status="edited")
    for cases in ([real], [real, seed(1, expected=None, metadata={"policy": "other"})]):
        found = [eligible(order, [copy], axes=()).cases for order in (cases, cases[::-1])]
        assert [case.bucket for case in found[0]] == ["seed"]
        assert found[0] == found[1]
