"""Decisions on a workspace's cases: asked for, given, exported and imported, counted.

What this module does not know: what a decision leads to, and how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.hashing import draw
from anchorset.core.plan import ALL
from anchorset.core.provenance import Synthetic
from anchorset.core.said import Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import queue
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import by_id, reviews_file
from anchorset.pipeline.review.adjudicating import disagreements
from anchorset.pipeline.review.drifting import Steadiness, agreement, people
from anchorset.pipeline.review.outside_band import outside_band
from anchorset.pipeline.workspace import Workspace
from anchorset.review.advice import Advised
from anchorset.review.agreement import Agreed
from anchorset.review.decide import Word, decide, guideline_of
from anchorset.review.order import enough
from anchorset.review.second import asks_two
from anchorset.review.sheet import read_sheet, write_sheet
from anchorset.review.stage import Reviewed, review, said_key
from anchorset.review.survival import Survival, by, survival

CaseLane = Literal["candidates", "seeds"]
QueueLane = Literal["candidates", "seeds", "redteam"]
"""What waits; a decision on an attack is one on a candidate."""


def said_lane(lane: str) -> str:
    """The lane under which a decision given in this one is kept."""
    return "candidates" if lane == "redteam" else lane


BATCH = 500
"""Verdicts of one import that are kept at a time."""
DECIDED = ("approved", "edited", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case to decide, with what helps."""

    case: Case
    parents: list[Case]
    left: int
    """How many wait in the lane for this reviewer, this one included."""
    second: bool = False
    """Whether another reviewer decided on it already; what, is not shown."""


def waiting(lane: CaseLane) -> Filter:
    """What a lane holds: candidates that passed and nobody decided; seeds without expected answer and criteria."""
    if lane == "seeds":
        return Filter(real=True, counting=True, answered=False, status="pending")
    return Filter(real=False, counting=True, status="passed")


def next_up(
    workspace: Workspace, lane: QueueLane, *, skip: Sequence[str] = (), reviewer: str | None = None
) -> Shown | None:
    """The case to decide next; None when nothing waits. `skip`: ids not to be shown now.

    `reviewer` is never shown what they decided, and first what waits for a second reviewer: it is the smaller heap, and
    tells early whether people agree. None: nobody in particular, who gets what nobody decided.
    """
    second = {} if lane == "seeds" else second_for(workspace, reviewer, Filter(redteam=lane == "redteam"))
    with workspace.store.reading() as connection:
        left = len(second) + queue.count_pending(connection, lane=lane, reviewer=reviewer)
        due = [
            (draw("second", content), key) for content, (key, id) in second.items() if not id.startswith(tuple(skip))
        ]
        again = case_rows.undecided(connection, [min(due)[1]] if due else [])
        id = queue.next_pending(connection, lane=lane, enough=enough, exclude=skip, reviewer=reviewer)
    if again:
        return _with_parents(workspace, again[0], left=left, second=True)
    return None if id is None else shown(workspace, id, left=left)


def second_for(
    workspace: Workspace, reviewer: str | None, wanted: Filter | None = None, *,
    contents: Collection[str] | None = None,
) -> dict[str, tuple[str, str]]:  # fmt: skip
    """Content -> (key, id) of what one other reviewer decided and a second one is to decide too; of `contents`."""
    if reviewer is None:
        return {}
    overlap = workspace.config.review.overlap
    with workspace.store.reading() as connection:
        return case_rows.decided_once(
            connection, wanted or Filter(), by_other_than=reviewer, contents=contents,
            asked=lambda content: asks_two(content, overlap),
        )  # fmt: skip


def shown(workspace: Workspace, id: str, *, left: int = 0) -> Shown:
    """A case with its parents."""
    return _with_parents(workspace, _stands(workspace, id), left=left)


def _with_parents(workspace: Workspace, case: Case, *, left: int, second: bool = False) -> Shown:
    origin = case.provenance
    parents = origin.parents if isinstance(origin, Synthetic) else ()
    return Shown(
        case=case, parents=[by_id(workspace, parent)[0] for parent in parents], left=left, second=second
    )  # fmt: skip


