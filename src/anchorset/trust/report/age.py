"""How old are synthetic cases and attacks, and has what they were made from changed since?

What this module does not know: clocks. The time it is now is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from anchorset.core.dataset import Manifest
from anchorset.core.provenance import Synthetic
from anchorset.core.trust import Signal
from anchorset.trust.report.phrases import amount, joined, listed
from anchorset.trust.report.population import REDTEAM, Population

_DAY = 86_400.0


def staleness(
    of: Population, manifest: Manifest | None, *, made_at: Mapping[str, str], inputs: Mapping[str, str] | None,
    now: str, stale_days: int,
) -> Signal:  # fmt: skip
    """Is everything younger than `stale_days`, and made from what is there today?

    A case whose production run has no known end is as old as the version at least.
    """
    synthetic = [case for case in of.cases if isinstance(case.provenance, Synthetic)]
    changed = _changed(manifest, inputs)
    if not synthetic:
        return Signal(
            id="staleness", answer="no" if changed else "unknown",
            todo=_todo(False, False, bool(changed)) or "Make synthetic cases; the seed ages only with the application.",
            evidence=joined("There is no synthetic case.", _said(changed)),
        )  # fmt: skip
    shipped = manifest.made_at if manifest else None
    ages: dict[bool, list[float]] = {True: [], False: []}
    for case in synthetic:
        assert isinstance(case.provenance, Synthetic)
        age = _days(made_at.get(case.provenance.run, shipped), now)
        if age is not None:
            ages[case.bucket == REDTEAM].append(age)
    known = [*ages[True], *ages[False]]
    if not known:
        return Signal(
            id="staleness", answer="no" if changed else "unknown",
            todo=_todo(False, False, bool(changed)) or "Ship a version: its date stands for theirs.",
            evidence=joined("Nobody knows when the synthetic cases were made.", _said(changed)),
        )  # fmt: skip
    sentences, old = [], {}
    for attacks, what in ((False, "synthetic case"), (True, "attack")):
        if ages[attacks]:
            old[attacks] = sum(age > stale_days for age in ages[attacks])
            sentences.append(
                f"{amount(len(ages[attacks]), what)}, the oldest {amount(int(max(ages[attacks])), 'day')} old, "
                f"{old[attacks]:,} past {stale_days} days."
            )
    newest = max((tag[6:] for case in synthetic for tag in case.tags if tag.startswith("since:")), default="")
    if ages[True] and newest:
        sentences.append(f"The newest attack pattern among them is known since {newest}.")
    stale = any(old.values())
    return Signal(
        id="staleness", answer="no" if stale or changed else "yes", value=max(known),
        evidence=joined(*sentences, _said(changed)),
        todo=_todo(bool(old.get(False)), bool(old.get(True)), bool(changed)),
    )  # fmt: skip


def _changed(manifest: Manifest | None, inputs: Mapping[str, str] | None) -> list[str]:
    if manifest is None or inputs is None:
        return []
    return sorted(name for name, digest in manifest.lock.items() if inputs.get(name) != digest)


def _said(changed: list[str]) -> str:
    return f"Changed since this version was made: {listed(changed)}." if changed else ""


def _todo(old: bool, old_attacks: bool, changed: bool) -> str:
    return joined(
        "Refresh the synthetic cases: frozen ones become a regression test." if old else "",
        "Renew the red team: known attacks age within months." if old_attacks else "",
        "Produce what has gone stale again and ship the next version." if changed else "",
    )


def _days(then: str | None, now: str) -> float | None:
    """Days from `then` to `now`, 0 for the future; None when one of them is no time."""
    start, end = _time(then), _time(now)
    return None if start is None or end is None else max(0.0, (end - start).total_seconds() / _DAY)


def _time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
