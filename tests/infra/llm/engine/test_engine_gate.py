"""The gate against simulated servers: it finds a limit, follows it, and takes no chance 429 for one."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from anchorset.infra.llm.buckets import Bucket
from anchorset.infra.llm.gate import Gate


@dataclass
class Course:
    seconds: float
    sent: int
    lost: int
    gate: Gate


def simulated(
    *, n: int = 2000, most: int = 64, latency: float = 0.2, refusal: float = 0.01, burst: int = 64, noise: float = 0.0,
    rate: Callable[[float], float] | None = None, down: tuple[float, float] = (0.0, 0.0), seed: int = 1,
) -> Course:  # fmt: skip
    """`n` questions through a gate to a server with a token bucket, chance 429s, or some seconds of 503."""
    chance, gate = random.Random(seed), Gate(most=most)
    now, tokens, filled = 0.0, float(burst), 0.0
    events: list[tuple[float, int, tuple[Any, Any, int]]] = []
    again: list[tuple[float, int, int]] = []
    fresh, done, sent, lost, serial = n, 0, 0, 0, 0
    while done + lost < n:
        wake = float("inf")
        while fresh or (again and again[0][0] <= now):
            wait = gate.wait(now)
            if wait > 0:
                wake = now + wait
                break
            if again and again[0][0] <= now:
                tries = heapq.heappop(again)[2]
            else:
                fresh, tries = fresh - 1, 0
            ticket, outcome = gate.sent(now), "ok"
            sent += 1
            if rate is not None:
                tokens, filled = min(burst, tokens + (now - filled) * rate(now)), now
                outcome, tokens = ("ok", tokens - 1) if tokens >= 1 else ("limited", tokens)
            if outcome == "ok" and chance.random() < noise:
                outcome = "limited"
            if down[0] < now < down[1]:
                outcome = "overloaded"
            serial += 1
            seconds = refusal if outcome == "limited" else latency * chance.uniform(0.98, 1.05)
            heapq.heappush(events, (now + seconds, serial, (ticket, outcome, tries)))
        if again and again[0][0] > now:
            wake = min(wake, again[0][0])
        if not events or wake < events[0][0]:
            now = wake
            continue
        now, _, (ticket, outcome, tries) = heapq.heappop(events)
        gate.came(now, ticket, outcome, retry_after=1.0 if outcome == "limited" else None)
        if outcome == "ok":
            done += 1
        elif tries == (15 if outcome == "limited" else 7):
            lost += 1
        else:
            serial += 1
            heapq.heappush(again, (now + (1.02 if outcome == "limited" else 0.25 * 2**tries), serial, tries + 1))
    return Course(now, sent, lost, gate)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_real_limit_is_found_and_used_with_little_waste(seed: int) -> None:
    course = simulated(rate=lambda _: 200.0, seed=seed)
    assert course.seconds <= 1.10 * (2000 - 64) / 200
    assert course.sent <= 2000 * 1.05
    assert course.lost == 0


def test_a_limit_that_is_told_late_is_found_too() -> None:
    course = simulated(rate=lambda _: 200.0, refusal=0.2)
    assert course.seconds <= 1.10 * (2000 - 64) / 200
    assert course.sent <= 2000 * 1.10


def test_headers_tell_the_limit_at_the_first_refusals() -> None:
    gate = Gate(most=64)
    gate.told(limit=64, remaining=0, reset_seconds=0.32)
    for ticket in [gate.sent(n / 100) for n in range(40)]:
        gate.came(0.5, ticket, "limited", retry_after=1.0)
    assert gate.pace == pytest.approx(200)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("noise", [0.1, 0.2, 0.3, 0.5])
def test_chance_refusals_do_not_slow_the_gate_to_a_crawl(noise: float, seed: int) -> None:
    course = simulated(noise=noise, seed=seed)
    # even eight times what is possible is no collapse: a gate that took them for load needed hours
    assert course.seconds < 2000 * 0.2 / 64 / (1 - noise) * (1.6 if noise == 0.1 else 8)


def test_long_answers_are_no_missing_answers() -> None:
    assert simulated(n=1000, noise=0.1, latency=5.0, most=256).gate.pace is None


def test_a_limit_that_falls_is_followed_down_and_one_that_rises_up() -> None:
    down = simulated(rate=lambda now: 50.0 if now < 10 else 10.0)
    assert down.seconds <= 1.15 * (10 + (2000 - 564) / 10)
    assert down.lost == 0
    up = simulated(rate=lambda now: 10.0 if now < 20 else 100.0)
    assert up.seconds <= 1.6 * (20 + (2000 - 264) / 100)
    assert up.lost == 0


def test_one_request_a_second_is_kept_to() -> None:
    course = simulated(n=100, rate=lambda _: 1.0, burst=5)
    assert course.seconds <= 1.25 * 95
    assert course.lost == 0


def test_an_overloaded_server_gets_fewer_at_a_time_and_then_more_again() -> None:
    gate = Gate(most=64)
    for ticket in [gate.sent(0.0) for _ in range(64)]:
        gate.came(0.1, ticket, "overloaded")
    assert gate.width <= 32
    for n in range(600):
        gate.came(n, gate.sent(n), "ok")
    assert gate.width == 64
    assert simulated(down=(1.0, 3.0)).seconds < 14


def test_single_errors_and_cut_connections_do_not_narrow_it() -> None:
    gate = Gate(most=64)
    for n in range(1000):
        gate.came(n, gate.sent(n), "overloaded" if n % 20 == 0 else "other" if n % 50 == 0 else "ok")
    assert gate.width == 64
    assert gate.pace is None


def test_a_bucket_lets_its_rate_through_and_no_more() -> None:
    bucket, now, taken = Bucket(600), 0.0, 0
    while now < 60:
        wait = bucket.wait(now)
        if wait:
            now += wait
        else:
            bucket.take(now)
            taken += 1
    assert 600 <= taken <= 611


def test_more_than_a_bucket_holds_waits_for_a_full_one_and_then_for_its_debt() -> None:
    bucket = Bucket(60)
    assert bucket.wait(0.0, 30) == 0
    bucket.take(0.0, 30)
    assert bucket.wait(0.0) == pytest.approx(30)
    bucket.take(0.0, -10)
    assert bucket.wait(0.0) == pytest.approx(20)
