"""The approved baseline as a noun: what one system answered on one dataset version, case by case.

What this module does not know: files, and what it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from anchorset.core.errors import NothingKeptError, PairingError
from anchorset.core.noun import Names, Noun
from anchorset.core.run import Result, RunHead
from anchorset.trust.compare.lineage import UNKNOWN, CaseLineage
from anchorset.trust.compare.rows import SHOWN, listed

Mark = bool | float | None
"""true or false: passed or not. A number: a score 0-1. null: nobody could judge."""


class BaselineCase(Noun):
    """One case: its results in the order of repeats."""

    content: str = ""
    """What was judged; "": not known."""
    bucket: str
    root: str
    results: tuple[Mark, ...] = Field(min_length=1)


class Baseline(Noun):
    """What is in the file."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    kind: Literal["anchorset-baseline"] = "anchorset-baseline"
    dataset: str
    """`name@version`, or the name of the file the results were imported from."""
    digest: str
    """Of the dataset version; of the file for imported results."""
    imported: bool = False
    """Whether the results came from a file: then the digest is no dataset's."""
    target: str
    version: str
    family: str | None = None
    evaluators: Names = ()
    repeats: int = Field(ge=1)
    cases: dict[str, BaselineCase] = Field(min_length=1)

    @property
    def system(self) -> str:
        """Its name in a comparison: never that of a candidate, which may be the same target."""
        return f"{self.target}@{self.version} (baseline)"


def baseline_of(head: RunHead, results: Iterable[Result], lineage: Mapping[str, CaseLineage]) -> Baseline:
    """The baseline in a finished run. Rows of other runs are not looked at.

    Raises PairingError when a case has a repeat twice or lacks one, NothingKeptError when the run has no rows.
    """
    by_case: dict[str, dict[int, Result]] = {}
    faults: list[str] = []
    for row in results:
        if row.run != head.run:
            continue
        repeats = by_case.setdefault(row.case, {})
        if row.repeat in repeats:
            faults.append(f"case {row.case!r}: repeat {row.repeat} stands twice")
        repeats[row.repeat] = row
    if not by_case:
        raise NothingKeptError(f"run {head.run!r} of {head.target!r} has no results (0 found); run it, then approve it")
    for case, repeats in by_case.items():
        if absent := sorted(set(range(head.repeats)) - set(repeats)):
            faults.append(f"case {case!r}: no repeat {absent[0]} of {head.repeats}")
        if len({row.content for row in repeats.values()}) > 1:
            faults.append(f"case {case!r}: its repeats judged different contents")
    if faults:
        what = f"the run {head.run!r} is no baseline"
        raise PairingError(listed(what, faults[:SHOWN], count=len(faults), way_out="run it to its end"))
    by_word = any(row.passed is not None for repeats in by_case.values() for row in repeats.values())
    cases = {}
    for case, repeats in sorted(by_case.items()):
        known = lineage.get(case)
        cases[case] = BaselineCase(
            content=repeats[0].content,
            bucket=known.bucket if known else UNKNOWN,
            root=known.root if known else case,
            results=tuple(repeats[at].passed if by_word else repeats[at].score for at in range(head.repeats)),
        )
    return Baseline(
        dataset=head.dataset, digest=head.digest, imported=head.imported_from is not None, target=head.target,
        version=head.version, family=head.family, evaluators=tuple(sorted(head.evaluators)), repeats=head.repeats,
        cases=cases,
    )  # fmt: skip
