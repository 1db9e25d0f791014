"""A version held against its own manifest: every file, every row, every total; and stale told from tampered.

What this module does not know: how a version was made.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest, dataset_digest, row_digest
from anchorset.core.errors import RecordError
from anchorset.core.ports import Embedder
from anchorset.ship.eligible import is_unreviewed
from anchorset.ship.leaks import leaks
from anchorset.ship.write import is_sealed, line_digests

NAMES = ("cases.jsonl", "card.md", "croissant.json")


class Problem(NamedTuple):
    """Something that is not as the manifest says."""

    file: str
    row: str | None
    """`line 41 (c_9f2c…)`; None: the file as a whole."""
    what: str


def verify(path: Path, *, embedder: Embedder, texts: Mapping[str, str] | None = None) -> list[Problem]:
    """What is wrong with the version in this folder; empty when it is as it was shipped.

    `texts`: id -> text of the seeds, for parents and anchors that are no rows of the version.
    """
    try:
        data = (path / "manifest.json").read_bytes()
        manifest = Manifest.read(data, where="manifest.json")
    except OSError as error:
        return [Problem("manifest.json", None, f"cannot be read: {error.strerror}; restore it from git")]
    except RecordError as error:
        return [Problem("manifest.json", None, f"{error}: it was changed; restore it from git")]
    if not is_sealed(data, manifest):
        return [Problem("manifest.json", None, "was changed, so nothing can be held against it; restore it from git")]
    found = list(_manifest(path, manifest))
    for name in NAMES:
        found += _file(path, name, manifest)
    rows, unreadable = _rows(path, manifest)
    found += unreadable
    if not found:
        found += _totals(manifest, [case for _, case in rows])
        found += [
            Problem("cases.jsonl", leak.first, leak.sentence())
            for leak in leaks([case for _, case in rows], embedder=embedder, texts=texts or {})
        ]
    return found


def stale(manifest: Manifest, lock: Mapping[str, str]) -> list[str]:
    """What went into the version and is another now: no fault of the version, but a reason to ship again."""
    return [f"{name} has changed since" for name in sorted(manifest.lock) if lock.get(name) != manifest.lock[name]]


def _manifest(path: Path, manifest: Manifest) -> Iterator[Problem]:
    if (manifest.name, manifest.version) != (path.parent.name, path.name):
        where = f"{path.parent.name}/{path.name}"
        yield Problem("manifest.json", None, f"says {manifest.ref}, but lies in {where}; move the folder back")
    for extra in sorted({one.name for one in path.iterdir()} - {*NAMES, "manifest.json"}):
        yield Problem(extra, None, "is no file of the version; take it out")


def _file(path: Path, name: str, manifest: Manifest) -> Iterator[Problem]:
    try:
        found = hashlib.sha256((path / name).read_bytes()).hexdigest()
    except OSError as error:
        yield Problem(name, None, f"cannot be read: {error.strerror}; restore it from git")
        return
    if name != "cases.jsonl" and found != manifest.files.get(name):
        yield Problem(name, None, "its bytes are not those that were shipped; restore it from git")


def _rows(path: Path, manifest: Manifest) -> tuple[list[tuple[int, Case]], list[Problem]]:
    """The rows that can be read, and every line that is not as it was."""
    file = "cases.jsonl"
    try:
        data = (path / file).read_bytes()
    except OSError:
        return [], []
    if hashlib.sha256(data).hexdigest() == manifest.files.get(file):
        lines = data.split(b"\n")[:-1]
        return [(n, Case.read(line, where=f"{file} line {n}")) for n, line in enumerate(lines, start=1)], []
    problems = []
    ids = list(manifest.rows)
    digests = line_digests(data if data.endswith(b"\n") else data + b"\n")
    for at, (was, now) in enumerate(zip(manifest.lines, digests, strict=False)):
        if was != now:
            problems.append(Problem(file, f"line {at + 1} ({ids[at]})", _touched(data.split(b"\n")[at], manifest)))
    if len(digests) != len(manifest.lines):
        problems.append(Problem(file, None, f"has {len(digests):,} lines, {len(manifest.lines):,} were shipped"))
    return [], problems or [Problem(file, None, "its bytes are not those that were shipped; restore it from git")]


def _touched(line: bytes, manifest: Manifest) -> str:
    """What became of one line."""
    try:
        case = Case.read(line, where="the line")
    except RecordError:
        return f"was changed{'' if _is_json(line) else ' and is no JSON any more'}; restore it from git"
    if case.id not in manifest.rows:
        return f"is another case, {case.id}; restore it from git"
    same = row_digest(case) == manifest.rows[case.id]
    return "was written anew, times only; restore it from git" if same else "was changed; restore it from git"


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _totals(manifest: Manifest, cases: list[Case]) -> Iterator[Problem]:
    digests = {case.id: row_digest(case) for case in cases}
    for at, case in enumerate(cases, start=1):
        if manifest.rows.get(case.id) != digests[case.id]:
            row = f"line {at} ({case.id})"
            yield Problem("manifest.json", row, "the row's digest is another than the manifest says")
    if dataset_digest(digests) != manifest.digest:
        yield Problem("manifest.json", None, "the digest is not that of the rows")
    for name, counts, of in (
        ("by_bucket", manifest.by_bucket, [str(case.bucket) for case in cases]),
        ("by_split", manifest.by_split, [case.split or "" for case in cases]),
    ):
        if dict(Counter(of)) != counts:
            yield Problem("manifest.json", None, f"`{name}` is {counts}, the rows give {dict(Counter(of))}")
    for total, said, counted in (
        ("sampled", manifest.sampled, sum(case.status == "sampled" for case in cases)),
        ("unreviewed", manifest.unreviewed, sum(is_unreviewed(case) for case in cases)),
        ("clusters", manifest.clusters, len({case.cluster for case in cases})),
    ):
        if said != counted:
            yield Problem("manifest.json", None, f"`{total}` is {said:,}, the rows give {counted:,}")
    for id, n in Counter(case.id for case in cases).items():
        if n > 1:
            yield Problem("cases.jsonl", id, f"stands {n} times")
