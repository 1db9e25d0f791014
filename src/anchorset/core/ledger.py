"""The ledger: requested = passed + rejected + failed + pending. It cannot be built out of balance.

What this module does not know: what was produced, and by whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from pydantic import Field, model_validator

from anchorset.core.errors import LedgerError
from anchorset.core.noun import Noun

if TYPE_CHECKING:
    from typing_extensions import TypeIs

FailedBy = Literal["malformed", "refused", "timeout", "auth", "rate", "transport", "no_parent"]
"""no_parent: a model-free technique found no seed text that it could work on."""
PendingBy = Literal["budget", "interrupted", "batch"]
"""batch: asked for in a batch file, and not answered yet."""


def is_pending(cause: FailedBy | PendingBy) -> TypeIs[PendingBy]:
    """Whether it waits, and has not failed."""
    return cause in get_args(PendingBy)


K = TypeVar("K", bound=str)


class Short(Noun):
    """A cell that did not reach its quota, and why."""

    cell: str
    technique: str
    missing: int = Field(ge=1)
    reason: str


class Ledger(Noun):
    """Counts of candidates. All are numbers of candidates, never of rows or requests."""

    target: int = Field(ge=0)
    """How many should have passed."""
    requested: int = Field(ge=0)
    """How many were attempted or still wait."""
    passed: int = Field(ge=0)
    rejected_by: dict[str, int] = Field(default_factory=dict)
    """Code of the first check that rejected -> count."""
    failed_by: dict[FailedBy, int] = Field(default_factory=dict)
    pending_by: dict[PendingBy, int] = Field(default_factory=dict)
    short: tuple[Short, ...] = ()

    @property
    def rejected(self) -> int:
        return sum(self.rejected_by.values())

    @property
    def failed(self) -> int:
        return sum(self.failed_by.values())

    @property
    def pending(self) -> int:
        return sum(self.pending_by.values())

    @model_validator(mode="after")
    def _balances(self) -> Ledger:
        for counts in (self.rejected_by, self.failed_by, self.pending_by):
            if any(count < 0 for count in counts.values()):
                raise LedgerError(f"a ledger has a negative count: {dict(counts)!r}")
        total = self.passed + self.rejected + self.failed + self.pending
        if total != self.requested:
            raise LedgerError(
                f"a ledger does not add up: requested {self.requested}, "
                f"but passed {self.passed} + rejected {self.rejected} "
                f"+ failed {self.failed} + pending {self.pending} = {total}. This is a bug; please report it."
            )
        missing = sum(entry.missing for entry in self.short)
        if max(0, self.target - self.passed) != missing:
            raise LedgerError(
                f"a ledger does not explain what is short: target {self.target}, passed {self.passed}, "
                f"but the reasons cover {missing}. This is a bug; please report it."
            )
        return self

    def report(self) -> dict[str, object]:
        """The machine form: every term of the balance beside its parts."""
        return {
            "target": self.target, "requested": self.requested, "passed": self.passed, "rejected": self.rejected,
            "failed": self.failed, "pending": self.pending,
            "short": [entry.model_dump() for entry in self.short],
            "rejected_by": dict(self.rejected_by), "failed_by": dict(self.failed_by),
            "pending_by": dict(self.pending_by),
        }  # fmt: skip


def total(ledgers: Iterable[Ledger]) -> Ledger:
    """The sum of ledgers, which balances because each of them does."""
    parts = list(ledgers)
    return Ledger(
        target=sum(part.target for part in parts),
        requested=sum(part.requested for part in parts),
        passed=sum(part.passed for part in parts),
        rejected_by=_added(part.rejected_by for part in parts),
        failed_by=_added(part.failed_by for part in parts),
        pending_by=_added(part.pending_by for part in parts),
        short=tuple(entry for part in parts for entry in part.short),
    )


def _added(counts: Iterable[Mapping[K, int]]) -> dict[K, int]:
    added: Counter[K] = Counter()
    for part in counts:
        added.update(part)
    return dict(sorted(added.items()))
