"""What a worker does, and what it says about itself when it has loaded it.

What this module does not know: when a worker runs, and for whom.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anchorset.core.errors import MachineError
from anchorset.trust.run.answer import CAP_BYTES

LOAD_SECONDS = 120.0
"""How long importing somebody's module may take: large libraries do take a minute on a cold disk."""

_CHILD = Path(__file__).with_name("child.py")
# -P: the folder of child.py is no place to import from. -B: no .pyc files in a workspace that git keeps.
_COMMAND = (sys.executable, "-P", "-B", "-X", "utf8", str(_CHILD))


class LoadError(Exception):
    """The function cannot be loaded. The message says why, in the words of the interpreter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One function or one command."""

    function: str = ""
    """`module:function`; empty for a command."""
    command: tuple[str, ...] = ()
    folder: Path | None = None
    """Where it runs and imports from first; None: here, and as this process imports."""
    environ: Mapping[str, str]

    def frame(self, *, look: bool) -> bytes:
        """What the worker is told first. `look`: only load it, and say what was loaded."""
        return framed(
            {
                "function": self.function,
                "command": list(self.command),
                "folder": None if self.folder is None else str(self.folder),
                "paths": [os.path.abspath(path) for path in sys.path if path],
                "cap": CAP_BYTES,
                "look": look,
            }
        )

    def start(self) -> subprocess.Popen[bytes]:
        """The process, in a group of its own. Raises MachineError when the machine gives us none."""
        try:
            return subprocess.Popen(
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd=self.folder,
                env=dict(self.environ),
                bufsize=0,
            )
        except OSError as error:
            raise MachineError(
                f"a worker process cannot be started: {error.strerror or error}; close programs, or lower the target's "
                "`concurrency`."
            ) from None


def framed(value: Any) -> bytes:
    """The bytes of one frame: 8 of length, then JSON."""
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "big") + data


def unframed(data: bytes) -> dict[str, Any]:
    """The value of one frame without its length. Raises ValueError or RecursionError."""
    value: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return value


def look(job: Job) -> tuple[Path, ...]:
    """Loads the function once, in a process that is gone afterwards. The source files that make it up, sorted.

    Raises LoadError when it cannot be loaded within two minutes.
    """
    process = job.start()
    try:
        said, _ = process.communicate(job.frame(look=True), timeout=LOAD_SECONDS)
    except subprocess.TimeoutExpired:
        raise LoadError(f"it was not loaded after {LOAD_SECONDS:.0f} seconds") from None
    finally:
        kill(process)
    if len(said) < 8:
        raise LoadError(f"the process {ending(process.returncode)} while it was loaded")
    return tuple(map(Path, loaded(unframed(said[8:]))))


def loaded(reply: dict[str, Any]) -> list[str]:
    """The files in a worker's first frame. Raises LoadError when it is a complaint."""
    if "broken" in reply:
        raise LoadError(str(reply["broken"]))
    return list(reply["files"])


def kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and everything in its group, and buries it. Never waits for its consent."""
    with suppress(ProcessLookupError, PermissionError):  # all gone; on macOS a group of zombies may not be signalled
        os.killpg(process.pid, signal.SIGKILL)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:  # the kernel holds it (a dead disk, say); it ends when the kernel lets go
        return
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def ending(code: int | None) -> str:
    """`ended with exit code 7`, `was ended by SIGSEGV`."""
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
