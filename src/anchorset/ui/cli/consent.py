"""Whether texts may leave the machine: asked on the terminal, once, before the first call.

What this module does not know: what is sent, and where.
"""

from __future__ import annotations

import sys
from collections.abc import Callable


def agreement(yes: bool) -> Callable[[str], bool] | None:
    """What asks a person; with `yes` it says what is sent and goes on. None: nobody is there to be asked."""
    if yes:
        return _told
    return _asked if sys.stdin.isatty() and sys.stderr.isatty() else None


def _told(question: str) -> bool:
    from anchorset.ui.cli.terminal import say

    say(question, machine=True)
    return True


def _asked(question: str) -> bool:
    import typer

    from anchorset.core.inert import visible

    return typer.confirm(f"{visible(question)}; go on?", default=False, err=True)
