"""One word on several cases: a verdict for each as it was shown, and a reason for each that it cannot be said of.

What this module does not know: where cases are kept, and who chose these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anchorset.core.decision import Decision
from anchorset.core.errors import UsageError, nearest
from anchorset.core.said import Verdict
from anchorset.review.decide import REASONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is under an id and a content."""

    case: str
    content: str
    real: bool
    judged: str
    """Status by the checks alone."""
    counts: bool
    """Whether it is neither put aside nor replaced by an edit."""
    aside: str | None
    second: bool
    """Whether this reviewer is to decide it as the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What came of it: verdicts + same + refused = cases asked for."""

    verdicts: list[Verdict]
    same: int
    """Said before by this reviewer, word for word: nothing was added."""
    refused: list[tuple[str, str]]
    """(case id, why)."""


def decide_many(
    asked: Iterable[tuple[str, str]], there: Mapping[tuple[str, str], Found], *,
    decision: Literal["approve", "reject"], reason: str | None, reviewer: str, at: str, guideline: str | None,
    together: str, known: Mapping[str, tuple[str, str | None]],
) -> Many:  # fmt: skip
    """`asked`: (id, content) as shown. `known`: content -> what this reviewer last said of it (decision, reason).

    Raises UsageError for a reason we do not know or that is missing.
    """
    if decision == "reject" and reason not in REASONS:
        given = "no reason is given" if reason is None else f"the reason is {reason!r}"
        raise UsageError(f"these cases cannot be rejected: {given}; {nearest(reason or '', REASONS)}")
    fields: dict[str, Any] = {"decision": decision, "reviewer": reviewer, "at": at, "guideline": guideline}
    said = Decision.model_validate({**fields, "reason": reason if decision == "reject" else None})
    verdicts: list[Verdict] = []
    refused: list[tuple[str, str]] = []
    same = 0
    for case, content in dict.fromkeys(asked):
        why = refusal(there.get((case, content)))
        if why is not None:
            refused.append((case, why))
        elif known.get(content) == (said.decision, said.reason):
            same += 1
        else:
            verdicts.append(
                Verdict(lane="candidates", case=case, content=content, decision=said, together=together)
            )  # fmt: skip
    return Many(verdicts=verdicts, same=same, refused=refused)


def refusal(found: Found | None) -> str | None:
    """Why nobody may say one word on this together with others; None: they may."""
    if found is None:
        return "it was edited since it was shown, or is not there any more: look at it again"
    if found.real:
        return "it is a real case: what a good answer does is said one by one"
    if found.judged == "rejected":
        return "it was rejected by a check, not by a person"
    if found.judged != "passed":
        return "it is the edit of a case, which was approved with it: decide it alone"
    if found.aside is not None:
        return f"it is put aside ({found.aside})"
    if not found.counts and not found.second:
        return "it was edited since it was shown: look at it again"
    return None
