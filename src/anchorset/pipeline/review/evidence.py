"""What a reviewer needs to see of one case: it, what it was made from and how it differs, the document it stands on.

What this module does not know: who looks, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from anchorset.core.case import Case, Context
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.provenance import Synthetic
from anchorset.infra.db import cases as case_rows
from anchorset.infra.text.word_diff import Kind, word_diff
from anchorset.pipeline.workspace import Workspace
from anchorset.review.sheet import readable

AROUND = 800
"""Characters of a document that are shown before and after what is cited of it."""
LARGEST = 20_000_000
"""Bytes of a document beyond which it is not read for a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A case whose text this one rewrites."""

    case: Case
    diff: list[tuple[Kind, str]] | None
    """The case's text against the parent's, in words; None: too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage with what stands around it; empty where the document is not there or is another by now."""

    context: Context
    before: str
    after: str
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One case with what helps to decide on it."""

    case: Case
    cell: str
    parents: list[Parent]
    cited: list[Cited]


def evidence(workspace: Workspace, key: str) -> Evidence:
    """The case under this key of the store, as if nobody had decided anything. Raises UsageError for none."""
    with workspace.store.reading() as connection:
        there = case_rows.undecided(connection, [key])
    if not there:
        raise UsageError(f"no case has the key {key!r} (any more); load the page again")
    return _with_all(workspace, there[0])


def evidence_of(workspace: Workspace, id: str, content: str | None) -> Evidence:
    """The case with this id as it stands, or the form of it with this content. Raises UsageError for one not there."""
    cases = workspace.cases(Filter(ids=(id,)))
    fits = [case for case in cases if case.id == id and content in (None, case.content)]
    if not fits:
        raise UsageError(f"no case is {id!r}" + (f" with the content {content!r}" if content else ""))
    return _with_all(workspace, next((case for case in reversed(fits) if case.status == "edited"), fits[0]))


def _with_all(workspace: Workspace, case: Case) -> Evidence:
    from anchorset.pipeline.settling import cell_of

    origin = case.provenance
    parents: list[Parent] = []
    if isinstance(origin, Synthetic) and origin.parents:
        there = workspace.cases(Filter(ids=origin.parents))
        for id in origin.parents:
            parent = next((one for one in there if one.id == id), None)
            if parent is not None:
                parents.append(Parent(case=parent, diff=word_diff(readable(parent), readable(case))))
    return Evidence(
        case=case, cell=cell_of(case, workspace.config), parents=parents, cited=cited(workspace.path, case.context)
    )  # fmt: skip


def cited(workspace: Path, contexts: Sequence[Context]) -> list[Cited]:
    """The passages, each in the text of its document where the workspace's `docs/` still has that."""
    found = []
    for one in contexts:
        text = _document(workspace, one.doc, one.sha256)
        there = text is not None and text[one.start : one.end] == one.text
        before = text[max(0, one.start - AROUND) : one.start] if text and there else ""
        after = text[one.end : one.end + AROUND] if text and there else ""
        found.append(Cited(context=one, before=before, after=after, found=there))
    return found


@lru_cache(maxsize=16)
def _document(workspace: Path, name: str, digest: str) -> str | None:
    """The text of a document in `docs/` with this hash; None: not there, another by now, or no text."""
    folder = (workspace / "docs").resolve()
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or path.stat().st_size > LARGEST:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    return data.decode("utf-8", "replace") if sha256(data).hexdigest().startswith(digest or "-") else None
