"""Made-up messages on three subjects that share hardly a word, and cases made of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from anchorset.core.behaviour import SeedMap
from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.provenance import Golden, Observed, Synthetic
from anchorset.map.workspace import map_workspace

SUBJECTS = {
    "card": (
        ("my debit card", "the new card", "that plastic card", "a replacement card", "my bank card"),
        ("never came with the mail", "was swallowed by the machine", "got stolen on the bus",
         "has a broken chip", "is blocked after the wrong pin", "will expire next month"),
    ),
    "loan": (
        ("the mortgage", "my student loan", "a loan for the house", "this credit agreement", "our mortgage offer"),
        ("has too high an interest rate", "runs for thirty years", "needs a second guarantor",
         "can be repaid early", "asks for a salary statement", "was refused by the lender"),
    ),
    "travel": (
        ("foreign currency", "euros for the holiday", "dollars in cash", "travel money", "japanese yen"),
        ("can be ordered at the airport", "is cheaper in the city", "should be collected on friday",
         "costs a commission abroad", "is exchanged at which rate", "came in large banknotes"),
    ),
}  # fmt: skip


def said(subject: str, n: int = 30) -> list[str]:
    """The first `n` messages on a subject, no two alike."""
    who, what = SUBJECTS[subject]
    return [f"{a} {b}" for a, b in product(who, what)][:n]


def real(
    text: str, *, source: str = "production", status: str = "approved", expected: object = None, **metadata
) -> Case:
    origin = (
        Golden(source="golden", author="kim")
        if source == "golden"
        else Observed(source=source, origin="made-up.csv sha256:00", original_id="1")
    )
    return Case(kind="text", input=text, metadata=metadata, expected=expected, provenance=origin, status=status)


def made(
    text: str, *parents: Case, technique: str = "mutation", status: str = "passed", reviews=(), **metadata
) -> Case:
    ids = tuple(parent.id for parent in parents)
    origin = Synthetic(
        source="synthetic", technique=technique, label="synth-x", parents=ids, roots=ids, random_seed=7, run="r_1"
    )
    return Case(kind="text", input=text, metadata=metadata, provenance=origin, status=status, reviews=reviews)


def config(dimensions: dict | None = None, **more) -> Config:
    return Config.model_validate({"name": "bank", "dimensions": dimensions or {}, **more})


def mapped(
    seeds: Sequence[Case], embedder, dimensions: dict | None = None, *, grid: dict | None = None, **more
) -> SeedMap:
    """The map of these seeds, every seed its own group unless `groups` says otherwise."""
    more.setdefault("groups", {})
    return map_workspace(seeds, config(dimensions, grid=grid or {}), embedder=embedder, **more)
