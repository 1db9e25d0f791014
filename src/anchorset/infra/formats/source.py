"""One file as text: looked through once for its encoding and damage, then read line by line.

What this module does not know: rows, fields, formats.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO, TextIO

from anchorset.core.errors import InputError
from anchorset.infra.formats.row import MAX_ROW

BLOCK = 1 << 20
MAX_PIPE = 1 << 30
"""Bytes that are read from something that is no file (a pipe, a device), since all of them are held."""
PARQUET = b"PAR1"
_MARKS = (  # the longer mark first: UTF-32 LE begins like UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 BE"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a zip archive or Excel workbook"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
)
_LIKE = 0.8
"""How like (0-1, difflib) the name of a file has to be to be the one that was meant: `a.csv` is not `b.csv`."""
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that Western text in Windows-1252 uses: letters, quotes, dashes, currency. The rest (þ, ÿ, undefined and control
# codes) point to damage rather than to another encoding.
_WESTERN = frozenset(range(0x82, 0x8D)) | {0x80, 0x8E} | frozenset(range(0x91, 0x9D)) | {0x9E, 0x9F}
_WESTERN |= frozenset(range(0xA0, 0x100)) - {0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE, 0xFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that can be read, and what a look through all of it has shown."""

    path: Path
    sha256: str
    """64 hex digits of the bytes."""
    encoding: str
    """A Python codec; `binary` for Parquet."""
    damaged: bool
    """Whether some line holds a NUL, undecodable bytes, or too many characters: readers then look at every row."""
    head: str
    """The first 64 KiB as text."""
    notes: tuple[str, ...] = ()
    held: bytes | None = None
    """All bytes of something that can be read only once (a pipe); None for a file."""

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def origin(self) -> str:
        """File name and hash: what provenance records."""
        return f"{self.name} sha256:{self.sha256}"

    def open_bytes(self) -> BinaryIO:
        return io.BytesIO(self.held) if self.held is not None else self.path.open("rb")

    def open_text(self) -> TextIO:
        """The text with its line ends as they are. Undecodable bytes become lone surrogates (UTF-16/32: U+FFFD)."""
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "replace"
        return io.TextIOWrapper(self.open_bytes(), encoding=self.encoding, errors=errors, newline="")

    def lines(self) -> Iterator[str]:
        """Physical lines with their ends. One over MAX_ROW is cut to MAX_ROW + 1 characters and stays one line."""
        with self.open_text() as file:
            read = file.readline
            while line := read(MAX_ROW + 1):
                if len(line) > MAX_ROW and not line.endswith("\n"):
                    _skip_line(file)
                yield line


def _skip_line(file: TextIO) -> None:
    while rest := file.readline(BLOCK):
        if rest.endswith(("\n", "\r")):
            return


def open_source(path: str | Path) -> Source:
    """The file at `path`, looked through once. Raises InputError for what is missing, empty, a folder or no text."""
    path = Path(path)
    held = _held(path)
    with io.BytesIO(held) if held is not None else path.open("rb") as file:
        start = file.read(BLOCK)
        if not start:
            raise InputError(f"{path}: the file is empty (0 bytes; 1 or more rows expected). Name a file with rows.")
        for magic, what in _NOT_TEXT:
            if start.startswith(magic):
                raise InputError(
                    f"{path}: the file is {what} (it begins with {start[:4]!r}), not text. Save it as CSV or JSONL."
                )
        file.seek(0)
        if start.startswith(PARQUET):
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Source(path=path, sha256=digest, encoding="binary", damaged=False, head="", held=held)
        encoding, notes = _marked(start)
        look = _Look(encoding or "utf-8-sig")
        hashing = hashlib.sha256()
        while block := file.read(BLOCK):
            hashing.update(block)
            look.at(block)
    look.end()
    damaged = look.damaged
    if encoding is None and look.bad_lines > look.good_bytes and look.western:
        encoding, damaged = _legacy(path, held), look.nul or look.long
        notes = (f"{path.name} is not UTF-8; read as {encoding} ({look.bad_lines} lines with other bytes)",)
    encoding = encoding or "utf-8"
    head = start[: 1 << 16].decode(encoding, "replace")
    return Source(
        path=path, sha256=hashing.hexdigest(), encoding=encoding, damaged=damaged, head=head, notes=notes, held=held
    )


