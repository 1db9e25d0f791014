"""One word on many cases: a row each, one undo for all, and nothing said of what has become another since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_order import case, opened, say

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.pipeline.review.bulk import MOST, say_many, tag_many
from anchorset.pipeline.review.undoing import undo_all, undo_tag
from anchorset.pipeline.workspace import Workspace


def room(folder: Path, n: int = 6) -> tuple[Workspace, list[Case]]:
    workspace = opened(folder)
    cases = [case(f"text {at}", "a") for at in range(n)]
    workspace.append("candidates/r_1.jsonl", cases)
    return workspace, cases


def asked(cases: list[Case]) -> list[tuple[str, str]]:
    return [(one.id, one.content) for one in cases]


def statuses(workspace: Workspace) -> list[str]:
    by_text = {str(one.input): one.status for one in workspace.cases(Filter(real=False, counting=True))}
    return [by_text[text] for text in sorted(by_text)]


def test_one_undo_takes_the_whole_go_back_after_a_rebuild_too(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    say(workspace, cases[0], "reject")
    many = say_many(workspace, asked(cases[:4]), "approve", reviewer="kim", request="one-go")
    assert (len(many.verdicts), many.same, many.refused) == (4, 0, [])
    assert len({one.together for one in many.verdicts}) == 1
    workspace.rebuild()
    assert statuses(workspace) == ["approved"] * 4 + ["passed"] * 2
    taken = undo_all(workspace, reviewer="kim")
    assert {one.case for one in taken} == {one.id for one in cases[:4]}
    for _ in range(2):
        assert statuses(workspace) == ["rejected"] + ["passed"] * 5  # what was said before stands again
        workspace.rebuild()
    assert undo_all(workspace, reviewer="kim")[0].case == cases[0].id
    assert statuses(workspace) == ["passed"] * 6


def test_what_was_decided_anew_since_stays_when_the_go_is_taken_back(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    say_many(workspace, asked(cases), "reject", reason="duplicate", reviewer="kim")
    say(workspace, cases[1], "approve")
    taken = undo_all(workspace, reviewer="kim", about=cases[3].id)
    assert taken[0].case == cases[3].id
    assert statuses(workspace) == ["passed", "approved", "passed", "passed", "passed", "passed"]


def test_one_of_a_go_can_be_taken_back_alone(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    say_many(workspace, asked(cases), "approve", reviewer="kim")
    assert len(undo_all(workspace, reviewer="kim", about=cases[2].id, alone=True)) == 1
    assert statuses(workspace) == ["approved", "approved", "passed", "approved", "approved", "approved"]


def test_the_same_go_again_adds_nothing(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    for _ in range(2):
        many = say_many(workspace, asked(cases), "approve", reviewer="kim", request="r")
    assert (len(many.verdicts), many.same) == (0, 6)
    rows = (tmp_path / "reviews" / "kim.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 6


def test_each_stale_row_is_refused_by_name_and_the_others_are_taken(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    seed, attack = case("a real one", "a", "seed"), case("rejected", "a", flags=0)
    workspace.append("seeds/a.jsonl", [seed])
    workspace.append("candidates/r_1.jsonl", [attack.model_copy(update={"status": "rejected"})])
    say(workspace, cases[0], "edit", "zoe")
    wrong = [(cases[1].id, "0" * 16), ("c_0000000000000000", cases[1].content)]
    many = say_many(
        workspace, [*asked([*cases, seed, attack]), *wrong], "reject", reason="caricature", reviewer="kim"
    )  # fmt: skip
    assert len(many.verdicts) == 5
    why = dict(many.refused)
    assert "edited since" in why[cases[0].id]
    assert "real case" in why[seed.id]
    assert "by a check" in why[attack.id]
    assert "edited since" in why[cases[1].id]
    assert len(many.refused) == 5


@pytest.mark.parametrize("reason", [None, "because"])
def test_a_rejection_without_a_known_reason_keeps_nothing(tmp_path: Path, reason: str | None) -> None:
    workspace, cases = room(tmp_path)
    with pytest.raises(UsageError, match="cannot be rejected"):
        say_many(workspace, asked(cases), "reject", reason=reason, reviewer="kim")
    assert statuses(workspace) == ["passed"] * 6


def test_too_many_are_refused(tmp_path: Path) -> None:
    workspace, _ = room(tmp_path)
    with pytest.raises(UsageError, match="too many"):
        say_many(workspace, [("c", "d")] * (MOST + 1), "approve", reviewer="kim")


def test_a_row_without_company_is_written_as_ever(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path)
    say(workspace, cases[0], "approve")
    (row,) = (tmp_path / "reviews" / "kim.jsonl").read_text(encoding="utf-8").splitlines()
    assert "together" not in json.loads(row)


def metadata(workspace: Workspace) -> list[dict[str, object]]:
    there = workspace.cases(Filter(real=False))
    return [one.metadata for one in sorted(there, key=lambda one: str(one.input))]


def test_metadata_is_set_on_many_and_taken_back_in_one_go(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path, 3)
    tag_many(workspace, [cases[0].id], {"where": "c"}, reviewer="kim")
    tag_many(workspace, [one.id for one in cases], {"where": "b", "note": "x"}, reviewer="kim")
    with workspace.store.reading() as connection:
        from anchorset.infra.db import cases as case_rows

        assert {cell for _, cell in case_rows.keys(connection, Filter()).values()} == {"where=b"}
    taken = undo_tag(workspace, reviewer="kim", case=cases[2].id)
    assert len(taken) == 3
    for _ in range(2):
        assert metadata(workspace) == [{"where": "c"}, {"where": "a"}, {"where": "a"}]
        assert workspace.cases(Filter(cell="where=c"))[0].id == cases[0].id
        workspace.rebuild()
    undo_tag(workspace, reviewer="kim", case=cases[0].id)
    assert metadata(workspace) == [{"where": "a"}] * 3
    with pytest.raises(UsageError, match="has set nothing"):
        undo_tag(workspace, reviewer="kim", case=cases[0].id)


def test_only_ones_own_tags_are_taken_back(tmp_path: Path) -> None:
    workspace, cases = room(tmp_path, 1)
    tag_many(workspace, [cases[0].id], {"where": "b"}, reviewer="kim")
    tag_many(workspace, [cases[0].id], {"where": "c"}, reviewer="zoe")
    undo_tag(workspace, reviewer="kim", case=cases[0].id)
    for _ in range(2):
        assert metadata(workspace) == [{"where": "c"}]
        workspace.rebuild()


@pytest.mark.parametrize("values", [{}, {"where": "nowhere"}, {" ": "a"}, {"x" * 101: "a"}])
def test_metadata_that_cannot_be_is_refused(tmp_path: Path, values: dict[str, str]) -> None:
    workspace, cases = room(tmp_path, 1)
    with pytest.raises(UsageError):
        tag_many(workspace, [cases[0].id], values, reviewer="kim")
    assert metadata(workspace) == [{"where": "a"}]
