"""Locks between processes: advisory, on a file, gone with the process that held them, however it ended.

What this module does not know: what is done under a lock.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from anchorset.core.errors import MachineError

PAUSE_SECONDS = 0.02


@contextmanager
def hold(path: Path, what: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Holds the lock file at `path` for the block. `what` names the work to whoever else wants it.

    Raises MachineError (exit 4) naming who holds it when it is not free within `wait_seconds`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise MachineError(f"{path} cannot be opened: {error.strerror}. Make the workspace writable.") from None
    try:
        _take(handle, path, wait_seconds)
        mine = json.dumps({"what": what, "pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")})
        with suppress(OSError):  # a full disk must not keep anybody out
            os.ftruncate(handle, 0)
            os.pwrite(handle, mine.encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise MachineError(f"{path} cannot be locked: {error.strerror}. Use a local disk.") from None
        if time.monotonic() >= until:
            raise MachineError(f"{_holder(handle)}; wait for it to end, or stop it, and try again.")
        time.sleep(PAUSE_SECONDS)


def _holder(handle: int) -> str:
    try:
        told = json.loads(os.pread(handle, 1000, 0))
        return f"this workspace is in use: `{told['what']}` (process {told['pid']}) since {told['since']}"
    except (ValueError, KeyError, TypeError):
        return "this workspace is in use by another process"
