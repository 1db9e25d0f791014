"""Each verb on real files, by its machine form."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seed_rows


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    path = tmp_path / "logs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["text", "policy"])
        table.writerows((row["text"], row["policy"]) for row in seed_rows())
    return path


def test_grow_prints_a_ledger_that_adds_up_and_writes_cases(anchorset, logs: Path) -> None:
    shown = anchorset("grow", logs, "-n", "60", "--map", "input=text,metadata.policy=policy", "--json")
    assert shown.code == 0
    report = json.loads(shown.out)
    ledger = report["ledger"]
    assert ledger["requested"] == ledger["passed"] + ledger["rejected"] + ledger["failed"] + ledger["pending"]
    assert ledger["passed"] == 60
    assert set(report["by_technique"]) == {"mutation", "remix", "redteam"}
    assert set(report["by_cell"]) == {f"policy={row['policy']}" for row in seed_rows()}
    assert report["usd"] == 0
    written = Path(report["out"]).read_text(encoding="utf-8").splitlines()
    assert len(written) == report["ingest"]["kept"] + 60
    assert report["out"] == str(logs) + ".grown.jsonl"


def test_audit_exits_1_for_a_costume_and_json_has_every_signal(anchorset, logs: Path, tmp_path: Path) -> None:
    naive = tmp_path / "naive.csv"
    with naive.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["message"])
        table.writerows([row["text"]] for row in naive_rows())
    shown = anchorset("audit", logs, naive, "--json", "--html", tmp_path / "a.html")
    assert shown.code == 1
    report = json.loads(shown.out)
    assert report["verdict"] == "drifted"
    assert (report["n_real"], report["n_synthetic"]) == (len(seed_rows()), 200)
    for signal in report["signals"]:
        assert {"name", "status", "value", "reference", "low", "high", "why", "examples"} <= set(signal)
    assert (tmp_path / "a.html").exists()


def test_audit_of_half_a_crowd_against_the_other_half_is_healthy(anchorset, tmp_path: Path) -> None:
    texts = sorted({row["text"] for row in seed_rows()})
    halves = [tmp_path / "one.txt", tmp_path / "other.txt"]
    for start, path in enumerate(halves):
        path.write_text("\n".join(" ".join(text.split()) for text in texts[start::2]) + "\n", encoding="utf-8")
    assert anchorset("audit", *halves).code == 0


def test_compare_blocks_and_writes_every_report(anchorset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results, page, xml, summary = (tmp_path / name for name in ("r.csv", "c.html", "j.xml", "summary.md"))
    with results.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_id", "system", "passed", "bucket"])
        for n in range(80):
            rows.writerows([(n, "current", 1, "seed"), (n, "next", int(n >= 30), "seed")])
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    shown = anchorset(
        "compare", results, "--baseline", "current", "--candidate", "next", "--json", "--html", page, "--junit", xml
    )
    assert shown.code == 1
    report = json.loads(shown.out)
    assert report["verdict"] == "BLOCK"
    assert [reason["code"] for reason in report["reasons"]] == ["seed_drop"]
    assert ElementTree.parse(xml).getroot().get("failures") != "0"
    assert "BLOCK" in summary.read_text()
    assert "BLOCK" in page.read_text()


def test_compare_of_a_smoke_run_gives_no_verdict(anchorset, tmp_path: Path) -> None:
    results = tmp_path / "r.csv"
    results.write_text("case_id,system,passed\n1,a,1\n1,b,0\n")
    shown = anchorset("compare", results, "--baseline", "a", "--candidate", "b", "--purpose", "smoke", "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["verdict"] is None


def test_mutate_lists_its_operators_and_obeys_the_names(anchorset, logs: Path, tmp_path: Path) -> None:
    listed = anchorset("mutate", logs, "--operators", "list")
    assert listed.code == 0
    names = [line.split()[0] for line in listed.out.splitlines()[1:]]
    assert len(names) >= 25
    out = tmp_path / "m.jsonl"
    shown = anchorset("mutate", logs, "-n", "2", "--operators", names[0], "--map", "input=text", "-o", out, "--json")
    assert shown.code == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == json.loads(shown.out)["written"] > 0
    assert {step["operator"] for row in rows for step in row["provenance"]["operators"]} == {names[0]}


def test_dedup_reports_clusters_with_scores(anchorset, tmp_path: Path) -> None:
    path = tmp_path / "logs.txt"
    path.write_text("where is my parcel today\nwhere is my parcle today\nmy 2 mugs broke\nmy 3 mugs broke\n")
    report = json.loads(anchorset("dedup", path, "--json").out)
    assert (report["n"], report["kept"]) == (4, 3)
    ((dropped,),) = [cluster["dropped"] for cluster in report["clusters"]]
    assert 0.85 <= dropped["score"] <= 1
    assert anchorset("dedup", path, "--threshold", "high").code == 2


def test_convert_says_what_a_format_has_no_field_for(anchorset, logs: Path, tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.jsonl", tmp_path / "tests.json"
    anchorset("mutate", logs, "-n", "1", "--map", "input=text,metadata.policy=policy", "-o", cases)
    shown = anchorset("convert", cases, out, "--to", "promptfoo", "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["written"] == len(json.loads(out.read_text(encoding="utf-8")))


def test_the_demo_walks_the_whole_path_and_the_seed_says_no(anchorset, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shown = anchorset("demo", folder, "--json")
    assert shown.code == 0
    report = json.loads(shown.out)
    assert report["grow"]["ledger"]["short"] == []
    assert 0.65 < report["review"]["rate"] < 0.85
    assert report["dataset"]["unreviewed"] == 0
    assert set(report["runs"]) == {"current", "next"}
    assert report["compare"]["verdict"] == "BLOCK"
    assert [question["answer"] for question in report["trust"]["questions"]] == ["yes"] * 5
    assert report["audit_naive"]["verdict"] == "drifted"
    assert any("'refund'" in s["why"] for s in report["audit_naive"]["signals"] if s["status"] == "fail")
    assert report["compare_naive"]["verdict"] == "INCONCLUSIVE"
    assert "would have shipped" in report["compare_naive"]["without_provenance"]["message"]
    assert {reason["code"] for reason in report["compare_mixed"]["reasons"]} == {"seed_drop", "diverged"}
    for page in ("compare.html", "trust.html", "naive/compare.html", "naive/audit.html"):
        assert "<script" not in (folder / page).read_text(encoding="utf-8")
    assert "nobody looked" in shown.err
    ref = report["dataset"]["version"]
    assert anchorset("-w", folder, "datasets", "verify", f"refund-bot@{ref}").code == 0
