"""The nouns of a comparison hold their form."""

from __future__ import annotations

import json

import pytest

from anchorset.core.errors import RecordError
from anchorset.core.result import Comparison, Reason, Word, worst
from anchorset.trust.compare.compare import compare

ROWS = [
    {"case_id": f"c{number}", "system": system, "passed": (number + (system == "B")) % 3 == 0, "bucket": bucket}
    for bucket, numbers in (("seed", range(60)), ("remix", range(60, 100)))
    for number in numbers
    for system in "AB"
]


def test_a_comparison_survives_the_json_round_trip() -> None:
    found = compare(ROWS, "A", ["B"])[0]
    assert Comparison.read(found.line(), where="x") == found


def test_the_machine_form_has_the_promised_keys() -> None:
    form = json.loads(compare(ROWS, "A", ["B"])[0].line())
    assert {"verdict", "reasons", "buckets", "overall", "synthetic", "without_provenance"} <= set(form)
    assert {"interaction", "mde", "flips"} <= set(form)
    row = {"bucket", "n", "clusters", "baseline", "candidate", "delta", "low", "high", "p"}
    assert row <= set(form["buckets"][0])
    assert {"code", "message"} <= set(form["reasons"][0])
    assert {"delta", "low", "high", "p"} <= set(form["interaction"])


def test_a_bucket_without_cases_is_none() -> None:
    found = compare(ROWS, "A", ["B"])[0]
    assert found.bucket("golden") is None
    assert found.bucket("seed") is found.buckets[0]


def test_an_unknown_reason_code_is_refused() -> None:
    with pytest.raises(RecordError, match="code"):
        Reason.read({"code": "because", "message": "", "weight": "blocks"}, where="reason")


def test_the_worst_verdict_decides_and_the_first_of_equals() -> None:
    one = compare(ROWS, "A", ["B"])[0]
    verdicts: list[Word | None] = [None, "PASS", "INCONCLUSIVE", "BLOCK", "BLOCK"]
    all_of_them = [one.model_copy(update={"verdict": verdict}) for verdict in verdicts]
    assert worst(all_of_them) is all_of_them[3]
    assert worst(all_of_them[:3]).verdict == "INCONCLUSIVE"
    assert worst(all_of_them[:2]).verdict == "PASS"
