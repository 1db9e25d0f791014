"""Distributions under one another on a shared axis: one row of bars each.

What this module does not know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from anchorset.core.inert import short
from anchorset.infra.html.plots import WIDTH, svg

_LEFT, _RIGHT, _ROW, _TOP = 120, 224, 44, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """One row. `kind`: `real`, `synthetic` or `s1` to `s7`: its colour."""

    label: str
    kind: str
    shares: Sequence[float]
    """Share of the row in each step, 0-1; together 1."""
    note: str = ""
    """Written to the right."""


def ridges(
    rows: Sequence[Ridge], steps: Sequence[float], *, says: str, x: str, band: tuple[float, float] | None = None,
    ends: tuple[str, str] = ("", ""), form: Callable[[float], str] = "{:.2f}".format,
) -> Markup:  # fmt: skip
    """Bars of each row over steps of equal width that begin at 0 and end at `steps`; the tallest bar fills its row.

    band: a grey range behind all rows, its two outer sides named by `ends`. x: the name of the axis.
    """
    width, top = WIDTH - _LEFT - _RIGHT, (steps[-1] if steps else 1.0) or 1.0
    bottom = _TOP + len(rows) * _ROW
    parts: list[Markup] = []
    if band is not None:
        left, right = (_LEFT + width * min(1.0, edge / top) for edge in band)
        parts.append(
            Markup('<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
                left, _TOP - 6, max(right - left, 1.0), bottom - _TOP + 6
            )
        )
        parts += [
            Markup('<text class="quiet" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                at, _TOP - 10, anchor, short(text, 30)
            )
            for at, anchor, text in ((left, "middle", ends[0]), (right, "middle", ends[1]))
            if text
        ]
    each = width / max(1, len(steps))
    for place, row in enumerate(rows):
        foot = _TOP + (place + 1) * _ROW - 6
        tallest = max(row.shares, default=0.0) or 1.0
        bars = "".join(
            f"M{_LEFT + at * each + 0.8:.1f} {foot}v{-(_ROW - 14) * value / tallest:.1f}h{each - 1.6:.1f}"
            f"v{(_ROW - 14) * value / tallest:.1f}z"
            for at, value in enumerate(row.shares)
            if value > 0
        )
        parts.append(
            Markup('<path class="{} area" d="{}"/>').format(row.kind, bars or "M0 0")
            + Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(_LEFT, _LEFT + width, foot, foot)
            + Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                _LEFT - 10, foot - 8, short(row.label, 16)
            )
            + Markup('<text class="quiet" x="{}" y="{}">{}</text>').format(
                WIDTH - _RIGHT + 10, foot - 8, short(row.note, 34)
            )
        )
    for quarter in range(5):
        across = _LEFT + width * quarter / 4
        parts.append(
            Markup('<text class="quiet" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                across, bottom + 12, form(top * quarter / 4)
            )
        )
    name = Markup('<text class="quiet" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    parts.append(name.format(_LEFT + width / 2, bottom + 30, short(x, 80)))
    return svg(parts, height=bottom + 40, says=says)
