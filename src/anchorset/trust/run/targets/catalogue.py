"""From a target in the configuration to one that can be asked.

What this module does not know: how any of them is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from anchorset.core.config import TargetSpec
from anchorset.core.errors import ConfigError, nearest
from anchorset.trust.run.seen import version_of
from anchorset.trust.run.targets.chat import open_chat, prompt_file
from anchorset.trust.run.targets.command import Command, program_files
from anchorset.trust.run.targets.function import Function
from anchorset.trust.run.targets.http import open_http
from anchorset.trust.run.targets.target import Target
from anchorset.trust.run.workers.job import Job
from anchorset.trust.run.workers.named import function_job


def open_target(name: str, targets: Mapping[str, TargetSpec], *, folder: Path, environ: Mapping[str, str]) -> Target:
    """The target of that name, checked: its function loads, its program is there, its templates and keys are right.

    `folder` is the workspace. `environ` gives keys and header values, and is what its processes see.
    Raises ConfigError for what is wrong in the configuration, MachineError for an environment variable not set.
    """
    if name not in targets:
        known = nearest(name, targets) if targets else "the configuration has no `targets` yet; add one."
        raise ConfigError(f"there is no target {name!r}; {known}")
    spec, folder = targets[name], folder.resolve()
    if spec.python is not None:
        job, files = function_job(spec.python, f"`targets.{name}.python`", folder=folder, environ=environ)
        return Function(
            name=name,
            version=version_of(name, spec, folder=folder, files=files),
            family=spec.family,
            concurrency=spec.concurrency,
            seconds=spec.timeout_seconds,
            job=job,
        )
    if spec.http is not None:
        return open_http(
            name,
            spec.http,
            version=version_of(name, spec, folder=folder),
            family=spec.family,
            concurrency=spec.concurrency,
            seconds=spec.timeout_seconds,
            environ=environ,
        )
    if spec.chat is not None:
        prompt = prompt_file(name, spec.chat, folder)
        return open_chat(
            name,
            spec.chat,
            version=version_of(name, spec, folder=folder, files=[] if prompt is None else [prompt]),
            family=spec.family,
            concurrency=spec.concurrency,
            seconds=spec.timeout_seconds,
            folder=folder,
            environ=environ,
        )
    return Command(
        name=name,
        version=version_of(name, spec, folder=folder, files=program_files(name, spec.command, folder, environ)),
        family=spec.family,
        concurrency=spec.concurrency,
        seconds=spec.timeout_seconds,
        job=Job(command=spec.command, folder=folder, environ=environ),
    )
