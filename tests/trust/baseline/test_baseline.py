from __future__ import annotations

import difflib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import InputError, MachineError, NothingKeptError, PairingError
from anchorset.core.run import Result, RunHead
from anchorset.trust.baseline.against import against
from anchorset.trust.baseline.baseline import baseline_of
from anchorset.trust.baseline.file import read_baseline, text, write_baseline
from anchorset.trust.compare.lineage import CaseLineage


def head(**fields: object) -> RunHead:
    return RunHead.model_validate({
        "run": "q_1", "dataset": "bank@1.0.0", "digest": "d1", "target": "bot", "version": "1",
        "evaluators": ("exact@1",), "repeats": 1, "cases": 3, "started_at": "2026-11-20T10:00:00Z", **fields,
    })  # fmt: skip


def row(case: str, passed: bool | None = True, *, run: str = "q_1", repeat: int = 0, **fields: object) -> Result:
    return Result.model_validate({
        "run": run, "case": case, "content": f"x{case}", "target": "bot", "version": "1", "repeat": repeat,
        "passed": passed, **fields,
    })  # fmt: skip


def lineage(*cases: str) -> dict[str, CaseLineage]:
    return {id: CaseLineage(bucket="seed", root=f"k_{id}", content=f"x{id}") for id in cases}


CASES = ("a", "b", "c")
ROWS = [row(id, id != "b") for id in CASES]
NEXT = head(run="q_2", version="2")


def after(*rows: Result) -> list[Result]:
    return [one.model_copy(update={"run": "q_2", "version": "2"}) for one in (rows or ROWS)]


marks = st.one_of(st.booleans(), st.none())


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.tuples(marks, marks), min_size=1, max_size=8))
def test_a_baseline_comes_back_from_its_text_as_it_was(results: dict) -> None:
    """Whatever a case is called: ids of imported results are other people's words."""
    rows = [row(id, passed, repeat=at) for id, both in results.items() for at, passed in enumerate(both)]
    made = baseline_of(head(repeats=2), rows, lineage(*results))
    written = text(made)
    assert type(made).read(json.loads(written), where="x") == made
    assert len(written.splitlines()) >= len(results)


def test_a_baseline_comes_back_from_its_file_and_the_same_run_gives_the_same_bytes(tmp_path) -> None:
    path = tmp_path / "baseline.json"
    made = write_baseline(path, head(), ROWS, lineage(*CASES))
    first = path.read_bytes()
    write_baseline(path, head(started_at="2027-01-01T00:00:00Z"), ROWS[::-1], lineage(*CASES[::-1]))
    assert (read_baseline(path), path.read_bytes()) == (made, first)
    assert [one.name for one in tmp_path.iterdir()] == ["baseline.json"]


def test_one_case_that_changes_is_one_line_of_the_diff() -> None:
    before = text(baseline_of(head(), ROWS, lineage(*CASES)))
    now = text(baseline_of(head(), [row("a"), row("b"), row("c")], lineage(*CASES)))
    changed = [line for line in difflib.ndiff(before.splitlines(), now.splitlines()) if line[0] in "+-"]
    assert [line[0] for line in changed] == ["-", "+"]
    assert all('"b"' in line for line in changed)


def test_a_run_against_its_own_baseline_has_the_same_marks_on_both_sides() -> None:
    made = baseline_of(head(), ROWS, lineage(*CASES))
    found = against(made, NEXT, after(), lineage(*CASES))
    assert (found.baseline, found.candidate, found.notes) == ("bot@1 (baseline)", "bot@2", [])
    by_system = {
        system: {one["case_id"]: one["passed"] for one in found.rows if one["system"] == system}
        for system in (found.baseline, found.candidate)
    }
    assert by_system[found.baseline] == by_system[found.candidate] == {"a": True, "b": False, "c": True}
    assert {one["bucket"] for one in found.rows} == {"seed"}
    # Without lineage of its own, the candidate is given the baseline's.
    assert {one["root"] for one in against(made, NEXT, after(), {}).rows} == {"k_a", "k_b", "k_c"}


@pytest.mark.parametrize(
    ("of", "rows", "says"),
    [
        ({"digest": "d2"}, after(), "other questions give other results"),
        ({"evaluators": ("exact@2",)}, after(), "exact@1 only in the baseline"),
        ({}, after()[:2], "'c': not in the candidate"),
        ({}, [*after(), *after(row("d"))], "'d': not in the baseline"),
        ({}, [*after(), *after(row("a"))], "'a': repeat 0 stands twice"),
        ({}, [*after()[1:], *after(row("a", content="another"))], "judged 'xa', the candidate 'another'"),
        ({}, [*after(), *after(row("a", repeat=1))], "1 repeats in the baseline, 2 in the candidate"),
    ],
)
def test_another_ground_is_refused_by_name(of: dict, rows: list[Result], says: str) -> None:
    made = baseline_of(head(), ROWS, lineage(*CASES))
    with pytest.raises(PairingError, match=says):
        against(made, NEXT.model_copy(update=of), rows, lineage(*CASES))


@pytest.mark.parametrize(
    ("rows", "repeats", "says"),
    [
        ([*ROWS, row("a", False)], 1, "'a': repeat 0 stands twice"),
        (ROWS, 2, "'a': no repeat 1 of 2"),
        ([row("a"), row("a", repeat=1, content="other")], 2, "judged different contents"),
    ],
)
def test_a_run_with_a_hole_is_no_baseline(rows: list[Result], repeats: int, says: str) -> None:
    with pytest.raises(PairingError, match=says):
        baseline_of(head(repeats=repeats), rows, lineage(*CASES))


def test_a_run_without_rows_is_no_baseline_and_rows_of_other_runs_are_not_looked_at() -> None:
    with pytest.raises(NothingKeptError):
        baseline_of(head(), after(), lineage(*CASES))
    made = baseline_of(head(), [*ROWS, *after(row("z"))], lineage(*CASES))
    assert list(made.cases) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "no baseline file"),
        ("[]", "`kind` is 'list'"),
        ('{"kind": "something"}', "'anchorset-baseline' is expected"),
        ('{"kind": "anchorset-baseline"}', "take the file from git again"),
        ("[" * 100_000, "no baseline file"),
    ],
)
def test_what_is_no_baseline_file_is_refused_with_the_way_out(tmp_path, content: str, says: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_baseline(path)


def test_a_merge_that_left_a_case_twice_is_refused(tmp_path) -> None:
    path = tmp_path / "b.json"
    write_baseline(path, head(), ROWS, lineage(*CASES))
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith('    "a"'))
    path.write_text("\n".join([*lines[:at], lines[at], *lines[at:]]), encoding="utf-8")
    with pytest.raises(InputError, match="'a' is there twice"):
        read_baseline(path)


def test_a_path_that_cannot_be_written_leaves_nothing_behind(tmp_path) -> None:
    with pytest.raises(MachineError, match="cannot be written"):
        write_baseline(tmp_path / "no" / "b.json", head(), ROWS, lineage(*CASES))
    assert list(tmp_path.iterdir()) == []
