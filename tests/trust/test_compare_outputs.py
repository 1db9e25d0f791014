"""The forms for readers: terminal, markdown, JUnit, page. Hostile names do no harm in any."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from compare_rows import DROP, NOISY, SYNTHETIC, Row

from anchorset.core.result import Comparison
from anchorset.trust.compare.compare import compare
from anchorset.trust.compare.junit import junit
from anchorset.trust.compare.markdown import step_summary
from anchorset.trust.compare.page import html
from anchorset.trust.compare.words import summary

EVIL = "<script>alert(1)</script>|x`y\n[link](https://evil.example)\x1b[31m\x00\u202e"


def found(rows: list[Row]) -> Comparison:
    return compare(rows, "A", ["B"])[0]


@pytest.fixture(scope="module")
def hostile() -> Comparison:
    """Every name that can come from outside is hostile."""
    rows = [
        {
            **row,
            "case_id": EVIL + row["case_id"],
            "bucket": row["bucket"] if row["bucket"] == "seed" else EVIL,
            EVIL: EVIL + "ab"[at // 2 % 2],
        }
        for at, row in enumerate(DROP + SYNTHETIC)
    ]
    rows = [{**row, "system": EVIL + row["system"]} for row in rows]
    return compare(rows, EVIL + "A", [EVIL + "B"])[0]


def test_the_terminal_says_verdict_reasons_and_the_other_gate_first() -> None:
    lines = summary(found(DROP + SYNTHETIC))
    assert lines[0] == "BLOCK: B against A (seed_drop, diverged)"
    assert lines[1].startswith("  seed_drop: the seed fell by 12.3 points (95 % interval -23.")
    assert lines[3] == "  a gate without provenance would have shipped: -1.4 points on 218 rows."
    assert any(line.startswith("seed ") and line.endswith("2    10") for line in lines)
    assert any("(naive one)" in line for line in lines)


def test_the_terminal_gets_no_control_characters(hostile: Comparison) -> None:
    assert not [line for line in summary(hostile) if not line.isprintable()]


def test_junit_has_a_testcase_per_reason_and_bucket() -> None:
    suites = ElementTree.fromstring(junit([found(DROP + SYNTHETIC), found(NOISY + SYNTHETIC)]))
    first, second = suites
    assert [case.get("name") for case in first.iter("testcase")] == [
        "gate: seed_drop", "gate: diverged", "bucket: seed", "bucket: prompted",
    ]  # fmt: skip
    assert (first.get("tests"), first.get("failures"), first.get("skipped")) == ("4", "3", "0")
    assert (second.get("tests"), second.get("failures"), second.get("skipped")) == ("3", "0", "1")
    assert suites.get("failures") == "3"


def test_junit_elements_are_those_of_the_common_schema(hostile: Comparison) -> None:
    """The element and attribute names that the Jenkins xunit schema (junit-10.xsd) knows."""
    allowed = {
        "testsuites": {"name", "tests", "failures", "errors"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
        "properties": set(),
        "property": {"name", "value"},
        "testcase": {"name", "classname", "time"},
        "failure": {"message", "type"},
        "skipped": {"message"},
        "system-out": set(),
    }
    for element in ElementTree.fromstring(junit([hostile])).iter():
        assert set(element.attrib) <= allowed[element.tag]


def test_junit_survives_hostile_names(hostile: Comparison) -> None:
    suite = ElementTree.fromstring(junit([hostile]))[0]
    assert "<script>" in (suite.get("name") or "")
    assert "\x1b" not in junit([hostile])


def test_markdown_shows_both_gates_and_a_table() -> None:
    text = step_summary([found(DROP + SYNTHETIC)])
    assert text.startswith("## ⛔ BLOCK: B against A\n")
    assert "a gate without provenance would have shipped: -1.4 points on 218 rows." in text
    assert "| seed | 65 | 65 | 40.0 % | 27.7 % | -12.3 |" in text
    assert "seed, lost (10): seed\\-000, " in text


def test_markdown_escapes_hostile_names(hostile: Comparison) -> None:
    text = step_summary([hostile])
    assert "<script>" not in text
    assert "](" not in text
    assert "https:" not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} == {11}


def test_the_page_says_the_verdict_and_both_gates() -> None:
    text = html([found(DROP + SYNTHETIC)])
    assert "<h1>BLOCK: B against A</h1>" in text
    assert "A gate without provenance would have shipped: -1.4 points on 218 rows." in text
    assert text.count("<svg") == 1
    assert "seed-009" in text


def test_the_page_has_no_script_no_link_and_no_hostile_markup(hostile: Comparison) -> None:
    text = html([hostile])
    for word in ("<script", "href=", "src=", "@import", "\u202e", "\x1b"):
        assert word not in text


def test_the_page_caps_its_list_of_flips_and_says_so() -> None:
    rows = [
        {"case_id": f"c{n:04}", "system": s, "passed": int(s == "A"), "bucket": "seed"}
        for n in range(300)
        for s in "AB"
    ]
    one = found(rows)
    text = html([one])
    assert "and 200 more, all in the machine output" in text
    assert "c0099" in text
    assert "c0100" not in text
    assert len(one.flips["seed"].lost) == 300


def test_the_page_of_several_candidates_leads_with_the_worst() -> None:
    rows = DROP + [{**row, "system": "C"} for row in DROP if row["system"] == "A"]
    text = html(compare(rows, "A", ["C", "B"]))
    assert "<h1>BLOCK: B against A</h1>" in text
    assert "<h2>C: Change by bucket</h2>" in text


def test_a_smoke_run_shows_numbers_in_every_form() -> None:
    smoke = compare(DROP, "A", ["B"], purpose="smoke")
    assert summary(smoke[0])[0] == "smoke run, no verdict: B against A"
    assert "smoke run, no verdict" in step_summary(smoke)
    assert "Smoke run, no verdict" in html(smoke)
    assert 'failures="0"' in junit(smoke)
