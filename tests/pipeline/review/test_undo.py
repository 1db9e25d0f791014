"""A word taken back leaves the workspace as if it had not been said, and a store made anew says the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.provenance import Observed, Synthetic
from anchorset.core.run import Result, RunHead
from anchorset.core.said import Grade
from anchorset.infra.db import said as said_rows
from anchorset.infra.db import schema
from anchorset.pipeline.review.grading import keep
from anchorset.pipeline.review.reviewing import say
from anchorset.pipeline.review.undoing import undo_all, undo_grade
from anchorset.pipeline.workspace import Workspace, open_workspace


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "anchorset.yaml").write_text("name: made-up\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    ticks = itertools.count()
    workspace.now = lambda: f"2026-11-26T10:{next(ticks):02d}:00+00:00"
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id="1")
    workspace.append("seeds/a.jsonl", [Case(kind="text", input="where is my parcel", provenance=origin)])
    made = Synthetic(source="synthetic", technique="remix", label="synth-remix-all", random_seed=7, run="r_1")
    rows = [
        Case(kind="text", input=f"late parcel {n}", expected="refund", provenance=made, status="passed")
        for n in range(3)
    ]
    workspace.append("candidates/r_1.jsonl", rows)
    yield workspace
    workspace.close()


def holds(workspace: Workspace) -> list[Any]:
    with workspace.store.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(schema.cases)).mappings()]
    for row in rows:
        del row["seq"]
    standing = sorted(case.line() for case in workspace.cases(Filter()))
    return [*sorted(rows, key=lambda row: str(row["key"])), standing]


def first(workspace: Workspace) -> Case:
    return workspace.cases(Filter(real=False, status="passed"))[0]


def test_every_word_taken_back_leaves_what_was_before(room: Workspace) -> None:
    case, states = first(room), [holds(room)]
    words: list[tuple[str, dict[str, Any]]] = [
        ("approve", {}), ("reject", {"reason": "unrealistic"}), ("edit", {"changes": {"input": "later parcel"}}),
    ]  # fmt: skip
    for word, given in words:
        say(room, [case.id], word, reviewer="kim", **given)  # type: ignore[arg-type]
        states.append(holds(room))
        case = next(c for c in room.cases(Filter(real=False)) if c.id == case.id)
    with_the_edit = holds(room)
    for back, (word, _) in zip(reversed(states[:-1]), reversed(words), strict=True):
        assert undo_all(room, reviewer="kim")[0].decision.decision == word
        live = [row for row in holds(room)[:-1] if row["live"]]
        assert live == [row for row in back[:-1] if row["live"]]
        now = holds(room)
        room.rebuild()
        assert holds(room) == now
    assert with_the_edit != now
    with pytest.raises(UsageError, match="no decision to take back"):
        undo_all(room, reviewer="kim")


def test_an_edit_said_again_after_it_was_taken_back_counts_again(room: Workspace) -> None:
    case = first(room)
    for _ in range(2):
        say(room, [case.id], "edit", reviewer="kim", changes={"expected": "asks first"})
        undo_all(room, reviewer="kim", about=case.id)
    say(room, [case.id], "edit", reviewer="kim", changes={"expected": "asks first"})
    live = room.cases(Filter(counting=True, status="edited"))
    assert [one.expected for one in live] == ["asks first"]
    before = holds(room)
    room.rebuild()
    assert holds(room) == before


def test_what_others_said_stays(room: Workspace) -> None:
    case = first(room)
    say(room, [case.id], "approve", reviewer="kim")
    say(room, [case.id], "reject", reviewer="zoe", reason="other")
    undo_all(room, reviewer="zoe")
    (now,) = room.cases(Filter(ids=(case.id,)))
    assert now.status == "approved"
    assert [one.reviewer for one in now.reviews] == ["kim"]
    with pytest.raises(UsageError, match="zoe has no decision"):
        undo_all(room, reviewer="zoe")


def test_an_edited_case_is_found_by_its_new_id(room: Workspace) -> None:
    case = first(room)
    (verdict,) = say(room, [case.id], "edit", reviewer="kim", changes={"input": "brand new text"})
    assert verdict.revised is not None
    say(room, [room.cases(Filter(real=False, status="passed"))[0].id], "approve", reviewer="kim")
    assert undo_all(room, reviewer="kim", about=verdict.revised.id)[0].case == case.id


def test_a_verdict_in_the_same_second_after_an_undo_stands(room: Workspace) -> None:
    room.now = lambda: "2026-11-26T10:00:00+00:00"
    case = first(room)
    say(room, [case.id], "approve", reviewer="kim")
    undo_all(room, reviewer="kim")
    say(room, [case.id], "reject", reviewer="kim", reason="other")
    room.rebuild()
    assert room.cases(Filter(ids=(case.id,)))[0].status == "rejected"


def test_a_grade_taken_back_waits_again(room: Workspace) -> None:
    case = first(room)
    head = RunHead(run="q_1", dataset="d@1", digest="0", target="t", version="1", cases=1, started_at=room.now())
    room.append("runs/heads.jsonl", [head])
    room.append(
        "runs/q_1.jsonl", [Result(run="q_1", case=case.id, content=case.content, target="t", version="1", output="x")]
    )
    for passed in (True, False):
        keep(
            room,
            [
                Grade(
                    run="q_1",
                    case=case.id,
                    content=case.content,
                    target="t",
                    passed=passed,
                    reviewer="kim",
                    at=room.now(),
                )
            ],
        )
    assert undo_grade(room, "q_1", reviewer="kim").passed is False
    room.rebuild()
    with room.store.reading() as connection:
        assert [one.passed for one in said_rows.all_said(connection, Grade, "grade")] == [True]
    undo_grade(room, "q_1", reviewer="kim")
    with pytest.raises(UsageError, match="no grade"):
        undo_grade(room, "q_1", reviewer="kim")
