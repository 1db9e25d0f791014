"""Reading result rows: every shape gives the same rows, and what cannot be read says so."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from compare_rows import DROP, SYNTHETIC, written

from anchorset.core.errors import InputError, MachineError, NothingKeptError, PairingError
from anchorset.trust.compare.compare import compare
from anchorset.trust.compare.rows import read_rows

ROWS = DROP + SYNTHETIC


def test_csv_tsv_jsonl_json_and_mappings_give_the_same_comparison(tmp_path: Path) -> None:
    plain = compare(ROWS, "A", ["B"])
    written(tmp_path / "rows.csv", ROWS)
    (tmp_path / "rows.tsv").write_text((tmp_path / "rows.csv").read_text().replace(",", "\t"))
    (tmp_path / "semi.csv").write_text((tmp_path / "rows.csv").read_text().replace(",", ";"))
    (tmp_path / "bom.csv").write_text((tmp_path / "rows.csv").read_text(), encoding="utf-8-sig")
    (tmp_path / "wide.csv").write_text((tmp_path / "rows.csv").read_text(), encoding="utf-16")
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (tmp_path / "lines.json").write_text("\n".join(map(json.dumps, ROWS)))
    (tmp_path / "rows.json").write_text(json.dumps(ROWS, indent=1))
    for path in sorted(tmp_path.iterdir()):
        assert compare(path, "A", ["B"]) == plain, path.name


@pytest.mark.parametrize(
    ("yes", "no"), [("true", "False"), ("PASS", "fail"), ("1.0", "0"), (" yes ", "no"), (True, False)]
)
def test_the_usual_words_for_passed_are_understood(yes: Any, no: Any) -> None:
    rows = [{**row, "passed": yes if row["passed"] else no} for row in ROWS]
    assert compare(rows, "A", ["B"]) == compare(ROWS, "A", ["B"])


def test_scores_give_means_and_no_mcnemar() -> None:
    rows = [{**row, "score": 0.25 + row["passed"] / 2} for row in ROWS]
    for row in rows:
        del row["passed"]
    found = compare(rows, "A", ["B"])[0]
    seed = found.buckets[0]
    assert not found.binary
    assert seed.baseline == pytest.approx(0.25 + 26 / 65 / 2)
    assert seed.p_mcnemar_unclustered is None
    assert found.verdict == "BLOCK"


def test_a_score_column_of_zeros_and_ones_is_a_pass_rate() -> None:
    rows = [{("score" if key == "passed" else key): value for key, value in row.items()} for row in ROWS]
    assert compare(rows, "A", ["B"])[0].buckets == compare(ROWS, "A", ["B"])[0].buckets


def test_passed_wins_over_score_and_it_is_said() -> None:
    found = compare([{**row, "score": 0.5} for row in ROWS], "A", ["B"])[0]
    assert found.binary
    assert "both `passed` and `score` are there: `passed` was used" in found.notes


def test_columns_of_many_values_and_of_lists_are_not_sliced_and_it_is_said() -> None:
    rows = [
        {**row, "answer": f"text {at}", "turns": [1, 2], "intent": "ab"[at % 4 // 2]} for at, row in enumerate(ROWS)
    ]
    found = compare(rows, "A", ["B"])[0]
    assert {one.column for one in found.slices} == {"intent"}
    assert any("'answer', 'turns'" in note for note in found.notes)


def test_a_column_that_differs_within_a_case_is_no_slice() -> None:
    found = compare([{**row, "model": f"m-{row['system']}"} for row in ROWS], "A", ["B"])[0]
    assert found.slices == ()
    assert any("differs between rows of one case): 'model'" in note for note in found.notes)


def test_slices_are_measured_overall_and_inside_each_bucket() -> None:
    rows = [{**row, "intent": "refund" if int(row["case_id"][-1]) % 2 else "delivery"} for row in ROWS]
    found = compare(rows, "A", ["B"])[0]
    names = {(one.bucket, one.value) for one in found.slices}
    assert names == {(place, value) for place in (None, "seed", "prompted") for value in ("refund", "delivery")}
    assert sum(one.n for one in found.slices if one.bucket is None) == found.overall.n
    assert all(one.p_holm >= one.p for one in found.slices)


def test_what_holds_everything_or_says_nothing_is_no_slice() -> None:
    rows = [row | {"difficulty": ""} for row in DROP] + [
        row | {"difficulty": ("easy", "hard")[int(row["case_id"][-3:]) % 2]} for row in SYNTHETIC
    ]
    found = compare(rows, "A", ["B"])[0]
    assert {(one.bucket, one.value) for one in found.slices} == {
        (bucket, value) for bucket in (None, "prompted") for value in ("easy", "hard")
    }


def test_a_slice_of_few_cases_is_counted_and_not_measured() -> None:
    rows = [{**row, "rare": "yes" if row["case_id"].endswith("-001") else "no"} for row in ROWS]
    found = compare(rows, "A", ["B"])[0]
    assert {one.value for one in found.slices} == {"no"}
    assert any(note == "3 slices with fewer than 10 cases are not measured" for note in found.notes)


def test_other_systems_are_left_out_and_named() -> None:
    rows = ROWS + [{**row, "system": "old"} for row in ROWS[:10] if row["system"] == "A"]
    found = compare(rows, "A", ["B"])[0]
    assert found.overall == compare(ROWS, "A", ["B"])[0].overall
    assert "1 other systems in the rows: 'old'" in found.notes


def promptfoo(**more: Any) -> dict[str, Any]:
    """What `promptfoo eval -o results.json` writes, cut to what is read."""
    results = [
        {
            "success": bool(row["passed"]),
            "score": row["passed"],
            "failureReason": 0 if row["passed"] else 1,
            "provider": {"id": f"openai:{row['system']}", "label": row["system"]},
            "prompt": {"label": "p1", "raw": "{{question}}"},
            "promptIdx": 0,
            "testIdx": 0,
            "vars": {"question": row["case_id"]},
            "testCase": {"metadata": {key: row[key] for key in ("case_id", "bucket", "root")}},
            **more,
        }
        for row in ROWS
    ]
    return {"evalId": "e", "results": {"version": 3, "results": results}, "config": {}, "shareableUrl": None}


def test_promptfoo_results_give_the_same_measures(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for text in (json.dumps(promptfoo()), json.dumps(promptfoo(), indent=2)):
        path.write_text(text)
        found = compare(path, "A", ["B"])[0]
        assert found.buckets == compare(ROWS, "A", ["B"])[0].buckets


def test_a_promptfoo_result_that_broke_is_not_a_failed_case(tmp_path: Path) -> None:
    data = promptfoo()
    data["results"]["results"][3]["failureReason"] = 2
    (tmp_path / "results.json").write_text(json.dumps(data))
    with pytest.raises(PairingError, match=r"row 4 .*empty"):
        compare(tmp_path / "results.json", "A", ["B"])


def test_several_prompts_of_one_provider_are_several_systems(tmp_path: Path) -> None:
    data = promptfoo(provider="openai:gpt")
    for result, row in zip(data["results"]["results"], ROWS, strict=True):
        result["prompt"] = {"label": row["system"]}
    (tmp_path / "results.json").write_text(json.dumps(data))
    found = compare(tmp_path / "results.json", "openai:gpt | A", ["openai:gpt | B"])[0]
    assert found.verdict == "BLOCK"


def test_promptfoo_tests_without_case_id_are_numbered_and_repeats_share_a_root(tmp_path: Path) -> None:
    data = promptfoo()
    for at, result in enumerate(data["results"]["results"]):
        result["testCase"]["metadata"] = {"bucket": "seed"}
        result["testIdx"] = at // 2
        result["vars"] = {"question": at // 2 % 60}
    (tmp_path / "results.json").write_text(json.dumps(data))
    seed = compare(tmp_path / "results.json", "A", ["B"])[0].buckets[0]
    assert (seed.n, seed.clusters) == (218, 60)


def refused(path: Path, error: type[Exception], *words: str) -> str:
    with pytest.raises(error) as caught:
        compare(path, "A", ["B"])
    for word in words:
        assert word in str(caught.value)
    return str(caught.value)


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl", "a.json"):
        (tmp_path / name).write_text("")
        refused(tmp_path / name, NothingKeptError, name, "no result rows")


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case_id,system,passed\n")
    refused(tmp_path / "a.csv", NothingKeptError, "no result rows")


def test_a_directory_and_an_absent_file_cannot_be_read(tmp_path: Path) -> None:
    refused(tmp_path, InputError, "cannot be read")
    refused(tmp_path / "none.csv", InputError, "none.csv", "No such file")


def test_a_file_without_permission_is_the_machine_s_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, *args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", locked)  # the tests may run as root, whom nothing is locked to
    with pytest.raises(MachineError, match="no permission") as caught:
        read_rows(tmp_path / "a.csv")
    assert caught.value.exit_code == 4


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("caseid,system,passed\n1,A,1\n")
    refused(tmp_path / "a.csv", InputError, "`case_id` is missing", "did you mean 'caseid'?")
    (tmp_path / "a.csv").write_text("case_id,system,result\n1,A,1\n")
    refused(tmp_path / "a.csv", InputError, "`passed` or `score` is missing")


def test_ragged_rows_refuse_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case_id,system,passed\n1,A,1\n1,B\n2,A,1,x\n2,B,0\n")
    refused(tmp_path / "a.csv", PairingError, "(2)", "row 2 has 2 cells", "row 3 has 4 cells", "Nothing was compared")


def test_lines_that_are_no_json_refuse_the_file(tmp_path: Path) -> None:
    bomb = "[" * 100_000
    (tmp_path / "a.jsonl").write_text('{"case_id":1,"system":"A","passed":1}\n{"case\n[1]\n' + bomb)
    refused(tmp_path / "a.jsonl", PairingError, "(3)", "line 2 is not JSON", "line 3 is a list", "line 4")


def test_a_nested_bomb_in_json_is_not_valid(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" * 100_000)
    refused(tmp_path / "a.json", InputError, "not valid JSON")


def test_bytes_that_are_no_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("case_id,system,passed\né,A,1\n".encode("latin-1"))
    refused(tmp_path / "a.csv", InputError, "a.csv", "not valid utf-8", "UTF-8")


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case_id,system,passed,passed\n1,A,1,1\n")
    refused(tmp_path / "a.csv", InputError, "'passed'", "twice")


def test_a_ten_megabyte_cell_and_nul_bytes_are_read(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    rows = [{**row, "answer": "x" * 10_000_000 if at == 0 else "a\0b"} for at, row in enumerate(ROWS)]
    found = compare(written(tmp_path / "a.csv", rows), "A", ["B"])[0]
    assert found.verdict == "BLOCK"
    assert csv.field_size_limit() == limit
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert compare(tmp_path / "a.jsonl", "A", ["B"])[0].verdict == "BLOCK"


def test_rows_with_ever_new_keys_do_not_fill_the_memory() -> None:
    rows = read_rows({**row, f"key {at}": 1} for at, row in enumerate(ROWS * 2))
    assert len(rows.columns) < 210
    assert len(rows.not_sliced) <= 200


def test_a_result_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(InputError, match="a row is a int"):
        compare([1], "A", ["B"])  # type: ignore[list-item]
