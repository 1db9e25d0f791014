"""Who decides as before is left alone, whatever the rate and whatever the queue brings; who bends is asked."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.review.drift import STEP, WINDOW, Nudge, Spoken, due, nudge, windows

WALKS = 60


def walk(
    rng: random.Random, *, rate: float = 0.7, then: float | None = None, seconds: float = 8, later: float | None = None,
    same: float = 0.9, mixed: bool = False,
) -> list[Nudge]:  # fmt: skip
    """What a reviewer of 500 decisions is asked, who after 300 keeps `then` and takes `later` seconds."""
    at, said, alike, asked = datetime(2026, 1, 1, tzinfo=UTC), [], [], []
    for n in range(1, 501):
        of, p, wait = "all", rate, seconds
        if mixed:
            of, p = ("mutation", 0.6) if (n // 70) % 2 and rng.random() < 0.8 else ("remix", 0.9)
        if n > 300:
            p, wait = then or p, later or wait
        at += timedelta(seconds=max(0.4, rng.lognormvariate(math.log(wait), 0.9)))
        said.append(Spoken(at=at.isoformat(timespec="seconds"), kept=rng.random() < p, slice=of))
        if n > 30 and rng.random() < 0.03:
            alike.append(rng.random() < same)
        if due(n) and (found := nudge(said[-320:], alike)) is not None:
            asked.append(found)
    return asked


@pytest.mark.parametrize("given", [{"rate": 0.5}, {"rate": 0.8}, {"rate": 0.95}, {"mixed": True}])
def test_a_steady_reviewer_is_left_alone(given: dict[str, float]) -> None:
    rng = random.Random(str(given))
    asked = sum(bool(walk(rng, **given)) for _ in range(WALKS))  # type: ignore[arg-type]
    assert asked / WALKS <= 0.1  # 5 % in the long run; of 60 walks with 5 % each, more than 6 happen once in 30 runs


@pytest.mark.parametrize(
    ("given", "kind", "power"),
    [({"then": 0.97}, "approval", 0.6), ({"then": 0.4}, "approval", 0.6), ({"later": 1.5}, "speed", 0.9)],
)
def test_who_bends_is_asked(given: dict[str, float], kind: str, power: float) -> None:
    rng = random.Random(7)
    asked = sum(any(one.kind == kind for one in walk(rng, **given)) for _ in range(WALKS))  # type: ignore[arg-type]
    assert asked / WALKS >= power


def test_who_no_longer_agrees_with_themselves_is_asked() -> None:
    said = [Spoken(at=f"2026-01-01T00:{n // 60:02}:{n % 60:02}+00:00", kept=n % 3 > 0) for n in range(200)]
    assert nudge(said, [True] * 12) is None
    found = nudge(said, [True] * 12 + [True, False] * 5)
    assert found is not None
    assert (found.kind, found.now, found.before) == ("self_agreement", 0.5, 1.0)


def test_times_that_no_clock_wrote_are_left_out() -> None:
    said = [Spoken(at="yesterday" if n % 2 else "2026-01-01T00:00:00", kept=True) for n in range(400)]
    assert nudge(said, []) is None


def test_the_line_has_one_point_a_window_and_none_for_a_few_at_the_end() -> None:
    said = [Spoken(at="2026-01-01T00:00:00+00:00", kept=n < WINDOW) for n in range(2 * WINDOW + STEP - 1)]
    assert [(one.n, one.rate) for one in windows(said)] == [(WINDOW, 1.0), (WINDOW, 0.0)]
    assert windows(said[:5]) == []


@given(st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_who_decides_many_at_once_is_asked_as_often_as_who_passes_a_step(sizes: list[int]) -> None:
    n, asked = 0, 0
    for of in sizes:
        before, n = n, n + of
        asked += due(n, of)
        assert due(n, of) == any(due(at) for at in range(before + 1, n + 1))
    assert asked <= n // STEP
