"""What a run failed becomes an order: the same plan and production, told why, counted in all, gone on with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from rehearsed import answer, command, configured, scripted

from anchorset.pipeline.models import chosen
from anchorset.pipeline.plan.failing import told
from anchorset.pipeline.plan.mapping import map_seeds
from anchorset.pipeline.plan.planning import plan_next
from anchorset.pipeline.produce.estimating import dry_run, estimate
from anchorset.pipeline.produce.writing import Options
from anchorset.pipeline.workspace import open_workspace
from anchorset.produce.asking.propose import Proposal

PROPOSAL = {
    "items": [
        {"evaluator": "contains", "why": "misses the window", "expected": "the action", "criteria": [], "columns": []},
        {"evaluator": "rubric", "why": "tone", "expected": "", "criteria": ['It is: "kind"\n# no'], "columns": []},
        {"evaluator": "guesswork", "why": "x", "expected": "", "criteria": [], "columns": []},
    ]
}


@pytest.fixture(scope="session")
def ran(reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = Path(shutil.copytree(reviewed, tmp_path_factory.mktemp("ran") / "ws"))
    return folder, answer(folder, "run", "refund-bot", "--target", "next")["run"]


@pytest.fixture
def ws(ran: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran[0], tmp_path / "ws"))


@pytest.fixture
def run(ran: tuple[Path, str]) -> str:
    return ran[1]


def failed_cells(ws: Path, run: str) -> set[str]:
    rows = [json.loads(line) for line in (ws / "runs" / f"{run}.jsonl").read_text(encoding="utf-8").splitlines()]
    contents = {row["content"] for row in rows if row["passed"] is False}
    file = next(iter((ws / "datasets").glob("*/*/*.jsonl")))
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {
        f"user_type={case['metadata']['user_type']},policy={case['metadata']['policy']}"
        for case in cases
        if case["content"] in contents
    }


def test_plan_and_produce_order_the_same_in_cells_that_failed(ws: Path, run: str) -> None:
    planned = answer(ws, "plan", "--from-failures", run, "--count", "12")
    assert sum(brief["count"] for brief in planned["briefs"]) == 12
    assert {brief["technique"] for brief in planned["briefs"]} == {"mutation"}
    assert any("without a model" in note for note in planned["notes"])
    made = answer(ws, "produce", "--from-failures", run, "--count", "12")
    assert made["ledger"]["target"] == 12
    assert {brief["cell"] for brief in made["plan"]["briefs"]} == {brief["cell"] for brief in planned["briefs"]}


def test_count_is_of_what_the_failures_give_in_all(ws: Path, run: str) -> None:
    made = answer(ws, "produce", "--from-failures", run, "--count", "6")
    passed = made["ledger"]["passed"]
    again = answer(ws, "produce", "--from-failures", run, "--count", "6")
    assert again["ledger"]["target"] == 6 - passed
    more = answer(ws, "produce", "--from-failures", run, "--count", "10", "--dry-run")
    assert more["ordered"] <= 10 - passed + 2  # a cell may hold more than its share of a smaller order


def test_a_model_is_told_why_it_failed(ws: Path, run: str) -> None:
    configured(ws, models={"generator": "scripted:demo"})
    made = answer(ws, "produce", "--from-failures", run, "--count", "5")
    assert set(made["by_technique"]) == {"prompted"}
    assert made["models"]["answers"] > 0
    runs = [json.loads(line) for line in (ws / "candidates" / "runs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert runs[-1]["from_failures"] == run


def test_an_estimate_counts_the_failures_that_prompts_tell(ws: Path, run: str) -> None:
    configured(ws, models={"generator": "scripted:demo"})
    room = open_workspace(ws)
    mapped, models = map_seeds(room), chosen(room)
    plan = plan_next(room, mapped=mapped, from_failures=run, count=8).plan
    failures = told(room, mapped, run)
    with_them = estimate(room, mapped, plan, models, Options(), failures=failures)
    without = estimate(room, mapped, plan, models, Options())
    assert with_them is not None
    assert without is not None
    assert with_them.parts[0].input[0] > without.parts[0].input[0] + 100
    _, said = dry_run(room, options=Options(), from_failures=run, count=8)
    assert said is not None
    assert said.parts[0].input[0] >= with_them.parts[0].input[0]


def test_what_cannot_be_is_refused_with_the_way_out(ws: Path, run: str) -> None:
    assert "q_nothing" in command(ws, "plan", "--from-failures", "q_nothing", code=2).err
    assert "--count" in command(ws, "produce", "--from-failures", run, "--more", "3", code=2).err
    assert "mutation" in command(ws, "produce", "--from-failures", run, "--technique", "remix", code=2).err
    assert "--propose" in command(ws, "plan", "-o", "p.yaml", code=2).err
    assert "models.generator" in command(ws, "plan", "--propose", code=2).err


def test_proposals_are_yaml_to_paste_from_and_change_nothing(ws: Path, run: str) -> None:
    model = scripted(ws, "writer.jsonl", [{"match": ".", "json": PROPOSAL}])
    configured(ws, models={"generator": model})
    before = (ws / "anchorset.yaml").read_bytes()
    shown = command(ws, "plan", "--propose", "-o", "proposals.yaml").out
    assert "contains" in shown
    assert (ws / "anchorset.yaml").read_bytes() == before
    found = yaml.safe_load((ws / "proposals.yaml").read_text(encoding="utf-8"))
    assert found["evaluators"] == ["contains", "rubric"]
    assert {one["evaluator"] for one in found["proposals"]} == {"contains", "rubric"}
    assert found["proposals"][1]["criteria"] == ['It is: "kind"\n# no']
    configured(ws, evaluators=found["evaluators"], models={"generator": model, "judge": "scripted:demo"})
    assert answer(ws, "run", "refund-bot", "--target", "current")["ledger"]["pending"] == 0


def test_a_model_that_proposes_nothing_known_is_said_for_each_cell(ws: Path) -> None:
    configured(ws, models={"generator": "scripted:demo"})
    said = answer(ws, "plan", "--propose")
    assert said["evaluators"] == []
    assert all("none" in one for one in said["proposals"])
    assert Proposal.model_fields.keys() >= {"evaluator", "why"}
    room = open_workspace(ws)
    room.close()
