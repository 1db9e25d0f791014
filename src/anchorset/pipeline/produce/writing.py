"""How a workspace has candidates written by a model: its words, its prompts, its policies, and its judge.

What this module does not know: prompts, and how a model is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anchorset.core.case import Case
from anchorset.core.judge import JudgeCalibration
from anchorset.core.ports import Asker
from anchorset.pipeline.models import Chosen
from anchorset.pipeline.plan.mapping import Mapped
from anchorset.pipeline.workspace import Workspace
from anchorset.produce.asking.asks import requests
from anchorset.produce.asking.book import stylebook
from anchorset.produce.asking.lessons import Lesson
from anchorset.produce.asking.policy import Policy
from anchorset.produce.asking.reading import read
from anchorset.produce.asking.settings import Asking, Failure, asking_of, needs_of
from anchorset.produce.asking.steering import Steering, steering
from anchorset.produce.order import Order
from anchorset.produce.writing import Writing
from anchorset.qualify.judging.judging import Judging, judging_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one call says of how a model writes; None and empty: as the configuration has it."""

    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    topic: str | None = None
    context: str | None = None
    language: str | None = None
    code_switching: str | None = None
    chain_of_thought: bool = False
    multi_turn: bool = False
    max_turns: int = 3
    min_novelty: float | None = None
    lessons: bool = True
    """Whether what reviewers said is taken to heart."""


def settings_for(
    workspace: Workspace,
    chosen: Chosen,
    options: Options,
    failures: Mapping[str, tuple[Failure, ...]] | None = None,
    lessons: Mapping[tuple[str, str], Lesson] | None = None,
) -> Asking:
    """Everything a request says beside its order."""
    config, folder = workspace.config, workspace.folder
    return asking_of(
        config.model_copy(update={"models": config.models.model_copy(update={"generator": chosen.generator})}),
        model=chosen.generator.model, topic=options.topic, context=options.context, language=options.language,
        code_switching=options.code_switching, chain_of_thought=options.chain_of_thought,
        multi_turn=options.multi_turn, max_turns=options.max_turns, min_novelty=options.min_novelty,
        needs=needs_of(config.evaluators), prompts=folder.prompts(), policies=folder.redteam(Policy),
        failures=failures, lessons=lessons,
    )  # fmt: skip


def writing_for(
    mapped: Mapped, settings: Asking, asker: Asker, *, whole: bool = False,
    foresee: Callable[[Sequence[Case]], None] | None = None,
) -> Writing:  # fmt: skip
    """How briefs become questions, and answers candidates. `whole`: a round is one wave; `foresee`: see `Writing`."""
    book = stylebook(mapped.seeds)
    real = [seed.text for seed in mapped.seeds]

    def steered(texts: Sequence[str]) -> Steering:
        return steering(texts, real)

    def asked(order: Order, n: int, begun: int, steered: Steering, spent: Collection[str]) -> Sequence[Any]:
        return requests(order, n, begun=begun, steering=steered, settings=settings, book=book, spent=spent)

    return Writing(
        asker=asker, steering=steered, requests=asked, read=read, per_request=settings.per_request,
        whole=whole, foresee=foresee,
    )  # fmt: skip


def judging_for(
    workspace: Workspace, chosen: Chosen, asker: Asker, calibrations: Mapping[str, JudgeCalibration]
) -> Judging:
    """The workspace's judge."""
    folder = workspace.folder
    return judging_of(
        workspace.config, spec=chosen.judge, asker=asker, personas=folder.personas, rubric=folder.rubric,
        prompts=folder.prompts(), calibrations=calibrations,
    )  # fmt: skip
