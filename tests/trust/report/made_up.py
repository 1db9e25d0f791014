"""A made-up history with known answers: cases, runs and decisions, drawn by hash so that order does not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.dataset import Manifest
from anchorset.core.decision import Decision
from anchorset.core.hashing import draw
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Golden, Observed, Step, Synthetic
from anchorset.core.run import Result, RunHead
from anchorset.core.said import Grade, Verdict
from anchorset.trust.report.history import History

NOW = "2026-11-20T12:00:00+00:00"
OPENINGS = (
    "where is",
    "why is",
    "i never got",
    "can you check",
    "still waiting for",
    "please look into",
    "hello, about",
)
THINGS = ("my order", "the parcel", "the blue jacket", "my refund", "the charger", "these shoes", "the second lamp")
TAILS = ("it is late", "it came broken", "wrong size again", "nobody answers", "bought it last week", "it was a gift",
         "tracking says delivered", "the card was charged twice")  # fmt: skip
USERS = ("new_customer", "regular", "angry_escalator")
POLICIES = ("delay", "damaged", "remorse")


def chance(*key: str | int) -> float:
    """A number in [0, 1) that depends on the key alone."""
    return draw(*key) / 2**64


def words(*key: str | int) -> str:
    return " ".join(options[draw(*key, at) % len(options)] for at, options in enumerate((OPENINGS, THINGS, TAILS)))


def axes(*key: str | int) -> dict[str, str]:
    return {
        "user_type": USERS[draw(*key, "user") % len(USERS)],
        "policy": POLICIES[draw(*key, "policy") % len(POLICIES)],
    }


def seed(at: int, **fields: Any) -> Case:
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id=str(at), observed_at=NOW)
    given = {"expected": "approve", "metadata": axes("seed", at), "cluster": f"k_{at:04d}", "split": "eval"} | fields
    return Case(kind="text", input=f"{words('seed', at)} no. {at}", provenance=origin, **given)


def golden(at: int) -> Case:
    by = Golden(source="golden", author="kim")
    return Case(kind="text", input=f"expert case {words('golden', at)} {at}", expected="approve", provenance=by)


def synthetic(at: int, parent: Case, technique: str = "mutation", *, text: str | None = None, **fields: Any) -> Case:
    origin = Synthetic(
        source="synthetic", technique=technique, label=f"synth-{technique}", parents=(parent.id,), roots=(parent.id,),
        operators=(Step(operator="typo.neighbour", relation="invariant"),), random_seed=7, run="r_1",
    )  # fmt: skip
    given = {"expected": "approve", "metadata": dict(parent.metadata), "cluster": parent.cluster, "split": "eval"}
    number = draw(technique, at) % 10**6
    said = text if text is not None else f"{parent.text.replace('is', 'iz')} {words(technique, at)[:24]} {number}"
    return Case(kind="text", input=said, provenance=origin, **(given | fields))


def dataset(
    seeds: int = 120, per_seed: int = 2, techniques: Sequence[str] = ("mutation", "remix", "redteam")
) -> list[Case]:
    """Seeds, and `per_seed` cases of each technique a seed."""
    real = [seed(at) for at in range(seeds)]
    made = [
        synthetic(at * 100 + copy, parent, technique)
        for technique in techniques
        for at, parent in enumerate(real)
        for copy in range(per_seed)
    ]
    return [*real, *made]


def manifest(cases: Sequence[Case], **fields: Any) -> Manifest:
    given: dict[str, Any] = {
        "name": "bank", "version": "1.2.0", "digest": "sha256:00", "bump": "first", "why": "first", "files": {},
        "rows": {}, "made_at": "2026-11-01T00:00:00+00:00", "by_bucket": {}, "by_split": {},
        "seed_groups": sum(case.bucket == "seed" for case in cases),
    }  # fmt: skip
    return Manifest(**(given | fields))


def run(
    cases: Sequence[Case], passes: Callable[[Case], float], *, target: str = "bot", version: str = "1", at: int = 1,
    repeats: int = 1, tools: Callable[[Case], Sequence[str]] | None = None, says: Callable[[Case], Any] | None = None,
    **head: Any,
) -> tuple[RunHead, list[Result]]:  # fmt: skip
    """A run in which a case passes with the chance that `passes` gives it."""
    name = f"q_{target}_{version}_{at}"
    rows = [
        Result(
            run=name, case=case.id, content=case.content, target=target, version=version, repeat=repeat,
            passed=chance("pass", case.id, repeat) < passes(case),
            output=says(case) if says else "approve", tools=tuple(tools(case)) if tools else None,
        )
        for case in cases for repeat in range(repeats)
    ]  # fmt: skip
    given = {"family": "rules", "dataset": "bank@1.2.0", "digest": "sha256:00", "evaluators": ("exact@1",)} | head
    began = f"2026-11-{at:02d}T10:00:00+00:00"
    return RunHead(
        run=name, target=target, version=version, repeats=repeats, cases=len(cases), started_at=began, **given
    ), rows


def verdicts(cases: Sequence[Case], kept: float | Callable[[Case], float], reviewer: str = "kim") -> list[Verdict]:
    """One decision a case, kept with that chance."""
    out = []
    for case in cases:
        odds = kept(case) if callable(kept) else kept
        keep = chance("keep", case.id) < odds
        reason = None if keep else "unrealistic"
        said = Decision(decision="approve" if keep else "reject", reviewer=reviewer, at=NOW, reason=reason)
        out.append(Verdict(lane="candidates", case=case.id, content=case.content, decision=said))
    return out


def grade(row: Result, passed: bool, reviewer: str = "kim") -> Grade:
    return Grade(
        run=row.run, case=row.case, content=row.content, target=row.target, repeat=row.repeat, passed=passed,
        reviewer=reviewer, at=NOW,
    )  # fmt: skip


def history(embedder: Embedder, cases: Sequence[Case] = (), **fields: Any) -> History:
    dimensions = {"user_type": dict.fromkeys(USERS, ""), "policy": dict.fromkeys(POLICIES, "")}
    given: dict[str, Any] = {
        "config": Config(name="bank", dimensions=dimensions), "now": NOW, "cases": cases,
        "manifest": manifest(cases) if cases else None, "made_at": {"r_1": "2026-10-30T00:00:00+00:00"},
    }  # fmt: skip
    return History(embedder=embedder, **(given | fields))
