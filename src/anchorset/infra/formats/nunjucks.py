"""Text that promptfoo shows to the model exactly as it stands.

promptfoo renders every variable as a Nunjucks template, and loads files and code for values that begin with `file:` or
`package:`. Each such beginning becomes a template that prints it: `{{` becomes `{{ '{{' }}`. Reversible.
What this module does not know: test cases.
"""

from __future__ import annotations

import re

_LIVE = re.compile(r"\{\{|\{%|\{#|\A(?:file:|package:)")
_LIVE_CELL = re.compile(r"\{\{|\{%|\{#|\A(?:file:|package:|[=+\-@\t\r\n＝＋－＠'])")
_PRINTED = re.compile(r"\{\{ '(\{\{|\{%|\{#|file:|package:|[=+\-@\t\r\n＝＋－＠])' \}\}|\{\{ \"(')\" \}\}")


def printed(text: str, *, cell: bool = False) -> str:
    """The template that prints `text`; in a CSV cell, one that no spreadsheet takes for a formula."""
    return (_LIVE_CELL if cell else _LIVE).sub(_print, text)


def _print(found: re.Match[str]) -> str:
    return '{{ "\'" }}' if found.group() == "'" else f"{{{{ '{found.group()}' }}}}"


def unprinted(template: str) -> str:
    """The text that such a template prints; any other template as it is."""
    return _PRINTED.sub(lambda found: found.group(1) or found.group(2), template)
