"""The judge of a workspace outside of production: which model it is, what asking it takes, and who is asked.

What this module does not know: what it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from anchorset.core.ask import Answer, Ask, Usage
from anchorset.core.config import ModelSpec
from anchorset.core.numbers import counted
from anchorset.pipeline.models import Agree, Chosen, Ledgered, RunAsker, agreed, on_loopback, opened_models
from anchorset.pipeline.workspace import Workspace


class Awaited(Ledgered, Protocol):
    """An asker that can be awaited, too."""

    async def answer(self, ask: Ask) -> Answer: ...


MakesAsker = Callable[[str, Sequence[ModelSpec]], AbstractContextManager[Awaited]]
"""(run, models) -> who is asked, in place of the models themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a call may do with models."""

    agree: Agree | None = None
    """Asked before texts leave the machine; None: they do not."""
    budget_usd: float | None = None
    """Of the whole run; None: the configuration's."""
    asker: MakesAsker | None = None


class Nobody:
    """An asker for questions that are only written down."""

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        raise AssertionError("nobody is asked here")

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        raise AssertionError("nobody is asked here")


def settled_judge(workspace: Workspace, spec: ModelSpec | None = None) -> tuple[ModelSpec, tuple[str, ...]]:
    """The configuration's judge (or another spec) with the model's name in place of `auto`, and what is to be said of
    it. Raises MachineError when `auto` finds nothing.
    """
    judge = spec or workspace.config.models.judge
    if judge.model != "auto":
        return judge, ()
    from anchorset.infra.llm.find import settled

    found, why = settled(judge)
    return found, (f"the judge is {found.model}: {why}",)


def judging_alone(judge: ModelSpec) -> Chosen:
    """The models of a run in which nothing is written."""
    return Chosen(generator=ModelSpec(), judge=judge)


def asker_for(
    workspace: Workspace, specs: Sequence[ModelSpec], *, run: str, consent: Consent, what: str,
    asks: Callable[[], Sequence[Ask]],
) -> AbstractContextManager[Awaited]:  # fmt: skip
    """Who answers this run's questions. `what` leaves the machine with them.

    `asks`: all that may be asked, so that what it costs is known, and nobody is asked for consent when every answer is
    kept already. Raises UsageError when nobody agrees that texts leave the machine.
    """
    if consent.asker is not None:
        return consent.asker(run, specs)
    models = opened_models(workspace, specs)
    budget = workspace.config.budget_usd if consent.budget_usd is None else consent.budget_usd
    doors = [model for model, _ in models.values()]
    if any(model.host and not on_loopback(model.host) for model in doors) and (
        open_ := _unanswered(workspace, asks(), run)
    ):
        limit = "no limit is set (`budget_usd`)" if budget is None else f"at most ${budget:,.2f}"
        agreed(doors, consent.agree, what=what, cost=f"{_cost(open_)}, {limit}")
    return RunAsker(workspace, models, run=run, budget_usd=budget)


def _unanswered(workspace: Workspace, asks: Sequence[Ask], run: str) -> list[Ask]:
    from anchorset.infra.db.answers import StoredAnswers

    by_key = {ask.key: ask for ask in asks}
    kept = StoredAnswers(workspace.paid).recall(list(by_key), run=run)
    return [ask for key, ask in by_key.items() if key not in kept]


def _cost(asks: Sequence[Ask]) -> str:
    from anchorset.infra.llm.prices import usd
    from anchorset.infra.llm.tokens import tokens_of
    from anchorset.pipeline.produce.estimating import VERDICT

    ends: list[Any] = [0.0, 0.0]
    for model in {ask.model for ask in asks}:
        mine = [ask for ask in asks if ask.model == model]
        read = sum(map(tokens_of, mine))
        for at, written in enumerate(VERDICT):
            cost = usd(model, Usage(input=read, output=written * len(mine)))
            ends[at] = None if cost is None or ends[at] is None else ends[at] + cost
    price = "at a price that is not known" if None in ends else f"about ${ends[0]:,.2f}-{ends[1]:,.2f}"
    return f"{counted(len(asks), 'request')}, {price}"
