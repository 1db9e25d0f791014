"""A share of the queue is decided by two people, the second blind; and nobody is shown what they decided."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.provenance import Observed, Synthetic
from anchorset.core.said import ProductionRun
from anchorset.infra.db.open import Store
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.indexing import PRODUCTION
from anchorset.pipeline.review.reviewing import export_lane, next_up, review_status, say
from anchorset.pipeline.workspace import Workspace
from anchorset.review.second import asks_two

N = 40


def opened(folder: Path, overlap: float) -> Workspace:
    """A workspace with one seed and N candidates that wait."""
    (folder / "anchorset.yaml").write_text(f"name: shop\nreview: {{overlap: {overlap}}}\n", encoding="utf-8")
    seconds = itertools.count()
    workspace = Workspace(
        Folder(folder), Store("sqlite://", "memory"), now=lambda: f"2026-01-01T00:{next(seconds):04}+00:00"
    )  # fmt: skip
    seen = Observed(source="production", origin="logs.csv sha256:00", original_id="1")
    seed = Case(kind="text", input="where is my parcel", expected="track", provenance=seen)
    workspace.append("seeds/seed-logs.jsonl", [seed])
    workspace.append(PRODUCTION, [ProductionRun(run="r_1", state="begun", at=workspace.now(), target=N)])
    made = Synthetic(
        source="synthetic", technique="mutation", label="synth-mutation-all", parents=(seed.id,), roots=(seed.id,),
        random_seed=7, run="r_1",
    )  # fmt: skip
    workspace.append(
        "candidates/r_1.jsonl",
        [
            Case(kind="text", input=f"parcel {at}", expected="track", provenance=made, status="passed")
            for at in range(N)
        ],
    )
    return workspace


def walk(workspace: Workspace, reviewer: str, decision: str = "approve") -> list[Case]:
    """Decides everything that the queue shows this reviewer."""
    seen = []
    while (found := next_up(workspace, "candidates", reviewer=reviewer)) is not None:
        assert len(seen) <= 2 * N
        seen.append(found.case)
        say(
            workspace, [found.case.id], decision, reviewer=reviewer,
            reason="unrealistic" if decision == "reject" else None,
        )  # fmt: skip
    return seen


def test_the_second_reviewer_gets_the_drawn_share_and_nobody_gets_a_case_twice(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 0.4)
    drawn = {case.id for case in workspace.cases(Filter(real=False)) if asks_two(case.content, 0.4)}
    assert 5 < len(drawn) < 30
    first = walk(workspace, "kim")
    assert len({case.id for case in first}) == len(first) == N
    assert review_status(workspace).second_waiting == len(drawn)
    second = walk(workspace, "zoe")
    assert [case.id for case in second] == list(dict.fromkeys(case.id for case in second))
    assert {case.id for case in second} == drawn
    assert review_status(workspace).second_waiting == 0
    assert walk(workspace, "lee") == []


def test_the_second_reviewer_is_blind(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 1.0)
    one, other, *_ = workspace.cases(Filter(real=False))
    say(workspace, [one.id], "reject", reviewer="kim", reason="unrealistic")
    say(workspace, [other.id], "edit", reviewer="kim", changes={"expected": "refund"})
    shown = [next_up(workspace, "candidates", reviewer="zoe", skip=[skip]) for skip in (one.id, other.id)]
    due = [found.case for found in shown if found is not None and found.second]
    assert {(case.id, case.content, case.status, case.reviews) for case in due} == {
        (case.id, case.content, "passed", ()) for case in (one, other)
    }
    say(workspace, [other.id], "approve", reviewer="zoe")
    (stands,) = workspace.cases(Filter(ids=(other.id,), counting=True))
    assert (stands.status, stands.expected) == ("edited", "refund")


def test_a_sheet_for_the_second_reviewer_holds_what_they_may_decide(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 1.0)
    first, *others = workspace.cases(Filter(real=False))
    say(workspace, [first.id], "approve", reviewer="kim")
    for reviewer, ids in (("kim", others), ("zoe", [first, *others])):
        export_lane(workspace, "candidates", tmp_path / "sheet.jsonl", reviewer=reviewer)
        rows = [json.loads(line) for line in (tmp_path / "sheet.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {row["id"] for row in rows} == {case.id for case in ids}
        assert "approve" not in json.dumps(rows)


def test_two_who_disagree_leave_a_case_for_a_third(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 1.0)
    walk(workspace, "kim")
    walk(workspace, "zoe", "reject")
    assert next_up(workspace, "candidates", reviewer="kim") is None
    assert next_up(workspace, "candidates", reviewer="zoe") is None
    assert len(walk(workspace, "lee", "reject")) == N


def test_without_overlap_one_word_is_enough(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 0)
    walk(workspace, "kim")
    assert review_status(workspace).second_waiting == 0
    with pytest.raises(UsageError, match="nothing waits in the lane 'candidates' for zoe"):
        export_lane(workspace, "candidates", tmp_path / "sheet.csv", reviewer="zoe")
    with pytest.raises(UsageError, match="nothing that passes these filters waits"):
        export_lane(workspace, "candidates", tmp_path / "sheet.csv", Filter(bucket="remix"), reviewer="zoe")
