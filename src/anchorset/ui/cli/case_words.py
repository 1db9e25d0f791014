"""One case in words: what it asks, what is expected, where it comes from, what was said of it.

What this module does not know: files and stores.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anchorset.core.case import Case
    from anchorset.core.finding import Finding

MARKS = {"pass": "  ", "flag": "? ", "reject": "x ", "not_run": "- "}


def whole(case: Case) -> list[str]:
    """All of a case, a line a thing."""
    lines = [f"{case.id}  {case.bucket}  {case.status}  {case.difficulty or ''}".rstrip()]
    lines += [f"  {axis}: {value}" for axis, value in case.metadata.items()]
    lines += asked(case)
    if case.expected is not None:
        lines.append(f"  expected: {_said(case.expected)}")
    lines += [f"  criterion: {one}" for one in case.criteria]
    lines += [f"  {line}" for line in _origin(case)]
    lines += [f"  {MARKS[one.says]}{_finding(one)}" for one in case.findings if one.says != "pass"]
    passed = sum(one.says == "pass" for one in case.findings)
    if passed:
        lines.append(f"  {passed} checks passed")
    for review in case.reviews:
        why = f" ({review.reason})" if review.reason else ""
        lines.append(f"  {review.decision}{why} by {review.reviewer} at {review.at}")
    return lines


def asked(case: Case) -> list[str]:
    """What the case asks, turn by turn where it is a conversation."""
    if case.kind == "chat" and isinstance(case.input, tuple):
        return [f"  {getattr(turn, 'role', '')}: {getattr(turn, 'content', '')}" for turn in case.input]
    return [f"  > {line}" for line in (case.input if isinstance(case.input, str) else _said(case.input)).splitlines()]


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _origin(case: Case) -> list[str]:
    origin = case.provenance.model_dump(exclude_none=True)
    steps = origin.pop("operators", ())
    lines = ["from " + ", ".join(f"{name}: {_said(value)}" for name, value in origin.items() if value not in ("", ()))]
    lines += [f"  by {step['operator']} ({step['relation']}) {step.get('detail', '')}".rstrip() for step in steps]
    return lines


def _finding(found: Finding) -> str:
    numbers = "" if found.score is None else f" {found.score} against {found.threshold}"
    return f"{found.check}{numbers}: {found.evidence or found.says}"
