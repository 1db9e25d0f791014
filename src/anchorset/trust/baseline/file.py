"""The approved baseline as a file for git: one case a line, in the order of ids, so that a diff shows what changed.

No time and no name of a person is in it: who approved it, and when, is the commit.
What this module does not know: what a baseline is good for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from anchorset.core.errors import InputError, MachineError, RecordError
from anchorset.core.run import Result, RunHead
from anchorset.trust.baseline.baseline import Baseline, baseline_of
from anchorset.trust.compare.lineage import CaseLineage


def write_baseline(
    path: str | Path, head: RunHead, results: Iterable[Result], lineage: Mapping[str, CaseLineage]
) -> Baseline:
    """Write the baseline of this run to `path` and give it back. The same run gives the same bytes.

    The file is whole or not there at all: it is written beside and moved into place.
    Raises PairingError and NothingKeptError for a run that is no baseline, MachineError when the disk refuses.
    """
    path = Path(path)
    made = baseline_of(head, results, lineage)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text(made), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MachineError(f"{path}: the baseline cannot be written ({error.strerror}); give another path") from None
    return made


def text(baseline: Baseline) -> str:
    """The file's text."""
    fields = baseline.model_dump(mode="json", by_alias=True)
    cases = fields.pop("cases")
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in fields.items()]
    rows = [f"    {json.dumps(id)}: {json.dumps(case, ensure_ascii=False)}" for id, case in cases.items()]
    return "\n".join(["{", *lines, '  "cases": {', ",\n".join(rows), "  }", "}"]) + "\n"


def read_baseline(path: str | Path) -> Baseline:
    """What is in the file. Raises InputError when it cannot be read, is no baseline, or has a case twice."""
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except OSError as error:
        raise InputError(
            f"{path}: the baseline cannot be read ({error.strerror}); approve a run first, or mend the path"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path.name}: no baseline file ({error}); take it from git again, or approve the run anew"
        ) from None
    if not isinstance(data, dict) or data.get("kind") != "anchorset-baseline":
        found = data.get("kind") if isinstance(data, dict) else type(data).__name__
        raise InputError(
            f"{path.name}: `kind` is {found!r:.60}, 'anchorset-baseline' is expected; give a file that was approved"
        )
    try:
        return Baseline.read(data, where=path.name)
    except RecordError as error:
        raise InputError(f"{error}; take the file from git again, or approve the run anew") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object, unless a key is there twice: a merge gone wrong must not choose a result by its place."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r:.60} is there twice")
    return found
