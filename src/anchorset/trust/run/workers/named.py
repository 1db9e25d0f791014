"""A function named in the configuration, loaded once to see that it is there and what it is made of.

What this module does not know: whether it answers or judges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from anchorset.core.errors import ConfigError
from anchorset.trust.run.workers.job import Job, LoadError, look

_NAMED = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


def function_job(named: str, where: str, *, folder: Path, environ: Mapping[str, str]) -> tuple[Job, tuple[Path, ...]]:
    """The job of a function, and the files that make it up: its own, and all it imports from the workspace.

    It is imported once, in a process of its own. Raises ConfigError when that fails.
    """
    if not _NAMED.fullmatch(named):
        raise ConfigError(f"{where} is {named!r}; write `module:function`, importable from {str(folder)!r}.")
    job = Job(function=named, folder=folder, environ=environ)
    try:
        return job, look(job)
    except LoadError as error:
        raise ConfigError(
            f"{where} is {named!r}, which cannot be loaded from {str(folder)!r} ({error}); mend the module or the name."
        ) from None
