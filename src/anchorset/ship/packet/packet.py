"""The packet as values: stages with what proves them, pairs of cases, days, numbers of the review.

What this module does not know: how a value was found, and how it looks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.inert import visible
from anchorset.core.provenance import Golden, Observed, Synthetic
from anchorset.ship.packet.pairs import Sampled

LONGEST = 900
"""Characters of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage, and what it left."""

    name: str
    facts: tuple[str, ...]
    """Counts, models, costs: a line each."""
    proof: tuple[str, ...] = ()
    """Hashes that pin down what it worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened on a day."""

    day: str
    """ISO 8601, the date."""
    at: str
    """The first time of it, ISO 8601."""
    kind: str
    """`production`, `decisions`, `edits`, `grades`, `undo`, `tags`, `quarantine`, `shipped`, `run`, `outcome` …"""
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What one person decided on candidates and seeds; taken back and repeated words are not counted."""

    reviewer: str
    approved: int
    edited: int
    rejected: int
    guidelines: tuple[str, ...]
    """`rubric@hash` of the rubrics that were shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A candidate that a person rejected."""

    id: str
    bucket: str
    reason: str
    reviewer: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Everything of one version."""

    manifest: Manifest
    at: str
    """When the packet was put together."""
    about: str
    """What the product is."""
    problems: tuple[str, ...]
    """What is not as it was shipped; empty: proved."""
    stale: tuple[str, ...]
    stages: tuple[Stage, ...]
    sampled: Sampled
    reviewed: tuple[Reviewed, ...]
    reasons: Mapping[str, int]
    refused: tuple[Refused, ...]
    survival: tuple[tuple[str, Mapping[str, Any]], ...]
    """(slice, its machine form), the whole first."""
    agreement: str
    agreement_todo: str
    timeline: tuple[Event, ...]
    """The latest last."""
    earlier: int = 0
    """Events that were left out at the beginning of the timeline."""
    runs: tuple[Mapping[str, Any], ...] = ()
    outcomes: tuple[Mapping[str, Any], ...] = ()
    hidden: tuple[str, ...] = field(default=())
    """Buckets whose texts are not shown to whoever asked."""


def machine(packet: Packet) -> dict[str, Any]:
    """The machine form. Of a case it has what the page shows."""
    form = {
        name: getattr(packet, name)
        for name in ("at", "problems", "stale", "reasons", "agreement", "earlier", "runs", "outcomes", "hidden")
    }
    return {
        "dataset": packet.manifest.ref, "digest": packet.manifest.digest, **form,
        "stages": [asdict(one) for one in packet.stages], "reviewed": [asdict(one) for one in packet.reviewed],
        "refused": [asdict(one) for one in packet.refused], "survival": dict(packet.survival),
        "timeline": [asdict(one) for one in packet.timeline], "rule": packet.sampled.rule,
        "pairs": [
            {
                "cell": one.cell, "distance": one.distance, "parent": one.is_parent,
                "synthetic": None if one.synthetic is None else shown(one.synthetic),
                "real": None if one.real is None else shown(one.real),
            }
            for one in packet.sampled.pairs
        ],
    }  # fmt: skip


def shown(case: Case) -> dict[str, Any]:
    """A case as the packet shows it: its text, what is expected, how it came to be and how it was chosen."""
    return {
        "id": case.id, "bucket": case.bucket, "split": case.split, "difficulty": case.difficulty,
        "text": cut(case.text), "expected": None if case.expected is None else cut(_told(case.expected)),
        "criteria": [cut(one) for one in case.criteria], "made": [cut(one) for one in _made(case)],
        "chosen": [cut(one) for one in _chosen(case)],
        "flags": [f"{one.check}: {cut(one.evidence or 'flagged')}" for one in case.findings if one.says == "flag"],
        "passed": sum(one.says == "pass" for one in case.findings),
    }  # fmt: skip


def cut(text: str) -> str:
    """The visible text, cut where it is long."""
    seen = visible(text[: 2 * LONGEST])
    return seen if len(seen) <= LONGEST and len(text) <= 2 * LONGEST else seen[: LONGEST - 1].rstrip() + "…"


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _made(case: Case) -> Sequence[str]:
    origin = case.provenance
    if isinstance(origin, Observed):
        seen = f", said {origin.count:,} times" if origin.count > 1 else ""
        when = f", observed {origin.observed_at}" if origin.observed_at else ""
        return [f"{origin.source}: {origin.original_id} in {_short_hash(origin.origin)}{when}{seen}"]
    if isinstance(origin, Golden):
        return [f"written by {origin.author}"]
    assert isinstance(origin, Synthetic)
    steps = ", ".join(step.operator for step in origin.operators)
    said = [f"{origin.technique}{f' as {origin.persona}' if origin.persona else ''}{f' by {steps}' if steps else ''}"]
    said.append(f"model {origin.model}, prompt {origin.prompt}" if origin.model else "no model")
    if origin.parents:
        said.append(f"from {', '.join(origin.parents)}")
    return [*said, f"production run {origin.run}, random seed {origin.random_seed}"]


def _short_hash(origin: str) -> str:
    """Without all but eight digits of the file's hash: the first stage has it whole."""
    name, found, digest = origin.partition(" sha256:")
    return f"{name} sha256:{digest[:8]}…" if found and len(digest) > 8 else origin


def _chosen(case: Case) -> Sequence[str]:
    last = {one.reviewer: one for one in case.reviews}
    said = [
        f"{one.decision} by {one.reviewer}, {one.at[:10]}"
        + (f" ({one.reason})" if one.reason else "")
        + (f", {one.guideline}" if one.guideline else "")
        for one in last.values()
    ]
    if said:
        return said
    if not isinstance(case.provenance, Synthetic):
        return ["real: no decision is needed"]
    return ["a reviewed sample of its kind stands for it" if case.status == "sampled" else "nobody decided about it"]
