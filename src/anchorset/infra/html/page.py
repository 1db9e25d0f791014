"""The page every report is: a verdict in words first, then sections, the less urgent ones folded.

`fragment` fills a template of the caller's own room; `page` puts fragments together. Both escape everything that is not
already Markup, so a report never handles `<`. The content policy allows this one style sheet by its hash and nothing
else: no script, no image, no request.
What this module does not know: any report.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from anchorset.core.inert import short, visible
from anchorset.core.numbers import plain, share

FOLDER = Path(__file__).parent

_PERCENT = re.compile(r"(\d) %")
"""A number and its sign stay on one line."""

Tone = Literal["good", "bad", "caution", "muted"]
"""What a colour says; a word or a sign always says it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a page."""

    title: str
    body: Markup
    """From `fragment` or a plot."""
    folded: bool = False
    """True: only the title shows until it is opened; on paper everything shows."""


def fragment(template: Path, /, **values: object) -> Markup:
    """The template file filled with `values`, everything escaped. Filters: `short`, `share`, `plain`.

    Raises jinja2.UndefinedError for a name that `values` lacks.
    """
    return Markup(_templates().from_string(template.read_text(encoding="utf-8")).render(**values))


def page(
    *, title: str, verdict: str, tone: Tone, lead: str, sections: Sequence[Section], facts: Sequence[str] = (),
    back: tuple[str, str] | None = None,
) -> str:  # fmt: skip
    """A whole HTML document.

    title: of the window and, small, of the page. verdict: the large line, in words. lead: the sentence below it.
    facts: short lines under the lead (sizes, settings). back: (address, words) of a link to where it was opened from;
    it is not printed. Light and dark follow the reader's system.
    """
    css = style()
    return _templates().get_template("page.html.j2").render(
        title=title, verdict=verdict, tone=tone, lead=lead, sections=sections, facts=facts, css=Markup(css),
        policy=policy(css), back=back,
    )  # fmt: skip


def style() -> str:
    """The style sheet that every page holds."""
    return (FOLDER / "style.css").read_text(encoding="utf-8")


def policy(css: str | None = None) -> str:
    """The content policy of a page: one style sheet by its hash, and nothing else. A server may send it too."""
    hashed = hashlib.sha256((style() if css is None else css).encode()).digest()
    return (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashed).decode()}'; base-uri 'none'; "
        "form-action 'none'"
    )


@cache
def _templates() -> Environment:
    env = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_inert,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.filters.update(short=short, share=share, plain=plain)
    return env


def _inert(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _PERCENT.sub("\\1\u00a0%", visible(value))