def _stands(workspace: Workspace, id: str) -> Case:
    """Of records with one id, the one that counts: an edit before what it replaced. Raises UsageError."""
    cases = by_id(workspace, id)
    counting = workspace.cases(Filter(ids=(cases[0].id,), counting=True)) or cases
    return next((case for case in reversed(counting) if case.status == "edited"), counting[0])


def _with_content(workspace: Workspace, id: str, content: str) -> Case:
    """Of the records with one id that count, the one that was shown. Raises UsageError when it does not count now."""
    for case in workspace.cases(Filter(ids=(id,), counting=True)):
        if case.content == content:
            return case
    raise UsageError(f"{id} was edited since it was shown: look at it again, then decide on what it is now")


def say(
    workspace: Workspace,
    ids: Sequence[str],
    decision: Word,
    *,
    reviewer: str,
    reason: str | None = None,
    changes: Mapping[str, Any] | None = None,
    content: str | None = None,
) -> list[Verdict]:
    """One decision on these cases, kept. Raises UsageError, and then nothing is kept.

    content: what the reviewer has seen; what the case has become since is not decided unseen.
    """
    guideline = guideline_of(workspace.folder.rubric)
    second: dict[str, str] | None = None
    verdicts = []
    for id in dict.fromkeys(ids):
        case = _stands(workspace, id)
        if second is None and case.status not in ("passed", "pending"):  # looked up only where somebody has decided
            of = None if content is None else [content]
            second = {id: key for key, id in second_for(workspace, reviewer, contents=of).values()}
        if second and case.id in second:  # decided on as the first one was shown it, whatever became of it
            with workspace.store.reading() as connection:
                (case,) = case_rows.undecided(connection, [second[case.id]])
        if content is not None and case.content != content:
            case = _with_content(workspace, case.id, content)
        if case.status == "rejected" and not case.reviews:
            raise UsageError(f"{case.id} was rejected by a check, not by a person; `anchorset cases show` says which")
        lane: CaseLane = "candidates" if isinstance(case.provenance, Synthetic) else "seeds"
        verdicts.append(
            decide(
                case,
                decision,
                lane=lane,
                reviewer=reviewer,
                at=workspace.now(),
                reason=reason,
                changes=changes,
                guideline=guideline,
            )
        )
    workspace.append(reviews_file(reviewer), verdicts)
    return verdicts


def export_lane(
    workspace: Workspace, lane: CaseLane, out: Path, wanted: Filter | None = None, *, reviewer: str | None = None
) -> int:
    """Writes what waits in a lane for people who review in a spreadsheet. Returns the number of rows.

    `wanted`: only those that also pass this filter. `reviewer`: who will fill it in, and so gets nothing they decided,
    and what waits for a second reviewer as if nobody had; None: what nobody decided.
    """
    cases = workspace.cases(waiting(lane).narrowed(wanted or Filter()))
    if reviewer is not None:
        second = second_for(workspace, reviewer, wanted) if lane == "candidates" else {}
        with workspace.store.reading() as connection:
            mine = said_rows.decided_by(connection, reviewer)
            again = case_rows.undecided(connection, [key for key, _ in second.values()])
        cases = sorted([*(case for case in cases if case.content not in mine), *again], key=lambda case: case.id)
    if not cases:
        whose = f" for {reviewer}" if reviewer else ""
        passing = "" if wanted in (None, Filter()) else " that passes these filters"
        raise UsageError(f"nothing{passing} waits in the lane {lane!r}{whose}: there is nothing to export")
    roots = {id for case in cases if isinstance(case.provenance, Synthetic) for id in case.provenance.parents}
    parents = {case.id: case.text for case in workspace.cases(Filter(real=True)) if case.id in roots}
    return write_sheet(cases, out, parents=parents)


