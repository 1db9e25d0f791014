"""Leaked terms: a word of the policy or the prompt that stands in far more synthetic cases than real ones.

What this module does not know: the page it is drawn on.
"""

from __future__ import annotations

from anchorset.trust.audit.features import Matrix
from anchorset.trust.audit.ground import Ground
from anchorset.trust.audit.null import Measured
from anchorset.trust.audit.over_use import OverUse, over_use

_FLOOR = 1.5
"""In units of z."""


def leaked(ground: Ground, content: Matrix) -> tuple[Measured, OverUse]:
    """`terms.leaked`: the largest weighted log-odds z of a content word."""
    found = over_use(content, ground.labels)
    return measured("terms.leaked", ground, content, found, "word"), found


def measured(name: str, ground: Ground, features: Matrix, found: OverUse, what: str) -> Measured:
    """A signal out of over-used features; `what` one of them is called in the sentence."""
    value = float(found.largest[0])
    if not found.terms:
        return _signal(name, found, value, f"No {what} stands in clearly more synthetic cases than real ones.", ())
    top = found.terms[0]
    where = "opens" if what == "opening" else "stands in"
    others = ", ".join(repr(term.term) for term in found.terms[1:4])
    why = (
        f"The {what} {top.term!r} {where} {ground.both(top.real, top.synthetic)}: weighted log-odds z {value:.1f}."
        + (f" Next: {others}." if others else "")
    )
    holds = features.holds[:, features.names.index(top.term)]
    return _signal(name, found, value, why, ground.holding(holds, synthetic=True))


def _signal(name: str, found: OverUse, value: float, why: str, examples: tuple[str, ...]) -> Measured:
    middle = float(sorted(found.largest)[len(found.largest) // 2])
    return Measured(
        name=name, statistic=found.largest, tail="up", floor=_FLOOR, value=value, reference=middle,
        as_value=float, why=why, examples=examples,
    )  # fmt: skip
