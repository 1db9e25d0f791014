"""What past runs tell the map and the plan: which values differ, how many answers change, what a judge is worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from anchorset.core.case import Case
from anchorset.core.provenance import Observed
from anchorset.core.run import Result, RunHead
from anchorset.infra.db.open import Store
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.indexing import HEADS
from anchorset.pipeline.plan.mapping import map_seeds
from anchorset.pipeline.plan.past import flip_rate, pass_rates
from anchorset.pipeline.plan.planning import plan_next
from anchorset.pipeline.workspace import Workspace

CONFIG = """
name: shop
dimensions: {policy: {delay: parcel late, remorse: changed their mind}}
evaluators: [exact]
"""
N = 60


def asked(at: int, **fields: object) -> Case:
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id=str(at))
    given = {"metadata": {"policy": ("delay", "remorse")[at % 2]}} | fields
    return Case(kind="text", expected="track", provenance=origin, **({"input": f"parcel {at} is not here"} | given))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    opened = Workspace(Folder(tmp_path), Store("sqlite://", "memory"))
    opened.append("seeds/seed-logs.jsonl", [asked(at) for at in range(N)])
    return opened


def ran(workspace: Workspace, run: str, version: str, passed: list[bool], **fields: object) -> None:
    head = RunHead(
        run=run, dataset="shop@1.0.0", digest="sha256:00", target="bot", version=version, cases=len(passed),
        started_at=f"2026-01-01T00:00:0{version}+00:00", **fields,
    )  # fmt: skip
    workspace.append(HEADS, [head])
    rows = [
        Result(run=run, case=asked(at).id, content=asked(at).content, target="bot", version=version, passed=one)
        for at, one in enumerate(passed)
    ]
    workspace.append(f"runs/{run}.jsonl", rows)


def test_the_plan_is_told_what_changes_from_version_to_version(workspace: Workspace) -> None:
    assert flip_rate(workspace) is None
    assert not plan_next(workspace).power.measured
    ran(workspace, "q_1", "1", [True] * N)
    assert flip_rate(workspace) is None
    ran(workspace, "q_2", "2", [True] * (N - 12) + [False] * 12)
    assert flip_rate(workspace) == pytest.approx(0.2)
    power = plan_next(workspace).power
    assert (power.measured, power.flip_rate) == (True, pytest.approx(0.2))


def test_few_cases_in_common_measure_nothing(workspace: Workspace) -> None:
    ran(workspace, "q_1", "1", [True] * 49)
    ran(workspace, "q_2", "2", [True] * N)
    assert flip_rate(workspace) is None


def test_pass_rates_are_counted_by_axis_value_in_the_last_run(workspace: Workspace) -> None:
    seeds = map_seeds(workspace).seeds
    assert pass_rates(workspace, seeds, ("policy",)) == {"policy": {}}
    ran(workspace, "q_1", "1", [False] * N)
    ran(workspace, "q_2", "2", [at % 2 == 0 for at in range(N)])
    assert pass_rates(workspace, seeds, ("policy",)) == {"policy": {"delay": (30, 30), "remorse": (0, 30)}}


def test_the_map_asks_about_the_judge_of_a_run_that_had_one(workspace: Workspace) -> None:
    def judge() -> str:
        return next(one.answer for one in map_seeds(workspace).map.questions if one.id == "judge")

    assert judge() == "yes"
    ran(workspace, "q_1", "1", [True] * N, judges={"rubric": "some:model"})
    assert judge() == "unknown"


def test_new_is_what_came_after_the_last_map_that_people_saw(workspace: Workspace) -> None:
    def fresh() -> int:
        return sum(one.new for one in map_seeds(workspace).map.behaviours)

    assert fresh() == 0
    map_seeds(workspace, remember=True)
    talk = ("lamp", "carpet", "sofa", "mirror", "oven", "kettle")
    more = [
        Case(
            kind="text", input=f"my {talk[at % 6]} arrived broken, refund the {talk[at % 6]} to my card, number {at}",
            metadata={"policy": "remorse"}, provenance=asked(at).provenance,
        )
        for at in range(N)
    ]  # fmt: skip
    workspace.append("seeds/seed-later.jsonl", more)
    assert fresh() > 0
    assert fresh() > 0  # who only plans has not seen it
    map_seeds(workspace, remember=True)
    assert fresh() == 0


def test_a_seed_in_no_cell_is_given_no_value_by_the_map(tmp_path: Path) -> None:
    about = "{cats: {about: my cat sleeps on the sofa}, tax: {about: the tax office wrote a letter}}"
    (tmp_path / "anchorset.yaml").write_text(
        f"name: shop\ndimensions:\n  policy: {{delay: parcel late, remorse: changed}}\n  topic: {about}\n",
        encoding="utf-8",
    )
    workspace = Workspace(Folder(tmp_path), Store("sqlite://", "memory"))
    lost = asked(1, input="my cat sleeps on the sofa", metadata={"policy": "theft"})
    workspace.append("seeds/seed-later.jsonl", [lost])
    mapped = map_seeds(workspace)
    assert (mapped.map.home[lost.id].how, mapped.map.home[lost.id].values) == ("unassigned", {"topic": "cats"})
    assert mapped.seeds[0].metadata == {"policy": "theft"}
