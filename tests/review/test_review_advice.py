from __future__ import annotations

from typing import get_args

import pytest

from anchorset.core.decision import RejectReason
from anchorset.review.advice import REASONS, advised
from anchorset.review.survival import survival


def test_every_reject_reason_has_its_advice() -> None:
    assert set(REASONS) == set(get_args(RejectReason))


def test_only_what_lies_outside_the_band_with_its_whole_interval_is_named_the_worst_first() -> None:
    slices = {
        "few": survival({"rejected": 9}), "unsure": survival({"approved": 5, "rejected": 7}),
        "healthy": survival({"approved": 75, "rejected": 25}), "easy": survival({"approved": 60}),
        "poor": survival({"approved": 40, "rejected": 60}), "worst": survival({"edited": 2, "rejected": 50}),
    }  # fmt: skip
    reasons = {"worst": {"caricature": 20, "unrealistic": 20, "other": 21}, "poor": {"other": 60}, "easy": {}}
    found = list(advised("persona", slices, reasons))
    assert [(one.name, one.reason, one.under) for one in found] == [
        ("worst", "caricature", True), ("poor", "other", True), ("easy", None, False)
    ]  # fmt: skip
    assert "tone the persona down" in found[0].sentence
    assert "mostly caricature (20 of 50)" in found[0].sentence
    assert "too easy" in found[2].sentence


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "x" * 5000])
def test_a_hostile_name_is_harmless_in_the_sentence(name: str) -> None:
    (found,) = advised("cell", {name: survival({"rejected": 40})}, {})
    assert len(found.sentence) < 500
    assert not {"\x1b", "\u202e"} & set(found.sentence)
    assert found.report()["name"] == name
