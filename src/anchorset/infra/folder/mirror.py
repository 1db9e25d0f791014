"""A mirror: a JSONL file that only ever grows. What is in it is safe; the store is an index over it.

A line counts when its newline is there. A line without one is what a crash left: the next writer cuts it off.
What this module does not know: what a line says.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.errors import MachineError

CHUNK = 1 << 22
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a mirror has been read, and what it looked like then."""

    offset: int = 0
    """Bytes up to the end of the last line taken."""
    lines: int = 0
    crc: int = 0
    """CRC-32 of these bytes: tells a file that grew from one that was rewritten."""
    mtime_ns: int = 0


def untouched(path: Path, mark: Mark) -> bool:
    """Whether nothing has happened to the file since `mark` was made. One look at the folder, no reading."""
    try:
        seen = path.stat()
    except OSError:
        return False
    return seen.st_size == mark.offset and seen.st_mtime_ns == mark.mtime_ns


def grown(path: Path, mark: Mark) -> bool:
    """Whether the file still begins with what was read, whatever came after it."""
    if mark.offset == 0:
        return True
    crc, left = 0, mark.offset
    with path.open("rb") as file:
        while left and (chunk := file.read(min(CHUNK, left))):
            crc = zlib.crc32(chunk, crc)
            left -= len(chunk)
    return left == 0 and crc == mark.crc


def tail(path: Path, mark: Mark) -> Iterator[tuple[list[bytes], Mark]]:
    """Whole lines after `mark`, some thousands at a time, each time with the mark behind them.

    At least one batch is given, which may be empty: its mark has the file's present time.
    """
    mtime_ns = path.stat().st_mtime_ns
    offset, lines, crc, rest = mark.offset, mark.lines, mark.crc, b""
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(CHUNK):
            whole, newline, rest = (rest + chunk).rpartition(b"\n")
            if not newline:
                continue
            taken = whole + newline
            crc = zlib.crc32(taken, crc)
            offset += len(taken)
            found = whole.split(b"\n")
            lines += len(found)
            yield found, Mark(offset=offset, lines=lines, crc=crc, mtime_ns=mtime_ns)
    yield [], Mark(offset=offset, lines=lines, crc=crc, mtime_ns=mtime_ns)


def torn(path: Path, mark: Mark) -> bytes:
    """What stands behind the last whole line: a crash, or an editor that ends no line, left it. Mostly nothing."""
    with path.open("rb") as file:
        file.seek(mark.offset)
        return file.read()


def append(path: Path, lines: Iterable[str], mark: Mark, *, aside: Path | None = None) -> Mark:
    """Adds lines after `mark` and forces them to disk; what a crash left behind `mark` is cut off first.

    `aside`: a file that keeps what is cut off.

    Everything or nothing: when the disk is full the file is as it was. Call it under the workspace's lock, with a mark
    that is up to date. Raises MachineError.
    """
    data = "".join(f"{line}\n" for line in lines).encode()
    new = not path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if aside is not None and not new and (rest := torn(path, mark)):
            aside.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("ab") as kept:
                kept.write(rest + b"\n")
        with path.open("r+b" if not new else "x+b") as file:
            file.truncate(mark.offset)
            file.seek(mark.offset)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                os.ftruncate(file.fileno(), mark.offset)
                raise
        if new:
            _sync_folder(path.parent)
    except OSError as error:
        raise MachineError(
            f"{path} cannot be written: {error.strerror or error}. What was there before is unharmed; check the "
            "folder, its permissions and the disk, then run the same command again."
        ) from None
    return Mark(
        offset=mark.offset + len(data),
        lines=mark.lines + data.count(b"\n"),
        crc=zlib.crc32(data, mark.crc),
        mtime_ns=path.stat().st_mtime_ns,
    )


def take_back(path: Path, mark: Mark) -> None:
    """Cuts off what `append` has just added after `mark`, under the same lock. Raises MachineError."""
    try:
        with path.open("r+b") as file:
            file.truncate(mark.offset)
            os.fsync(file.fileno())
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror or error}. Check the disk.") from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
