"""Which evaluators there are, and a run's own, bound to what they need.

What this module does not know: what any of them looks at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.config import EvaluatorSpec, ModelSpec
from anchorset.core.errors import ConfigError, RecordError, nearest
from anchorset.core.hashing import short_hash
from anchorset.core.inert import short
from anchorset.core.ports import Embedder
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.contains import Contains
from anchorset.trust.run.evaluators.evaluator import Evaluator, Means
from anchorset.trust.run.evaluators.exact import Exact
from anchorset.trust.run.evaluators.function import Python
from anchorset.trust.run.evaluators.json_schema import JsonSchema
from anchorset.trust.run.evaluators.judge_model import JudgeModel
from anchorset.trust.run.evaluators.numeric import Numeric
from anchorset.trust.run.evaluators.regex import Regex
from anchorset.trust.run.evaluators.rubric import Rubric
from anchorset.trust.run.evaluators.similarity import Similarity
from anchorset.trust.run.evaluators.tool_call import ToolCall

EVERY: tuple[type[Evaluator], ...] = (Exact, Contains, Regex, JsonSchema, Numeric, Similarity, ToolCall, Python, Rubric)
BY_CODE = {evaluator.code: evaluator for evaluator in EVERY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluators:
    """The evaluators of a run, in the order of the configuration."""

    each: tuple[Evaluator, ...]
    versions: tuple[str, ...]
    """`exact@1-3f2a91bc` each: name, version, and a hash of the settings and of what they rest on."""
    names: tuple[str, ...]
    """What a score is signed with: the code, and `contains#2` for the second of a kind."""
    means: Means

    @property
    def ahead(self) -> int:
        """Answers that may wait to be judged while the target is asked on; 0: judging is quick, none need to."""
        return max((one.model.max_in_flight for one in self.each if isinstance(one, Rubric) and one.model), default=0)

    @property
    def judges(self) -> dict[str, Rubric]:
        """Name -> the evaluator, of those that ask a language model."""
        return {
            name: one for name, one in zip(self.names, self.each, strict=True) if isinstance(one, Rubric) and one.model
        }

    async def judge(self, case: Case, answer: Answer) -> tuple[Score, ...]:
        """One score each. An evaluator that fails has not judged, and says why."""
        scores = []
        for name, evaluator in zip(self.names, self.each, strict=True):
            try:
                score = await evaluator.judge(case, answer, self.means)
            except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
                score = evaluator.said(None, short(f"it failed: {type(error).__name__}: {error}", 200))
            scores.append(score.model_copy(update={"evaluator": name}))
        return tuple(scores)


def needs_embedder(specs: Sequence[EvaluatorSpec]) -> bool:
    """Whether an embedder has to be opened for these."""
    return any(spec.name == Similarity.code for spec in specs)


def judge_specs(specs: Sequence[EvaluatorSpec], judge: ModelSpec) -> tuple[ModelSpec, ...]:
    """The models that these will ask, each once: the workspace's `judge`, or their own. Empty: no model is needed."""
    asking = [_evaluator(spec) for spec in specs if spec.name == Rubric.code]
    named = [one.model or judge for one in asking if isinstance(one, Rubric)]
    return tuple({spec.model: spec for spec in named}.values())


def open_evaluators(
    specs: Sequence[EvaluatorSpec], *, folder: Path, environ: Mapping[str, str], embedder: Embedder | None = None,
    model: JudgeModel | None = None,
) -> Evaluators:  # fmt: skip
    """The evaluators, checked: settings, patterns, schemas, functions.

    `embedder`: for `similarity` alone (`needs_embedder` says). `model`: for `rubric` alone (`judge_specs` says).
    Raises ConfigError.
    """
    means = Means(folder=folder.resolve(), environ=environ, embedder=embedder, model=model)
    each = tuple(_evaluator(spec).resolved(means) for spec in specs)
    if not each:
        raise ConfigError(
            f"`evaluators` is empty, so nothing would be judged; name one or more. {nearest('', BY_CODE)}"
        )
    seen: Counter[str] = Counter()
    names = []
    for evaluator in each:
        seen[evaluator.code] += 1
        count = seen[evaluator.code]
        names.append(evaluator.code if count == 1 else f"{evaluator.code}#{count}")
    return Evaluators(
        each=each, versions=tuple(evaluator_version(one, means) for one in each), names=tuple(names), means=means
    )


def _evaluator(spec: EvaluatorSpec) -> Evaluator:
    if spec.name not in BY_CODE:
        raise ConfigError(
            f"`evaluators` names {spec.name!r}, which is no evaluator here; {nearest(spec.name, BY_CODE)}"
        )
    try:
        return BY_CODE[spec.name].read(spec.settings, where=f"`evaluators.{spec.name}`")
    except RecordError as error:
        raise ConfigError(str(error)) from None


def evaluator_version(evaluator: Evaluator, means: Means) -> str:
    """`name@version-hash`: two runs with the same string judge the same answer alike.

    Time limits stay out of the hash: they decide whether there is a verdict, never which. So do the limits of a model;
    its name is in what it rests on.
    """
    settings = evaluator.model_dump(mode="json", exclude={"timeout_seconds", "model"})
    return f"{evaluator.code}@{evaluator.version}-{short_hash([settings, evaluator.rests_on(means)])[:8]}"
