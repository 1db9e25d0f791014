"""Rows of anybody's: mapped, looked up, and held to account."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_results import AT, inspect_head, inspect_sample, lines, promptfoo, promptfoo_result, written

from anchorset.core.case import Case, Message
from anchorset.core.errors import InputError, NothingKeptError, UsageError
from anchorset.core.provenance import Synthetic
from anchorset.trust.compare.compare import compare
from anchorset.trust.compare.lineage import rows_for_compare
from anchorset.trust.results.imported import lookup_in
from anchorset.trust.results.mapping import parse
from anchorset.trust.results.read import read_results


def table(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_rows_with_their_own_lineage_keep_it(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [
        {"case_id": "1", "system": "A", "passed": "yes", "bucket": "Seed", "root": "g1", "repeat": "1", "intent": "x"},
        {"case_id": "1", "system": "A", "passed": "no", "bucket": "Seed", "root": "g1", "repeat": "2", "intent": "x"},
        {"case_id": "2", "system": "A", "passed": "", "bucket": "", "root": "", "repeat": "1", "intent": "y"},
        {"case_id": "3", "system": "A", "passed": "maybe", "bucket": "", "root": "", "repeat": "1", "intent": "y"},
        {"case_id": "1", "system": "A", "passed": "no", "bucket": "seed", "root": "g1", "repeat": "2", "intent": "x"},
        {"case_id": "", "system": "A", "passed": "no", "bucket": "seed", "root": "g1", "repeat": "2", "intent": "x"},
    ])  # fmt: skip
    found = read_results(path, at=AT)
    assert (found.read, found.kept, found.without_score, len(found.refused)) == (6, 2, 1, 3)
    assert found.lineage["1"].bucket == "seed"
    assert (found.lineage["1"].root, found.lineage["1"].slices) == ("g1", {"intent": "x"})
    assert found.lineage["2"].bucket == "unknown"
    reasons = dict(found.refused)
    assert reasons["line 5"].startswith("passed is 'maybe'")
    assert "stands twice, repeat 2; first at line 3" in reasons["line 6"]
    assert "neither a case id" in reasons["line 7"]


def test_columns_are_named_by_mapping(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [
        {"suite": "s", "nr": 1, "bot": "A", "mark": 0.4, "question": "q"},
        {"suite": "t", "nr": 1, "bot": "A", "mark": 1, "question": "q"},
        {"suite": "t", "nr": 2, "bot": "A", "mark": 7, "question": "q"},
    ])  # fmt: skip
    found = read_results(path, at=AT, mapping="case_id=suite+nr,system=bot,score=mark")
    assert [(row.case, row.passed, row.score) for row in found.rows] == [("s | 1", None, 0.4), ("t | 1", True, 1.0)]
    assert "divide by the maximum" in found.refused[0].reason
    with pytest.raises(InputError, match="did you mean 'mark'"):
        read_results(path, at=AT, mapping="case_id=nr,system=bot,score=marks")
    with pytest.raises(UsageError, match="'pased'"):
        read_results(path, at=AT, mapping="case_id=nr,pased=mark")
    with pytest.raises(InputError, match="no column `system`"):
        read_results(path, at=AT, mapping="case_id=nr,score=mark")
    assert read_results(path, at=AT, mapping="case_id=suite+nr,score=mark", system="B").heads[0].target == "B"


@pytest.mark.parametrize("text", ["", "case_id", "a=", "=b", "x=1,x=2"])
def test_a_mapping_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--map"):
        parse(text)


def test_results_of_our_own_runs_come_back(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [{"case_id": "1", "system": "A", "passed": 1, "bucket": "seed"}])
    first = read_results(path, at=AT)
    again = read_results(lines(tmp_path / "run.jsonl", [row.line() for row in first.rows]), at=AT)
    assert [(row.case, row.target, row.passed, row.score) for row in again.rows] == [("1", "A", True, 1.0)]


def test_the_same_file_twice_is_the_same_runs(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [{"case_id": n, "system": s, "passed": 1} for n in range(3) for s in "AB"])
    first, again = read_results(path, at=AT), read_results(path, at="2027-01-01T00:00:00+00:00")
    assert first.rows == again.rows
    assert [head.run for head in first.heads] == [head.run for head in again.heads]
    assert [(head.target, head.cases, head.dataset) for head in first.heads] == [("A", 3, "r.csv"), ("B", 3, "r.csv")]


def test_cases_are_found_by_id_by_name_and_by_exactly_the_text_asked(
    tmp_path: Path, make_seed: Callable[..., Case]
) -> None:
    seed = make_seed("Where is my parcel?", expected="late", metadata={"intent": "late"}).model_copy(
        update={"cluster": "k_1"}
    )
    chat = Case(
        kind="chat", input=(Message(role="user", content="Refund?"),), expected="yes",
        provenance=Synthetic(source="synthetic", technique="persona", label="l", random_seed=1, run="r_1"),
    )  # fmt: skip
    path = written(tmp_path / "log.json", {**inspect_head(), "samples": [
        inspect_sample(seed.id, "asked otherwise", "C"),
        inspect_sample("any", [{"role": "user", "content": "Refund?"}], "I"),
        inspect_sample("own", "Where is my parcel?", "C", metadata={"case_id": seed.id}, epoch=2),
        inspect_sample("stranger", "Never heard of", "C"),
        inspect_sample("edited", "Where is my parcel?", "C", metadata={"case_id": "c_0000000000000000"}),
    ]})  # fmt: skip
    found = read_results(path, at=AT, lookup=lookup_in([seed, chat]))
    assert [row.case for row in found.rows] == [seed.id, chat.id, seed.id, "suite/stranger", "c_0000000000000000"]
    assert found.rows[0].content == seed.content
    known = found.lineage[seed.id]
    assert (known.bucket, known.root, known.gates, known.slices) == ("seed", "k_1", True, {"intent": "late"})
    assert (found.lineage[chat.id].bucket, found.lineage[chat.id].gates) == ("persona", False)
    assert found.unknown == ("suite/stranger", "c_0000000000000000")
    assert any("2 rows (2 cases) have no lineage" in note and "'suite/stranger'" in note for note in found.notes)


def test_a_file_cannot_make_its_cases_seeds_of_a_workspace(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [{"case_id": "1", "system": "A", "passed": 1, "bucket": "seed"}])
    found = read_results(path, at=AT, lookup=lookup_in([]))
    assert found.lineage["1"].bucket == "unknown"
    assert any("names a bucket of its own" in note for note in found.notes)


def test_a_text_that_two_cases_ask_is_neither(tmp_path: Path, make_seed: Callable[..., Case]) -> None:
    one, other = make_seed("Same?", system="be brief"), make_seed("Same?")
    path = written(tmp_path / "r.json", promptfoo(promptfoo_result("Same?", success=True)))
    assert read_results(path, at=AT, lookup=lookup_in([one, other])).unknown
    assert not read_results(path, at=AT, lookup=lookup_in([one, one])).unknown


def test_a_result_of_another_content_is_kept_and_said(tmp_path: Path, make_seed: Callable[..., Case]) -> None:
    seed = make_seed("Refund?", expected="yes")
    path = written(tmp_path / "r.json", promptfoo(
        promptfoo_result("Refund?", success=True, metadata={"case_id": seed.id, "content": "0123456789abcdef"})
    ))  # fmt: skip
    found = read_results(path, at=AT, lookup=lookup_in([seed]))
    assert found.rows[0].content == "0123456789abcdef"
    assert any("another content" in note for note in found.notes)


def test_an_import_can_be_compared_as_it_is(tmp_path: Path) -> None:
    rows = [
        {"case_id": n, "system": s, "passed": int(n % 3 > 0), "bucket": "seed", "root": n}
        for n in range(80)
        for s in "AB"
    ]
    found = read_results(table(tmp_path / "r.csv", rows), at=AT)
    ready = rows_for_compare(found.rows, found.lineage)
    assert ready.systems == ("A", "B")
    direct = compare(tmp_path / "r.csv", "A", ["B"])[0]
    through = compare(ready.rows, "A", ["B"], notes=ready.notes)[0]
    assert (through.verdict, through.buckets, through.overall) == (direct.verdict, direct.buckets, direct.overall)


HOSTILE = ["\x1b[2J", "=1+1", "<script>", "a\u202eb", "\ud800", "x" * 5000, "../../etc/passwd", "\n\r", "é", "\x00"]


def test_hostile_texts_reach_no_message_raw(tmp_path: Path) -> None:
    rows = [{"case_id": text, "system": text, "passed": text, "error": text} for text in HOSTILE]
    good = {"case_id": "1\x1b[2J", "system": "A\x1b[2J", "passed": True, "bucket": "<b>"}
    found = read_results(lines(tmp_path / "r.jsonl", [good, good, *rows]), at=AT)
    assert found.read == found.kept + found.without_score + len(found.refused)
    said = "".join([*found.notes, *(reason for _, reason in found.refused)])
    assert "\x1b" not in said
    assert all(row.line() for row in found.rows)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = [
    "case_id", "system", "passed", "score", "success", "vars", "provider", "metadata", "testCase", "response",
    "gradingResult", "id", "input", "scores", "epoch", "name", "metricsData", "turns", "doc_id", "resps", "doc",
    "metrics", "filter", "acc", "entry_type", "prompt", "outputs", "detector_results", "status", "probe", "detector",
]  # fmt: skip
objects = st.dictionaries(st.sampled_from(KEYS), json_values, max_size=12)


@given(
    st.lists(objects, min_size=1, max_size=4),
    st.sampled_from(["lines", "promptfoo", "inspect", "deepeval", "attempts"]),
)
@example([{"input": [""]}], "inspect")
def test_whatever_a_row_holds_it_is_kept_or_refused(tmp_path_factory: Any, rows: list[Any], shape: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    if shape == "promptfoo":
        path = written(folder / "r.json", promptfoo(promptfoo_result("Q", success=True), *rows))
    elif shape == "inspect":
        path = written(folder / "r.json", {**inspect_head(), "samples": [inspect_sample(1, "q", "C"), *rows]})
    elif shape == "deepeval":
        path = written(folder / "r.json", {"testCases": [{"input": "q", "success": True}, *rows]})
    elif shape == "attempts":
        path = lines(folder / "r.jsonl", [{"status": 2, **row, "entry_type": "attempt"} for row in rows])
    else:
        path = lines(folder / "r.jsonl", rows)
    try:
        found = read_results(path, at=AT, system="A")
    except (InputError, NothingKeptError):
        return
    assert found.read == found.kept + found.without_score + len(found.refused)
    assert found.read >= (1 if shape in ("lines", "attempts") else 1 + len(rows))
    rows_for = [row for row in found.rows if row.passed is not None or row.score is not None]
    if rows_for:
        assert rows_for_compare(found.rows, found.lineage, everything=True).rows
