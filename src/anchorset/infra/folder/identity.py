"""What tells this folder from every other one: a copy of it is another.

What this module does not know: what it is used for.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from anchorset.core.errors import MachineError

FILE = "id"


def identity(hidden: Path) -> str:
    """32 hexadecimal digits, the same as long as the folder stays where it is. Raises MachineError.

    A number drawn once lies in the folder, so that two machines with the same paths differ, and its place goes into it,
    so that a copy does.
    """
    path = hidden / FILE
    try:
        if not path.exists():
            _draw(path)
        drawn = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise MachineError(f"{path} cannot be written or read: {why}. Make the workspace writable.") from None
    return sha256(f"{drawn}|{hidden.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _draw(path: Path) -> None:
    """Of two processes that draw at once, both go by what the first one wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    aside.write_text(secrets.token_hex(16), encoding="ascii")
    with suppress(FileExistsError):
        os.link(aside, path)
    aside.unlink()