def _held(path: Path) -> bytes | None:
    """The bytes of a pipe, None for a plain file. Raises InputError for what cannot be read at all."""
    try:
        if path.is_file():
            with path.open("rb"):
                return None
        if path.is_dir():
            raise InputError(f"{path} is a folder; a file with rows is expected. Name one of the files in it.")
        with path.open("rb") as pipe:
            data = pipe.read(MAX_PIPE + 1)
        if len(data) > MAX_PIPE:
            raise InputError(f"{path} gives more than {MAX_PIPE:,} bytes and is no file. Save it to a file first.")
        return data
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; {_neighbour(path)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{str(path)!r} cannot be read: {reason}. Check the name and its permissions.") from None


def _neighbour(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"the folder {str(path.parent)!r} is not there either. Check the path."
    close = get_close_matches(path.name, names, n=1, cutoff=_LIKE)
    if close:
        return f"did you mean {close[0]!r}?"
    entries = "1 other entry" if len(names) == 1 else f"{len(names)} other entries"
    return f"check the name ({entries} in that folder)."


def _marked(start: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The codec that the first bytes give away, and what to say of it; None: no mark, so UTF-8 or a legacy encoding."""
    for mark, codec, name in _MARKS:
        if start.startswith(mark):
            return codec, (f"read as {name} (it begins with a byte order mark)",)
    sample = start[:4096]
    zeros_even, zeros_odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if zeros_odd > 0.4 * half and zeros_even < 0.05 * half:
        return "utf-16-le", ("read as UTF-16 LE (no byte order mark; every other byte is zero)",)
    if zeros_even > 0.4 * half and zeros_odd < 0.05 * half:
        return "utf-16-be", ("read as UTF-16 BE (no byte order mark; every other byte is zero)",)
    return None, ()


def _legacy(path: Path, held: bytes | None) -> str:
    """cp1252, or latin-1 for a file with bytes that cp1252 leaves undefined."""
    undefined = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
    with io.BytesIO(held) if held is not None else path.open("rb") as file:
        while block := file.read(BLOCK):
            if undefined.search(block):
                return "latin-1"
    return "cp1252"


class _Look:
    """Counts what speaks for and against UTF-8 while blocks go by."""

    def __init__(self, encoding: str) -> None:
        self.nul = self.long = self.broken = False
        self.bad_lines = 0
        self.good_bytes = 0
        self.western = True
        self._rest = b""
        self._in_long = False
        self._wide = None if encoding.startswith("utf-8") else codecs.getincrementaldecoder(encoding)()

    @property
    def damaged(self) -> bool:
        return self.nul or self.long or self.broken or self.bad_lines > 0

    def at(self, block: bytes) -> None:
        if self._wide is not None:
            try:
                self.nul |= "\0" in self._wide.decode(block)
            except UnicodeDecodeError:
                self.broken = True
            # Line lengths are not followed in wide encodings: readers look at every row instead.
            self.long = True
            return
        self.nul |= b"\0" in block
        if self._in_long:  # what is set aside unread says nothing about the encoding
            _, newline, block = block.partition(b"\n")
            if not newline:
                return
            self._in_long = False
        whole, newline, rest = (self._rest + block).rpartition(b"\n")
        self._rest = rest
        if newline:
            self._lines(whole)
        if len(rest) > MAX_ROW:
            self.long = self._in_long = True
            self._rest = b""

    def end(self) -> None:
        self._lines(self._rest)
        if self._wide is not None:
            try:
                self._wide.decode(b"", final=True)
            except UnicodeDecodeError:
                self.broken = True

    def _lines(self, lines: bytes) -> None:
        if len(lines) > MAX_ROW:
            self.long = True
        if lines.isascii():
            return
        try:
            self.good_bytes += len(lines) - len(lines.decode())
        except UnicodeDecodeError:
            if b"\n" not in lines:
                self.bad_lines += 1
                self.western &= _HIGH.search(lines) is not None and {b for b in lines if b >= 0x80} <= _WESTERN
                return
            for line in lines.split(b"\n"):
                self._lines(line)
