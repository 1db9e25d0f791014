from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.run import Result
from anchorset.review.lanes import answers_to_grade
from anchorset.review.survival import by, survival


@pytest.mark.parametrize(
    ("kept", "rejected", "band"),
    [(3, 1, "few"), (0, 0, "few"), (77, 23, "healthy"), (8, 2, "healthy"), (20, 80, "caricature"), (50, 50, "low"),
     (99, 1, "high"), (65, 35, "healthy"), (85, 15, "healthy")],
)  # fmt: skip
def test_the_band_is_left_only_when_the_interval_leaves_it(kept: int, rejected: int, band: str) -> None:
    assert survival({"approved": kept, "rejected": rejected}).band == band


def test_an_edit_survives_and_undecided_candidates_count_for_nothing() -> None:
    found = survival({"approve": 6, "edit": 2, "reject": 2, "passed": 90})
    assert (found.rate, found.decided) == (0.8, 10)


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.tuples(st.integers(0, 99), st.integers(0, 99))))
def test_slices_add_up_and_limits_hold_the_rate(counts: dict[str, tuple[int, int]]) -> None:
    flat = {
        (name, word): n for name, pair in counts.items() for word, n in zip(("approve", "reject"), pair, strict=True)
    }
    for name, found in by(flat).items():
        assert (found.kept, found.rejected) == counts[name]
        assert 0 <= found.low <= (0.5 if found.rate is None else found.rate) <= found.high <= 1


def result(at: int, passed: bool | None, cause: str | None = None) -> Result:
    return Result(
        run="q_1", case=f"c_{at}", content=f"{at}", target="t", version="1", passed=passed, cause=cause, output="x"
    )


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_both_kinds_of_answers_are_graded_where_both_are_there(yes: int, no: int, n: int) -> None:
    rows = [result(at, True) for at in range(yes)] + [result(100 + at, False) for at in range(no)]
    chosen = answers_to_grade(rows, n=n)
    assert len(chosen) == min(n, yes + no)
    failed = sum(not row.passed for row in chosen)
    assert failed >= min(no, n // 2)
    assert len(chosen) - failed >= min(yes, n - n // 2)
    assert answers_to_grade(rows[::-1], n=n) == chosen


def test_errors_and_graded_answers_are_not_shown() -> None:
    rows = [result(1, False, "timeout"), result(2, True), result(3, None, "not_judged")]
    assert [row.case for row in answers_to_grade(rows, n=9, graded={("2", 0)})] == ["c_3"]


def test_a_rate_over_the_band_whose_interval_reaches_into_it_is_said_to_be_chance() -> None:
    assert survival({"approve": 63, "reject": 6}).advice == "over the band, but that may be chance"
    assert survival({"approve": 10, "reject": 7}).advice == "under the band, but that may be chance"
    assert survival({"approve": 75, "reject": 25}).advice == "inside the band"
