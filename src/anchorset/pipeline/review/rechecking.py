"""Known cases come to a reviewer again, unmarked, so that they and we see how steady they are.

What they say then is a row of its own: the verdict stands as it is, and nothing is counted twice.
What this module does not know: how a case is shown, and what steadiness is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from anchorset.core.decision import Decision
from anchorset.core.hashing import draw
from anchorset.core.said import Recheck, Undo
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import light
from anchorset.infra.db import words as word_rows
from anchorset.infra.folder.notes import read_note, write_note
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.review.shelf import Shelf, Waiting
from anchorset.review.agreement import blind
from anchorset.review.decide import Word, decide

LONG_AGO = 30
"""Decisions after which a case is no longer fresh in mind; and before as many nobody gets any again."""
LANES = ("candidates", "redteam")
"""Where known cases come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A known case that lies before a reviewer."""

    case: Waiting
    known: Literal["own", "agreed"]
    earlier: Decision


class _Open:
    """Reviewer -> the known case before them. Noted on this machine, so that a server that is started anew between
    showing and deciding still knows what the decision answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offers: dict[str, Offer | None] = {}

    def get(self, who: str) -> Offer | None:
        if who not in self._offers:
            self._offers[who] = _offer(read_note(self._folder, who))
        return self._offers[who]

    def put(self, who: str, offer: Offer | None) -> None:
        earlier = offer and offer.earlier.model_dump(mode="json", exclude_none=True)
        write_note(self._folder, who, offer and asdict(offer) | {"earlier": earlier})
        self._offers[who] = offer


def _offer(said: Any) -> Offer | None:
    try:
        case, earlier = Waiting(**said["case"]), Decision.model_validate(said["earlier"])
        return Offer(case=case, known=said["known"], earlier=earlier)
    except (KeyError, TypeError, ValueError):
        return None


class Rechecks:
    """Who has which known case before them. The caller sees to it that one thread at a time asks."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.workspace = shelf.workspace
        self._open = _Open(shelf.workspace.folder.hidden / "rechecks")

    def next(self, who: str, lane: str, *, off: Collection[str], beside: Collection[str]) -> Waiting | None:
        """The known case that this reviewer gets now in place of one that waits; None: mostly.

        Drawn from their name and the number of their decisions, so that loading a page again draws nothing new; never
        one after another. off: ids not to be shown now. beside: ids that the page holds.
        """
        rate = self.workspace.config.review.recheck
        if not rate or lane == "seeds":
            return None
        there = self._open.get(who)
        if there is not None:
            lanes = [one for one in LANES if self.shelf.passed(one, [there.case.content])]
            if there.case.id in off or not lanes:
                self._open.put(who, None)
            return there.case if lane in lanes and there.case.id not in {*beside, *off} else None
        with self.workspace.store.reading() as connection:
            n = light.verdicts_by(connection, who, "candidates")
            if n < LONG_AGO or draw("recheck", who, n) >= rate * 2**64:
                return None
            before = word_rows.rechecks_by(connection, who)
        if before and before[-1].nth >= n:
            return None
        known = self._known(who, lane, {one.content for one in before})
        free = [one for one in known if one.case.id not in {*off, *beside}]
        if not free:
            return None
        chosen = min(free, key=lambda one: draw("known", who, one.case.content))
        self._open.put(who, chosen)
        return chosen.case

    def answers(self, who: str, content: str) -> bool:
        """Whether a decision of this reviewer on this content is the answer to a recheck."""
        there = self._open.get(who)
        return there is not None and there.case.content == content

    def answer(
        self, who: str, decision: Word, *, reason: str | None, changes: Mapping[str, Any] | None
    ) -> Recheck:  # fmt: skip
        """Keeps what the reviewer says of the known case before them. Raises UsageError as a verdict would."""
        offer = self._open.get(who)
        assert offer is not None, "asked only after `answers`"
        with self.workspace.store.reading() as connection:
            (case,) = case_rows.undecided(connection, [offer.case.key])
            nth = light.verdicts_by(connection, who, "candidates")
        at = self.workspace.now()
        decide(case, decision, lane="candidates", reviewer=who, at=at, reason=reason, changes=changes)
        row = Recheck(
            case=case.id, content=case.content, decision=decision, reason=reason if decision == "reject" else None,
            changes=dict(changes) if changes and decision == "edit" else None, known=offer.known,
            earlier=offer.earlier.decision, earlier_reason=offer.earlier.reason, nth=nth, reviewer=who, at=at,
        )  # fmt: skip
        self.workspace.append(reviews_file(who), [row])
        self._open.put(who, None)
        return row

    def last(self, who: str) -> Recheck | None:
        """The answer that this reviewer's next undo is about; None: it is about a verdict."""
        with self.workspace.store.reading() as connection:
            rows = word_rows.rechecks_by(connection, who)
            n = light.verdicts_by(connection, who, "candidates")
        return rows[-1] if rows and rows[-1].nth >= n else None

    def undo(self, row: Recheck) -> Waiting:
        """Takes an answer back; the known case lies before the reviewer again. Returns it."""
        back = Undo(
            lane="candidates", case=row.case, content=row.content, recheck=True, reviewer=row.reviewer,
            at=max(self.workspace.now(), row.at),
        )  # fmt: skip
        self.workspace.append(reviews_file(row.reviewer), [back])
        with self.workspace.store.reading() as connection:
            key, id = word_rows.key_of_content(connection, row.content) or ("", row.case)
        case = Waiting(key=key, id=id, content=row.content)
        then = Decision(decision=row.earlier, reason=row.earlier_reason, reviewer=row.reviewer, at=row.at)
        self._open.put(row.reviewer, Offer(case=case, known=row.known, earlier=then))
        return case

    def drop(self, who: str, id: str) -> None:
        """It was put off."""
        there = self._open.get(who)
        if there is not None and there.case.id == id:
            self._open.put(who, None)

    def _known(self, who: str, lane: str, before: Collection[str]) -> list[Offer]:
        """What this reviewer decided long enough ago, and what two others decided alike."""
        with self.workspace.store.reading() as connection:
            said = word_rows.words_by(connection, who, "candidates")
            twice = word_rows.rated_twice(connection)
        earlier: dict[str, tuple[Literal["own", "agreed"], Decision]] = {}
        for one in said[:-LONG_AGO]:
            word = Decision.model_validate(
                {"decision": one.decision, "reason": one.reason, "reviewer": who, "at": one.at}
            )
            earlier[one.content] = ("own", word)
        for rated in twice:
            last = blind(rated.words)
            if who not in last and len(last) > 1 and len({one.decision == "reject" for one in last.values()}) == 1:
                earlier[rated.content] = ("agreed", list(last.values())[-1])
        fresh = {one.content for one in said[-LONG_AGO:]} | set(before)
        there = self.shelf.passed(lane, [content for content in earlier if content not in fresh])
        return [Offer(case=one, known=earlier[one.content][0], earlier=earlier[one.content][1]) for one in there]