def import_lane(workspace: Workspace, lane: CaseLane, file: Path, *, reviewer: str) -> Reviewed:
    """Takes the decisions of a filled file. The same file again changes nothing.

    A few hundred at a time are kept, so that a kill loses nothing that was taken.
    """
    with workspace.exclusive("review-import"):
        cases = workspace.cases(Filter(real=lane == "seeds"))
        with workspace.store.reading() as connection:
            known = {
                (one.content, one.decision.reviewer): said_key(one) for one in said_rows.verdicts(connection, lane=lane)
            }
        found = review(
            read_sheet(file),
            {case.content: case for case in cases if not (case.status == "rejected" and not case.reviews)},
            lane=lane, reviewer=reviewer, at=workspace.now(), guideline=guideline_of(workspace.folder.rubric),
            known=known,
        )  # fmt: skip
        by_person: dict[str, list[Verdict]] = {}
        for one in found.verdicts:
            by_person.setdefault(one.decision.reviewer, []).append(one)
        for person, verdicts in by_person.items():
            for start in range(0, len(verdicts), BATCH):
                workspace.append(reviews_file(person), verdicts[start : start + BATCH])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStatus:
    """Where the review of candidates stands."""

    counts: Counter[str]
    """Status -> candidates that passed the checks."""
    survival: Survival
    by_axis: dict[str, dict[str, Survival]]
    by_technique: dict[str, Survival]
    by_cell: dict[str, Survival]
    by_persona: dict[str, Survival]
    by_run: dict[str, Survival]
    reasons: Counter[str]
    reviewers: dict[str, int]
    seeds_waiting: int
    second_waiting: int
    """Decided by one reviewer, and to be decided by a second one."""
    agreement: Agreed
    people: dict[str, Steadiness]
    disagreed: int
    """Undecided because reviewers disagree."""
    advice: tuple[Advised, ...] = ()
    """What to do about techniques, personas and cells outside the band."""


def review_status(workspace: Workspace) -> ReviewStatus:
    """Counts and survival, from the store alone."""
    columns = ["bucket", "cell", "persona", "run", "status"]
    with workspace.store.reading() as connection:
        counted = case_rows.decided(connection, columns)
        reasons = said_rows.reasons(connection)
        reviewers = dict(said_rows.reviewers(connection))
        seeds = case_rows.count(connection, waiting("seeds"))
        overlap = workspace.config.review.overlap
        once = case_rows.decided_once(connection, Filter(), asked=lambda content: asks_two(content, overlap))
    statuses: Counter[str] = Counter()
    slices: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in columns[:-1]}
    axes: dict[str, Counter[tuple[str, str]]] = {axis: Counter() for axis in workspace.config.axes}
    for values, n in counted.items():
        *where, status = values
        statuses[status] += n
        if status in DECIDED:
            for name, value in zip(columns, where, strict=False):
                if value is not None:
                    slices[name][value, status] += n
            for axis, value in axis_values(where[1], workspace.config.axes):
                axes[axis][value, status] += n
    return ReviewStatus(
        counts=statuses, survival=survival(statuses), by_axis={axis: by(found) for axis, found in axes.items()},
        by_technique=by(slices["bucket"]), by_cell=by(slices["cell"]), by_persona=by(slices["persona"]),
        by_run=by(slices["run"]), advice=outside_band(workspace), reasons=reasons, reviewers=reviewers,
        seeds_waiting=seeds, second_waiting=len(once),
        agreement=agreement(workspace),
        people=people(workspace), disagreed=len(disagreements(workspace)),
    )  # fmt: skip


def axis_values(cell: str, axes: Sequence[str]) -> list[tuple[str, str]]:
    """The axis values in the name of a cell; values may hold commas, axes are known."""
    if cell == ALL or not axes or not cell.startswith(f"{axes[0]}="):
        return []
    found, rest = [], cell
    for axis, following in zip(axes, [*axes[1:], None], strict=True):
        value, _, rest = rest.removeprefix(f"{axis}=").partition(f",{following}=") if following else (rest, "", "")
        found.append((axis, value.removeprefix(f"{axis}=")))
        rest = f"{following}={rest}" if following else ""
    return found
