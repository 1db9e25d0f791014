"""One case in words: what it asks, what is expected, where it comes from, what was said of it.

What this module does not know: files and stores.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from anchorset.core.numbers import counted

if TYPE_CHECKING:
    from anchorset.core.case import Case
    from anchorset.core.finding import Finding

MARKS = {"pass": "  ", "flag": "? ", "reject": "x ", "not_run": "- "}
DIGEST = re.compile(r"(sha256:[0-9a-f]{8})[0-9a-f]+")
WIDE = 100
"""Characters of a line about the source; one value that is longer has a line of its own."""


def whole(case: Case, *, not_run: bool = True) -> list[str]:
    """All of a case, a line a thing. `not_run`: also the checks that had nothing to look at."""
    lines = [f"{case.id}  {case.bucket}  {case.status}  {case.difficulty or ''}".rstrip()]
    lines += [f"  {axis}: {value}" for axis, value in case.metadata.items()]
    lines += asked(case)
    if case.expected is not None:
        lines.append(f"  expected: {_said(case.expected)}")
    lines += [f"  criterion: {one}" for one in case.criteria]
    lines += [f"  {line}" for line in _origin(case)]
    lines += [f"  {MARKS[one.says]}{_finding(one)}" for one in case.findings if one.says in ("flag", "reject")]
    if not_run:
        lines += [f"  {MARKS[one.says]}{_finding(one)}" for one in case.findings if one.says == "not_run"]
    passed = sum(one.says == "pass" for one in case.findings)
    if passed:
        lines.append(f"  {counted(passed, 'check')} passed")
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
    """A line for the source, and what is known of it in lines that a terminal holds; digests are cut."""
    origin = case.provenance.model_dump(exclude_none=True)
    steps = origin.pop("operators", ())
    if origin.get("roots") == origin.get("parents"):
        origin.pop("roots", None)
    lines = [f"from {origin.pop('source')}"]
    for name, value in origin.items():
        if value in ("", (), [], {}):
            continue
        told = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else _said(value)
        cut = DIGEST.sub(r"\1…", told)
        part = f"{name.replace('_', ' ')} {cut}"
        if len(lines[-1]) + len(part) + 2 > WIDE:
            lines.append(f"  {part}")
        else:
            lines[-1] += f", {part}"
    lines += [f"  by {step['operator']} ({step['relation']}) {step.get('detail', '')}".rstrip() for step in steps]
    return lines


def _finding(found: Finding) -> str:
    numbers = "" if found.score is None else f" {found.score} against {found.threshold}"
    return f"{found.check}{numbers}: {found.evidence or found.says}"
