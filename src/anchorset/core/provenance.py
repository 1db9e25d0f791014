"""Where a case came from: a union with required fields per source. A case without provenance does not exist.

What this module does not know: the case itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from anchorset.core.noun import Names, Noun

Technique = Literal[
    "prompted", "persona", "mutation", "remix", "redteam", "grounded", "conversation", "template", "trajectory"
]
Relation = Literal["invariant", "changed", "unknown"]
"""What an operator does to the expected answer: it stays, it becomes another, or nobody can say without looking."""

Bucket = Literal[
    "seed", "regression", "golden",
    "prompted", "persona", "mutation", "remix", "redteam", "grounded", "conversation", "template", "trajectory",
]  # fmt: skip
SEED = "seed"
REAL_BUCKETS: tuple[str, ...] = (SEED, "regression", "golden")
"""Buckets of real cases. Only the first anchors; every other bucket, `unknown` too, is pooled as synthetic."""


class Observed(Noun):
    """A real case. `production` is the seed: it alone anchors. `regression` is kept because it once failed."""

    source: Literal["production", "regression"]
    origin: str
    """File name and sha256 (`logs.csv sha256:51ab…`), or the trace system it came from."""
    original_id: str
    """The source's own id, or FILE:LINE."""
    observed_at: str | None = None
    """ISO 8601 with zone; None when the source did not say."""
    count: int = Field(default=1, ge=1)
    """How many source rows said exactly this."""


class Golden(Noun):
    """A case written by hand by an expert."""

    source: Literal["golden"]
    author: str
    origin: str | None = None
    original_id: str | None = None


class Step(Noun):
    """One operator applied: enough to name it and, with the random seed, to repeat it."""

    operator: str
    version: int = 1
    relation: Relation
    detail: str | None = None
    """What it did, in a few words (`'order' -> 'ordr'`); None when its name says it all."""


class Synthetic(Noun):
    """A manufactured case."""

    source: Literal["synthetic"]
    technique: Technique
    label: str
    """`synth-<persona or technique>-<cell>`."""
    parents: Names = ()
    """Ids of the cases whose text this one rewrites."""
    roots: Names = ()
    """Ids of the seeds reached through parents."""
    anchors: Names = ()
    """Seeds shown for style. Recorded, never lineage."""
    operators: tuple[Step, ...] = ()
    persona: str | None = None
    model: str | None = None
    """`provider:model`; None for the model-free techniques."""
    family: str | None = None
    prompt: str | None = None
    """`name@hash` of the prompt template; None for the model-free techniques."""
    params: dict[str, JsonValue] = Field(default_factory=dict)
    random_seed: int
    run: str
    """`r_` and the hash of (config, plan, random seed, model)."""


Provenance = Annotated[Observed | Golden | Synthetic, Field(discriminator="source")]


def bucket_of(provenance: Observed | Golden | Synthetic) -> Bucket:
    """The slice that statistics keep apart: seed, regression, golden, or the technique."""
    if isinstance(provenance, Synthetic):
        return provenance.technique
    if isinstance(provenance, Golden):
        return "golden"
    return "seed" if provenance.source == "production" else "regression"
