"""DeepEval: a test run (`.deepeval/.latest_test_run.json`, `DEEPEVAL_RESULTS_FOLDER`) or a dumped `EvaluationResult`.

Keys are camelCase in the one and snake_case in the other; both are read.
What this module does not know: what the scores decide.
"""

from __future__ import annotations

import re
from typing import Any

from anchorset.core.hashing import short_hash
from anchorset.core.run import Score
from anchorset.trust.results.answer import (
    Answer,
    Heard,
    Refused,
    amount,
    overall,
    plain,
    scored,
    short_text,
    unit,
)  # fmt: skip
from anchorset.trust.results.document import dig

LISTS = ("testCases", "conversationalTestCases", "testResults")
_KNOWN = frozenset(("case_id", "content", "bucket", "root", "dataset"))
_NUMBERED = re.compile(r"(conversational_)?test_case_\d+")
"""DeepEval's own name of a test case that was given none: its place, which says nothing about the case."""


def _get(value: Any, name: str) -> Any:
    """The value under a camelCase name, or under the same in snake_case."""
    found = dig(value, name)
    return dig(value, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()) if found is None else found


def run_in(data: Any) -> Any:
    """The object that holds the test cases; None when this is no DeepEval run."""
    for run in (data, _get(data, "testRunData")):
        for name in LISTS:
            cases = _get(run, name)
            if isinstance(cases, list) and any(
                isinstance(case, dict) and (_get(case, "metricsData") is not None or "success" in case)
                for case in cases
            ):
                return run
    return None


def read(run: Any, *, system: str) -> Heard:
    """An answer a test case, single or conversational. system: where no hyperparameter called `model` names it.

    Flaky metrics decide nothing; a metric that broke has not judged, and a case with no other has no score.
    """
    model = next((value for key, value in _hyperparameters(run) if "model" in key.casefold()), None)
    rows: list[Answer | Refused] = []
    for name in LISTS:
        cases = _get(run, name)
        for number, case in enumerate(cases if isinstance(cases, list) else []):
            rows.append(_answer(case, f"{name}[{number}]", model or system))
    return Heard(rows, [] if model else [f"the run names no model among its hyperparameters: the system is {system!r}"])


def _hyperparameters(run: Any) -> list[tuple[str, str]]:
    given = _get(run, "hyperparameters")
    return [(key, value) for key, value in sorted(plain(given).items()) if isinstance(value, str) and value]


def _answer(case: Any, place: str, system: str) -> Answer | Refused:
    if not isinstance(case, dict):
        return Refused(place, f"a {type(case).__name__} where DeepEval has a test case")
    metadata = _get(case, "additionalMetadata") or case.get("metadata")
    asked = [text for text in (case.get("input"), case.get("scenario")) if isinstance(text, str)]
    turns = case.get("turns")
    turns = [turn for turn in turns if isinstance(turn, dict)] if isinstance(turns, list) else []
    if turns:
        asked.append("\n".join(str(turn.get("content")) for turn in turns if turn.get("role") == "user"))
    if not asked:
        return Refused(place, "it has neither `input` nor `scenario` nor `turns`, so nobody knows what was asked")
    scores, broken, beyond = _scores(_get(case, "metricsData"))
    passed, score = overall(scores)
    success = case.get("success")
    if isinstance(success, bool) and (scores or not (broken or beyond)):
        passed = success
    if passed is None and score is None and beyond:
        return Refused(place, f"the score {beyond[0]} is not between 0 and 1; score on that scale")
    name = case.get("name")
    name = name if isinstance(name, str) and not _NUMBERED.fullmatch(name) else None
    expected = _get(case, "expectedOutput") or _get(case, "expectedOutcome")
    identity = short_hash([asked, expected])
    own = dig(metadata, "case_id")
    return Answer(
        place=place,
        system=system,
        fallback=name or "x_" + short_hash(asked),
        id=str(own) if own is not None else None,
        names=(name,) if name else (),
        asked=tuple(asked),
        content=short_text(dig(metadata, "content")),
        identity=identity,
        passed=passed,
        score=score,
        error=broken[0] if broken and passed is None and score is None else None,
        output=_get(case, "actualOutput") if not turns else [dict(turn) for turn in turns],
        tools=_tools(_get(case, "toolsCalled")),
        scores=scores,
        usd=amount(_get(case, "tokenCost")),
        seconds=amount(_get(case, "completionTime")) or amount(_get(case, "runDuration")),
        bucket=short_text(dig(metadata, "bucket")),
        root=short_text(dig(metadata, "root")),
        dataset=short_text(dig(metadata, "dataset")),
        slices={key: value for key, value in plain(metadata).items() if key not in _KNOWN},
    )


def _scores(metrics: Any) -> tuple[tuple[Score, ...], list[str], list[str]]:
    """What each metric said, the errors of those that broke, and the scores out of range."""
    found: list[Score] = []
    broken: list[str] = []
    beyond: list[str] = []
    for metric in metrics if isinstance(metrics, list) else []:
        name = dig(metric, "name")
        if not isinstance(name, str) or dig(metric, "flaky") is True:
            continue
        error, value, success = metric.get("error"), metric.get("score"), metric.get("success")
        if error:
            broken.append(f"{name}: {short_text(error)}")
        elif value is not None and unit(value) is None:
            beyond.append(f"{name} = {short_text(value, 40)}")
        elif value is not None or isinstance(success, bool):
            passed = success if isinstance(success, bool) else None
            found.append(scored(name, unit(value), passed=passed, why=metric.get("reason")))
    return tuple(found), broken, beyond


def _tools(called: Any) -> tuple[str, ...] | None:
    if not isinstance(called, list):
        return None
    return tuple(str(dig(tool, "name")) for tool in called if isinstance(dig(tool, "name"), str))
