"""Ingest: a file of real messages becomes cases with provenance, and every row is accounted for.

    rows -> drafts (by the mapping) -> conversations -> scrubbed -> folded -> cases
      \\________ what cannot be used: refused, with line and reason

What this module does not know: what the cases are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from anchorset.core.case import Case
from anchorset.core.errors import NothingKeptError
from anchorset.core.hashing import canonical
from anchorset.core.provenance import Golden, Observed, Provenance
from anchorset.infra.formats.case_files import FORMATS, brings_lineage, read_cases, recognised
from anchorset.infra.formats.fields import guess, listed, no_column
from anchorset.infra.formats.row import BadRow, Row, amount
from anchorset.infra.formats.rows import Opened, open_rows
from anchorset.infra.text.scrub import Scrubber
from anchorset.ingest import mapping as mappings
from anchorset.ingest.conversations import Turn, conversations, turn
from anchorset.ingest.counts import Counts
from anchorset.ingest.draft import Draft, UnusableRowError, draft, parsed
from anchorset.ingest.observed import counted, with_count
from anchorset.ingest.refused import Refused, Unusable, refused
from anchorset.ingest.scrubbing import reserve, scrubbed

Source = Literal["production", "regression", "golden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one file gave."""

    cases: list[Case]
    """In the order in which they begin in the file."""
    refused: list[Refused]
    """In the order of the file."""
    counts: Counts
    pii: dict[str, int]
    """Kind of personal data -> how many were replaced; empty without scrubbing."""
    notes: tuple[str, ...]
    """What was assumed, said aloud."""
    mapping: dict[str, str]
    """Target -> column, as used."""


def ingest(
    path: str | Path,
    *,
    mapping: Mapping[str, str] | None = None,
    format: str = "auto",
    source: Source = "production",
    scrub: bool = True,
    author: str | None = None,
) -> Ingested:
    """The cases in the file at `path`. The result depends on the file's name and bytes alone.

    mapping: target -> column (`mapping.parse` reads it from text); without one the names of the columns decide, and
    the notes say how. source: what the rows are; `golden` needs no trace but an `author` (or a mapped one).
    A file of case records is taken as it is; a record without provenance is refused.

    Raises UsageError (unknown format or target), InputError (no such file, column …), NothingKeptError (no usable row).
    """
    given = dict(mapping or {})
    mappings.check(given)
    opened = open_rows(path, format)
    first = opened.first
    name = recognised(first.fields) if first and not given else None
    if first and name and brings_lineage(first.fields, name, opened.path):
        found = _from_records(opened, name, source, Scrubber() if scrub else None)
    else:
        make, used, notes = _maker(opened, given, name)
        scrubber = Scrubber() if scrub else None
        found = _from_rows(opened, make, used, source=source, author=author, scrubber=scrubber)
        found.notes[:0] = notes
    if not found.cases:
        reasons = "; ".join(f"{opened.unit} {row.line}: {row.reason}" for row in sorted(found.refused)[:3])
        none = "there is no row under the header" if opened.format in ("csv", "tsv") else "there is no row in it"
        raise NothingKeptError(
            f"{path}: none of {amount(found.read, 'row')} can be used ({reasons or none}). "
            "Mend the rows, or map other columns with `--map input=COLUMN`; "
            f"columns there: {listed(opened.columns)}."
        )
    return Ingested(
        cases=found.cases,
        refused=sorted(found.refused),
        counts=Counts(
            read=found.read, kept=len(found.cases), folded=found.folded, grouped=found.grouped,
            refused=len(found.refused),
        ),
        pii=found.pii,
        notes=(*opened.notes, *found.notes),
        mapping=found.mapping,
    )  # fmt: skip


_OUTSIDE = ("promptfoo", "promptfoo-csv", "deepeval")
"""Formats whose rows say more than column names do."""


def _maker(
    opened: Opened, given: dict[str, str], name: str | None
) -> tuple[Callable[[Row], Draft], dict[str, str], list[str]]:
    """What makes a draft of a row, the mapping it uses, and what to say when that was guessed."""
    where = opened.path.name
    mappings.against(given, opened.columns, where=where)
    if name in _OUTSIDE:
        format = FORMATS[name]
        return lambda row: parsed(row, format), {}, [f"read as {name}"]
    used, notes = given, []
    if opened.first and "input" not in given:
        guessed = guess(opened.first.fields)
        if "input" not in guessed:
            raise no_column("input", opened.columns, where=where, way="with `--map input=COLUMN`")
        # What the owner maps by hand says which columns count; only the input is found for them.
        used = given | {"input": guessed["input"]} if given else guessed
        said = ", ".join(f"{target}={column}" for target, column in used.items() if target not in given)
        notes = [f"columns found by name: {said}"]
    return lambda row: draft(row, used), used, notes


