"""The pictures of a page, each as a file of its own: an SVG that brings its colours, for a page that draws itself.

What this module does not know: what is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from anchorset.infra.html.page import Section, style

_FIGURE = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_SVG = re.compile(r"<svg .*?</svg>", re.DOTALL)
_SIZE = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"')
_SAYS = re.compile(r'aria-label="([^"]*)"')
"""Sound because this room writes the markup: everything from outside is escaped in it, `<`, `>` and quotes too."""

_ALONE = "svg { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture."""

    title: str
    """Of the section it stands in."""
    caption: str
    says: str
    """The picture in a sentence, for those who do not see it."""
    width: float
    height: float
    svg: str
    """A whole SVG document without script, network or outside font."""


def pictures(sections: Sequence[Section]) -> list[Picture]:
    """All pictures of these sections, in their order."""
    return [
        Picture(
            title=section.title, caption=caption, says=_plain(_first(_SAYS, svg)), svg=alone(svg),
            width=width, height=height,
        )
        for section in sections
        for caption in [_plain(_first(_FIGURE, section.body))]
        for svg in _SVG.findall(section.body)
        for width, height in [_size(svg)]
    ]  # fmt: skip


def alone(svg: str) -> str:
    """The markup of a picture as a document."""
    width, height = _size(svg)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
    return head + svg.removeprefix("<svg ").replace(">", f"><style>{picture_style()}</style>", 1)


def picture_style() -> str:
    """The style sheet in every picture."""
    return style().replace("<", "").replace("&", "") + _ALONE


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    return (float(found[1]), float(found[2])) if found else (760.0, 300.0)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _plain(markup: str) -> str:
    return Markup(markup).striptags()
