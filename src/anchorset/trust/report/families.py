"""Are generator, judge and target of different model families? One family likes its own answers.

What this module does not know: how a family is read from a model's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.config import Config, ModelSpec, TargetSpec
from anchorset.core.family import family_of
from anchorset.core.judge import JudgeCalibration
from anchorset.core.provenance import Synthetic
from anchorset.core.run import RunHead
from anchorset.core.said import ProductionRun
from anchorset.core.trust import Question
from anchorset.trust.report.phrases import listed

MODEL_EVALUATORS = ("rubric", "judge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Generator, judge or target. No family: no model has a part in it, or (`unknown`) nobody says which."""

    role: str
    families: tuple[str, ...]
    unknown: bool


def parties(
    config: Config, cases: Sequence[Case], heads: Iterable[RunHead], calibrations: Sequence[JudgeCalibration],
    production: Iterable[ProductionRun] = (),
) -> list[Party]:  # fmt: skip
    """Who takes part: the models that made the cases, those that judged cases and answers, and the targets.

    What happened goes before what is configured: a generator that wrote none of the cases has no part in them. A judge
    that has judged nothing yet, and a target that has not run, have one as soon as they are configured.
    """
    heads = list(heads)
    made = [case.provenance for case in cases if isinstance(case.provenance, Synthetic)]
    by_run = {one.run: one for one in production}
    makers = {_maker(one, by_run.get(one.run)) for one in made if one.model} if cases else _of(config.models.generator)
    judges = {family for head in heads for family in head.judge_families.values()}
    judges |= {
        by_run[run].families.get("judge")
        for run in {one.run for one in made}
        if run in by_run and "judge" in by_run[run].models
    }
    judges = judges or _of(config.models.judge)
    uses_judge = any(spec.name in MODEL_EVALUATORS for spec in config.evaluators)
    if uses_judge and not judges:
        judges = {one.family for one in calibrations if one.family} or {None}
    ran: dict[str, str | None] = {head.target: head.family for head in heads}
    targets: Mapping[str, str | None] = {
        name: ran.get(name) or _target(config.targets.get(name)) for name in (*config.targets, *ran)
    }
    return [_party("generator", makers), _party("judge", judges), _party("target", set(targets.values()))]


def _maker(made: Synthetic, run: ProductionRun | None) -> str | None:
    """The family of the model that wrote it: what the case says, then its run, then the model's name."""
    return made.family or (run.families.get("generator") if run else None) or family_of(made.model)


def _of(spec: ModelSpec) -> set[str | None]:
    return set() if spec.model == "none" else {family_of(spec.model, override=spec.family)}


def _target(spec: TargetSpec | None) -> str | None:
    if spec is None:
        return None
    return family_of(spec.chat.model if spec.chat else None, override=spec.family)


def _party(role: str, found: set[str | None]) -> Party:
    """What owners wrote is read like a model's name, so that `gpt` and `openai-gpt` are one family."""
    names = {family_of(name) or name.casefold() for name in found if name}
    return Party(role=role, families=tuple(sorted(names)), unknown=None in found)


def families(found: Sequence[Party]) -> Question:
    """Whether no two of the three share a family."""
    shared = [
        (one.role, other.role, name)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        for name in one.families
        if name in other.families
    ]
    said = "; ".join(f"{party.role}: {_named(party)}" for party in found)
    evidence = said[:1].upper() + said[1:] + "."
    if shared:
        one, other, name = shared[0]
        return Question(
            id="families", answer="no", evidence=f"{evidence} {one.capitalize()} and {other} are both {name}.",
            todo=f"Use a {one if one != 'generator' else 'generator or ' + other} of another family, or hold the judge "
            "against human grades: shared families raise pass rates by several points.",
        )  # fmt: skip
    models = [party for party in found if party.families or party.unknown]
    unknown = [party.role for party in models if party.unknown]
    if not found[2].families and not found[2].unknown:
        return Question(
            id="families", answer="unknown", evidence=evidence, todo="Name a target in the configuration and run it.",
        )  # fmt: skip
    if unknown and len(models) > 1:
        return Question(
            id="families", answer="unknown", evidence=evidence,
            todo=f"Say `family` for the {listed(unknown)} in the configuration (`rules` where no model answers).",
        )  # fmt: skip
    alone = " At most one of the three is a model, so none can be shared." if len(models) < 2 else ""
    return Question(id="families", answer="yes", evidence=evidence + alone, todo="")


def _named(party: Party) -> str:
    if party.families:
        return listed(party.families) + (" and others that nobody named" if party.unknown else "")
    return "not known" if party.unknown else "no model" if party.role != "target" else "none yet"
