"""A case as the page draws it: plain JSON in which what is hidden in a text is visible, and nothing is markup.

What this module does not know: HTML. The page puts every string in as text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from anchorset.core.case import Case, Message
from anchorset.core.inert import visible
from anchorset.core.provenance import Golden, Synthetic
from anchorset.infra.db.cases import Light
from anchorset.pipeline.review.evidence import Cited, Evidence, Parent
from anchorset.pipeline.review.nearness import Near

LONGEST = 12_000
"""Characters of one text that are shown until the whole is asked for."""
DEEPEST = 40
"""Levels of a JSON tree beyond which it is shown as one line."""


def case_view(found: Evidence, *, whole: bool = False) -> dict[str, Any]:
    """What there is to see of a case. `whole`: long texts are not cut."""
    case, limit = found.case, None if whole else LONGEST
    origin = case.provenance
    made = origin if isinstance(origin, Synthetic) else None
    raw = _raw(case)
    cut = limit is not None and len(json.dumps(raw, ensure_ascii=False)) > limit
    return {
        "id": case.id, "content": case.content, "kind": case.kind, "bucket": case.bucket, "status": case.status,
        "cell": visible(found.cell), "language": case.language, "difficulty": case.difficulty,
        "persona": _seen(made.persona, limit) if made else None,
        "facts": _facts(case),
        "turns": _turns(case, limit), "tree": None if _turns(case, limit) else _tree(case.input, limit),
        "system": _seen(case.system, limit), "tools": [_tree(tool, limit) for tool in case.tools],
        "expected": None if case.expected is None else _tree(case.expected, limit),
        "criteria": [_seen(one, limit) for one in case.criteria],
        "metadata": {visible(name): _tree(value, limit) for name, value in case.metadata.items()},
        "findings": [
            {"check": one.check, "says": one.says, "score": one.score, "threshold": one.threshold,
             "evidence": _seen(one.evidence, limit)}
            for one in case.findings
            if one.says in ("flag", "reject")
        ],
        "passed": sum(one.says == "pass" for one in case.findings),
        "not_run": [one.check for one in case.findings if one.says == "not_run"],
        "parents": [_parent(one, limit) for one in found.parents],
        "operators": [
            {"operator": step.operator, "relation": step.relation, "detail": _seen(step.detail, limit)}
            for step in (made.operators if made else ())
        ],
        "cited": [_cited(one, limit) for one in found.cited],
        "reviews": [one.model_dump() for one in case.reviews],
        "cut": cut, "raw": None if cut else raw,
    }  # fmt: skip


def near_view(found: Sequence[Near]) -> list[dict[str, Any]]:
    return [{**asdict(one), "text": visible(one.text)} for one in found]


def line_view(one: Light) -> dict[str, Any]:
    """One line of the list of cases."""
    return {**asdict(one), "cell": visible(one.cell), "persona": _seen(one.persona, None),
            "text": visible(" ".join(one.text[:600].split()))[:300]}  # fmt: skip


def text_view(value: Any, *, whole: bool = False) -> Any:
    """Any JSON value, to be looked at."""
    return _tree(value, None if whole else LONGEST)


def _raw(case: Case) -> dict[str, Any]:
    """The fields that can be edited, as they are."""
    kept = case.model_dump(mode="json", include={"input", "expected", "criteria", "metadata"})
    return {
        "input": kept["input"] if case.kind == "text" else json.dumps(kept["input"], ensure_ascii=False, indent=1),
        "expected": "" if case.expected is None else case.expected if isinstance(case.expected, str)
        else json.dumps(kept["expected"], ensure_ascii=False, indent=1),
        "criteria": list(case.criteria), "metadata": kept["metadata"],
    }  # fmt: skip


def _facts(case: Case) -> dict[str, Any]:
    """Where it came from, in a few words."""
    origin = case.provenance
    if isinstance(origin, Synthetic):
        found = {"run": origin.run, "model": origin.model, "prompt": origin.prompt}
    elif isinstance(origin, Golden):
        found = {"author": origin.author, "origin": origin.origin}
    else:
        found = {"origin": origin.origin, "observed at": origin.observed_at,
                 "said": None if origin.count == 1 else f"{origin.count:,} times"}  # fmt: skip
    found["edited from"] = case.revision_of
    return {name: visible(value) for name, value in found.items() if value}


def _turns(case: Case, limit: int | None) -> list[dict[str, Any]]:
    """A conversation turn by turn; a text is one turn of the user. Empty for what is shown as a tree."""
    if isinstance(case.input, str):
        return [{"role": "user", "name": None, "text": _seen(case.input, limit), "calls": []}]
    turns = [turn for turn in case.input if isinstance(turn, Message)] if isinstance(case.input, tuple) else []
    return [
        {"role": turn.role, "name": _seen(turn.name, limit), "text": _seen(turn.content, limit),
         "calls": [{"name": visible(call.name), "arguments": _tree(call.arguments, limit)} for call in turn.tool_calls]}
        for turn in turns
    ]  # fmt: skip


def _parent(one: Parent, limit: int | None) -> dict[str, Any]:
    diff = one.diff
    if diff is not None and limit is not None and sum(len(text) for _, text in diff) > limit:
        diff = None
    return {
        "id": one.case.id, "bucket": one.case.bucket, "text": _seen(one.case.text, limit),
        "expected": None if one.case.expected is None else _tree(one.case.expected, limit),
        "diff": None if diff is None else [[kind, visible(text)] for kind, text in diff],
    }  # fmt: skip


def _cited(one: Cited, limit: int | None) -> dict[str, Any]:
    return {
        "doc": visible(one.context.doc), "start": one.context.start, "end": one.context.end, "found": one.found,
        "before": visible(one.before), "text": _seen(one.context.text, limit), "after": visible(one.after),
    }  # fmt: skip


def _seen(text: str | None, limit: int | None) -> str | None:
    if text is None:
        return None
    return visible(text) if limit is None or len(text) <= limit else visible(text[:limit]) + "…"


def _tree(value: Any, limit: int | None, depth: int = 0) -> Any:
    """The value with every string made visible; beyond some depth it is one line of JSON."""
    if isinstance(value, str):
        return _seen(value, limit)
    if depth >= DEEPEST and isinstance(value, (dict, list, tuple)):
        return _seen(json.dumps(value, ensure_ascii=False), limit)
    if isinstance(value, dict):
        return {visible(str(name)): _tree(inner, limit, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tree(inner, limit, depth + 1) for inner in value]
    return value
