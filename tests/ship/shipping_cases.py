"""Made-up cases of a shop, as many as asked for, each saying something else."""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.provenance import Golden, Observed, Synthetic

THINGS = (
    "kettle", "lamp", "bicycle", "piano", "curtain", "drill", "tent", "mirror", "carpet", "camera", "sofa", "oven",
)  # fmt: skip
EVENTS = (
    "arrived broken", "never came", "smells of smoke", "lost a screw", "is the wrong colour", "was billed twice",
    "leaks water", "came without manual", "makes a strange noise", "fell apart", "does not fit", "is scratched",
)  # fmt: skip
PLACES = ("in Lisbon", "at my office", "on the balcony", "for my sister", "in the cellar", "at school", "on holiday")


def words(*key: object) -> str:
    picked = [options[draw(*map(str, key), at) % len(options)] for at, options in enumerate((THINGS, EVENTS, PLACES))]
    return f"the {picked[0]} {picked[1]} {picked[2]} {'abcdefghij'[draw(*map(str, key), 'x') % 10]}{key[-1]}"


def seed(at: int, *, text: str | None = None, **fields: object) -> Case:
    origin = Observed(
        source="production", origin="logs.csv sha256:00", original_id=str(at), observed_at=f"2025-01-{at % 28 + 1:02}"
    )
    given = {"expected": "track", "metadata": {"policy": ("delay", "damaged")[at % 2]}} | fields
    return Case(kind="text", input=text or words("seed", at), provenance=origin, **given)


def golden(at: int) -> Case:
    by = Golden(source="golden", author="kim")
    return Case(kind="text", input=words("golden", at), expected="ask", provenance=by)


def made(at: int, parent: Case, technique: str = "mutation", *, text: str | None = None, **fields: object) -> Case:
    origin = Synthetic(
        source="synthetic", technique=technique, label=f"synth-{technique}-all", parents=(parent.id,),
        roots=(parent.id,), random_seed=7, run="r_1",
    )  # fmt: skip
    given = {"expected": "track", "metadata": dict(parent.metadata), "status": "approved"} | fields
    return Case(kind="text", input=text or f"{words(technique, at)} and {parent.text}", provenance=origin, **given)


def shop(seeds: int = 60, **each: int) -> tuple[list[Case], list[Case]]:
    """(real cases, approved candidates): `each` technique so many candidates."""
    real = [seed(at) for at in range(seeds)]
    candidates = [made(at, real[at % seeds], technique) for technique, n in sorted(each.items()) for at in range(n)]
    return real, candidates
