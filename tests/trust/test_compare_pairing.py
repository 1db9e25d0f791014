"""What cannot be paired refuses the whole file, with the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from compare_rows import DROP, SYNTHETIC, Row, bucket, written

from anchorset.core.errors import InputError, PairingError, UsageError
from anchorset.trust.compare.compare import compare

ROWS = DROP + SYNTHETIC


def refused(rows: list[Row], *words: str) -> str:
    with pytest.raises(PairingError) as caught:
        compare(rows, "A", ["B"])
    assert caught.value.exit_code == 2
    for word in (*words, "Nothing was compared"):
        assert word in str(caught.value)
    return str(caught.value)


def test_missing_pairs_are_listed_on_both_sides() -> None:
    rows = [row for row in ROWS if (row["case_id"], row["system"]) not in {("seed-001", "B"), ("seed-003", "A")}]
    refused(rows, "missing pairs (2)", "case 'seed-001': no row of 'B'", "case 'seed-003': no row of 'A'")


def test_of_many_faults_twenty_are_shown_and_all_are_counted() -> None:
    said = refused(
        [row for row in ROWS if row["system"] == "A" or row["bucket"] == "seed"], "missing pairs (153)", "and 133 more"
    )
    assert said.count("no row of") == 20


def test_a_missing_repeat_is_a_missing_pair() -> None:
    rows = bucket("seed", 60, 30, gained=2, lost=2, repeats=3)
    rows.pop()
    refused(rows, "missing pairs (1)", "case 'seed-059', repeat '2': no row of 'B'")


def test_duplicate_rows_are_listed_with_both_places() -> None:
    refused([*ROWS, ROWS[4]], "duplicate rows (1)", "case 'seed-002', system 'A', repeat '0': rows 5 and 437")


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "empty"),
        (None, "empty"),
        ("NaN", "NaN"),
        ("maybe", "'maybe' is no score"),
        ("0.5", "name the column `score`"),
        ("2", "outside 0-1"),
    ],
)
def test_an_unusable_result_is_named(value: object, word: str) -> None:
    rows = [dict(row) for row in ROWS]
    rows[7]["passed"] = value
    refused(rows, "without a usable `passed` (1)", "row 8 (case 'seed-003', system 'B')", word)


@pytest.mark.parametrize(
    ("value", "word"),
    [("NaN", "NaN"), ("nan", "NaN"), ("inf", "outside 0-1"), ("-0.1", "outside 0-1"), ("85 %", "is no score")],
)
def test_an_unusable_score_is_named(value: str, word: str, tmp_path: Path) -> None:
    rows = [{("score" if key == "passed" else key): cell for key, cell in row.items()} for row in ROWS]
    rows[7]["score"] = value
    refused(rows, word)
    with pytest.raises(PairingError, match="score"):
        compare(written(tmp_path / "rows.csv", rows), "A", ["B"])


def test_nan_as_python_writes_it_into_json_lines_is_named(tmp_path: Path) -> None:
    rows = [dict(row) for row in ROWS]
    rows[7]["passed"] = float("nan")
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(PairingError, match=r"row 8 .*NaN"):
        compare(tmp_path / "rows.jsonl", "A", ["B"])


def test_rows_of_two_dataset_versions_are_refused() -> None:
    rows = [{**row, "dataset": "bot@1.0.0" if at else "bot@1.1.0"} for at, row in enumerate(ROWS)]
    refused(
        rows,
        "different dataset versions",
        "'bot@1.1.0': 1 rows, first row 1 (case 'seed-000')",
        "'bot@1.0.0': 435 rows",
    )


def test_rows_of_one_dataset_version_are_compared() -> None:
    assert compare([{**row, "dataset": "bot@1.0.0"} for row in ROWS], "A", ["B"])[0].verdict == "BLOCK"


@pytest.mark.parametrize("column", ["bucket", "root"])
def test_rows_of_one_case_must_agree_where_it_comes_from(column: str) -> None:
    rows = [dict(row) for row in ROWS]
    rows[1][column] = "prompted"
    refused(rows, f"disagree about its `{column}` (1)", "case 'seed-000'", "'prompted' in row 2")


@pytest.mark.parametrize("column", ["case_id", "system"])
def test_an_empty_name_is_refused(column: str) -> None:
    refused([*ROWS, {**ROWS[0], column: " "}], f"empty `{column}` (1)", "row 437")


def test_an_unknown_system_is_named_with_the_nearest() -> None:
    rows = [{**row, "system": f"model-{row['system']}"} for row in ROWS]
    with pytest.raises(UsageError, match="no row of system 'model-c'; did you mean"):
        compare(rows, "model-A", ["model-c"])


def test_a_system_is_not_compared_with_itself() -> None:
    with pytest.raises(UsageError, match="twice"):
        compare(ROWS, "A", ["A"])


def test_no_candidate_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="candidates"):
        compare(ROWS, "A", [])
    with pytest.raises(UsageError, match="candidates"):
        compare(ROWS, "A", "B")


def test_a_bucket_column_of_ids_is_refused() -> None:
    with pytest.raises(InputError, match="column `bucket` has 218 values"):
        compare([{**row, "bucket": row["case_id"]} for row in ROWS], "A", ["B"])


def test_bucket_names_are_read_without_regard_to_case() -> None:
    assert compare([{**row, "bucket": row["bucket"].upper()} for row in ROWS], "A", ["B"]) == compare(ROWS, "A", ["B"])


def test_without_roots_each_case_is_its_own_group_and_it_is_said() -> None:
    rows = [{key: value for key, value in row.items() if key != "root"} for row in ROWS]
    found = compare(rows, "A", ["B"])[0]
    assert found.buckets == compare(ROWS, "A", ["B"])[0].buckets
    assert any("no `root` column" in note for note in found.notes)


def test_a_seed_without_root_is_in_the_group_its_mutations_name() -> None:
    seeds = [{**row, "root": ""} for row in DROP]
    mutations = [{**row, "case_id": "m" + row["case_id"], "bucket": "mutation", "root": row["case_id"]} for row in DROP]
    found = compare(seeds + mutations, "A", ["B"])[0]
    assert found.overall.clusters == 65
    assert found.overall.n == 130
    assert any("65 cases have no root" in note for note in found.notes)
