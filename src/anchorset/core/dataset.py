"""A dataset version: what its manifest proves. Immutable; `name@1.2.0`.

What this module does not know: how cases were chosen, and files.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.hashing import canonical, short_hash
from anchorset.core.noun import Names, Noun

Bump = Literal["first", "patch", "minor", "major"]
"""patch: same data written anew. minor: rows added. major: rows changed or removed, or split anew."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Safe as the name of a folder: it comes from a command line and must not lead out of `datasets/`."""
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class ShareOf(Noun):
    """One line of the mix."""

    wanted: float | None = None
    """0-1, renormalised over the buckets that have a case; None: not in the declared mix."""
    got: float
    available: int
    """Cases that could have been taken."""


class Manifest(Noun):
    """What a version is made of, and the digests that prove it. Times stand here and in no digest."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    name: str
    version: str
    digest: str
    """`sha256:…` over the rows' digests in the order of ids."""
    bump: Bump
    why: str
    """What changed against the version before, in a sentence."""
    previous: str | None = None
    made_at: str
    """ISO 8601 with zone."""
    owner: str | None = None
    licence: str | None = None
    files: dict[str, str]
    """File name -> sha256 of its bytes. The manifest itself is not among them."""
    rows: dict[str, str]
    """Case id -> 16 hex digits of the row's digest, in the order of the file."""
    lines: Names = ()
    """16 hex digits of the SHA-256 of each line's bytes, in the order of the file: names the line that was touched,
    also where a time was, which the rows' digests leave out."""
    by_bucket: dict[str, int]
    by_split: dict[str, int]
    by_cell: dict[str, int] = Field(default_factory=dict)
    mix: dict[str, ShareOf] = Field(default_factory=dict)
    unreviewed: int = 0
    """Synthetic rows that nobody decided and no sample stands for."""
    sampled: int = 0
    """Rows accepted because a sample of their stratum survived."""
    clusters: int = 0
    seed_groups: int = 0
    """Groups of seeds: what "50 seeds" counts."""
    leaks: int = 0
    """Cross-split pairs over the near-duplicate threshold: 0 in everything that ships."""
    lock: dict[str, str] = Field(default_factory=dict)
    """What went in -> its digest (seeds, config, prompts, models): tells stale from tampered."""
    warnings: Names = ()
    seal: str = ""
    """SHA-256 of this manifest as it is written with an empty seal: so that it proves itself too."""

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"


def row_digest(case: Case) -> str:
    """16 hex digits over everything in a shipped row but times: what a manifest proves row by row."""
    row = case.model_dump(by_alias=True)
    for review in row["reviews"]:
        review.pop("at", None)
    return short_hash(row)


def dataset_digest(rows: dict[str, str]) -> str:
    """`sha256:…` over case ids and row digests; independent of their order."""
    import hashlib

    return "sha256:" + hashlib.sha256(canonical(sorted(rows.items())).encode()).hexdigest()


def parse_version(text: str) -> tuple[int, int, int]:
    """(major, minor, patch). Raises UsageError."""
    found = _VERSION.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r} is no version; write it as MAJOR.MINOR.PATCH, `1.2.0`")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def bumped(version: str, bump: Bump) -> str:
    """The next version."""
    major, minor, patch = parse_version(version)
    return {
        "first": version, "patch": f"{major}.{minor}.{patch + 1}", "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[bump]  # fmt: skip


def parse_ref(ref: str) -> tuple[str, str | None]:
    """`name@1.2.0` -> (name, version); `name` -> (name, None), which means the newest. Raises UsageError."""
    name, at, version = ref.partition("@")
    if not name or (at and not version):
        raise UsageError(f"{ref!r} names no dataset; write `name` or `name@1.2.0`")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:80]!r} is no name of a dataset; begin with a letter or digit and use at most 64 letters, digits, "
            "dots, dashes and underscores"
        )
    if version:
        parse_version(version)
    return name, version or None