_LOOK = "names and addresses are replaced only where the text announces them; look before you publish"
"""Said when anything was replaced: then the file holds personal data, and what is left of it matters."""


@dataclass(slots=True, kw_only=True)
class _Found:
    """What one file gave, while it is put together."""

    cases: list[Case] = field(default_factory=list)
    aside: list[BadRow | Unusable] = field(default_factory=list)
    """Rows to refuse, as they are."""
    refused: list[Refused] = field(default_factory=list)
    read: int = 0
    folded: int = 0
    grouped: int = 0
    pii: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)


def _from_records(opened: Opened, name: str, source: Source, scrubber: Scrubber | None) -> _Found:
    """Case records as they are: only refused rows are scrubbed, since the hashes of a case bind to its text."""
    file = read_cases(opened.path, name, unmarked=source)
    found = _Found(
        notes=["cases with their lineage: taken as they are, not scrubbed", *file.notes],
        refused=[refused(row, scrubber) for row in file.bad],
        read=len(file.cases) + len(file.bad),
    )
    kept: dict[str, Case] = {}
    for case in file.cases:
        key = canonical([case.content, case.metadata])
        found.folded += key in kept
        kept[key] = with_count(kept[key], case) if key in kept else case
    found.cases = list(kept.values())
    return found


def _from_rows(
    opened: Opened,
    make: Callable[[Row], Draft],
    mapping: dict[str, str],
    *,
    source: Source,
    author: str | None,
    scrubber: Scrubber | None,
) -> _Found:
    found = _Found(mapping=mapping)
    drafts = list(_drafts(opened.rows, make, mapping, found))
    if scrubber:
        for one in drafts:
            reserve(one, scrubber)
    hidden = 0
    kept: dict[str, tuple[Draft, Case, int]] = {}
    for one in drafts:
        clean = scrubbed(one, scrubber) if scrubber else one
        key = clean.key()
        hidden += clean.id != one.id
        if key in kept:
            first, case, count = kept[key]
            kept[key] = (first, case, count + 1)
            found.folded += 1
        else:
            origin = _origin(clean, opened, source, author)
            try:
                kept[key] = (clean, clean.case(origin), 1)
            except ValueError as error:
                found.aside += [Unusable(line, str(error), clean.input) for line in one.lines]
                continue
        found.grouped += len(one.lines) - 1
    found.cases = [counted(case, count) for _, case, count in kept.values()]
    if scrubber:
        found.pii = dict(sorted(scrubber.counts.items()))
    if found.pii:
        found.notes.append(_LOOK)
    found.refused = [refused(row, scrubber) for row in found.aside]
    if hidden:
        found.notes.append(f"{amount(hidden, 'id')} that looked like personal data went; FILE:LINE is recorded instead")
    if source == "golden" and author is None and "author" not in mapping:
        found.notes.append("golden cases without a named author are recorded as written by 'unknown'")
    same = len(found.cases) - len({case.id for case in found.cases})
    if same:
        found.notes.append(
            f"kept {amount(same, 'case')} with the question of another and another expected answer or other metadata"
        )
    return found


def _drafts(
    rows: Iterator[Row | BadRow], make: Callable[[Row], Draft], mapping: dict[str, str], found: _Found
) -> Iterator[Draft]:
    """Drafts in the order in which they begin; rows to refuse and the number of rows read go to `found`."""
    turns: list[Turn] = []
    for row in rows:
        found.read += 1
        if isinstance(row, BadRow):
            found.aside.append(row)
            continue
        try:
            if "conversation" in mapping:
                turns.append(turn(row, mapping))
            else:
                yield make(row)
        except UnusableRowError as error:
            found.aside.append(Unusable(row.line, str(error), row.fields))
    made, lost = conversations(turns)
    found.aside += [Unusable(one.draft.lines[0], reason, one.draft.input) for one, reason in lost]
    yield from made


def _origin(draft: Draft, opened: Opened, source: Source, author: str | None) -> Provenance:
    original = draft.id or f"{opened.path.name}:{draft.lines[0]}"
    if source == "golden":
        return Golden(
            source=source, author=draft.author or author or "unknown", origin=opened.origin, original_id=original
        )
    return Observed(source=source, origin=opened.origin, original_id=original, observed_at=draft.observed_at)
