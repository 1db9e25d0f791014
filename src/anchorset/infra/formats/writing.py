"""A file appears whole or not at all.

What this module does not know: what is written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, cast

from anchorset.core.errors import MachineError, UsageError


@contextmanager
def atomic_text(path: str | Path) -> Iterator[TextIO]:
    """A UTF-8 text file, line ends as written, that takes the name `path` when the block ends without an error.

    Raises MachineError when folder, permissions or disk refuse.
    """
    with _atomic(path, mode="w", encoding="utf-8", newline="") as file:
        yield cast(TextIO, file)


def write_text(path: str | Path, text: str) -> None:
    """All of `text` as the file `path`, or nothing. Raises MachineError."""
    with atomic_text(path) as file:
        file.write(text)


@contextmanager
def atomic_bytes(path: str | Path) -> Iterator[BinaryIO]:
    """The same for bytes."""
    with _atomic(path, mode="wb") as file:
        yield cast(BinaryIO, file)


@contextmanager
def _atomic(path: str | Path, **opening: Any) -> Iterator[IO[Any]]:
    path = Path(os.path.realpath(path))
    try:
        if path.exists() and not path.is_file():  # a device or pipe is written to, not replaced
            with path.open(**opening) as stream:
                yield stream
            return
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name[:100]}.", delete=False, **opening
        ) as file:  # fmt: skip
            try:
                yield file
                file.flush()
                os.fchmod(file.fileno(), 0o666 & ~_umask())
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise MachineError(
            f"{path} cannot be written: {error.strerror or error}. Check the folder, its permissions and the disk."
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def refuse_overwrite(source: str | Path, target: str | Path) -> None:
    """Raises UsageError when `target` is the file that is being read."""
    if os.path.exists(target) and os.path.samefile(source, target):
        raise UsageError(f"{target} is the input itself and would be overwritten. Name another file for the output.")
