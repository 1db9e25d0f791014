"""A verdict from a file of result rows, with what is known of the judge and an approved baseline, and its reports.

What this module does not know: workspaces, and the rules of the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anchorset.core.errors import UsageError, nearest
from anchorset.core.family import family_of
from anchorset.core.judge import JudgeCalibration
from anchorset.core.result import Comparison, Purpose
from anchorset.infra.formats.writing import write_text
from anchorset.trust.baseline.against import AgainstBaseline
from anchorset.trust.baseline.against import against as against_baseline
from anchorset.trust.baseline.file import read_baseline
from anchorset.trust.compare.compare import compare as compare_rows
from anchorset.trust.compare.junit import junit as junit_xml
from anchorset.trust.compare.markdown import step_summary as markdown
from anchorset.trust.compare.page import html as compare_page
from anchorset.trust.compare.verdict import MAX_DROP
from anchorset.trust.judges.calibrate import calibrate
from anchorset.trust.judges.pairs import read_pairs
from anchorset.trust.results.mapping import parse as parse_results
from anchorset.trust.results.read import read_results


def compare(
    source: str | Path,
    *,
    candidates: Sequence[str],
    baseline: str | None = None,
    against: str | Path | None = None,
    purpose: Purpose = "gate",
    max_drop: float | None = None,
    judge: str | None = None,
    judges: str | Path | None = None,
    judges_map: str = "",
    family: str | None = None,
    random_seed: int = 7,
    html: str | Path | None = None,
    junit: str | Path | None = None,
    step_summary: Path | None = None,
) -> list[Comparison]:
    """A verdict for each candidate from result rows, and the reports that were asked for.

    `against`: a file with the approved baseline, in place of `baseline`. `judge` names who scored the rows, `judges`
    the file of judge pairs that says how far it agrees with people, `family` the candidates' model family.
    """
    asked: dict[str, Any] = {
        "purpose": purpose, "max_drop": MAX_DROP if max_drop is None else max_drop, "random_seed": random_seed,
        "judge": _calibrated(judge, judges, judges_map),
    }  # fmt: skip
    families = {name: family or family_of(name) for name in candidates}
    if against is not None:
        if len(candidates) != 1:
            raise UsageError(
                f"{len(candidates)} candidates are named; an approved baseline is held against exactly one"
            )
        pair = _against(source, Path(against), candidates[0])
        found = compare_rows(
            pair.rows, pair.baseline, [pair.candidate], notes=pair.notes, candidate_family=families[candidates[0]],
            **asked,
        )  # fmt: skip
    elif baseline is None:
        raise UsageError("no baseline is named; give `--baseline NAME`, or `--against FILE` for an approved one")
    else:
        found = compare_rows(source, baseline, candidates, candidate_family=families, **asked)
    write_comparisons(found, html=html, junit=junit, step_summary=step_summary)
    return found


def _calibrated(judge: str | None, judges: str | Path | None, mapping: str) -> JudgeCalibration | None:
    """What is known about the judge; without a file its family alone."""
    if judge is None:
        return None
    if judges is None:
        return JudgeCalibration(judge=judge, family=family_of(judge), items=0, n=0)
    known = calibrate(read_pairs(judges, mapping=parse_results(mapping) if mapping else {}).judgements)
    found = [one for one in known if judge in (one.name, one.judge)]
    if not found:
        raise UsageError(f"{judges} says nothing of the judge {judge!r}; {nearest(judge, [one.name for one in known])}")
    return next((one for one in found if one.name == judge), found[0])


def _against(source: str | Path, against_file: Path, candidate: str) -> AgainstBaseline:
    taken = read_results(source, at="")
    heads = [head for head in taken.heads if head.target == candidate]
    if not heads:
        there = [head.target for head in taken.heads]
        raise UsageError(f"{source}: no row of {candidate!r}; {nearest(candidate, there)}")
    return against_baseline(read_baseline(against_file), heads[-1], taken.rows, taken.lineage)


def write_comparisons(
    found: Sequence[Comparison], *, html: str | Path | None = None, junit: str | Path | None = None,
    step_summary: Path | None = None,
) -> None:  # fmt: skip
    """The reports that were asked for: a page, JUnit XML, and the summary of a step in GitHub Actions."""
    if html is not None:
        write_text(html, compare_page(found))
    if junit is not None:
        write_text(junit, junit_xml(found))
    if step_summary is not None:
        with step_summary.open("a", encoding="utf-8") as page:  # other steps write there too
            page.write(markdown(found))
