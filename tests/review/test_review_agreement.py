"""Agreement counts blind words only, and each two who decided on the same."""

from __future__ import annotations

from typing import Any

from anchorset.core.decision import Decision, standing
from anchorset.review.agreement import agreed, blind

AT = "2026-01-01T00:00:00+00:00"


def word(reviewer: str, decision: str, reason: str | None = None, **more: Any) -> Decision:
    return Decision.model_validate({"decision": decision, "reviewer": reviewer, "at": AT, "reason": reason, **more})


def test_one_word_more_makes_a_majority_and_a_word_that_settles_stands_alone() -> None:
    yes, no = word("kim", "approve"), word("zoe", "reject", "other")
    assert standing([yes, no]) == "passed"
    assert standing([yes, no, word("lee", "reject", "caricature")]) == "rejected"
    assert standing([yes, no, word("lee", "edit")]) == "edited"
    assert standing([yes, no, word("lee", "edit"), word("max", "reject", "other")]) == "passed"
    settled = word("ann", "approve", settles=True)
    assert standing([no, word("lee", "reject", "other"), settled]) == "approved"
    later = word("ann", "reject", "other", settles=True).model_copy(update={"at": "2026-01-02T00:00:00+00:00"})
    assert standing([yes, later, settled]) == "rejected"
    assert standing([]) == "passed"


def test_a_word_is_written_as_before_unless_it_settles() -> None:
    assert "settles" not in word("kim", "approve").line()
    assert '"settles":true' in word("kim", "approve", settles=True).line()


def test_agreement_is_of_last_blind_words() -> None:
    said = [word("kim", "reject", "other"), word("kim", "approve"), word("zoe", "reject", "other"),
            word("zoe", "approve", settles=True)]  # fmt: skip
    assert {name: one.decision for name, one in blind(said).items()} == {"kim": "approve", "zoe": "reject"}


def test_the_numbers_of_a_small_table() -> None:
    def both(n: int, first: Decision, second: Decision) -> dict[int, dict[str, Decision]]:
        return {n: {"kim": first, "zoe": second}}

    yes, no = word("", "approve"), word("", "reject", "other")
    unreal = word("", "reject", "unrealistic")
    words = {**both(0, yes, yes), **both(1, yes, yes), **both(2, no, no), **both(3, no, unreal), **both(4, yes, no)}
    found = agreed({**words, 5: {"kim": yes}})
    assert (found.n, found.alike) == (5, 4)
    assert found.kept is not None
    assert found.reasons is not None
    assert found.kept.value is not None
    # Observed disagreement 1/5; expected 2 · 5 · 5 / (10 · 9): alpha = 1 - 0.2 / (50 / 90).
    assert abs(found.kept.value - 0.64) < 1e-9
    assert found.reasons.value is not None
    assert found.reasons.value < found.kept.value
    assert found.pairs["kim", "zoe"].n == 5


def test_nothing_decided_twice_is_no_agreement() -> None:
    found = agreed({1: {"kim": word("kim", "approve")}})
    assert (found.n, found.kept, found.pairs) == (0, None, {})
    assert found.report()["alpha"] == {"value": None, "low": None, "high": None, "n": 0}
