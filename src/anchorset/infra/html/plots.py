"""Pictures as inline SVG: paired shares, intervals against a reference, and curves. Coloured by the page's style sheet.

Colours carry no meaning alone: shapes, dashes and labels repeat it. Every picture has a sentence for screen readers.
What this module does not know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from markupsafe import Markup, escape

from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.infra.html.page import Tone

WIDTH = 760
_LEFT, _RIGHT, _ROW = 246, 96, 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One row of `dumbbell`."""

    label: str
    real: float
    synthetic: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One row of `forest`."""

    label: str
    value: float
    low: float | None = None
    """Whiskers; None: a point alone."""
    high: float | None = None
    band_low: float | None = None
    """A grey band behind the row: what would be expected; None: no band."""
    band_high: float | None = None
    tone: Tone = "muted"
    note: str = ""
    """Written to the right of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of `curves`. Its class (`real`, `synthetic`) is its colour and dash."""

    label: str
    kind: str
    points: Sequence[tuple[float, float]]


def dumbbell(rows: Sequence[Pair], *, says: str, names: tuple[str, str] = ("real", "synthetic")) -> Markup:
    """Two dots a row on an axis of shares (0-1): a circle for the first of `names`, a square for the second."""
    top = max((max(row.real, row.synthetic) for row in rows), default=1.0)
    scale = _Scale(0.0, min(1.0, max(top * 1.08, 0.02)))
    parts = [_legend(names)]
    for at, row in enumerate(rows):
        y = 44 + at * _ROW
        a, b = scale(row.real), scale(row.synthetic)
        parts.append(
            _label(row.label, y)
            + Markup('<line class="link" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>').format(a, b, y, y)
            + Markup('<circle class="real" cx="{:.1f}" cy="{}" r="5.5"/>').format(a, y)
            + Markup('<rect class="synthetic" x="{:.1f}" y="{}" width="10" height="10"/>').format(b - 5, y - 5)
            + Markup('<text class="quiet" x="{}" y="{}">{} → {}</text>').format(
                WIDTH - _RIGHT + 8, y + 4, share(row.real).replace(" %", ""), share(row.synthetic)
            )
        )
    bottom = 44 + len(rows) * _ROW
    return svg([*parts, _axis(scale, bottom, share)], height=bottom + 26, says=says)


def forest(
    rows: Sequence[Interval], *, says: str, reference: float | None = None,
    form: Callable[[float], str] = "{:.2f}".format, low: float | None = None, high: float | None = None,
) -> Markup:  # fmt: skip
    """A point with whiskers a row, a dashed line at `reference`, grey bands for what would be expected.

    form: a number as text for the axis. low, high: ends of the axis; None: as wide as the rows need.
    """
    seen = [v for r in rows for v in (r.value, r.low, r.high, r.band_low, r.band_high) if v is not None and isfinite(v)]
    seen += [reference] if reference is not None else []
    first, last = min(seen, default=0.0), max(seen, default=1.0)
    margin = 0.06 * ((last - first) or 1.0)
    scale = _Scale(first - margin if low is None else low, last + margin if high is None else high)
    bottom = 16 + len(rows) * _ROW
    bands: list[Markup] = []
    parts: list[Markup] = []
    for at, row in enumerate(rows):
        y = 20 + at * _ROW
        if row.band_low is not None and row.band_high is not None:
            left, right = scale(row.band_low), scale(row.band_high)
            bands.append(
                Markup('<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="18"/>').format(
                    left, y - 9, max(right - left, 1.5)
                )
            )
        if row.low is not None and row.high is not None:
            ends = (scale(row.low), scale(row.high))
            parts.append(
                Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>').format(row.tone, *ends, y, y)
            )
        parts.append(
            _label(row.label, y)
            + Markup('<circle class="{}" cx="{:.1f}" cy="{}" r="5"/>').format(row.tone, scale(row.value), y)
            + Markup('<text class="quiet" x="{}" y="{}">{}</text>').format(
                WIDTH - _RIGHT + 8, y + 4, short(row.note, 40)
            )
        )
    if reference is not None:
        x = scale(reference)
        bands.append(Markup('<line class="zero" x1="{:.1f}" x2="{:.1f}" y1="6" y2="{}"/>').format(x, x, bottom))
    return svg([*bands, *parts, _axis(scale, bottom, form)], height=bottom + 26, says=says)


def curves(
    lines: Sequence[Curve], *, says: str, x: str, form: Callable[[float], str] = "{:g}".format, height: int = 250
) -> Markup:
    """Lines over a shared x axis (named `x`); the y axis is drawn from 0 to the highest point, without numbers."""
    points = [point for line in lines for point in line.points]
    scale = _Scale(
        min((p[0] for p in points), default=0.0), max((p[0] for p in points), default=1.0), left=20, right=20
    )
    top, bottom = max((p[1] for p in points), default=1.0) or 1.0, height - 46
    parts = [_legend(tuple(line.label for line in lines), left=20, kinds=tuple(line.kind for line in lines))]
    for line in lines:
        path = " L".join(f"{scale(px):.1f},{bottom - (bottom - 36) * py / top:.1f}" for px, py in line.points)
        parts.append(Markup('<path class="{}" d="M{}"/>').format(line.kind, path))
    parts.append(_axis(scale, bottom, form))
    name = Markup('<text class="quiet" x="{}" y="{}" text-anchor="middle">{}</text>')
    parts.append(name.format(WIDTH // 2, height - 6, short(x, 80)))
    return svg(parts, height=height, says=says)


class _Scale:
    """From a value to its x; what lies outside is drawn at the edge."""

    def __init__(self, low: float, high: float, *, left: float = _LEFT, right: float = _RIGHT) -> None:
        self.low, self.high = low, high if high > low else low + 1.0
        self.left, self.width = left, WIDTH - left - right

    def __call__(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.left + self.width * min(1.0, max(0.0, part))

    def ticks(self) -> list[float]:
        """Three to seven round values inside."""
        raw = (self.high - self.low) / 5
        size = 10.0 ** floor(log10(raw))
        step = next(size * m for m in (1, 2, 5, 10) if size * m >= raw)
        first = ceil(self.low / step - 1e-9)
        return [round(step * at, 10) for at in range(first, floor(self.high / step + 1e-9) + 1)]


def _axis(scale: _Scale, y: float, form: Callable[[float], str]) -> Markup:
    parts = Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        scale.left, scale.left + scale.width, y, y
    )
    for tick in scale.ticks():
        x = scale(tick)
        parts += Markup(
            '<line class="axis" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>'
            '<text class="quiet" x="{0:.1f}" y="{3}" text-anchor="middle">{4}</text>'
        ).format(x, y, y + 4, y + 17, form(tick))
    return parts


def _label(text: str, y: float) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LEFT - 12, y + 4, short(text, 36))


def _legend(names: Sequence[str], *, left: int = _LEFT, kinds: Sequence[str] = ("real", "synthetic")) -> Markup:
    parts, x = Markup(""), left
    for at, (name, kind) in enumerate(zip(names, kinds, strict=False)):
        dot = (
            '<circle class="{0}" cx="{1}" cy="16" r="5.5"/>' if at == 0
            else '<rect class="{0}" x="{2}" y="11" width="10" height="10"/>'
        )  # fmt: skip
        parts += Markup(dot).format(kind, x + 5, x) + Markup('<text x="{}" y="20">{}</text>').format(
            x + 16, short(name, 40)
        )
        x += 34 + 8 * min(len(name), 40)
    return parts


def svg(parts: Sequence[Markup], *, height: float, says: str) -> Markup:
    """The parts as one picture, `WIDTH` units wide; `says` is what a screen reader reads."""
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, escape(short(says, 400)), Markup("").join(parts)
    )
