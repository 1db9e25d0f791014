from __future__ import annotations

from anchorset.plan.warnings import warnings


def codes(groups: int, size: int) -> list[str]:
    return [warned.code for warned in warnings(groups=groups, size=size)]


def test_a_small_seed_and_a_saturated_plan_are_said() -> None:
    assert codes(49, 100) == ["seed_small"]
    assert codes(1, 1000) == ["seed_small", "cell_saturated"]
    assert codes(60, 601) == ["cell_saturated"]


def test_nothing_is_said_when_nothing_is_wrong() -> None:
    assert codes(50, 500) == []
