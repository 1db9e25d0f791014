"""A small crowd of real messages, and candidates made for one check at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from anchorset.core.case import Case
from anchorset.core.finding import Finding
from anchorset.core.provenance import Observed, Step, Synthetic
from anchorset.qualify.batch import Batch, Check
from anchorset.qualify.crowd import Crowd, Settings, crowd_of

MESSAGES = {
    "late": (
        "where is my parcel, it should have been here on monday", "my order still has not come and nobody answers",
        "tracking says delivered but nothing is at my door", "ordered nine days ago and the birthday was yesterday",
        "the courier never rang, now the box is back at the depot", "how long does delivery to the islands take",
        "package stuck in customs since last week, what now", "can you tell me when it will finally arrive",
    ),
    "broken": (
        "the mug came in two pieces, send me a new one", "screen is cracked right out of the box",
        "the lamp does not switch on at all", "zip broke on the first day, this is junk",
        "it arrived wet and the book is ruined", "one of the legs is bent so the table wobbles",
        "the speaker only crackles, i want my money back", "box was crushed and the glass inside is shattered",
    ),
    "remorse": (
        "changed my mind about the blue jacket, can it go back", "do not need the second charger after all",
        "too big for my kitchen, what can we do about it", "i found it cheaper elsewhere, please take it back",
        "ordered the wrong size, is an exchange possible", "never opened it, how do i return this thing",
        "my wife hates the colour so i would like to send it back", "bought it by accident with one click",
    ),
}  # fmt: skip


def real(text: str, **metadata: str) -> Case:
    origin = Observed(source="production", origin="made-up.csv sha256:00", original_id="1")
    return Case(kind="text", input=text, metadata=metadata, provenance=origin)


SEEDS = tuple(real(text, policy=policy) for policy, texts in MESSAGES.items() for text in texts)


def child(text: str, *parents: Case, technique: str = "mutation", steps: Sequence[Step] = (), **fields: object) -> Case:
    """A candidate made from `parents`."""
    ids = tuple(parent.id for parent in parents)
    origin = Synthetic(
        source="synthetic", technique=technique, label="synth-x", parents=ids, roots=ids,
        operators=steps or (Step(operator="typo.neighbour", relation="invariant"),), random_seed=7, run="r_1",
    )  # fmt: skip
    fields.setdefault("metadata", parents[0].metadata if parents else {})
    return Case(kind=fields.pop("kind", "text"), input=text, provenance=origin, **fields)


@pytest.fixture(scope="session")
def make_crowd(embedder) -> Callable[..., Crowd]:
    def make(seeds: Sequence[Case] = SEEDS, **settings: object) -> Crowd:
        return crowd_of(seeds, embedder=embedder, groups={}, settings=Settings(**settings))

    return make


@pytest.fixture(scope="session")
def crowd(make_crowd) -> Crowd:
    return make_crowd()


@pytest.fixture
def says(crowd) -> Callable[..., Finding]:
    """What one check says of one candidate."""

    def look(check: Check, case: Case, crowd: Crowd = crowd) -> Finding:
        (finding,) = check.look(Batch(cases=[case], crowd=crowd))
        assert (finding.check, finding.version) == (check.code, check.version)
        return finding

    return look
