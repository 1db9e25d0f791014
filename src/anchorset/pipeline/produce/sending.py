"""Batches at the vendors' own endpoints: what is open sent there, and collected hours later by a handle that was kept.

Every batch stands in `candidates/batches.jsonl` before it is sent, and again once the vendor has named it: a crash
between the two is said, never hidden.
What this module does not know: how a run goes on; that is batching.py's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from anchorset.core.ask import Ask
from anchorset.core.batch import SentBatch
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, MachineError, ModelError
from anchorset.core.hashing import short_hash
from anchorset.infra.db.answers import StoredAnswers
from anchorset.infra.llm.budget import Budget
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.prices import BATCH_SHARE, price_of, usd
from anchorset.infra.llm.wire import batch_http
from anchorset.infra.llm.wire.batch import batch_line
from anchorset.infra.llm.wire.client import WireModel
from anchorset.pipeline.indexing import BATCHES
from anchorset.pipeline.models import Agree, agreed, chosen
from anchorset.pipeline.produce.batching import Came, Stand, batches, keep, open_run, stand, to_send
from anchorset.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What `submit` did."""

    stand: Stand
    sent: tuple[SentBatch, ...]
    left: int = 0
    """Questions that were not sent: the budget does not reach for them."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One batch, as it was found."""

    batch: SentBatch
    """As it stands now."""
    done: int = 0
    total: int = 0
    came: Came | None = None
    """What became of its answers; None: it has none yet."""
    missing: int = 0
    """Questions of an ended batch without a line in its results: they are open again."""
    trouble: str = ""
    """Why it could not be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What `collect` did. `stand` None: nothing new came, or no run is open."""

    looks: tuple[Look, ...]
    stand: Stand | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What goes out as one batch."""

    spec: ModelSpec
    asks: list[Ask]
    most: float | None
    """USD at most; None: not known."""


def submit(workspace: Workspace, *, agree: Agree | None, budget_usd: float | None = None) -> Submitted:
    """Sends what is open, and in no batch yet, to the batch endpoints of its models.

    `agree` is asked first: what leaves the machine, and what it may cost at most, at half the price. `budget_usd`: of
    the whole run, in place of the configuration's: what may not fit is not sent. Raises UsageError (nobody agreed, no
    model with batches), MachineError (the budget fits nothing), ModelError (the vendor did not take it: what was sent
    before stays).
    """
    with workspace.exclusive("batch"):
        return _submit(workspace, agree, budget_usd)


def _submit(workspace: Workspace, agree: Agree | None, budget_usd: float | None) -> Submitted:
    now = stand(workspace)
    notes = _unsure(workspace)
    groups = to_send(workspace, now)
    if not groups:
        return Submitted(stand=now, sent=(), notes=notes)
    run = now.made.run or ""
    limit = workspace.config.budget_usd if budget_usd is None else budget_usd
    spent = StoredAnswers(workspace.paid).spent(run).usd or 0.0
    held = sum(one.usd_most or 0.0 for one in batches(workspace) if one.state == "sent" and one.run == run)
    models = {spec.model: _wire(workspace, spec) for spec, _ in groups}
    room = None if limit is None else limit - spent - held
    parcels, left = _parcels(groups, models, room)
    if not parcels:
        raise MachineError(
            f"the budget of ${limit or 0:,.2f} ends here: ${spent:,.4f} of it is spent, ${held:,.4f} may go into "
            f"batches that are out, and the next question might cross it; {left:,} questions wait. Raise "
            "`budget_usd` (or `--budget`) and submit again."
        )
    agreed(list(models.values()), agree, what=_leaving(parcels), cost=_cost(parcels))
    for one in batches(workspace):
        if one.state == "sending":
            why = "it broke off while it was sent, and its questions were sent again"
            over = {"state": "failed", "at": workspace.now(), "why": why}
            workspace.append(BATCHES, [one.model_copy(update=over)])
    return Submitted(stand=now, sent=tuple(_sent(workspace, models, run, parcels)), left=left, notes=notes)


def collect(workspace: Workspace) -> Collected:
    """Looks after every batch that is out; takes in the answers of those that have ended, and goes on with the run.

    A batch that cannot be looked at is said in its `trouble`; the others are looked at all the same.
    """
    with workspace.exclusive("batch"):
        notes = _unsure(workspace)
        looks = [_look(workspace, one) for one in batches(workspace) if one.state == "sent"]
        news = any(look.batch.state != "sent" for look in looks)
        now = stand(workspace) if news and open_run(workspace) else None
        return Collected(looks=tuple(looks), stand=now, notes=notes)


def _look(workspace: Workspace, batch: SentBatch) -> Look:
    total = len(batch.keys)
    try:
        model = _wire(workspace, _spec(workspace, batch.model))
        found = asyncio.run(_collected(model, batch.handle))
    except (ModelError, ConfigError, MachineError) as error:
        return Look(batch=batch, total=total, trouble=str(error))
    if found.status == "running":
        return Look(batch=batch, done=found.done, total=found.total or total)
    if found.status == "failed":
        over = batch.model_copy(update={"state": "failed", "at": workspace.now(), "why": found.message or ""})
        workspace.append(BATCHES, [over])
        return Look(batch=over, total=total)
    came = Came(lines=len(found.answers) + len(found.unread))
    for why in found.unread:
        came.cannot_read(why)
    asked = dict.fromkeys(batch.keys, (batch.model, batch.run))
    keep(workspace, {key: answer for key, answer in found.answers.items() if key in asked}, asked, came)
    came.unknown = sum(key not in asked for key in found.answers)
    missing = sum(key not in found.answers for key in asked)
    counts = {name: n for name, n in (("taken", came.taken), ("refused", came.refused), ("known", came.known)) if n}
    counts |= {"again": came.again.total() + missing} if came.again or missing else {}
    over = batch.model_copy(update={"state": "ended", "at": workspace.now(), "came": counts})
    workspace.append(BATCHES, [over])
    return Look(batch=over, done=len(found.answers), total=total, came=came, missing=missing)


def _sent(
    workspace: Workspace, models: dict[str, WireModel], run: str, parcels: Sequence[_Parcel]
) -> Iterator[SentBatch]:
    before = len(batches(workspace))
    for nth, parcel in enumerate(parcels):
        keys = tuple(ask.key for ask in parcel.asks)
        one = SentBatch(
            id="s_" + short_hash([run, parcel.spec.model, before + nth, list(keys)]), state="sending", run=run,
            model=parcel.spec.model, at=workspace.now(), keys=keys, usd_most=parcel.most,
        )  # fmt: skip
        workspace.append(BATCHES, [one])
        try:
            handle = asyncio.run(_submitted(models[parcel.spec.model], parcel.asks))
        except (ModelError, ConfigError) as error:
            failed = {"state": "failed", "at": workspace.now(), "why": str(error)}
            workspace.append(BATCHES, [one.model_copy(update=failed)])
            raise
        one = one.model_copy(update={"state": "sent", "at": workspace.now(), "handle": handle})
        workspace.append(BATCHES, [one])
        yield one


async def _submitted(model: WireModel, asks: Sequence[Ask]) -> batch_http.Handle:
    try:
        return await batch_http.submit(model, asks)
    finally:
        await model.close()


async def _collected(model: WireModel, handle: batch_http.Handle) -> batch_http.Collected:
    try:
        return await batch_http.collect(model, handle)
    finally:
        await model.close()


def _parcels(
    groups: Sequence[tuple[ModelSpec, list[Ask]]], models: dict[str, WireModel], room: float | None
) -> tuple[list[_Parcel], int]:
    """What goes out, in parts that the vendors take, as far as the money reaches; and how many questions stay."""
    parcels: list[_Parcel] = []
    left = 0
    for spec, asks in groups:
        model, priced = models[spec.model], price_of(spec.model) is not None
        budget = Budget(None, usd)
        part = _Parcel(spec, [], 0.0 if priced else None)
        size = 0
        for nth, ask in enumerate(asks):
            most = budget.most(ask, rounds=1) * BATCH_SHARE
            if room is not None and most > room:
                left += len(asks) - nth
                break
            room = None if room is None else room - most
            length = len(orjson.dumps(batch_line(ask, model.vendor, model.habits))) + 1
            if len(part.asks) == batch_http.MOST[model.vendor.wire] or size + length > batch_http.MOST_BYTES:
                parcels.append(part)
                part, size = _Parcel(spec, [], 0.0 if priced else None), 0
            part.asks.append(ask)
            part = replace(part, most=None if part.most is None else part.most + most)
            size += length
        if part.asks:
            parcels.append(part)
    return parcels, left


def _wire(workspace: Workspace, spec: ModelSpec) -> WireModel:
    model = open_model(spec, root=workspace.path)
    if not isinstance(model, WireModel):
        raise ConfigError(f"{spec.model!r} has no batch endpoint; name a model of a vendor that has one.")
    return model


def _spec(workspace: Workspace, name: str) -> ModelSpec:
    """How this model is reached now: as the configuration says, where it names it."""
    models = chosen(workspace)
    known = {spec.model: spec for spec in (models.judge, models.generator)}
    return known.get(name) or ModelSpec(model=name)


def _unsure(workspace: Workspace) -> tuple[str, ...]:
    """Batches that were being sent when the process died."""
    return tuple(
        f"a batch of {len(one.keys):,} questions to {one.model} was being sent at {one.at} when it broke off, and "
        "nobody knows whether it was taken: see the vendor's list of batches and cancel it there, or download its "
        "results and import them; the next submit sends its questions again"
        for one in batches(workspace)
        if one.state == "sending"
    )


def _leaving(parcels: Sequence[_Parcel]) -> str:
    total = sum(len(parcel.asks) for parcel in parcels)
    return f"{total:,} questions, with seed texts and the product's context or with candidates in them, as a batch"


def _cost(parcels: Sequence[_Parcel]) -> str:
    known = [parcel.most for parcel in parcels if parcel.most is not None]
    if len(known) < len(parcels):
        return "at a price that is not known"
    return f"at most about ${sum(known):,.2f} at half the price"
