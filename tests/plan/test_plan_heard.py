"""Every warning is raised by a case that deserves it, and not by its neighbour that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from planned_bank import MANY, VOICES, configured, planned, seed_map

from anchorset.core.behaviour import AxisFound
from anchorset.core.persona import Communication, Persona
from anchorset.plan.planned import Planned
from anchorset.plan.tally import Tally
from anchorset.plan.warnings import Code

GOOD = {"seed": 30, "mutation": 35, "remix": 20, "redteam": 10, "golden": 5}
PEOPLE = {
    "plain": Persona(name="plain"),
    "calm": Persona(name="calm", description="never angry, patient"),
    "cross": Persona(name="cross", description="furious that nothing works"),
    "small": Persona(name="small", communication=Communication(case="lower")),
}
SILENT = VOICES | {"angry": 0, "lower": 0}


def plan(
    dimensions: dict | None = None, *, seeds: Any = 200, map_: dict | None = None, call: dict | None = None, **more
) -> Planned:
    config = configured(dimensions, **{"mix": GOOD, **more})
    return planned(config, seed_map(config, seeds, **(map_ or {})), **{"size": 300, "personas": PEOPLE, **(call or {})})


def axis(**fields: Any) -> dict:
    return {"axes": (AxisFound(axis="policy", values={"x": 50, "y": 50}, **fields),)}


def grid_of(*sizes: int) -> dict:
    return {f"axis{at}": {f"v{n}": "" for n in range(size)} for at, size in enumerate(sizes)}


TWO = {"policy": {"x": "", "y": ""}}
IDLE = axis(explained=0.01, p=0.4)
SAME = {"policy": {"x": (80, 100), "y": (82, 100)}}
APART = {"policy": {"x": (95, 100), "y": (50, 100)}}

DESERVED: dict[str, list[Callable[[], Planned]]] = {
    "seed_small": [lambda: plan(seeds=49), lambda: plan(seeds=500, map_={"groups": {"all": 49}})],
    "grid_large": [
        lambda: plan(grid_of(2, 2, 2, 2), seeds=20),
        lambda: plan(grid_of(61), seeds=20),
    ],
    "redteam_heavy": [lambda: plan(mix={**GOOD, "redteam": 17})],
    "no_golden": [
        lambda: plan(call={"available": {"seed": MANY}}),
        lambda: plan(mix={"mutation": 1, "remix": 1}, call={"available": {"seed": MANY, "golden": 0}}),
    ],
    "one_persona": [lambda: plan(personas={"plain": 5}), lambda: plan(personas={"plain": 5, "calm": 0})],
    "voice_absent": [
        lambda: plan(personas={"plain": 1, "cross": 1}, map_={"voices": SILENT}),
        lambda: plan(personas={"plain": 1, "small": 1}, map_={"voices": SILENT}),
        lambda: plan({"user": {"angry_escalator": "", "new": ""}}, map_={"voices": SILENT}),
        lambda: plan({"user": {"old": "third contact, furious", "new": ""}}, map_={"voices": SILENT}),
    ],
    "mix_near": [lambda: plan(mix={"seed": 30, "mutation": 63, "remix": 7})],
    "mix_far": [lambda: plan(
        mix={"seed": 30, "prompted": 55, "redteam": 8, "mutation": 7}, models={"generator": "openai:gpt-5"},
        call={"known": ("mutation", "remix", "redteam", "prompted")},
    )],
    "family_shared": [
        lambda: plan(models={"generator": "openai:gpt-5", "judge": "openai:o3"}),
        lambda: plan(models={"judge": "anthropic:claude-x"}, targets={"bot": {"chat": {"model": "claude-haiku"}}}),
        lambda: plan(call={"families": {"judge": "qwen", "target bot": "qwen"}}),
    ],
    "axis_idle": [lambda: plan(TWO, map_=IDLE), lambda: plan(TWO, map_=IDLE, call={"rates": SAME})],
    "cell_saturated": [
        lambda: plan(seeds=60, map_={"groups": {"all": 10}}),
        lambda: plan(seeds=60, map_={"groups": {"all": 50}}, call={"size": 10, "standing": {
            ("mutation", "all", None): Tally(waiting=501),
        }}),
    ],
    "axis_values_few": [lambda: plan({"policy": {"x": ""}})],
}  # fmt: skip

UNDESERVED: dict[str, list[Callable[[], Planned]]] = {
    "seed_small": [lambda: plan(seeds=50)],
    "grid_large": [lambda: plan(grid_of(2, 2, 2), seeds=20), lambda: plan(grid_of(60), seeds=20)],
    # 15 of 100 is the line itself; alone, red team was asked for alone.
    "redteam_heavy": [lambda: plan(mix={"seed": 45, "mutation": 40, "redteam": 15}), lambda: plan(mix={"redteam": 1})],
    "no_golden": [lambda: plan(call={"available": {"seed": MANY, "golden": 1}})],
    "one_persona": [plan, lambda: plan(personas={"plain": 1, "calm": 1})],
    "voice_absent": [
        lambda: plan(personas={"plain": 1, "cross": 1}, map_={"voices": VOICES}),
        lambda: plan(personas={"plain": 1, "calm": 1}, map_={"voices": SILENT}),
        lambda: plan(personas={"plain": 1, "calm": 1, "cross": 0}, map_={"voices": SILENT}),
    ],
    "mix_near": [
        lambda: plan(mix={"seed": 30, "mutation": 62, "remix": 8}),
        lambda: plan(mix={"seed": 95, "remix": 5}),
    ],
    "mix_far": [lambda: plan(mix={"seed": 90, "mutation": 2, "redteam": 8})],
    "family_shared": [
        lambda: plan(models={"generator": "openai:gpt-5", "judge": "anthropic:claude-x"}),
        lambda: plan(targets={"now": {"chat": {"model": "claude-a"}}, "next": {"chat": {"model": "claude-b"}}}),
        lambda: plan(call={"families": {"generator": None, "judge": None, "target bot": None}}),
    ],
    "axis_idle": [
        lambda: plan(TWO, map_=axis(explained=0.2, p=0.005)),
        lambda: plan(TWO, map_=axis(explained=None, p=None)),
        lambda: plan(TWO, map_=IDLE, call={"rates": APART}),
    ],
    "cell_saturated": [
        lambda: plan(seeds=60, map_={"groups": {"all": 50}}, call={"size": 10, "standing": {
            ("mutation", "all", None): Tally(waiting=500),
        }}),
    ],
    "axis_values_few": [lambda: plan(TWO)],
}  # fmt: skip


def codes(planned_: Planned) -> list[str]:
    return [one.code for one in planned_.warnings]


def cases(of: dict[str, list[Callable[[], Planned]]]) -> list:
    return [pytest.param(code, make, id=f"{code}-{at}") for code, makes in of.items() for at, make in enumerate(makes)]


@pytest.mark.parametrize(("code", "make"), cases(DESERVED))
def test_a_warning_is_raised_where_it_is_deserved(code: str, make: Callable[[], Planned]) -> None:
    said = [one for one in make().warnings if one.code == code]
    assert said
    assert all(len(one.message) > 40 for one in said)


@pytest.mark.parametrize(("code", "make"), cases(UNDESERVED))
def test_a_warning_is_not_raised_by_the_neighbour(code: str, make: Callable[[], Planned]) -> None:
    assert code not in codes(make())


def test_every_code_there_is_has_both_and_a_good_plan_has_none() -> None:
    of_reviewers = {"survival_low", "survival_high"}  # whoever counts decisions adds them
    assert set(DESERVED) == set(UNDESERVED) == set(get_args(Code)) - of_reviewers
    assert codes(plan()) == []


def test_warnings_come_in_the_order_of_the_codes() -> None:
    config = configured({"policy": {"x": ""}}, mix={"mutation": 70, "redteam": 30}, personas={"plain": 1})
    found = planned(config, seed_map(config, 10), available={"seed": 3}, personas=PEOPLE, size=300)
    said = codes(found)
    assert said == sorted(said, key=get_args(Code).index)
    assert {"seed_small", "redteam_heavy", "no_golden", "one_persona", "axis_values_few"} <= set(said)


def test_a_warning_holds_its_numbers_and_agrees_with_them() -> None:
    large = next(one for one in plan(grid_of(8, 8), seeds=20).warnings if one.code == "grid_large")
    assert "64 cells (axis0 8 × axis1 8)" in large.message
    # 64 cells × 10 candidates × 3 minutes, at 1 USD each.
    assert "32 hours and 640 USD" in large.message
    few = next(one for one in plan(seeds=1).warnings if one.code == "seed_small")
    assert few.message.startswith("the seed has 1 group of messages, 50 are needed")
    assert "at least 49 more" in few.message
    full = next(one for one in plan(seeds=60, map_={"groups": {"all": 10}}).warnings if one.code == "cell_saturated")
    assert full.message.startswith("1 of 1 cell has more than 10 candidates for a group of seeds (all: ")
