"""Whether a process is gone, and waiting for something to hold."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def gone(pid: int) -> bool:
    """True as well for a zombie: nobody is left to bury what a killed runner had started."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Waits until it holds; fails when it does not."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    assert holds()
