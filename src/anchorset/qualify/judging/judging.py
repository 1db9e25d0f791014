"""Candidates judged by a language model: one request each, with every question that applies, and findings out of it.

What this module does not know: limits, prices, memory; they are the asker's. And what follows from a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from anchorset.core.ask import Answer, Ask, Fault
from anchorset.core.case import Case
from anchorset.core.config import Config, ModelSpec
from anchorset.core.errors import PendingError
from anchorset.core.finding import Finding, OnHit
from anchorset.core.inert import short
from anchorset.core.judge import MIN_KAPPA, JudgeCalibration
from anchorset.core.persona import Persona
from anchorset.core.ports import Asker
from anchorset.infra.text.prompt_file import PromptFile
from anchorset.qualify.batch import found, not_run
from anchorset.qualify.judging.catalogue import CODES, DIFFICULTY, EVERY, YES_NO
from anchorset.qualify.judging.families import family
from anchorset.qualify.judging.opinion import LevelOpinion, Opinion, read, shape_for
from anchorset.qualify.judging.prompt import lines_for, prompt_of, version_of
from anchorset.qualify.judging.question import Question, Scene
from anchorset.qualify.judging.questions.difficulty_judge import far_apart

EVIDENCE = 240
"""Characters of a reason that are kept."""
UNANSWERED = "the judge gave no answer: "
"""How the evidence of a finding begins that should have been an opinion."""


@dataclass(frozen=True, kw_only=True)
class Judging:
    """A judge with everything it goes by. It keeps nothing between candidates."""

    spec: ModelSpec
    """The model, by its name: `auto` has been found by now."""
    asker: Asker
    scene: Scene = field(default_factory=Scene)
    on_hit: Mapping[str, OnHit] = field(default_factory=dict)
    """Check code -> what the owner wants of a hit; the others flag."""
    calibrations: Mapping[str, JudgeCalibration] = field(default_factory=dict)
    """Check code -> how far it agrees with people. One of another model or another prompt counts for nothing."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Name -> text of the workspace's own prompt files; `judge` is the one read here."""

    @cached_property
    def family(self) -> str | None:
        return family(self.spec)

    @cached_property
    def _prompt(self) -> PromptFile:
        return prompt_of(self.prompts)

    @cached_property
    def prompt(self) -> str:
        """`judge@3f2a91bc`: the version of everything that is asked, wherever it is recorded."""
        return version_of(self._prompt, EVERY)

    @cached_property
    def rejecting(self) -> frozenset[str]:
        """Codes whose hit rejects: the owner wants it, and the judge agrees with people enough."""
        return frozenset(code for code, wanted in self._wanted if wanted == "reject" and self._trusted(code))

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each check that the owner wants to reject and that only flags. To be said once."""
        return tuple(
            f"`checks.{code}.on_hit` is `reject`, but {self._distrust(code)}: it only flags; a judge rejects when its "
            f"kappa with people has a lower limit of {MIN_KAPPA} or more (`qualify --calibrate` measures it)"
            for code, wanted in self._wanted
            if wanted == "reject" and code not in self.rejecting
        )

    @property
    def _wanted(self) -> list[tuple[str, OnHit]]:
        return [(code, self.on_hit[code]) for code in CODES if code in self.on_hit]

    def _own(self, code: str) -> JudgeCalibration | None:
        found = self.calibrations.get(code)
        return found if found is not None and (found.judge, found.strategy) == (self.spec.model, self.prompt) else None

    def _trusted(self, code: str) -> bool:
        own = self._own(code)
        return own is not None and own.low is not None and own.low >= MIN_KAPPA

    def _distrust(self, code: str) -> str:
        own = self._own(code)
        if own is None:
            return f"{self.spec.model} with the prompt {self.prompt} was not held against people's decisions"
        if own.kappa is None or own.low is None or own.high is None:
            return f"{own.n} decisions do not tell how far {self.spec.model} agrees with people"
        return (
            f"the kappa of {self.spec.model} with people is {own.kappa:.2f} "
            f"(95 % {own.low:.2f} to {own.high:.2f}, n {own.n})"
        )

    def judge(self, candidates: Sequence[Case]) -> list[tuple[Finding, ...]]:
        """One tuple of findings a candidate, in order. All are asked in one go.

        Raises PendingError, with nothing judged, when answers are missing that a later run will get (the budget is
        used up, Ctrl-C): what was answered is kept by the asker, and the same candidates again cost only the rest.
        """
        asks = [self.ask_of(case) for case in candidates]
        answers = iter(self.asker.ask([ask for ask in asks if ask is not None]))
        heard = [None if ask is None else next(answers) for ask in asks]
        for answer in heard:
            _raise_pending(answer, sum(isinstance(one, Fault) for one in heard), len(heard))
        return [tuple(self.findings_of(case, answer)) for case, answer in zip(candidates, heard, strict=True)]

    def asked(self, case: Case) -> tuple[Question, ...]:
        """The questions that apply, in order; none when only the difficulty would be asked."""
        asked = tuple(question for question in YES_NO if question.applies(case, self.scene))
        return (*asked, DIFFICULTY) if asked else ()

    def ask_of(self, candidate: Case) -> Ask | None:
        """The one request; None when no question applies. It depends on the candidate and the workspace alone."""
        questions = self.asked(candidate)
        if not questions:
            return None
        return Ask(
            model=self.spec.model,
            lines=lines_for(self._prompt, candidate, questions, self.scene, DIFFICULTY.field),
            shape=shape_for(tuple(one.field for one in questions if one is not DIFFICULTY), DIFFICULTY.field),
            temperature=self.spec.temperature,
            max_tokens=self.spec.max_tokens,
        )

    def findings_of(self, candidate: Case, answer: Answer | None) -> list[Finding]:
        """One finding a question, in the order of the catalogue: pass, its consequence, or not_run and why.

        `answer`: to `ask_of` of the same candidate; None where that is None. Raises PendingError for an answer that a
        later run will get.
        """
        _raise_pending(answer)
        asked = self.asked(candidate)
        return [
            self._finding(question, candidate, answer) if question in asked else not_run(question, question.otherwise)
            for question in EVERY
        ]

    def _finding(self, question: Question, case: Case, answer: Answer | None) -> Finding:
        if answer is None:
            return not_run(question, UNANSWERED + "it was not asked")
        if isinstance(answer, Fault):
            return not_run(question, UNANSWERED + short(f"{answer.cause}: {answer.message}", EVIDENCE))
        opinion = read(answer.items[0], question.field) if answer.items else None
        if isinstance(opinion, Opinion):
            on_hit: OnHit = "reject" if question.code in self.rejecting else "flag"
            return found(question, not opinion.ok, evidence=_reason(opinion.why), on_hit=on_hit)
        if isinstance(opinion, LevelOpinion):
            if case.difficulty is None:
                return not_run(question, f"the rules gave no level; the judge says {opinion.level}")
            said = f"the judge says {opinion.level}, the rules say {case.difficulty}: {_reason(opinion.why)}"
            return found(question, far_apart(opinion.level, case.difficulty), evidence=said)
        return not_run(question, UNANSWERED + "malformed: this question is missing in it")


def _reason(why: str) -> str:
    return short(why, EVIDENCE) or "no reason given"


def _raise_pending(answer: Answer | None, missing: int = 1, of: int = 1) -> None:
    if not isinstance(answer, Fault) or (answer.final and answer.cause not in ("budget", "interrupted", "batch")):
        return
    raise PendingError(
        f"{missing} of {of} candidates still wait for the judge ({answer.cause}: {short(answer.message)}); "
        "the same command again asks only those.",
        cause=answer.cause if answer.cause in ("budget", "batch") else "interrupted",
    )


def judging_of(
    config: Config, *, spec: ModelSpec, asker: Asker, personas: Mapping[str, Persona], rubric: str,
    prompts: Mapping[str, str] | None = None, calibrations: Mapping[str, JudgeCalibration] | None = None,
) -> Judging:  # fmt: skip
    """The judge of a workspace. `spec`: `config.models.judge` with the model's name in place of `auto`.

    Raises ConfigError for a prompt file of the workspace that cannot be used, before anything is asked.
    """
    judging = Judging(
        spec=spec, asker=asker, prompts=prompts or {}, calibrations=calibrations or {},
        on_hit={code: one.on_hit for code, one in config.checks.items() if code in CODES and one.on_hit is not None},
        scene=Scene(
            product=config.context, rubric=rubric, personas=personas, axes=config.dimensions, cells=config.cells
        ),
    )  # fmt: skip
    prompt_of(judging.prompts)
    return judging
