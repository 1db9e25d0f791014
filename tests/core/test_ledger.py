from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import LedgerError
from anchorset.core.ledger import Ledger, Short, total

counts = st.dictionaries(st.sampled_from(["duplicate.near", "format.length", "privacy.pii"]), st.integers(0, 99))
causes = st.dictionaries(st.sampled_from(["malformed", "timeout"]), st.integers(0, 99))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    passed, rejected, failed = draw(st.integers(0, 99)), draw(counts), draw(causes)
    target = draw(st.integers(0, 150))
    short = (Short(cell="all", technique="remix", missing=target - passed, reason="x"),) if target > passed else ()
    requested = passed + sum(rejected.values()) + sum(failed.values())
    return Ledger(
        target=target, requested=requested, passed=passed, rejected_by=rejected, failed_by=failed, short=short
    )


@given(ledgers(), st.integers(-5, 5).filter(bool))
def test_a_ledger_out_of_balance_cannot_be_built(ledger: Ledger, off: int) -> None:
    fields = ledger.model_dump() | {"requested": max(0, ledger.requested + off)}
    if fields["requested"] != ledger.requested:
        with pytest.raises(LedgerError, match="does not add up"):
            Ledger(**fields)


@given(st.lists(ledgers(), max_size=4))
def test_a_sum_of_ledgers_balances_and_loses_nothing(parts: list[Ledger]) -> None:
    if any(part.passed > part.target for part in parts):
        parts = [part for part in parts if part.passed <= part.target]
    added = total(parts)
    assert added.requested == sum(part.requested for part in parts)
    assert added.rejected == sum(part.rejected for part in parts)
    assert len(added.short) == sum(len(part.short) for part in parts)


def test_what_is_short_needs_a_reason() -> None:
    with pytest.raises(LedgerError, match="does not explain what is short: target 3, passed 1"):
        Ledger(target=3, requested=1, passed=1)


def test_the_report_holds_every_term_of_the_balance() -> None:
    report = Ledger(target=1, requested=3, passed=1, rejected_by={"format.length": 2}).report()
    assert report["requested"] == report["passed"] + report["rejected"] + report["failed"] + report["pending"]
