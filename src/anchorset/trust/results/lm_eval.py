"""lm-evaluation-harness: `samples_TASK_TIME.jsonl`, written with `--log_samples`. One answer a document.

Where the harness applied several filters a document stands on several lines: they are one answer, the first filter's.
What this module does not know: what the scores decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from anchorset.core.case import Scalar
from anchorset.core.hashing import short_hash
from anchorset.core.run import Score
from anchorset.trust.results.answer import Answer, Heard, Refused, amount, plain, scored, unit
from anchorset.trust.results.document import dig

_FILE = re.compile(r"samples_(?P<task>.+?)(_\d{4}-\d{2}-\d{2}T[\d.:-]+)?\.jsonl")
_FIELDS = frozenset((
    "doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash",
    "target_hash", "input_len", "task", "task_name", "choices", "repeats",
))  # fmt: skip
PREFERRED = ("exact_match", "acc", "pass@1", "pass_at_1", "em", "f1")
"""Metrics that decide, in this order, in files that do not list theirs."""


def is_sample(row: Any) -> bool:
    """Whether this is a line of such a file."""
    return isinstance(row, dict) and "doc_id" in row and ("filtered_resps" in row or "resps" in row)


def names_in(path: Path) -> tuple[str, str | None]:
    """The task by the file's name, and the model by its folder's, which the harness names after the model."""
    found = _FILE.fullmatch(path.name)
    if found is None:
        return path.stem, None
    return found["task"], path.parent.name.replace("__", "/") or None


def read(rows: Iterable[tuple[str, dict[str, Any] | Refused]], *, task: str, system: str) -> Heard:
    """An answer a document. Its score is the first metric that is a number 0-1; the others stand beside it."""
    answers: dict[str, Answer] = {}
    out: list[Answer | Refused | str] = []
    filters: dict[str, int] = {}
    for place, row in rows:
        if isinstance(row, Refused):
            out.append(row)
            continue
        id = row.get("doc_id")
        if not isinstance(id, (int, str)) or isinstance(id, bool):
            out.append(Refused(place, "`doc_id` is missing, so nobody knows which document this is"))
            continue
        name = row.get("filter")
        name = name if isinstance(name, str) else "none"
        filters[name] = filters.get(name, 0) + 1
        main = next(iter(filters))
        scores = _scores(row, suffix="" if name == main else f",{name}")
        key = f"{task}/{id}"
        if name != main and key in answers:
            whole = answers[key]
            answers[key] = _with(whole, scores)
            continue
        if key in answers:
            out.append(Refused(place, f"document {id!r} stands twice under filter {name!r}; keep one run a file"))
            continue
        answers[key] = _answer(row, place, scores, task=task, system=system)
        out.append(key)
    notes = [f"the model is not in the file: the system is {system!r}, by the folder's or the file's name"]
    if len(filters) > 1:
        others = ", ".join(f"{name!r} ({n:,} lines)" for name, n in list(filters.items())[1:])
        notes.append(f"filter {next(iter(filters))!r} decides; {others} stand beside it as further scores")
    return Heard([answers[one] if isinstance(one, str) else one for one in out], notes)


def _with(whole: Answer, scores: tuple[Score, ...]) -> Answer:
    return replace(whole, scores=(*whole.scores, *scores))


def _answer(row: dict[str, Any], place: str, scores: tuple[Score, ...], *, task: str, system: str) -> Answer:
    doc = row.get("doc")
    own = dig(doc, "case_id") or dig(doc, "metadata", "case_id")
    names = dig(doc, "id")
    first = scores[0] if scores else None
    return Answer(
        place=place,
        system=system,
        fallback=f"{task}/{row['doc_id']}",
        id=str(own) if own is not None else None,
        names=(str(names),) if isinstance(names, (str, int)) else (),
        asked=_asked(doc, row.get("arguments")),
        identity=short_hash([row.get("doc_hash") or doc, row.get("target_hash") or row.get("target")]),
        passed=first.passed if first else None,
        score=first.score if first else None,
        output=_first(row.get("filtered_resps")) or _first(row.get("resps")),
        scores=scores,
        slices={"task": task, **_topic(doc)},
    )


def _topic(doc: Any) -> dict[str, Scalar]:
    return {key: value for key, value in plain(doc).items() if key in ("subject", "category")}


def _scores(row: dict[str, Any], *, suffix: str) -> tuple[Score, ...]:
    listed = row.get("metrics")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    if not names:
        numbers = [name for name in row if name not in _FIELDS and amount(row[name]) is not None]
        names = sorted(numbers, key=lambda name: PREFERRED.index(name) if name in PREFERRED else len(PREFERRED))
    found = []
    for name in names:
        value = row.get(name)
        value = float(value) if isinstance(value, bool) else unit(value)
        if value is not None:
            found.append(scored(name + suffix, value))
    return tuple(found)


def _asked(doc: Any, arguments: Any) -> tuple[str, ...]:
    """The texts of the document, and the rendered prompt."""
    texts = [text for text in doc.values() if isinstance(text, str)] if isinstance(doc, dict) else []
    texts += [doc] if isinstance(doc, str) else []
    first: Any = next(iter(arguments.values()), None) if isinstance(arguments, dict) else arguments
    while isinstance(first, (list, dict)) and first:
        first = first[0] if isinstance(first, list) else next(iter(first.values()))
    return (*texts, *([first] if isinstance(first, str) else []))


def _first(responses: Any) -> Any:
    """The first response, out of the lists it is wrapped in; of choices, all of them with their likelihoods."""
    while isinstance(responses, list) and len(responses) == 1:
        responses = responses[0]
    return responses
