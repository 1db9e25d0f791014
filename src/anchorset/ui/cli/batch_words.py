"""What became of questions in batches, in words and as the machine form.

What this module does not know: how they were asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anchorset.ui.cli.ledger import ledger_lines
from anchorset.ui.cli.made_words import report, spent_lines

if TYPE_CHECKING:
    from anchorset.core.batch import SentBatch
    from anchorset.pipeline.produce.batching import Came, Exported, Stand
    from anchorset.pipeline.produce.sending import Collected, Look, Submitted

FEW = 50
"""Open questions up to which asking them live is the shorter way."""


def stand_lines(stand: Stand) -> list[str]:
    """How far the run is, and what is open."""
    made = stand.made
    found = [f"note: {note}" for note in made.notes]
    if made.planned is not None:
        found += [f"note: {note}" for note in (*made.planned.notes, *made.planned.gaps)]
        found += [f"warning: {one.message}" for one in made.planned.warnings]
    if made.produced is None:
        return [*found, "nothing to do: what was asked for stands already"]
    ledger = ledger_lines(made.produced)
    if not stand.over:  # every cell is short of what waits
        ledger = [line for line in ledger if not line.startswith(("  short ", "  … and"))]
    found += [f"{made.run}:", *ledger, *spent_lines(made.spent)]
    if stand.over:
        return [*found, f"the run is over: {len(made.produced.passed):,} passed; next: anchorset review"]
    waiting = f", {stand.out:,} of them in batches that were sent" if stand.out else ""
    return [*found, f"open questions: {len(stand.open):,}{waiting}"]


def next_lines(stand: Stand) -> list[str]:
    """What can be done about what is open."""
    free = len(stand.open) - stand.out
    if stand.over:
        return []
    if not free:
        return ["next: anchorset batch collect"]
    live = " or, for so few, live: `anchorset produce` with the options of this run" if free <= FEW else ""
    return [f"next: `anchorset batch export FILE` or `anchorset batch submit`{live}"]


def exported_lines(done: Exported) -> list[str]:
    """The files, and where they go."""
    found = [
        f"wrote {one.requests:,} requests for {one.model} to {one.path} ({one.bytes:,} bytes)" for one in done.files
    ]
    if found:
        found.append("next: hand them to the vendor's batches, then `anchorset batch import RESULTS`")
    elif not done.stand.over:
        found.append("wrote nothing: everything that is open is in batches that were sent; `anchorset batch collect`")
    return found


def came_lines(came: Came) -> list[str]:
    """What became of answers."""
    again = ", ".join(f"{trouble} {n:,}" for trouble, n in sorted(came.again.items()))
    parts = [
        f"read {came.lines:,} lines: {came.taken:,} answers taken",
        f"{came.refused:,} refused for good" if came.refused else "",
        f"{came.again.total():,} failed and stay open ({again})" if came.again else "",
        f"{came.known:,} known already" if came.known else "",
        f"{came.unknown:,} to questions that this workspace has not asked" if came.unknown else "",
        f"{came.unread:,} not readable" if came.unread else "",
    ]
    return [", ".join(filter(None, parts)), *(f"not readable: {one}" for one in came.examples)]


def submitted_lines(done: Submitted) -> list[str]:
    """The batches that went out."""
    found = [f"note: {note}" for note in done.notes]
    found += [
        f"sent {len(one.keys):,} questions to {one.model} as {vendors_id(one)} ({_most(one)})" for one in done.sent
    ]
    if done.left:
        found.append(f"{done.left:,} questions were not sent: the budget does not reach for them")
    if done.sent:
        return [*found, "next, within a day: anchorset batch collect"]
    return [*found, *([] if done.stand.over else ["sent nothing: everything that is open is in batches already"])]


def collected_lines(done: Collected) -> list[str]:
    """Every batch that was looked at."""
    found = [f"note: {note}" for note in done.notes]
    for look in done.looks:
        found += _look_lines(look)
    return found or ["no batch is out"]


def batch_report(one: SentBatch) -> dict[str, Any]:
    """The machine form of a batch."""
    return {
        "id": vendors_id(one), "model": one.model, "run": one.run, "state": one.state, "questions": len(one.keys),
        "usd_most": one.usd_most, "at": one.at, "why": one.why,
    }  # fmt: skip


def stand_report(stand: Stand | None) -> dict[str, Any]:
    """The machine form of a run: that of `produce`, and what is open."""
    if stand is None:
        return {"open": None}
    return {"open": len(stand.open), "out": stand.out, "over": stand.over, **report(stand.made)}


def vendors_id(one: SentBatch) -> str:
    """What the vendor calls it."""
    return str(one.handle.get("id", one.id))


def _look_lines(look: Look) -> list[str]:
    name = f"{vendors_id(look.batch)} ({look.batch.model}, {look.total:,} questions)"
    if look.trouble:
        return [f"{name} could not be looked at: {look.trouble}"]
    if look.batch.state == "failed":
        return [f"{name} failed: {look.batch.why}"]
    if look.came is None:
        return [f"{name} is running: {look.done:,} of {look.total:,} done; collect again later"]
    missing = f"; {look.missing:,} were not answered and are open again" if look.missing else ""
    first, *rest = came_lines(look.came)
    return [f"{name} has ended: {first}{missing}", *rest]


def _most(one: SentBatch) -> str:
    return "at a price that is not known" if one.usd_most is None else f"at most about ${one.usd_most:,.4f}"
