"""Bad input gets one sentence and the right exit code, and the good rows are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

GOOD = "text,intent\n" + "".join(f"where is my parcel number {n},late\n" for n in range(8))


def broken(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    files = {
        "empty": b"",
        "blank": b"\n\n  \n",
        "header only": b"text,intent\n",
        "nesting bomb": b"[" * 200_000,
    }
    made = {"directory": folder, "missing": tmp_path / "nowhere.csv"}
    for name, content in files.items():
        made[name] = tmp_path / f"{name.replace(' ', '-')}.csv"
        made[name].write_bytes(content)
    made["nesting bomb"] = made["nesting bomb"].rename(tmp_path / "bomb.jsonl")
    return made


@pytest.mark.parametrize("what", ["directory", "missing", "empty", "blank", "header only", "nesting bomb"])
@pytest.mark.parametrize("verb", ["grow", "mutate", "dedup"])
def test_what_holds_no_message_is_one_sentence_and_exit_2(anchorset, tmp_path: Path, what: str, verb: str) -> None:
    path = broken(tmp_path)[what]
    shown = anchorset(verb, path, *(["-n", "3"] if verb != "dedup" else []))
    assert shown.code == 2
    assert path.name in shown.err
    assert shown.err.startswith("anchorset: ")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("what", ["directory", "missing", "empty", "header only"])
def test_audit_and_convert_and_compare_say_it_too(anchorset, tmp_path: Path, what: str) -> None:
    path = broken(tmp_path)[what]
    good = tmp_path / "good.csv"
    good.write_text(GOOD)
    for words in (
        ("audit", good, path), ("audit", path, good), ("convert", path, tmp_path / "out.jsonl"),
        ("compare", path, "--baseline", "a", "--candidate", "b"),
    ):  # fmt: skip
        shown = anchorset(*words)
        assert shown.code == 2, words
        assert shown.err.count("\n") == 1, shown.err


def test_a_missing_column_names_the_columns_there_are(anchorset, tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    path.write_text(GOOD)
    shown = anchorset("grow", path, "-n", "3", "--map", "input=txt")
    assert shown.code == 2
    assert "'txt'" in shown.err
    assert "text" in shown.err.replace("'txt'", "")


def test_bad_rows_are_set_aside_with_line_and_reason_and_good_ones_kept(anchorset, tmp_path: Path) -> None:
    path, out = tmp_path / "logs.jsonl", tmp_path / "out.jsonl"
    rows = [
        json.dumps({"text": f"the parcel with the {word} never came to my door"}) for word in ("lamp", "mug", "book")
    ]
    rows.insert(1, '{"text": "unfinished')
    rows.insert(3, "[1, 2]")
    path.write_text("\n".join(rows) + "\n")
    shown = anchorset("mutate", path, "-n", "2", "--map", "input=text", "-o", out, "--json")
    assert shown.code == 0
    report = json.loads(shown.out)
    assert report["ingest"] | {"pii": {}} == {
        "read": 5, "kept": 3, "folded": 0, "grouped": 0, "refused": 2, "pii": {},
        "refused_file": str(path) + ".rejected.jsonl",
    }  # fmt: skip
    aside = [json.loads(line) for line in (tmp_path / "logs.jsonl.rejected.jsonl").read_text().splitlines()]
    assert [row["line"] for row in aside] == [2, 4]
    assert all(row["reason"] for row in aside)


def test_a_10_mb_line_and_nul_bytes_do_not_stop_the_run(anchorset, tmp_path: Path) -> None:
    path, out = tmp_path / "logs.jsonl", tmp_path / "out.jsonl"
    huge = json.dumps({"text": "x" * 10_000_000})
    nul = json.dumps({"text": "where is \x00 my parcel"})
    path.write_text("\n".join([json.dumps({"text": "where is my parcel"}), huge, nul]) + "\n")
    shown = anchorset("mutate", path, "-n", "1", "--map", "input=text", "-o", out, "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["ingest"]["kept"] >= 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-n", "0"], "1 or more"),
        (["-n", "3", "--mix", "mutaton=1"], "did you mean 'mutation'"),
        (["-n", "3", "--mix", "mutation"], "name=share"),
        (["-n", "3", "--embedder", "statik"], "static"),
        (["-n", "3", "--format", "cvs"], "csv"),
        (["-n", "3", "--map", "inptu=text"], "input"),
    ],
)
def test_options_that_cannot_be_are_one_sentence(anchorset, tmp_path: Path, options: list[str], says: str) -> None:
    path = tmp_path / "logs.csv"
    path.write_text(GOOD)
    shown = anchorset("grow", path, *options)
    assert shown.code == 2
    assert says in shown.err
    assert shown.err.count("\n") == 1


def test_an_output_folder_that_is_not_there_is_exit_4(anchorset, tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    path.write_text(GOOD)
    shown = anchorset("mutate", path, "-n", "1", "--map", "input=text", "-o", tmp_path / "no" / "out.jsonl")
    assert shown.code == 4
    assert "out.jsonl" in shown.err


def test_the_input_is_never_overwritten(anchorset, tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    path.write_text(GOOD)
    for verb in ("mutate", "grow"):
        shown = anchorset(verb, path, "-n", "1", "--map", "input=text", "-o", path)
        assert shown.code == 2
        assert path.read_text() == GOOD


def test_hostile_text_is_shown_inert(anchorset, tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b[31m.csv"
    shown = anchorset("grow", path, "-n", "3")
    assert shown.code == 2
    assert "\x1b" not in shown.err
