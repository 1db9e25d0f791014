"""Runs of targets: listed, shown by provenance bucket, row by row with what failed first, and compared.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from anchorset.core.case import Case
from anchorset.core.inert import visible
from anchorset.core.result import Comparison
from anchorset.core.run import Result
from anchorset.pipeline.trust.run_report import What, results_page, run_report, runs_report, what_of
from anchorset.trust.compare.compare import machine
from anchorset.trust.compare.words import headline, overall_name
from anchorset.ui.web.api.common import Said, session
from anchorset.ui.web.api.seen import TheMade, case_line, hidden
from anchorset.ui.web.views import text_view

router = APIRouter()


@router.get("/runs")
def runs(made: TheMade, dataset: str | None = None) -> Said:
    """The runs (on one version), the latest first, with how many rows passed; their answers can be graded too."""
    return {"runs": runs_report(made.workspace, dataset=dataset or None)}


@router.get("/runs/{run}")
def run(run: str, made: TheMade) -> Said:
    """One run: its ledger, pass rates by provenance bucket with 95 % intervals, causes, and what to compare it with."""
    return run_report(made.workspace, made.run(run))


@router.get("/runs/{run}/results")
def results(
    run: str, request: Request, made: TheMade, what: What | None = None, bucket: str | None = None,
    text: Annotated[str | None, Query(max_length=1000)] = None, limit: Annotated[int, Query(ge=1, le=100)] = 25,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Said:  # fmt: skip
    """One page of the rows of a run: failures first, real cases before synthetic ones; the output by the expected."""
    found, total = results_page(
        made.run(run), what=what, bucket=bucket or None, text=text or None, without=hidden(session(request)),
        limit=limit, offset=offset,
    )  # fmt: skip
    axes = made.workspace.config.axes
    return {"total": total, "results": [_row(row, case, axes) for row, case in found]}


@router.get("/compare")
def compare(dataset: str, baseline: str, candidate: str, made: TheMade) -> Said:
    """`anchorset compare DATASET --baseline … --candidate … --json`, the headline, and the pictures."""
    ref = made.library.manifest(dataset).ref
    found = made.compare(ref, baseline, candidate)
    return {**machine(found), "dataset": ref, **_words(found[0]),
            "drawn": made.compare_pictures(ref, baseline, candidate)}  # fmt: skip


def _words(found: Comparison) -> dict[str, Any]:
    return {"says": headline(found), "overall_name": overall_name(found)}


def _row(row: Result, case: Case | None, axes: tuple[str, ...] | list[str]) -> dict[str, Any]:
    return {
        "name": f"{row.content}:{row.repeat}", "case": row.case, "content": row.content, "repeat": row.repeat,
        "what": what_of(row), "passed": row.passed, "score": row.score, "cause": row.cause,
        "error": None if row.error is None else visible(row.error)[:2000], "usd": row.usd, "seconds": row.seconds,
        "tools": None if row.tools is None else [visible(name) for name in row.tools[:50]],
        "scores": [
            {"evaluator": one.evaluator, "passed": one.passed, "score": one.score,
             "why": None if one.why is None else visible(one.why)[:2000]}
            for one in row.scores
        ],
        "output": None if row.output is None else text_view(row.output),
        "line": None if case is None else case_line(case, axes),
        "expected": None if case is None or case.expected is None else text_view(case.expected),
        "criteria": [] if case is None else [visible(one)[:2000] for one in case.criteria],
    }  # fmt: skip
