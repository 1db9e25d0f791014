"""A candidate's run against the approved baseline: rows for `compare`, or a refusal that says what differs.

What this module does not know: statistics, and files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anchorset.core.errors import PairingError
from anchorset.core.run import Result, RunHead
from anchorset.trust.baseline.baseline import Baseline
from anchorset.trust.compare.lineage import UNKNOWN, CaseLineage, rows_for_compare
from anchorset.trust.compare.rows import SHOWN, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstBaseline:
    """What `compare` takes: `compare(found.rows, found.baseline, [found.candidate], notes=found.notes)`."""

    rows: list[dict[str, Any]]
    baseline: str
    candidate: str
    notes: list[str]


def against(
    baseline: Baseline,
    head: RunHead,
    results: Iterable[Result],
    lineage: Mapping[str, CaseLineage],
    *,
    everything: bool = False,
) -> AgainstBaseline:
    """Rows of the baseline and of the run `head`, case by case. `everything`: as in `rows_for_compare`.

    A case that either could not be judged on is left out on both sides, aloud. Bucket and root are the candidate's
    lineage where it knows the case, else the baseline's. Imported results have no dataset digest: then what is held
    against the baseline is the dataset's name, where both say it, and the content of each case, and a note says so.
    Raises PairingError when the dataset's digest or the evaluators' versions differ, and (first 20 and count) when a
    case is missing on one side, stands twice, has other repeats or another content.
    """
    notes = _same_ground(baseline, head)
    ours = [row for row in results if row.run == head.run]
    _same_cases(baseline, ours)
    known = {
        id: lineage.get(id)
        or CaseLineage(bucket=case.bucket, root=case.root, content=case.content or None, judgeable=True)
        for id, case in baseline.cases.items()
    }
    known = {id: _agreeing(one, baseline.cases[id].bucket, baseline.cases[id].root) for id, one in known.items()}
    candidate = f"{head.target}@{head.version}"
    # A baseline of scores is compared by scores, although the candidate's may be passed or not as well.
    words = any(isinstance(mark, bool) for case in baseline.cases.values() for mark in case.results)
    update: dict[str, Any] = {"target": candidate, "version": ""} | ({} if words else {"passed": None})
    rows = [row.model_copy(update=update) for row in ours]
    rows += [
        Result(
            run="baseline", case=id, content=case.content, target=baseline.system, version="", repeat=repeat,
            passed=mark if isinstance(mark, bool) else None,
            score=mark if isinstance(mark, float) else None if mark is None else float(mark),
        )
        for id, case in baseline.cases.items()
        for repeat, mark in enumerate(case.results)
    ]  # fmt: skip
    found = rows_for_compare(rows, known, everything=everything)
    return AgainstBaseline(rows=found.rows, baseline=baseline.system, candidate=candidate, notes=[*notes, *found.notes])


def _agreeing(known: CaseLineage, bucket: str, root: str) -> CaseLineage:
    """The candidate's lineage; the baseline's bucket and root where it has none."""
    return replace(known, bucket=bucket, root=root) if known.bucket == UNKNOWN else known


def _same_ground(baseline: Baseline, head: RunHead) -> list[str]:
    notes = []
    if baseline.imported or head.imported_from is not None:
        named = [one.dataset for one in (baseline, head) if "@" in one.dataset]
        if len(named) == 2 and named[0] != named[1]:
            raise PairingError(
                f"the baseline is of {baseline.dataset!r}, the candidate of {head.dataset!r}: other questions give "
                "other results. Nothing was compared: run the candidate on the same version, or approve a new baseline."
            )
        notes.append("results from a file carry no dataset digest: cases were paired by id and content alone")
    elif baseline.digest != head.digest:
        raise PairingError(
            f"the baseline is of {baseline.dataset} ({baseline.digest}), the candidate of {head.dataset} "
            f"({head.digest}): other questions give other results. Nothing was compared: run the candidate on the "
            "baseline's version, or approve a new baseline."
        )
    ours, theirs = set(head.evaluators), set(baseline.evaluators)
    if ours and theirs and ours != theirs:
        changed = [f"{name} only in the baseline" for name in sorted(theirs - ours)]
        changed += [f"{name} only in the candidate" for name in sorted(ours - theirs)]
        raise PairingError(
            listed(
                "the baseline was scored by other evaluators",
                changed,
                way_out="score both with one version, or approve a new baseline",
            )
        )
    if not (ours and theirs):
        notes.append("the evaluators are not named on both sides: nobody knows whether both were scored alike")
    return notes


def _same_cases(baseline: Baseline, rows: Sequence[Result]) -> None:
    faults: list[str] = []
    found: dict[str, set[int]] = {}
    for row in rows:
        repeats = found.setdefault(row.case, set())
        if row.repeat in repeats:
            faults.append(f"case {row.case!r}: repeat {row.repeat} stands twice in the candidate")
        elif row.case in baseline.cases and _other(row.content, baseline.cases[row.case].content):
            was = baseline.cases[row.case].content
            faults.append(f"case {row.case!r}: the baseline judged {was!r}, the candidate {row.content!r}")
        repeats.add(row.repeat)
    faults += [f"case {id!r}: not in the candidate" for id in baseline.cases if id not in found]
    faults += [f"case {id!r}: not in the baseline" for id in found if id not in baseline.cases]
    for id, case in baseline.cases.items():
        if id in found and found[id] != set(range(len(case.results))):
            faults.append(
                f"case {id!r}: {len(case.results)} repeats in the baseline, {len(found[id])} in the candidate"
            )
    if faults:
        raise PairingError(
            listed(
                "the candidate's cases are not the baseline's",
                faults[:SHOWN],
                count=len(faults),
                way_out="run the candidate on the same cases and repeats, or approve a new baseline",
            )
        )


def _other(content: str, was: str) -> bool:
    return bool(content) and bool(was) and content != was
