"""Moved to `anchorset.infra.html.page`; old name, going. What this module does not know: pages."""

from anchorset.infra.html.page import Section, Tone, fragment, page

__all__ = ["Section", "Tone", "fragment", "page"]
