"""Answers become results: each gets its case, its lineage, its run; what cannot be used is refused by name.

What this module does not know: files and their formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from anchorset.core.case import Case
from anchorset.core.family import family_of
from anchorset.core.hashing import short_hash
from anchorset.core.judge import JudgeCalibration
from anchorset.core.numbers import counted
from anchorset.core.run import Result, RunHead
from anchorset.trust.compare.lineage import UNKNOWN, CaseLineage, lineage_of
from anchorset.trust.judges.pairs import Judgement
from anchorset.trust.results.answer import Answer, Refused, overall, short_text

Lookup = Callable[[Answer], Case | None]
"""Finds the case that an answer is about; None: it is about none that we know."""

UNSAID = "unsaid"
"""The version of a system whose file does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A file of results, every row accounted for: read = kept + without score + refused."""

    format: str
    rows: tuple[Result, ...]
    """Kept rows and rows without score (cause `not_judged`), in the order of the file."""
    heads: tuple[RunHead, ...]
    """One a system (and dataset), in alphabetical order. Imported again, the same file has the same run ids."""
    lineage: dict[str, CaseLineage]
    """Case id -> where it comes from; bucket `unknown` where nobody knows."""
    read: int
    kept: int
    without_score: int
    refused: tuple[Refused, ...]
    unknown: tuple[str, ...]
    """Ids of the cases without lineage."""
    notes: tuple[str, ...]
    """What was assumed, and what is missing, aloud."""
    judgements: tuple[Judgement, ...] = ()
    """Of judge pairs, which are no results: then `rows` is empty."""
    judges: tuple[JudgeCalibration, ...] = ()


def lookup_in(cases: Iterable[Case]) -> Lookup:
    """A lookup in these cases: by the id a row carries, by its other names, else by exactly the text that was asked.

    A text that several cases ask (in another context, say) finds none of them: which one it was is not known.
    """
    by_id: dict[str, Case] = {}
    by_text: dict[str, Case | None] = {}
    for case in cases:
        by_id[case.id] = case
        by_text[case.text] = None if case.text in by_text and by_text[case.text] != case else case

    def find(answer: Answer) -> Case | None:
        for name in ((answer.id,) if answer.id is not None else ()) + answer.names:
            if name in by_id:
                return by_id[name]
        if answer.id is not None and answer.id.startswith("c_"):
            return None  # an id of ours that is not here: the case was edited or dropped, its text is another case's
        for text in answer.asked:
            if (case := by_text.get(text)) is not None:
                return case
        return None

    return find


def imported(
    rows: Sequence[Answer | Refused],
    *,
    format: str,
    name: str,
    digest: str,
    at: str,
    lookup: Lookup | None,
    decides: str | None = None,
    dataset: str | None = None,
    notes: Sequence[str] = (),
) -> Imported:
    """The results in these rows. name, digest: of the file. at: ISO 8601, when it is imported.

    dataset: the `name@version` all rows are about, whatever they say themselves; None: what each row says, else `name`.

    lookup None: the rows' own bucket and root hold. With a lookup only what it finds has a bucket: a file's word does
    not make a case a seed. decides: the evaluator whose word alone counts; None: all of them, as the file has it.
    A second answer of one system to one case and repeat is refused.
    """
    refused: list[Refused] = []
    lineage: dict[str, CaseLineage] = {}
    found: dict[tuple[str, str, str, int], tuple[Answer, str, str]] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    unknown: dict[str, int] = {}
    claimed = edited = 0
    elsewhere: Counter[str] = Counter()
    for row in rows:
        answer = _decided(row, decides) if isinstance(row, Answer) and decides else row
        if isinstance(answer, Refused):
            refused.append(answer)
            continue
        if dataset is not None:
            elsewhere.update([answer.dataset] if answer.dataset not in (None, dataset) else [])
            answer = replace(answer, dataset=dataset)
        case = lookup(answer) if lookup else None
        id = case.id if case else answer.id if answer.id is not None else answer.fallback
        about = answer.dataset or name
        repeat = seen[(answer.system, about, id)] if answer.repeat is None else answer.repeat
        key = (answer.system, about, id, repeat)
        if key in found:
            what = f"case {short_text(id, 80)!r} of {short_text(answer.system, 80)!r} stands twice"
            refused.append(Refused(answer.place, f"{what}, repeat {repeat}; first at {found[key][0].place}"))
            continue
        seen[key[:3]] += 1
        content = answer.content or (case.content if case else answer.identity) or ""
        edited += case is not None and content != case.content
        if case is not None:
            lineage.setdefault(id, lineage_of(case, dataset=answer.dataset))
        elif lookup is None and answer.bucket is not None:
            lineage.setdefault(id, _declared(answer, id, content))
        else:
            claimed += answer.bucket is not None and id not in unknown
            unknown[id] = unknown.get(id, 0) + 1
            lineage.setdefault(id, _nobodys(answer, id, content))
        found[key] = (answer, id, content)
    return _together(
        found, lineage, refused, format=format, name=name, digest=digest, at=at, read=len(rows),
        unknown=unknown, decides=decides,
        notes=[*notes, *_elsewhere(elsewhere, dataset), *_said(unknown, claimed, edited, lookup)],
    )  # fmt: skip


def _decided(answer: Answer, evaluator: str) -> Answer | Refused:
    """The answer with the word of one evaluator."""
    ours = [score for score in answer.scores if score.evaluator == evaluator]
    if not ours:
        known = ", ".join(repr(score.evaluator) for score in answer.scores[:10]) or "none"
        return Refused(answer.place, f"no evaluator {evaluator!r} said anything of it; those that did: {known}")
    passed, score = overall(ours)
    return replace(answer, passed=passed, score=score)


def _declared(answer: Answer, id: str, content: str) -> CaseLineage:
    return CaseLineage(
        bucket=(answer.bucket or UNKNOWN).casefold(), root=answer.root or id, dataset=answer.dataset,
        content=content or None, slices=answer.slices,
    )  # fmt: skip


def _nobodys(answer: Answer, id: str, content: str) -> CaseLineage:
    return CaseLineage(
        bucket=UNKNOWN, root=answer.root or id, dataset=answer.dataset, content=content or None, slices=answer.slices
    )


def _elsewhere(named: Counter[str], dataset: str | None) -> list[str]:
    if not named:
        return []
    said = ", ".join(repr(short_text(one, 60)) for one, _ in named.most_common(3))
    return [f"{counted(named.total(), 'row', 'names')} another dataset ({said}): filed under {dataset}, as asked"]


def _said(unknown: dict[str, int], claimed: int, edited: int, lookup: Lookup | None) -> list[str]:
    notes = []
    if unknown:
        first = ", ".join(repr(short_text(id, 60)) for id in list(unknown)[:5])
        rows = sum(unknown.values())
        notes.append(
            f"{counted(rows, 'row')} ({counted(len(unknown), 'case')}) {'has' if rows == 1 else 'have'} no lineage: "
            f"bucket `{UNKNOWN}`, which never counts as seed; the first: {first}"
        )
    if claimed and lookup:
        names = "names a bucket of its" if claimed == 1 else "name a bucket of their"
        notes.append(f"{claimed:,} of them {names} own, which does not count: the cases are not here")
    if edited:
        they = "its case has now: it" if edited == 1 else "their cases have now: they"
        notes.append(f"{counted(edited, 'row')} judged another content than {they} cannot be compared")
    return notes


def _together(
    found: dict[tuple[str, str, str, int], tuple[Answer, str, str]],
    lineage: dict[str, CaseLineage],
    refused: list[Refused],
    *,
    format: str,
    name: str,
    digest: str,
    at: str,
    read: int,
    unknown: dict[str, int],
    notes: list[str],
    decides: str | None,
) -> Imported:
    runs = {(system, dataset): "q_" + short_hash([digest, system, dataset, decides]) for system, dataset, _, _ in found}
    rows: list[Result] = []
    kept_keys = []
    for key, (answer, id, content) in found.items():
        try:
            row = _result(answer, run=runs[key[:2]], case=id, content=content, repeat=key[3])
            row.line()  # half a character pair can be read and never written
        except (ValidationError, ValueError) as error:
            refused.append(Refused(answer.place, f"it holds what cannot be kept: {short_text(error, 120)}"))
            continue
        rows.append(row)
        kept_keys.append(key)
    without = sum(row.cause == "not_judged" for row in rows)
    kept_cases = {row.case for row in rows}
    return Imported(
        format=format,
        rows=tuple(rows),
        heads=_heads(rows, [found[key][0] for key in kept_keys], kept_keys, runs, name=name, digest=digest, at=at),
        lineage={id: known for id, known in lineage.items() if id in kept_cases},
        read=read,
        kept=len(rows) - without,
        without_score=without,
        refused=tuple(refused),
        unknown=tuple(id for id in unknown if id in kept_cases),
        notes=tuple(notes),
    )


def _result(answer: Answer, *, run: str, case: str, content: str, repeat: int) -> Result:
    judged = answer.passed is not None or answer.score is not None
    passed = answer.passed
    if passed is None and answer.score in (0.0, 1.0):
        passed = answer.score == 1.0
    return Result(
        run=run, case=case, content=content, target=answer.system, version=answer.version or UNSAID, repeat=repeat,
        passed=passed, score=answer.score if answer.score is not None else None if passed is None else float(passed),
        cause=None if judged else "not_judged", error=answer.error, output=answer.output, tools=answer.tools,
        scores=answer.scores, usd=answer.usd, seconds=answer.seconds,
    )  # fmt: skip


def _heads(
    rows: Sequence[Result],
    answers: Sequence[Answer],
    keys: Sequence[tuple[str, str, str, int]],
    runs: dict[tuple[str, str], str],
    *,
    name: str,
    digest: str,
    at: str,
) -> tuple[RunHead, ...]:
    by_run: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(keys):
        by_run.setdefault(key[:2], []).append(place)
    heads = []
    for (system, dataset), places in sorted(by_run.items()):
        evaluators = {score.evaluator for place in places for score in rows[place].scores}
        versions = sorted({rows[place].version for place in places})
        families = [family for place in places if (family := answers[place].family)]
        heads.append(
            RunHead(
                run=runs[system, dataset],
                dataset=dataset,
                digest=digest,
                target=system,
                version=" ".join(versions),
                family=family_of(system, override=families[0] if families else None),
                evaluators=tuple(sorted(evaluators)),
                repeats=1 + max(rows[place].repeat for place in places),
                cases=len({rows[place].case for place in places}),
                started_at=at,
                imported_from=name,
            )
        )
    return tuple(heads)
