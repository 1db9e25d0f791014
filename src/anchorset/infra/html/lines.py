"""Lines over a row of named points, with numbers on the y axis and each line named at its end.

What this module does not know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.infra.html.plots import WIDTH, svg

SERIES = 7
"""Colours of a series, `s1` to `s7`; an eighth line begins anew with another marker."""
MOST_POINTS = 12

_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 52, 150, 18, 64, 340
_GAP = 15
"""Least distance of two names at the right, in units of the picture."""
_MARKERS = (
    "M{x} {y}m-4 -4h8v8h-8z",
    "M{x} {y}m0 -5l5 9h-10z",
    "M{x} {y}m0 -5l5 5l-5 5l-5 -5z",
    "M{x} {y}m0 5l5 -9h-10z",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `kind`: `real`, `synthetic` or `s1` to `s7`: its colour."""

    label: str
    kind: str
    values: Sequence[float | None]
    """0-1, one a point; None: no value there."""
    low: Sequence[float | None] = ()
    """Whiskers, where there are any."""
    high: Sequence[float | None] = ()
    strong: bool = False
    """Drawn wider: what the reader should look at first."""


def lines(rows: Sequence[Line], names: Sequence[str], *, says: str) -> Markup:
    """Shares (0-1) of each line over the points `names`, oldest first; only the last 12 points are drawn."""
    cut = max(0, len(names) - MOST_POINTS)
    names = names[cut:]
    seen = [
        value for row in rows for value in (*row.values[cut:], *row.low[cut:], *row.high[cut:]) if value is not None
    ]
    bottom, top = _ends(seen)
    across = WIDTH - _LEFT - _RIGHT
    step = across / max(1, len(names) - 1)

    def x(at: int) -> float:
        return _LEFT + (across / 2 if len(names) == 1 else at * step)

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (top - value) / (top - bottom)

    parts = [_grid(bottom, top, y), _names(names, x)]
    ends: list[tuple[float, str, str, bool]] = []
    for place, row in enumerate(sorted(rows, key=lambda row: row.strong)):
        spots = [(x(at), y(value)) for at, value in enumerate(row.values[cut:]) if value is not None]
        if not spots:
            continue
        for at, (low, high) in enumerate(zip(row.low[cut:], row.high[cut:], strict=False)):
            if low is not None and high is not None:
                parts.append(
                    Markup('<line class="{} thin" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>').format(
                        row.kind, x(at), x(at), y(low), y(high)
                    )
                )
        path = " L".join(f"{across:.1f},{down:.1f}" for across, down in spots)
        wide = " strong" if row.strong else ""
        parts.append(Markup('<path class="{}{}" d="M{}"/>').format(row.kind, wide, path))
        parts += [_marker(row, place, *spot) for spot in spots]
        ends.append((spots[-1][1], row.label, row.kind, row.strong))
    return svg([*parts, *_ends_named(ends)], height=_HEIGHT, says=says)


def _ends(seen: Sequence[float]) -> tuple[float, float]:
    """Ends of the y axis on tenths, at least three tenths apart, within 0 and 1."""
    low, high = min(seen, default=0.0), max(seen, default=1.0)
    bottom, top = max(0, int(low * 10)), min(10, int(high * 10 - 1e-9) + 1)
    while top - bottom < 3:
        bottom, top = max(0, bottom - 1), min(10, top + 1)
    return bottom / 10, top / 10


def _grid(bottom: float, top: float, y: object) -> Markup:
    assert callable(y)
    tenths = range(round(bottom * 10), round(top * 10) + 1)
    every = 2 if len(tenths) > 7 else 1
    parts = Markup("")
    for tenth in tenths:
        if (tenth - tenths[0]) % every == 0:
            down = y(tenth / 10)
            parts += Markup(
                '<line class="axis" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>'
                '<text class="quiet" x="{3}" y="{4:.1f}" text-anchor="end">{5}</text>'
            ).format(_LEFT, WIDTH - _RIGHT + 8, down, _LEFT - 8, down + 4, share(tenth / 10))
    return parts


def _names(names: Sequence[str], x: object) -> Markup:
    assert callable(x)
    parts = Markup("")
    turned = len(names) > 4
    for at, name in enumerate(names):
        across, down = x(at), _HEIGHT - _BOTTOM + 18
        turn = f"rotate(-24 {across:.1f} {down})" if turned else "rotate(0)"
        anchor = "end" if turned else "middle"
        parts += Markup('<text class="quiet" x="{:.1f}" y="{}" text-anchor="{}" transform="{}">{}</text>').format(
            across, down, anchor, turn, short(name, 18)
        )
    return parts


def _marker(row: Line, place: int, across: float, down: float) -> Markup:
    if row.kind == "real":
        return Markup('<circle class="real" cx="{:.1f}" cy="{:.1f}" r="5"/>').format(across, down)
    shape = _MARKERS[place % len(_MARKERS)].format(x=f"{across:.1f}", y=f"{down:.1f}")
    return Markup('<path class="{} mark" d="{}"/>').format(row.kind, shape)


def _ends_named(ends: Sequence[tuple[float, str, str, bool]]) -> list[Markup]:
    """Names at the right, pushed apart so that none covers another."""
    placed: list[Markup] = []
    last = -100.0
    room = len(ends)
    for at, (down, label, kind, strong) in enumerate(sorted(ends)):
        lowest = _HEIGHT - _BOTTOM + 6 - (room - at - 1) * _GAP
        spot = max(min(down, lowest), last + _GAP)
        last = spot
        placed.append(
            Markup(
                '<line class="{0} thin" x1="{1}" x2="{2}" y1="{3:.1f}" y2="{4:.1f}"/>'
                '<text class="{0} name{5}" x="{6}" y="{7:.1f}">{8}</text>'
            ).format(
                kind, WIDTH - _RIGHT + 8, WIDTH - _RIGHT + 20, down, spot, " strong" if strong else "",
                WIDTH - _RIGHT + 24, spot + 4, short(label, 16),
            )
        )  # fmt: skip
    return placed
