"""The rules, through real files: the seed has the veto."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from compare_rows import DROP, NOISY, SYNTHETIC, Row, bucket, written
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.core.errors import UsageError
from anchorset.core.result import Comparison
from anchorset.trust.compare.compare import compare, machine


def codes(found: Comparison) -> list[str]:
    return [reason.code for reason in found.reasons]


def only(rows: list[Row]) -> Comparison:
    return compare(rows, "A", ["B"])[0]


def test_a_seed_that_falls_blocks_although_the_synthetic_rows_rise(tmp_path: Path) -> None:
    found = compare(written(tmp_path / "rows.csv", DROP + SYNTHETIC), "A", ["B"])[0]
    assert found.verdict == "BLOCK"
    assert codes(found) == ["seed_drop", "diverged"]
    assert found.without_provenance.verdict == "PASS"
    assert found.without_provenance.message == ("a gate without provenance would have shipped: -1.4 points on 218 rows")
    seed = found.bucket("seed")
    assert seed is not None
    assert (seed.n, seed.gained, seed.lost) == (65, 2, 10)
    assert (round(seed.baseline * 65), round(seed.candidate * 65)) == (26, 18)
    assert found.flips["seed"].lost == tuple(f"seed-{number:03}" for number in range(10))


def test_the_same_fall_among_many_flips_is_inconclusive_and_names_the_groups_needed(tmp_path: Path) -> None:
    found = compare(written(tmp_path / "rows.csv", NOISY + SYNTHETIC), "A", ["B"])[0]
    assert (found.verdict, codes(found)) == ("INCONCLUSIVE", ["power"])
    assert found.buckets[0].n_needed > 1000
    assert f"{found.buckets[0].n_needed:,} seed groups" in found.reasons[0].message


def test_synthetic_rows_alone_anchor_nothing(tmp_path: Path) -> None:
    found = compare(written(tmp_path / "rows.csv", SYNTHETIC), "A", ["B"])[0]
    assert (found.verdict, codes(found)) == ("INCONCLUSIVE", ["unanchored"])
    assert found.without_provenance.message.startswith("a gate without provenance would have shipped: +3.3 points")
    assert found.interaction is None
    assert found.mde is None


def test_rows_without_bucket_are_unknown_and_anchor_nothing() -> None:
    rows = [
        {key: value for key, value in row.items() if key != "bucket"}
        for row in bucket("seed", 200, 150, gained=3, lost=3)
    ]
    found = only(rows)
    assert codes(found) == ["unanchored"]
    assert [one.bucket for one in found.buckets] == ["unknown"]
    assert any("never counts as seed" in note for note in found.notes)


def test_golden_and_regression_cases_are_real_and_anchor_nothing() -> None:
    found = only(bucket("golden", 80, 60, gained=2, lost=2) + bucket("regression", 80, 60, gained=2, lost=2))
    assert codes(found) == ["unanchored"]
    assert found.synthetic is None


def test_a_steady_seed_passes() -> None:
    found = only(bucket("seed", 400, 300, gained=5, lost=5) + SYNTHETIC)
    assert (found.verdict, codes(found)) == ("PASS", ["held"])


def test_no_flips_in_fifty_groups_are_not_certainty() -> None:
    found = only(bucket("seed", 50, 30, gained=0, lost=0))
    assert (found.verdict, codes(found)) == ("INCONCLUSIVE", ["power"])
    assert found.buckets[0].low < -0.05


def test_no_flips_in_a_hundred_and_fifty_groups_pass() -> None:
    assert only(bucket("seed", 150, 100, gained=0, lost=0)).verdict == "PASS"


def test_fewer_than_fifty_groups_are_unanchored_however_many_rows() -> None:
    rows = bucket("seed", 400, 300, gained=5, lost=5)
    for row in rows:
        row["root"] = f"g{int(row['case_id'][-3:]) % 49}"
    found = only(rows)
    assert codes(found)[0] == "unanchored"
    assert found.buckets[0].clusters == 49


def test_a_clear_fall_of_few_groups_blocks_all_the_same() -> None:
    found = only(bucket("seed", 30, 25, gained=0, lost=15))
    assert (found.verdict, codes(found)) == ("BLOCK", ["seed_drop"])


def test_a_seed_that_holds_turns_the_disagreement_into_a_warning() -> None:
    found = only(bucket("seed", 900, 600, gained=4, lost=8) + bucket("remix", 900, 500, gained=90, lost=10))
    assert found.verdict == "PASS"
    assert codes(found) == ["held", "diverged"]
    assert found.reasons[1].weight == "warns"


def test_disagreement_without_a_clear_seed_drop_blocks() -> None:
    found = only(bucket("seed", 100, 60, gained=8, lost=13) + bucket("remix", 400, 200, gained=80, lost=10))
    assert (found.verdict, codes(found)) == ("BLOCK", ["diverged"])


def test_a_drop_of_exactly_the_limit_counts_as_reached() -> None:
    found = only(bucket("seed", 1000, 600, gained=0, lost=50))
    assert codes(found) == ["seed_drop"]


def test_the_limit_is_an_argument() -> None:
    rows = bucket("seed", 400, 300, gained=5, lost=15)
    assert compare(rows, "A", ["B"], max_drop=0.2)[0].verdict == "PASS"
    assert compare(rows, "A", ["B"], max_drop=0.02)[0].verdict == "BLOCK"


@pytest.mark.parametrize("limit", [0.0, 1.0, -0.1, float("nan")])
def test_a_limit_outside_0_to_1_is_refused(limit: float) -> None:
    with pytest.raises(UsageError, match="max_drop"):
        compare(DROP, "A", ["B"], max_drop=limit)


def test_a_smoke_run_measures_and_gives_no_verdict() -> None:
    found = compare(DROP + SYNTHETIC, "A", ["B"], purpose="smoke")[0]
    assert found.verdict is None
    assert found.reasons == ()
    assert found.buckets[0].delta == -8 / 65


def test_several_candidates_get_one_comparison_each_and_holm_across_them() -> None:
    rows = DROP + [{**row, "system": "C"} for row in DROP if row["system"] == "B"]
    both, alone = compare(rows, "A", ["B", "C"]), compare(DROP, "A", ["B"])
    assert [found.candidate for found in both] == ["B", "C"]
    assert both[0].buckets[0].p == alone[0].buckets[0].p
    assert both[0].buckets[0].p_holm == pytest.approx(2 * alone[0].buckets[0].p_holm)
    form = machine(both)
    assert form["verdict"] == "BLOCK"
    assert len(form["comparisons"]) == 2


def test_the_machine_form_of_several_is_the_worst_of_them() -> None:
    fine = [{**row, "system": "C"} for row in DROP if row["system"] == "A"]
    assert machine(compare(DROP + fine, "A", ["C", "B"]))["candidate"] == "B"


@settings(max_examples=25)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(order: random.Random) -> None:
    rows = [*DROP, *SYNTHETIC]
    order.shuffle(rows)
    assert only(rows) == only(DROP + SYNTHETIC)


counts = st.tuples(st.integers(50, 120), st.floats(0, 1), st.floats(0, 0.4), st.floats(0, 0.4))


def drawn(name: str, shape: tuple[int, float, float, float]) -> list[Row]:
    n, rate, gained, lost = shape
    base = round(n * rate)
    return bucket(name, n, base, gained=round((n - base) * gained), lost=round(base * lost))


@settings(max_examples=40)
@given(seed=counts, synthetic=counts)
def test_swapping_the_systems_mirrors_every_delta(
    seed: tuple[int, float, float, float], synthetic: tuple[int, float, float, float]
) -> None:
    rows = drawn("seed", seed) + drawn("remix", synthetic)
    there, back = compare(rows, "A", ["B"])[0], compare(rows, "B", ["A"])[0]
    for one, other in zip(there.buckets, back.buckets, strict=True):
        assert one.delta == pytest.approx(-other.delta)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-6)
        assert (one.p, one.gained) == (pytest.approx(other.p), other.lost)
    assert there.interaction is not None
    assert back.interaction is not None
    assert there.interaction.delta == pytest.approx(-back.interaction.delta)


@settings(max_examples=40)
@given(synthetic=counts)
def test_no_synthetic_rows_outvote_a_seed_that_fell(synthetic: tuple[int, float, float, float]) -> None:
    found = only(DROP + drawn("remix", synthetic))
    assert found.verdict == "BLOCK"
    assert codes(found)[0] == "seed_drop"


@settings(max_examples=40)
@given(seed=counts, synthetic=counts)
def test_the_verdict_follows_from_the_seed_and_the_disagreement_alone(
    seed: tuple[int, float, float, float], synthetic: tuple[int, float, float, float]
) -> None:
    found = only(drawn("seed", seed) + drawn("remix", synthetic))
    bucket_seed = found.buckets[0]
    if bucket_seed.high < 0 and bucket_seed.delta <= -0.05:
        assert found.verdict == "BLOCK"
    elif bucket_seed.low > -0.05:
        assert found.verdict == "PASS"
    else:
        assert found.verdict == ("BLOCK" if "diverged" in codes(found) else "INCONCLUSIVE")
