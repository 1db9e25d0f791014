"""The numbers: against second implementations, and what repeats and clusters do to them."""

from __future__ import annotations

import importlib.util
import itertools
from math import ceil, sqrt
from pathlib import Path
from types import ModuleType

import pytest
from compare_rows import DROP, SYNTHETIC, bucket
from scipy.stats import binomtest

from anchorset.trust.compare.compare import compare


def test_p_is_exact_mcnemar_at_one_pair_a_cluster() -> None:
    found = compare(DROP + SYNTHETIC, "A", ["B"])[0]
    for one in found.buckets:
        expected = binomtest(one.gained, one.gained + one.lost).pvalue
        assert one.p == pytest.approx(expected)
        assert one.p_mcnemar_unclustered == pytest.approx(expected)


def test_the_naive_bounds_are_wilson() -> None:
    seed = compare(DROP, "A", ["B"])[0].buckets[0]
    expected = binomtest(26, 65).proportion_ci(method="wilson")
    assert (seed.baseline_bounds.low, seed.baseline_bounds.high) == pytest.approx((expected.low, expected.high))


def test_copies_of_a_case_widen_the_clustered_interval_and_not_the_naive_one() -> None:
    rows = bucket("seed", 200, 100, gained=10, lost=20)
    for row in rows:
        row["root"] = f"g{int(row['case_id'][-3:]) // 4}"
    found = compare(rows, "A", ["B"])[0].buckets[0]
    alone = compare(bucket("seed", 200, 100, gained=10, lost=20), "A", ["B"])[0].buckets[0]
    assert found.clusters == 50
    assert found.design_effect > 1.5
    assert found.high - found.low > 1.2 * (alone.high - alone.low)
    assert found.baseline_bounds.low == alone.baseline_bounds.low
    assert found.baseline_bounds.clustered_low < alone.baseline_bounds.clustered_low
    assert found.p > alone.p
    assert found.p_mcnemar_unclustered == alone.p_mcnemar_unclustered


def test_identical_repeats_are_no_new_evidence() -> None:
    once = compare(bucket("seed", 65, 26, gained=2, lost=10), "A", ["B"])[0].buckets[0]
    thrice = compare(bucket("seed", 65, 26, gained=2, lost=10, repeats=3), "A", ["B"])[0].buckets[0]
    assert (thrice.n, thrice.rows, thrice.clusters) == (65, 195, 65)
    assert (thrice.delta, thrice.p) == (pytest.approx(once.delta), pytest.approx(once.p))
    assert thrice.low == pytest.approx(once.low, abs=0.01)
    bounds = thrice.baseline_bounds
    assert bounds.clustered_high - bounds.clustered_low > 1.5 * (bounds.high - bounds.low)


def test_overall_is_weighted_to_the_mix_of_the_rows() -> None:
    found = compare(DROP + SYNTHETIC, "A", ["B"])[0]
    mixed = sum(one.delta * one.n for one in found.buckets) / found.overall.n
    assert found.overall.delta == pytest.approx(mixed) == pytest.approx(-3 / 218)


def test_the_interaction_is_seed_minus_all_that_is_not_real() -> None:
    golden = bucket("golden", 40, 20, gained=20, lost=0)
    found = compare(DROP + SYNTHETIC + golden, "A", ["B"])[0]
    assert found.interaction is not None
    assert found.interaction.delta == pytest.approx(-8 / 65 - 5 / 153)
    assert found.interaction.high < 0


def test_the_minimum_detectable_effect_solves_connors_formula() -> None:
    for n in (100, 400, 900):
        seed = compare(bucket("seed", n, n // 2, gained=n // 20, lost=n // 20), "A", ["B"])[0].buckets[0]
        assert seed.mde is not None
        reach = 1.959964 * sqrt(0.1) + 0.841621 * sqrt(0.1 - seed.mde**2)
        assert (reach / seed.mde) ** 2 == pytest.approx(n, rel=1e-3)
        assert seed.n_needed == ceil(((1.959964 * sqrt(0.1) + 0.841621 * sqrt(0.1 - 0.05**2)) / 0.05) ** 2)


def tau() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "tau_rows.py"
    spec = importlib.util.spec_from_file_location("tau_rows", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAIRS = [([one], [other]) for one, other in itertools.combinations(range(4), 2)]
PAIRS += [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_trials_of_one_model_do_not_differ(data: Path, before: list[int], after: list[int]) -> None:
    rows = tau().rows(data / "tau_bench_trajectories", before, after)
    found = compare(rows, "A", ["B"])[0]
    seed = found.buckets[0]
    assert found.verdict != "BLOCK"
    assert seed.p > 0.05
    assert seed.clusters == 50
    for bounds in (seed.baseline_bounds, seed.candidate_bounds):
        assert bounds.clustered_high - bounds.clustered_low > bounds.high - bounds.low


def test_four_trials_a_task_are_fifty_groups_and_not_two_hundred(data: Path) -> None:
    rows = tau().rows(data / "tau_bench_trajectories", [0, 1, 2, 3], [0, 1, 2, 3])
    bounds = compare(rows, "A", ["B"])[0].buckets[0].baseline_bounds
    assert bounds.clustered_high - bounds.clustered_low > 1.3 * (bounds.high - bounds.low)
