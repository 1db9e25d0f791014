"""Reviewers as their own rows show them: how far they agree with one another, and whether each decides as before.

What this module does not know: how anything is shown, and who may see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anchorset.infra.db import words as word_rows
from anchorset.pipeline.workspace import Workspace
from anchorset.review.agreement import Agreed, agreed, blind
from anchorset.review.drift import BEFORE, STEP, WINDOW, Nudge, Rate, Spoken, nudge, windows

LANE = "candidates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """Of one reviewer."""

    decided: int
    approval: list[Rate]
    """Over windows of decisions, the earliest first."""
    with_self: Rate
    """Of the known cases of their own that came again, how many they decided as before."""
    with_others: Rate
    """Of the known cases that two others had decided alike, how many they decided as those."""
    nudge: Nudge | None

    def report(self) -> dict[str, Any]:
        """The machine form."""
        bent = self.nudge
        return {
            "decided": self.decided, "window": WINDOW, "approval": [one.report() for one in self.approval],
            "self_agreement": self.with_self.report(), "known_agreement": self.with_others.report(),
            "nudge": None if bent is None else {"kind": bent.kind, "now": round(bent.now, 4),
                                                "before": None if bent.before is None else round(bent.before, 4),
                                                "says": bent.says},
        }  # fmt: skip


def agreement(workspace: Workspace) -> Agreed:
    """How far reviewers agree on what two or more of them decided, in both lanes."""
    with workspace.store.reading() as connection:
        rated = word_rows.rated_twice(connection)
    return agreed({(one.lane, one.content): blind(one.words) for one in rated})


def steadiness(workspace: Workspace, reviewer: str) -> Steadiness:
    """Whether this reviewer decides candidates as they did before."""
    with workspace.store.reading() as connection:
        said = word_rows.words_by(connection, reviewer, LANE)
        rechecks = word_rows.rechecks_by(connection, reviewer)
    own = [one.same for one in rechecks if one.known == "own"]
    others = [one.same for one in rechecks if one.known == "agreed"]
    spoken = _spoken(said)
    return Steadiness(
        decided=len(said), approval=windows(spoken), with_self=Rate(n=len(own), hits=sum(own)),
        with_others=Rate(n=len(others), hits=sum(others)), nudge=nudge(spoken, own),
    )  # fmt: skip


def bent(workspace: Workspace, reviewer: str) -> Nudge | None:
    """What to ask this reviewer now; None: nothing has bent."""
    with workspace.store.reading() as connection:
        said = word_rows.words_by(connection, reviewer, LANE, most=WINDOW + BEFORE + STEP)
        rechecks = word_rows.rechecks_by(connection, reviewer)
    return nudge(_spoken(said), [one.same for one in rechecks if one.known == "own"])


def people(workspace: Workspace) -> dict[str, Steadiness]:
    """Everybody who decided candidates, by name."""
    with workspace.store.reading() as connection:
        names = word_rows.people(connection, LANE)
    return {name: steadiness(workspace, name) for name in names}


def _spoken(said: list[word_rows.Word]) -> list[Spoken]:
    return [Spoken(at=one.at, kept=one.decision != "reject", slice=one.bucket) for one in said]
