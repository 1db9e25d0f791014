from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.provenance import Synthetic
from anchorset.review.sheet import COLUMNS, read_sheet, write_sheet
from anchorset.review.stage import Reviewed, review, said_key

AT = "2026-11-25T12:00:00+00:00"


def candidate(text: str, **fields: object) -> Case:
    origin = Synthetic(
        source="synthetic", technique="remix", label="synth-remix-all", parents=("c_1",), roots=("c_1",),
        random_seed=7, run="r_1",
    )  # fmt: skip
    return Case(kind="text", input=text, provenance=origin, status="passed", **fields)


def reviewed(path: Path, cases: list[Case], **given: object) -> Reviewed:
    waiting = {case.content: case for case in cases}
    return review(read_sheet(path), waiting, lane="candidates", reviewer="kim", at=AT, **given)


def fill(path: Path, answers: list[dict[str, str]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """The sheet as a spreadsheet program might save it: other separator, columns turned round, an extra one, CRLF."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            row | answer | {"my own column": "x"} for row, answer in zip(csv.DictReader(file), answers, strict=True)
        ]
    out = path.with_name("filled.csv")
    with out.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, [*reversed(COLUMNS), "my own column"], delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
    return out


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")])
def test_decisions_come_back_whatever_the_spreadsheet_made_of_the_file(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    cases = [candidate(text, expected="track") for text in ("where is it?", "=1+1", "zwei\nZeilen", "ok")]
    write_sheet(cases, tmp_path / "s.csv", parents={"c_1": "@parent"})
    answers = [
        {"decision": " Approved "}, {"decision": "NO", "reason": "Private data"}, {"new_expected": "ask"}, {},
    ]  # fmt: skip
    found = reviewed(fill(tmp_path / "s.csv", answers, delimiter=delimiter, encoding=encoding), cases)
    assert found.refused == []
    assert [one.decision.decision for one in found.verdicts] == ["approve", "reject", "edit"]
    assert found.verdicts[1].decision.reason == "private_data"
    assert found.verdicts[2].revised is not None
    assert found.verdicts[2].revised.expected == "ask"
    assert found.empty == 1


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    cases = [candidate('=HYPERLINK("http://x")', expected="+1", criteria=("@SUM(1)", "-2"))]
    write_sheet(cases, tmp_path / "s.csv", parents={"c_1": "=cmd|' /C calc'!A0"})
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert not any(str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


@given(text=st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_a_new_text_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("sheet")
    case = candidate("before")
    row = {"id": case.id, "content": case.content, "new_input": text}
    (folder / "f.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    found = reviewed(folder / "f.jsonl", [case])
    if text.strip() in ("", "before"):
        assert not found.verdicts
    else:
        assert [one.revised.input for one in found.verdicts if one.revised] == [text.strip()] or found.refused


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"decision": "maybe"}, "`decision` is 'maybe'"),
        ({"decision": "reject"}, "`reason` is None"),
        ({"decision": "reject", "reason": "ugly"}, "`reason` is 'ugly'"),
        ({"decision": "edit"}, "are empty"),
        ({"decision": "ok", "content": "0000000000000000"}, "is not there (any more)"),
        ({"decision": "ok", "content": ""}, "`content` is empty"),
        ({"decision": "ok", "id": "c_ffffffffffffffff"}, "is not there (any more)"),
        ({"new_expected": "track"}, "changes nothing"),
    ],
)
def test_a_row_that_cannot_be_a_verdict_is_refused_with_its_line(tmp_path: Path, row: dict[str, str], why: str) -> None:
    case = candidate("where is it", expected="track")
    full = {"id": case.id, "content": case.content} | row
    (tmp_path / "f.jsonl").write_text(json.dumps(full) + "\n", encoding="utf-8")
    found = reviewed(tmp_path / "f.jsonl", [case])
    ((line, said),) = found.refused
    assert line == 1
    assert why in said


def test_the_same_file_again_says_nothing_new(tmp_path: Path) -> None:
    case = candidate("where is it", expected="track")
    row = {"id": case.id, "content": case.content, "decision": "ok", "reviewer": "ana"}
    (tmp_path / "f.jsonl").write_text(2 * (json.dumps(row) + "\n"), encoding="utf-8")
    first = reviewed(tmp_path / "f.jsonl", [case])
    assert (len(first.verdicts), first.same) == (1, 1)
    known = {(one.content, one.decision.reviewer): said_key(one) for one in first.verdicts}
    again = reviewed(tmp_path / "f.jsonl", [case], known=known)
    assert (again.verdicts, again.same) == ([], 2)


def test_a_reviewer_may_change_their_mind(tmp_path: Path) -> None:
    case = candidate("where is it", expected="track")
    row = {"id": case.id, "content": case.content, "decision": "reject", "reason": "other"}
    (tmp_path / "f.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    found = reviewed(tmp_path / "f.jsonl", [case], known={(case.content, "kim"): "approve None "})
    assert [one.decision.decision for one in found.verdicts] == ["reject"]
