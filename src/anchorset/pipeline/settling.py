"""What follows for a case from all that was said about it, whatever came first: the case, or the word about it.

Status and place come from the last word of each reviewer on its content, tags go by its id, a quarantine by its run, a
refresh by id and run. So a store made anew holds what the one before held.
What this module does not know: files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import orjson

from anchorset.core.case import Case, Scalar
from anchorset.core.config import Config
from anchorset.core.decision import standing, that_count
from anchorset.core.plan import UNASSIGNED, cell_name
from anchorset.core.said import Quarantine, Refresh, Said, Tag, Undo, Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import said as said_rows
from anchorset.infra.db import settled
from anchorset.infra.db.open import Connection


def cell_of(case: Case, config: Config) -> str:
    """The cell that a case's metadata puts it in; `unassigned` when it lacks an axis."""
    return _cell(case.metadata, config)


def _cell(metadata: Mapping[str, Scalar], config: Config) -> str:
    values = {axis: metadata.get(axis) for axis in config.axes}
    return UNASSIGNED if any(value in (None, "") for value in values.values()) else cell_name(values)


def settle(connection: Connection, cases: Sequence[Case], config: Config) -> None:
    """What was said before these cases came, for them."""
    _decide(connection, {case.content for case in cases})
    ids = {case.id for case in cases}
    _tag(connection, ids & said_rows.tagged_ids(connection), config)
    runs = {case.provenance.run for case in cases if case.provenance.source == "synthetic"}
    for run in sorted(runs):
        _set_aside(connection, run, ids)


def hear(
    connection: Connection,
    rows: Sequence[Said],
    config: Config,
) -> None:
    """What is said now, kept, and all that follows from it."""
    verdicts = [row for row in rows if isinstance(row, Verdict)]
    for same, some in groupby(rows, key=type):  # in their order: what comes after an undo is not what it takes back
        _keep(connection, same, list(some))
    edited = _new([row.revised for row in verdicts if row.revised is not None], connection)
    if edited:
        case_rows.put_cases(connection, edited, cell_of=partial(cell_of, config=config))
        settle(connection, edited, config)
    undone = {row.content for row in rows if isinstance(row, Undo) and not row.tag and not row.recheck}
    _decide(connection, {row.content for row in verdicts} | undone, undone=undone)
    tagged = {row.case for row in rows if isinstance(row, Tag) or (isinstance(row, Undo) and row.tag)}
    _tag(connection, tagged, config)
    lifted = {row.run for row in rows if isinstance(row, Quarantine)}
    for run in sorted(lifted):
        _set_aside(connection, run, None)
    quarantined = _quarantined(connection)
    for row in rows:
        if isinstance(row, Refresh):
            settled.put_aside(connection, _stale(row), runs=[run for run in row.runs if run not in quarantined])


def _keep(connection: Connection, kind: type, rows: list[Any]) -> None:
    if kind is Verdict:
        said_rows.put_verdicts(connection, rows)
    elif kind is Undo:
        said_rows.take_back(connection, rows)
    else:
        said_rows.put_said(connection, rows)


def _new(cases: Iterable[Case], connection: Connection) -> list[Case]:
    """Those that are not there. Of the same edit by two people the earlier stays; one promoted since stays as it is."""
    by_key: dict[str, Case] = {}
    for case in sorted(cases, key=_edited_at):
        by_key.setdefault(case_rows.key_of(case), case)
    for key, record in settled.records(connection, by_key).items():
        there, new = Case.model_validate_json(record), by_key[key]
        if there.model_copy(update={"reviews": new.reviews}) != new or _edited_at(there) <= _edited_at(new):
            del by_key[key]
    return list(by_key.values())


def _edited_at(case: Case) -> str:
    return max((one.at for one in case.reviews), default="")


def _decide(connection: Connection, contents: Collection[str], *, undone: Collection[str] = ()) -> None:
    """Status of everything with these contents, and whether it stands or its edit does.

    undone: contents on which a word was taken back, so that there may be none left.
    """
    touched = settled.held(
        connection, contents=contents, keys=[key for _, key in said_rows.edits(connection, of=contents)]
    )
    made = [one.key for one in touched if one.judged == "edited"]
    sources: dict[str, set[str]] = {}
    for content, key in said_rows.edits(connection, into=made):
        sources.setdefault(key, set()).add(content)
    words = said_rows.last_words(
        connection, {one.content for one in touched} | {content for some in sources.values() for content in some}
    )
    values: dict[str, dict[str, Any]] = {}
    for one in touched:
        heard = words.get(one.content, [])
        status = standing(word.decision for word in heard)
        stands = _edit_of(heard) in (None, one.key)
        if one.judged == "edited" and one.key in sources:  # an edit that was taken back is gone
            stands = stands and any(_edit_of(words.get(content, [])) == one.key for content in sources[one.key])
        if heard or one.judged == "edited" or one.content in undone:
            values[one.key] = {"status": one.judged if status == "passed" else status, "live": stands}
    settled.write(connection, values)


def _edit_of(heard: Sequence[said_rows.Heard]) -> str | None:
    """Key of the case that stands in place of what was judged: the last edit, where an edit is what stands."""
    if standing(word.decision for word in heard) != "edited":
        return None
    counted = that_count([word.decision for word in heard])
    return [word.revised for word in heard if word.revised is not None and word.decision in counted][-1]


def _tag(connection: Connection, ids: Collection[str], config: Config) -> None:
    """Metadata set by hand, for everything with these ids. What was edited since knows better."""
    if not ids:
        return
    touched = settled.held(connection, ids=ids)
    records = settled.records(connection, [one.key for one in touched])
    said = {id: said_rows.all_said(connection, Tag, "tag", id) for id in ids}
    values: dict[str, dict[str, Any]] = {}
    for one in touched:
        record = orjson.loads(records[one.key])
        since = (
            max((review["at"] for review in record.get("reviews", ())), default="") if one.judged == "edited" else ""
        )
        later = [row.metadata for row in said[one.id] if row.at > since]
        tagged = {name: value for metadata in later for name, value in metadata.items()}
        cell = _cell({**record.get("metadata", {}), **tagged}, config)
        values[one.key] = {"tagged": orjson.dumps(tagged).decode() if tagged else None, "cell": cell}
    settled.write(connection, values)


def _set_aside(connection: Connection, run: str, ids: Collection[str] | None) -> None:
    """Candidates of a run, all of them or those with these ids: whether they count. A quarantine wins over the rest."""
    quarantine = _quarantined(connection).get(run)
    if quarantine is not None:
        settled.put_run_aside(connection, run, f"quarantined: {quarantine}".rstrip(": "))
        return
    if ids is None:
        settled.put_run_aside(connection, run, None)
    for row in said_rows.refreshes(connection, run):
        stale = {id: why for id, why in _stale(row).items() if ids is None or id in ids}
        settled.put_aside(connection, stale, runs=[run])


def _quarantined(connection: Connection) -> dict[str, str]:
    """Run -> why, of the runs that are quarantined now."""
    last = {row.run: row for row in said_rows.all_said(connection, Quarantine, "quarantine")}
    return {run: row.why for run, row in last.items() if not row.lifted}


def _stale(row: Refresh) -> dict[str, str]:
    return {id: f"stale: {why}" for id, why in row.stale.items()}
