"""What every failure looks like: one sentence on stderr, and the exit code that means it.

What this module does not know: the verbs.
"""

from __future__ import annotations

import os
import sys

import typer

from anchorset.core.inert import visible

INTERRUPTED = 130
ENVIRONMENT = 4


def failure(error: BaseException) -> int:
    """Says what went wrong and returns the exit code. What nobody expected is raised again, with its traceback."""
    from anchorset.core.errors import AnchorsetError

    if isinstance(error, AnchorsetError):
        _say(str(error))
        return error.exit_code
    if isinstance(error, typer.TyperException):
        shown = getattr(error, "show", None)  # usage errors bring the usage line with them
        shown() if shown else _say(str(error))
        return int(getattr(error, "exit_code", 2))
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        _say("interrupted; what was finished is kept")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):  # `anchorset … | head` is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, OSError):
        _say(f"{error.filename or 'the system'}: {error.strerror or error}. Check space, permissions and the path.")
        return ENVIRONMENT
    raise error


def _say(sentence: str) -> None:
    print(visible(f"anchorset: {sentence}"), file=sys.stderr)
