"""`rubric`: a language model says which criteria the answer meets.

What this module does not know: how the model is reached, and what it is told.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue

from anchorset.core.ask import Answer as ModelAnswer
from anchorset.core.ask import Fault
from anchorset.core.case import Case
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, PendingError
from anchorset.core.family import family_of
from anchorset.core.hashing import short_hash
from anchorset.core.inert import short
from anchorset.core.noun import Names
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import Evaluator, Means
from anchorset.trust.run.evaluators.rubric_prompt import Mark, ask_for, fields_for, prompt_of

AS_EXPECTED = "The answer decides and tells the user the same as the expected answer."
"""The criterion of a case that has an expected answer and no criteria."""
MOST = 40
"""Criteria of one case. With more, a judge no longer reads them all."""


def _spec(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


class Rubric(Evaluator):
    """A language model says that the answer meets the criteria.

    What it looks at: the answer and the tools called, against the criteria of the case, else its expected answer, else
    the setting `criteria`. The score is the share of criteria that are met.
    Why it matters: what a good answer does can seldom be found in its letters.
    Example that fails: `Please contact our support.` where a criterion says `names the refund window`.
    How to fix it: write criteria that one can point at; hold the judge against human grades before you trust it, and
    let it be of another family than the target.
    """

    code: ClassVar[str] = "rubric"
    version: ClassVar[int] = 1

    criteria: Literal["from_case"] | Names = "from_case"
    """from_case: the case's own, else that it says what is expected. A list: these, for every case."""
    model: Annotated[ModelSpec | None, BeforeValidator(_spec)] = None
    """The judge; None: `models.judge`."""
    pass_at: float = Field(default=1.0, gt=0, le=1)
    """The least share of criteria that passes."""

    def resolved(self, means: Means) -> Self:
        lent = means.model
        spec = self.model or (lent.spec if lent else ModelSpec())
        if lent is None or spec.model in ("none", "auto"):
            raise ConfigError(
                f"`evaluators.rubric` needs a language model and `models.judge` is {spec.model!r}; name one there, or "
                "as its setting `model` (`provider:model`)."
            )
        if self.criteria != "from_case" and not (all(text.strip() for text in self.criteria) and self.criteria):
            raise ConfigError("`evaluators.rubric.criteria` is empty; write what a good answer does, or `from_case`.")
        prompt_of(lent)
        return self.model_copy(update={"model": spec})

    def rests_on(self, means: Means) -> JsonValue:
        lent, spec = means.model, self.model
        if lent is None or spec is None:
            return None
        told = short_hash([prompt_of(lent).source, lent.product, lent.rubric])
        return [spec.model, spec.temperature, spec.max_tokens, told]

    @property
    def family(self) -> str | None:
        """Of the judge, once it is resolved; None: its name does not tell."""
        return None if self.model is None else family_of(self.model.model, override=self.model.family)

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        """Raises PendingError when the judge's answer is one that a later run will get."""
        assert means.model is not None  # resolved
        assert self.model is not None
        criteria = self.wanted(case)
        if not criteria:
            return self.said(None, "the case has no criteria and no expected answer")
        if len(criteria) > MOST:
            return self.said(None, f"{len(criteria)} criteria, and at most {MOST} are judged; split the case")
        heard = await means.model.ask(ask_for(case, answer, criteria, model=means.model, spec=self.model))
        return self.score_of(criteria, heard)

    def wanted(self, case: Case) -> tuple[str, ...]:
        """The criteria that count for this case; none when there is nothing to hold an answer against."""
        if self.criteria != "from_case":
            return self.criteria
        own = tuple(text for text in case.criteria if text.strip())
        return own or ((AS_EXPECTED,) if case.expected is not None else ())

    def score_of(self, criteria: tuple[str, ...], heard: ModelAnswer) -> Score:
        """What the judge's answer comes to; it has not judged when there is none. Raises PendingError as `judge`."""
        if isinstance(heard, Fault):
            if heard.cause in ("budget", "interrupted") or not heard.final:
                raise PendingError(
                    f"answers still wait for the judge ({heard.cause}: {short(heard.message)}); "
                    "the same command again goes on.",
                    cause="budget" if heard.cause == "budget" else "interrupted",
                )
            return self.said(None, f"the judge gave no answer: {heard.cause}: {short(heard.message, 160)}")
        item = heard.items[0] if heard.items else None
        marks = [getattr(item, field, None) for field in fields_for(criteria)]
        given = [mark for mark in marks if isinstance(mark, Mark)]
        if len(given) < len(criteria):
            return self.said(None, f"the judge gave no answer: malformed: {len(given)} of {len(criteria)} criteria")
        missed = [n for n, mark in enumerate(given) if not mark.met]
        share = 1 - len(missed) / len(criteria)
        if not missed:
            return self.said(True, short("; ".join(mark.why for mark in given), 240) or None, 1.0)
        told = "; ".join(f"not {short(criteria[n], 60)!r}: {short(given[n].why, 120)}" for n in missed)
        passed = share >= self.pass_at - 1e-9
        return self.said(passed, short(f"{len(criteria) - len(missed)} of {len(criteria)} met; {told}", 400), share)


def shared_family(evaluators: Evaluator | tuple[Evaluator, ...], *, target: str, family: str | None) -> str | None:
    """A sentence of warning when a judge among these is of the target's family; None when none is, or nobody knows."""
    each = evaluators if isinstance(evaluators, tuple) else (evaluators,)
    known = family_of(family) or family
    for judge in each:
        if isinstance(judge, Rubric) and judge.model is not None and known is not None and judge.family == known:
            return (
                f"the target {target} and its judge {judge.model.model} are one family ({known}), and models of one "
                "family like their own words; name another family in `models.judge`, or calibrate this one"
            )
    return None
