"""What reviewers said, taken to heart by the next production run: what not to write, what they put right, what to make
less of.

Everything is chosen when a run begins, and kept in its row by the contents of what was decided on: what people say
while it is open does not change it. One thing does: what somebody then rejects as private data is shown no more.
What this module does not know: prompts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.hashing import draw
from anchorset.core.lessons import KIN, CellLessons, Heeded, Kin, Lessons
from anchorset.core.plan import Plan
from anchorset.core.provenance import Synthetic
from anchorset.infra.db import lessons as rows
from anchorset.infra.text.privacy import find
from anchorset.pipeline.plan.mapping import Mapped
from anchorset.pipeline.settling import cell_of
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.tally import PRIOR, STRENGTH
from anchorset.plan.warnings import Warned
from anchorset.produce.asking.book import ANCHOR
from anchorset.produce.asking.lessons import WORDS, Better, Lesson, Unlike
from anchorset.produce.message import message_of
from anchorset.review.advice import UNDER, Advised
from anchorset.review.decide import guideline_of
from anchorset.review.survival import LOW, survival

SHOWN = 2
"""Rejected candidates that the prompts of a cell show, at most."""
REASONS = 3
"""Reject reasons that they name, at most."""
LEAST = 0.25
"""Of what is weighed down, how often it is still taken: reviewers may come to like it, and nothing else would tell."""
WARNED = 8
"""Slices outside the band that a plan names."""
_MASK = re.compile(r"\[[A-Z][A-Z_]*\d*\]")


def survival_warnings(advice: Sequence[Advised]) -> Iterator[Warned]:
    """A warning for each of the first slices outside the band."""
    for one in advice[:WARNED]:
        yield Warned("survival_low" if one.under else "survival_high", one.sentence)
    if len(advice) > WARNED:
        low = any(one.under for one in advice[WARNED:])
        yield Warned(
            "survival_low" if low else "survival_high",
            f"{len(advice) - WARNED:,} more techniques, personas or cells lie outside the band: "
            "`anchorset review status` names them",
        )


def lessons_of(workspace: Workspace, mapped: Mapped, plan: Plan, *, random_seed: int) -> Lessons | None:
    """What a run of this plan takes to heart; None: nothing.

    Of a cell and a kin of techniques, up to two rejected candidates and an edited one, those of the newest rubric
    first and drawn by hash among equals; the commonest reasons; and weights for what survives less than the band.
    """
    asked = sorted({(brief.cell, KIN[brief.technique]) for brief in plan.briefs if _learns(brief.technique, plan)})
    heard = [case for case in mapped.candidates if case.reviews]
    weights = _weights(heard)
    cells: tuple[CellLessons, ...] = ()
    if asked and heard:
        cells = tuple(_Choice.of(workspace, mapped, heard, random_seed).cells(asked))
    return Lessons(cells=cells, weights=weights) if cells or weights else None


def told(workspace: Workspace, lessons: Lessons | None) -> dict[tuple[str, str], Lesson]:
    """(cell, kin) -> what prompts are told."""
    if lessons is None:
        return {}
    with workspace.store.reading() as connection:
        cases = rows.of_contents(connection, lessons.contents)
    texts = {content: text for content, case in cases.items() if (text := _text(case))}
    found = {}
    for one in lessons.cells:
        better = one.better
        found[one.cell, str(one.kin)] = Lesson(
            reasons=tuple(WORDS[reason] for reason in one.reasons),
            unlike=tuple(
                Unlike(content=seen.content, why=WORDS[seen.reason or "other"], text=texts[seen.content])
                for seen in one.unlike
                if seen.content in texts
            ),
            better=Better(
                content=better.content, after_content=better.after, before=texts[better.content],
                after=texts[better.after],
            )
            if better and better.after and {better.content, better.after} <= set(texts)
            else None,
        )  # fmt: skip
    return found


def spoilt(workspace: Workspace, lessons: Lessons | None) -> bool:
    """Whether something that a run shows was since rejected as private data, or shares a seed with what was."""
    if lessons is None or not lessons.contents:
        return False
    private = _Private.of(workspace)
    with workspace.store.reading() as connection:
        return any(private.holds(case) for case in rows.of_contents(connection, lessons.contents).values())


def _learns(technique: str, plan: Plan) -> bool:
    return technique in KIN and any(brief.by_model for brief in plan.briefs if brief.technique == technique)


def _weights(heard: Iterable[Case]) -> dict[str, float]:
    """Operator or anchor -> weight, for those whose whole interval lies under the band.

    Expected survival over the band's lower limit, and a quarter at least. Expected: the mean of a beta distribution
    with the survival of all as a prior of ten decisions, as for the plan's cells.
    """
    kept, rejected, whole = Counter[str](), Counter[str](), Counter[bool]()
    for case in heard:
        good = case.status in ("approved", "edited")
        if not good and case.status != "rejected":
            continue
        whole[good] += 1
        for name in _makers(case):
            (kept if good else rejected)[name] += 1
    prior = (STRENGTH * PRIOR + whole[True]) / (STRENGTH + whole.total())
    found = {}
    for name in sorted(rejected):
        if survival({"approved": kept[name], "rejected": rejected[name]}).band in UNDER:
            expected = (STRENGTH * prior + kept[name]) / (STRENGTH + kept[name] + rejected[name])
            found[name] = round(min(1.0, max(LEAST, expected / LOW)), 4)
    return found


def _makers(case: Case) -> set[str]:
    """What a candidate's survival speaks of: its operators, and the seeds whose sound it was given."""
    origin = case.provenance
    if not isinstance(origin, Synthetic):
        return set()
    operators = {step.operator for step in origin.operators} if origin.technique in ("mutation", "redteam") else set()
    return operators | {ANCHOR + id for id in origin.anchors}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Private:
    """What was rejected as private data."""

    names: set[str]
    """Contents and ids."""
    roots: set[str]
    """Seeds that it came from: what else came from them may hold the same."""

    @classmethod
    def of(cls, workspace: Workspace) -> _Private:
        with workspace.store.reading() as connection:
            names = rows.private(connection)
            cases = rows.of_contents(connection, names).values() if names else ()
            return cls(names=names, roots={root for case in cases for root in (*_roots(case), case.id)})

    def holds(self, case: Case) -> bool:
        return bool({case.content, case.id, case.revision_of} & self.names or set(_roots(case)) & self.roots)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Which decisions are taken to heart."""

    workspace: Workspace
    heard: Mapping[tuple[str, Kin], list[Case]]
    """(cell, kin) -> candidates that people decided on."""
    private: _Private
    seeds: Mapping[str, set[str]]
    """Cell -> ids of its seeds: what prompts of the cell may show anyway."""
    said: Mapping[str, set[str]]
    """What a seed says -> the cells where one says it."""
    ranks: Mapping[str | None, int]
    """Guideline -> 0 for the one that holds now, then the newest first."""
    random_seed: int

    @classmethod
    def of(cls, workspace: Workspace, mapped: Mapped, heard: Sequence[Case], random_seed: int) -> _Choice:
        config = workspace.config
        by_place: dict[tuple[str, Kin], list[Case]] = {}
        latest: dict[str | None, str] = {}
        for case in heard:
            for review in case.reviews:
                latest[review.guideline] = max(latest.get(review.guideline, ""), review.at)
            origin = case.provenance
            if not isinstance(origin, Synthetic) or origin.technique not in KIN:
                continue
            kin = KIN[origin.technique]
            if kin == "mutation" and origin.model is None:
                continue  # a typo that a reviewer did not like says nothing about rewording
            by_place.setdefault((cell_of(case, config), kin), []).append(case)
        seeds: dict[str, set[str]] = {}
        said: dict[str, set[str]] = {}
        for seed in mapped.seeds:
            seeds.setdefault(cell_of(seed, config), set()).add(seed.id)
            said.setdefault(_plain(_text(seed)), set()).add(cell_of(seed, config))
        now = guideline_of(workspace.folder.rubric)
        ranked = sorted(latest, key=lambda one: (one != now, _reversed(latest[one]), one or ""))
        return cls(
            workspace=workspace, heard=by_place, private=_Private.of(workspace), seeds=seeds, said=said,
            ranks={guideline: rank for rank, guideline in enumerate(ranked)}, random_seed=random_seed,
        )  # fmt: skip

    def cells(self, asked: Sequence[tuple[str, Kin]]) -> Iterator[CellLessons]:
        """What there is to say of these cells and kins; of some nothing."""
        edits = self._edits(asked)
        for cell, kin in asked:
            rejected = [(case, _last(case)) for case in self.heard.get((cell, kin), ()) if case.status == "rejected"]
            unlike: list[Heeded] = []
            for case, said in sorted(rejected, key=lambda pair: self._order("unlike", *pair)):
                if len(unlike) < SHOWN and said.reason != "private_data" and self._showable(case, cell):
                    unlike.append(
                        Heeded(content=case.content, reason=said.reason, at=said.at, guideline=said.guideline)
                    )  # fmt: skip
            reasons = Counter(said.reason for _, said in rejected if said.reason not in (None, "other"))
            better = self._better(edits.get((cell, kin), []), cell)
            common = sorted(reasons, key=lambda reason: (-reasons[reason], str(reason)))[:REASONS]
            if unlike or better or common:
                yield CellLessons(
                    cell=cell, kin=kin, reasons=tuple(reason for reason in common if reason), unlike=tuple(unlike),
                    better=better,
                )  # fmt: skip

    def _edits(self, asked: Sequence[tuple[str, Kin]]) -> dict[tuple[str, Kin], list[tuple[Case, Case, Decision]]]:
        """(cell, kin) -> (before, after, what was said), of edits that stand."""
        after = {
            case.content: (place, case)
            for place in asked
            for case in self.heard.get(place, ())
            if case.status == "edited"
        }
        if not after:
            return {}
        with self.workspace.store.reading() as connection:
            made = [one for one in rows.edits_made(connection) if one.revised in after]
            before = rows.of_contents(connection, {one.content for one in made})
        found: dict[tuple[str, Kin], list[tuple[Case, Case, Decision]]] = {}
        for one in made:
            place, case = after[one.revised]
            if one.content in before:
                found.setdefault(place, []).append((before[one.content], case, one.decision))
        return found

    def _better(self, edits: Sequence[tuple[Case, Case, Decision]], cell: str) -> Heeded | None:
        for before, after, said in sorted(edits, key=lambda one: self._order("better", one[0], one[2])):
            was, now = _text(before), _text(after)
            # Who puts a mask in takes private data out, which must not be shown as what it was.
            masked = set(_MASK.findall(now)) - set(_MASK.findall(was))
            if was.strip() == now.strip() or masked:
                continue
            if self._showable(before, cell) and self._showable(after, cell):
                return Heeded(content=before.content, after=after.content, at=said.at, guideline=said.guideline)
        return None

    def _order(self, what: str, case: Case, said: Decision) -> tuple[int, bool, int, str]:
        by_hand = isinstance(case.provenance, Synthetic) and case.provenance.model is None
        drawn = draw(self.random_seed, what, case.content)
        return self.ranks.get(said.guideline, len(self.ranks)), by_hand, drawn, case.content

    def _showable(self, case: Case, cell: str) -> bool:
        """Whether its text may be shown: nothing private, and no seed's words but those of this cell's own seeds."""
        text = _text(case)
        return bool(
            text.strip()
            and not self.private.holds(case)
            and set(_roots(case)) <= self.seeds.get(cell, set())
            and self.said.get(_plain(text), {cell}) <= {cell}
            and not find(text)
        )


def _last(case: Case) -> Decision:
    return max(case.reviews, key=lambda one: (one.at, one.reviewer))


def _roots(case: Case) -> tuple[str, ...]:
    return case.provenance.roots if isinstance(case.provenance, Synthetic) else ()


def _text(case: Case) -> str:
    message = message_of(case)
    return message[0] if message else ""


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _reversed(at: str) -> tuple[int, ...]:
    """Sorts later times first."""
    return tuple(-ord(char) for char in at)
