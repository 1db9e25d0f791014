"""The reviewers' desk: how far they agree, how steady each is, and what they disagree about.

Who has not decided on a case is not told what the others said of it, but for an owner who asks: their word settles it
then, and is no evidence of agreement.
What this module does not know: HTTP, and how anything looks.
"""

from __future__ import annotations

from typing import Any

from anchorset.core.errors import UsageError
from anchorset.core.inert import visible
from anchorset.pipeline.review.adjudicating import Disagreement, disagreements, settle
from anchorset.pipeline.review.evidence import evidence
from anchorset.review.decide import Word
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.views import case_view


class PeopleDesk:
    """Beside the desk of cases, under the same lock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.workspace

    def people(self) -> dict[str, Any]:
        """How far reviewers agree, and each as they decide over time."""
        found = self.desk.report()
        return {name: found[name] for name in ("agreement", "people")}

    def disagreements(self, who: str, *, owner: bool, attacks: bool) -> dict[str, Any]:
        """What is undecided because reviewers disagree, the oldest first."""
        self.desk.fresh()
        found = [one for one in disagreements(self.workspace) if attacks or one.bucket != "redteam"]
        return {"disagreements": [self._line(one, who, owner=owner, opened=False) for one in found]}

    def disagreement(self, who: str, content: str, *, owner: bool, attacks: bool, opened: bool) -> dict[str, Any]:
        """One of them with its case. `opened`: an owner wants to know what was said without having decided."""
        self.desk.fresh()
        one = self._one(content, attacks=attacks)
        case = case_view(evidence(self.workspace, one.key))
        return {**self._line(one, who, owner=owner, opened=opened), "shown": {**case, "hidden": False}}

    def settle(
        self, who: str, content: str, decision: Word, *, owner: bool, attacks: bool, reason: str | None,
        changes: dict[str, Any] | None, request: str,
    ) -> dict[str, Any]:  # fmt: skip
        """An owner's word that stands, whatever the others said. Raises UsageError for anybody else."""
        if not owner:
            raise UsageError(
                "a disagreement is settled by an owner; decide on it yourself, unseen: a third word makes a majority"
            )

        def now() -> dict[str, Any]:
            self._one(content, attacks=attacks)
            verdict = settle(self.workspace, content, decision, reviewer=who, reason=reason, changes=changes)
            self.desk.wrote(who, [verdict])
            said = verdict.decision
            return {"decided": {"case": verdict.case, "content": content, "decision": said.decision,
                                "reason": said.reason, "at": said.at}}  # fmt: skip

        return self.desk.once(who, request, now)

    def _one(self, content: str, *, attacks: bool) -> Disagreement:
        found = disagreements(self.workspace, content=content)
        if not found or (not attacks and found[0].bucket == "redteam"):
            raise UsageError(f"nobody disagrees (any more) about the content {content!r}; load the list again")
        return found[0]

    @staticmethod
    def _line(one: Disagreement, who: str, *, owner: bool, opened: bool) -> dict[str, Any]:
        mine = one.said(who)
        told = mine or (owner and opened)
        return {
            "case": one.case, "content": one.content, "lane": one.lane, "bucket": one.bucket,
            "cell": visible(one.cell), "text": visible(" ".join(one.text[:600].split()))[:300], "since": one.since,
            "people": len(one.words), "mine": mine, "may_settle": owner,
            "words": [{"reviewer": visible(word.reviewer), "decision": word.decision, "reason": word.reason,
                       "at": word.at} for word in one.words] if told else None,
        }  # fmt: skip
