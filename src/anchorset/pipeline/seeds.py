"""Logs into a workspace: what is new becomes a seed, what is known is folded, and every row is accounted for.

What this module does not know: how a row is read, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.core.hashing import canonical
from anchorset.core.provenance import SEED
from anchorset.infra.folder.workspace_folder import file_name
from anchorset.ingest.mapping import parse
from anchorset.ingest.refused import write_refused
from anchorset.ingest.stage import Ingested, Source, ingest
from anchorset.pipeline.workspace import Workspace

BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one file brought."""

    file: Path
    ingested: Ingested
    new: int
    known: int
    """Cases that the workspace had already; they change nothing."""
    relabelled: int
    """Of the new, those that ask what was there already, under other metadata or with another answer."""
    refused_file: Path | None


def ingest_into(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    mapping: str = "",
    format: str = "auto",
    source: Source = "production",
    scrub: bool = True,
    author: str | None = None,
) -> list[Taken]:
    """Reads the files into `seeds/`. The same file again adds nothing.

    Raises what `ingest` raises; files before the faulty one are kept.
    """
    named = parse(mapping) if mapping else {}
    with workspace.exclusive("ingest"):
        known: dict[str, set[str]] = {}
        for case in workspace.cases(Filter(real=True)):
            known.setdefault(case.id, set()).add(_says(case))
        return [
            _take(workspace, file, known, mapping=named, format=format, source=source, scrub=scrub, author=author)
            for file in files
        ]


def _take(
    workspace: Workspace, file: Path, known: dict[str, set[str]], *, mapping: Mapping[str, str], format: str,
    source: Source, scrub: bool, author: str | None,
) -> Taken:  # fmt: skip
    taken = ingest(file, mapping=mapping, format=format, source=source, scrub=scrub, author=author)
    refused_file = None
    if taken.refused:
        refused_file = workspace.folder.hidden / "refused" / f"{file_name(file.name)}.rejected.jsonl"
        refused_file.parent.mkdir(parents=True, exist_ok=True)
        write_refused(taken.refused, refused_file)
    before = set(known)
    fresh = []
    for case in taken.cases:
        if _says(case) not in known.setdefault(case.id, set()):
            known[case.id].add(_says(case))
            fresh.append(case)
    mirror = f"seeds/{source if source != 'production' else SEED}-{file_name(file.stem)}.jsonl"
    for start in range(0, len(fresh), BATCH):
        workspace.append(mirror, fresh[start : start + BATCH])
    return Taken(
        file=file,
        ingested=taken,
        new=len(fresh),
        known=len(taken.cases) - len(fresh),
        refused_file=refused_file,
        relabelled=sum(case.id in before for case in fresh),
    )


def _says(case: Case) -> str:
    """Equal for cases that ask and expect the same under the same labels, wherever they came from."""
    return canonical([case.id, case.expected, case.criteria, case.metadata])
