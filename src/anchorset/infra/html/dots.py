"""Clouds of points, a panel each, with one cloud behind all of them for comparison.

What this module does not know: what a point is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from anchorset.core.inert import short

Points = Sequence[tuple[float, float]]
"""Each -1 to 1."""

_SIDE, _EDGE = 230, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One cloud in front. `kind`: `real`, `synthetic` or `s1` to `s7`: its colour."""

    label: str
    kind: str
    points: Points
    note: str = ""


def dots(panels: Sequence[Panel], behind: Points, *, says: str) -> Markup:
    """A panel a cloud, as many beside each other as the page is wide; `behind` is drawn pale in each."""
    pale = Markup('<path class="pale dot" d="{}"/>').format(_path(behind)) if behind else Markup("")
    parts = Markup("")
    for panel in panels:
        parts += Markup(
            '<div class="panel"><svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><rect class="frame" x="0.5" '
            'y="0.5" width="{2}" height="{2}" rx="6"/>{3}<path class="{4} dot" d="{5}"/></svg>'
            '<p class="quiet"><span class="key {4}"></span>{6}</p></div>'
        ).format(
            _SIDE, escape(short(f"{panel.label}: {says}", 400)), _SIDE - 1, pale, panel.kind, _path(panel.points),
            short(f"{panel.label} {panel.note}", 60),
        )  # fmt: skip
    return Markup('<div class="panels">{}</div>').format(parts)


def _path(points: Points) -> str:
    """Each point a line of no length: with round ends it is a dot, and a thousand of them stay small."""
    inner = _SIDE - 2 * _EDGE
    spots = (
        (_EDGE + inner * (1 + min(1.0, max(-1.0, x))) / 2, _EDGE + inner * (1 - min(1.0, max(-1.0, y))) / 2)
        for x, y in points
    )
    return "".join(f"M{across:.0f} {down:.0f}h0" for across, down in spots) or "M0 0"
