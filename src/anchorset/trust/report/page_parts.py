"""What the parts of the page share: a figure with its text, a filled template, and what stands where nothing is.

What this module does not know: any part.
"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from anchorset.infra.html.page import fragment

TEMPLATES = Path(__file__).with_name("templates")


def fill(name: str, **values: object) -> Markup:
    """A template of this room, everything escaped."""
    return fragment(TEMPLATES / name, **values)


def figure(picture: Markup, caption: str) -> Markup:
    """A picture and the text that says the same."""
    return fill("figure.html.j2", picture=picture, caption=caption)


def nothing(text: str) -> Markup:
    """A sentence in place of a picture."""
    return fill("nothing.html.j2", text=text)
