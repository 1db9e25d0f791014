"""Which language models a workspace asks, what leaves the machine for them, and the asker that reaches them.

What this module does not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol

from anchorset.core.ask import Answer, Ask, Fault, Spent
from anchorset.core.config import ModelSpec
from anchorset.core.errors import UsageError
from anchorset.core.family import family_of
from anchorset.core.ports import Asker, ChatModel
from anchorset.pipeline.asking import Bridge
from anchorset.pipeline.workspace import Workspace

TELL_SECONDS = 0.2
"""Between two words on how far it is."""
Agree = Callable[[str], bool]
"""Asked once before the first call of a run: what leaves the machine, and what it may cost. False: nothing is sent."""


class Ledgered(Asker, Protocol):
    """An asker that says what it took."""

    @property
    def spent(self) -> Spent: ...

    @property
    def trouble(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The models of a run, by name: nothing is `auto` any more."""

    generator: ModelSpec
    judge: ModelSpec
    notes: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        return self.generator.model != "none"

    @property
    def judges(self) -> bool:
        return self.judge.model != "none"

    @property
    def families(self) -> dict[str, str | None]:
        """Role -> family, of the models there are."""
        roles = {"generator": self.generator, "judge": self.judge}
        return {
            role: family_of(spec.model, override=spec.family) for role, spec in roles.items() if spec.model != "none"
        }


def chosen(
    workspace: Workspace, *, model: str | None = None, temperature: float | None = None, max_tokens: int | None = None
) -> Chosen:
    """The configuration's models with `auto` settled; what is given here wins for the generator.

    Raises MachineError when `auto` finds nothing.
    """
    models = workspace.config.models
    given = {"model": model, "temperature": temperature, "max_tokens": max_tokens}
    generator = models.generator.model_copy(update={name: one for name, one in given.items() if one is not None})
    if model is not None and model != models.generator.model:
        generator = generator.model_copy(update={"family": None, "base_url": None, "api_key": None})
    notes = []
    found = []
    for role, spec in (("generator", generator), ("judge", models.judge)):
        if spec.model == "auto":
            from anchorset.infra.llm.find import settled

            one, why = settled(spec)
            notes.append(f"the {role} is {one.model}: {why}")
            found.append(one)
        else:
            found.append(spec)
    return Chosen(generator=found[0], judge=found[1], notes=tuple(notes))


def opened_models(workspace: Workspace, specs: Sequence[ModelSpec]) -> dict[str, tuple[ChatModel, ModelSpec]]:
    """Name -> the model, ready to be asked, and its spec. Nothing is sent yet."""
    from anchorset.infra.llm.door import open_model

    return {
        spec.model: (open_model(spec, root=workspace.path), spec) for spec in specs if spec.model != "none"
    }  # fmt: skip


def agreed(models: Sequence[ChatModel], agree: Agree | None, *, what: str, cost: str) -> None:
    """Asks whether texts may leave the machine, when they do. Raises UsageError when nobody says yes."""
    hosts = sorted({model.host for model in models if model.host and not on_loopback(model.host)})
    if not hosts:
        return
    question = f"sends {what} to {' and '.join(hosts)}, {cost}"
    if agree is None or not agree(question):
        raise UsageError(f"{question}; nobody agreed to that, so nothing was sent. Say yes, or add `--yes`")


def on_loopback(host: str) -> bool:
    """Whether this host (with or without a port) is this machine."""
    from anchorset.infra.llm.vendors import on_loopback as loopback

    return loopback(host if "://" in host else f"http://{host}")


class RunAsker(Bridge):
    """The models of one run: answers are kept in the store, expenses stay within the budget, progress is told."""

    def __init__(
        self, workspace: Workspace, models: dict[str, tuple[ChatModel, ModelSpec]], *, run: str,
        budget_usd: float | None,
    ) -> None:  # fmt: skip
        from anchorset.infra.db.answers import StoredAnswers
        from anchorset.infra.llm.engine import Engine
        from anchorset.infra.llm.lane import Limits
        from anchorset.infra.llm.prices import usd

        self._answers, self._run = StoredAnswers(workspace.paid), run
        self._told = 0.0
        self._progress = workspace.progress
        self.engine = Engine(
            {name: model for name, (model, _) in models.items()}, self._answers, run=run, usd=usd,
            budget_usd=budget_usd, spent_usd=self._answers.spent(run).usd or 0.0, on_answer=self._tell,
            limits={
                name: Limits(
                    in_flight=spec.max_in_flight, requests_per_minute=spec.requests_per_minute,
                    tokens_per_minute=spec.tokens_per_minute, timeout_seconds=spec.timeout_seconds,
                )
                for name, (_, spec) in models.items()
            },
        )  # fmt: skip
        super().__init__(self.engine, say=lambda text: workspace.progress.tell("ctrl-c", text))

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        """What a model that is not asked any more (a wrong key, a server that is down) has not answered waits, as
        after Ctrl-C: the run can go on once that is put right. `trouble` says why.
        """
        wait = super().ask_ahead(asks)
        return lambda: [self._waiting(answer) for answer in wait()]

    async def answer(self, ask: Ask) -> Answer:
        return self._waiting(await super().answer(ask))

    @property
    def trouble(self) -> str | None:
        """Why a model is not asked any more; None: all of them are."""
        return next((fault.message for fault in self.engine.stopped.values()), None)

    def _waiting(self, answer: Answer) -> Answer:
        if isinstance(answer, Fault) and any(answer is fault for fault in self.engine.stopped.values()):
            return replace(answer, cause="interrupted", final=False)
        return answer

    @property
    def spent(self) -> Spent:
        return replace(self._answers.spent(self._run), recalled=self.engine.progress.recalled)

    def _tell(self, _ask: Ask, _answer: Answer) -> None:
        now = monotonic()
        if now - self._told < TELL_SECONDS:
            return
        self._told = now
        at = self.engine.progress
        rate, left = at.per_second(now), at.seconds_left(now)
        words = [
            f"{at.answered:,}/{at.asked:,} answers",
            "" if rate is None else f"{rate:,.0f}/s",
            f"${at.usd:,.4f}" if self.engine.budget_holds else "price not known",
            "" if left is None else f"{left:,.0f} s left of these",
        ]
        self._progress.tell("answers", ", ".join(filter(None, words)))
