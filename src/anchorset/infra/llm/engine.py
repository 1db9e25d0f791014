"""Asks language models: as many at a time as they take, each question once, every answer kept before it counts.

For each question: what is kept is recalled; else it waits its turn (lane.py, gate.py), is asked, and what came is on
the disk before anything is made of it (keeping.py). Where items are missing, one second round asks for them (again.py);
it is kept under a key of its own, so that nothing that came is ever asked for again, wherever the process ends.

Kept are replies, and for their run the faults that asking again would only repeat. Not kept are `budget` and
`interrupted`, and what stopped a whole model (a wrong key, a server that is down): the same command goes on once that
is put right.
What this module does not know: vendors, price lists, databases, and what is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic

from anchorset.core.ask import Answer, Ask, Fault, Reply
from anchorset.core.errors import ConfigError, ModelTrouble, nearest
from anchorset.core.ports import Answers, ChatModel
from anchorset.infra.llm.again import combined, follow_up
from anchorset.infra.llm.budget import Budget, Usd, input_tokens
from anchorset.infra.llm.keeping import Keeper
from anchorset.infra.llm.lane import Job, Lane, Limits
from anchorset.infra.llm.progress import Progress
from anchorset.infra.llm.salvage import Salvaged, salvage

NO_SALVAGE = Salvaged((), ())


@dataclass(slots=True)
class _Question:
    """One key, from when it is asked until it is answered."""

    ask: Ask
    key: str
    answer: asyncio.Future[Answer]
    first: Reply | None = None
    had: Salvaged = NO_SALVAGE
    held: float = 0.0
    """USD put aside."""
    begun: bool = False


class Engine:
    """Answers asks, for one run. Make it anywhere, use it in one event loop, close it there."""

    def __init__(
        self, models: Mapping[str, ChatModel], answers: Answers, *, run: str, usd: Usd, budget_usd: float | None = None,
        spent_usd: float = 0.0, limits: Limits | Mapping[str, Limits] | None = None,
        on_answer: Callable[[Ask, Answer], None] | None = None,
    ) -> None:  # fmt: skip
        """`models`: by the name that asks say. `usd`: what a use costs; None where the price is not known.

        `budget_usd` None: no limit of ours; `spent_usd`: what this run spent in earlier sittings. `limits`: for all
        models, or by name. `on_answer` is told of every question once its answer is kept, recalled ones too.
        """
        self.progress = Progress()
        self.budget = Budget(budget_usd, usd, spent=spent_usd)
        self._on_answer = on_answer
        self._keeper = Keeper(answers, run)
        self._open: dict[str, _Question] = {}
        self._broken: BaseException | None = None
        by_name = limits if isinstance(limits, Mapping) else dict.fromkeys(models, limits or Limits())
        self._lanes = {
            name: Lane(model, by_name.get(name, Limits()), self, input_tokens) for name, model in models.items()
        }

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Models asked so far whose price is not known: what they cost is neither counted nor limited."""
        return tuple(sorted(self.budget.unpriced))

    @property
    def budget_holds(self) -> bool:
        """Whether everything asked so far has a price, so that the budget is a limit."""
        return not self.budget.unpriced

    @property
    def stopped(self) -> dict[str, Fault]:
        """Models that are not asked any more -> why: this very object answers all their further questions."""
        return {name: lane.stopped for name, lane in self._lanes.items() if lane.stopped is not None}

    async def answer(self, asks: Sequence[Ask]) -> list[Answer]:
        """The answers, in order. Returns when the last is there and kept.

        Raises ConfigError for a model that was not given, and what the store raised when it could not keep an answer.
        Cancelled, it gives up what is on its way, and keeps what has come.
        """
        self._check(asks)
        keys = [ask.key for ask in asks]
        fresh: dict[str, _Question] = {}
        loop = asyncio.get_running_loop()
        for key, ask in zip(keys, asks, strict=True):
            if key not in self._open:
                self._open[key] = fresh[key] = _Question(ask, key, loop.create_future())
        waited = {key: self._open[key].answer for key in keys}
        self.progress.asked += len(fresh)
        try:
            await self._begin(fresh)
            for lane in self._lanes.values():
                lane.pump()
            for future in waited.values():
                # another caller's question survives this caller's end
                await asyncio.shield(future)
        except asyncio.CancelledError:
            await self._leave()
            raise
        except Exception as error:
            # the store cannot be read: nobody waits for ever
            self.broke(error)
            raise
        return [waited[key].result() for key in keys]

    def drain(self) -> None:
        """Sends nothing more; what is on its way still comes, the rest is `interrupted`. Call it in the loop."""
        for lane in self._lanes.values():
            lane.draining = True
            lane.pump()

    async def close(self) -> None:
        """Keeps what is still to be kept and closes the models."""
        await self._leave()
        await self._keeper.close()
        for lane in self._lanes.values():
            await lane.model.close()

    def sent(self) -> None:
        self.progress.requests += 1
        self.progress.in_flight += 1

    def back(self, trouble: ModelTrouble | None) -> None:
        self.progress.in_flight -= 1
        if trouble is not None:
            self.progress.troubles[trouble] += 1

    def broke(self, error: BaseException) -> None:
        """Ends everything with this error: it is raised to whoever waits."""
        self._broken = error
        for lane in self._lanes.values():
            lane.cancel()
        for question in list(self._open.values()):
            self._open.pop(question.key, None)
            if not question.answer.done():
                question.answer.set_exception(error)
                # raised by the first that is waited for; the others are not forgotten, they are the same
                question.answer.exception()

    def _check(self, asks: Sequence[Ask]) -> None:
        if self._broken is not None:
            raise self._broken
        for name in {ask.model for ask in asks} - set(self._lanes):
            raise ConfigError(f"{name!r} is asked and was not opened: {nearest(name, self._lanes)}")

    async def _begin(self, fresh: Mapping[str, _Question]) -> None:
        """Recalls what is kept, in two look-ups, and queues the rest in order."""
        kept = await self._keeper.recall(list(fresh))
        again: dict[str, tuple[_Question, Ask]] = {}
        for key, question in fresh.items():
            found = kept.get(key)
            if isinstance(found, Fault):
                self.progress.recalled += 1
                self._finish(question, found)
            elif isinstance(found, Reply):
                ask = self._first_round(question, replace(found, recalled=True))
                if ask is not None:
                    again[ask.key] = (question, ask)
        seconds = await self._keeper.recall(list(again))
        for key, (question, ask) in again.items():
            if key in seconds:
                self._second_round(question, ask, _recalled(seconds[key]))
            else:
                self._queue_second(question, ask, key)
        for question in fresh.values():
            if question.first is None and not question.answer.done():
                lane = self._lanes[question.ask.model]
                lane.add(
                    Job(
                        question.ask, question.key, partial(self._came, question, question.ask, question.key),
                        partial(self._may_begin, question),
                    )
                )  # fmt: skip

    def _queue_second(self, question: _Question, ask: Ask, key: str) -> None:
        self.progress.second_rounds += 1
        self._lanes[ask.model].add_first(
            Job(ask, key, partial(self._came, question, ask, key), partial(self._may_begin, question, ask))
        )

    def _may_begin(self, question: _Question, second: Ask | None = None) -> bool | None:
        """True: USD for it are put aside. None: there may be enough when others are done. False: there is not."""
        budget = self.budget
        if question.begun or budget.limit is None:
            return True
        rounds = 2 if second is None and question.ask.shape is not None else 1
        if not budget.ended:
            most = budget.most(second or question.ask, rounds=rounds)
            if budget.fits(most):
                budget.hold(most)
                question.held, question.begun = most, True
                return True
            if any(other.begun for other in self._open.values()):
                return None
            budget.ended = True
        limit, spent = budget.limit, budget.spent
        message = (
            f"it was not asked: {spent:.4f} of {limit:.4f} USD are spent, and the next question may cost more than is "
            "left; raise `budget_usd` and the same command goes on."
        )
        self._finish(question, Fault(cause="budget", message=message, final=False))
        return False

    def _came(self, question: _Question, ask: Ask, key: str, came: Reply | Fault) -> None:
        """Something came: priced, then kept, then used."""
        if question.answer.done():
            return
        lane = self._lanes[ask.model]
        if isinstance(came, Reply):
            usd = self.budget.cost(ask.model, came.usage)
            question.held = self.budget.pay(ask.model, came.usage, usd, question.held)
            self.progress.usage += came.usage
            self.progress.usd += usd or 0.0
            came = replace(came, usd=usd)
            if came.finish in ("refused", "filtered"):
                came = _refusal(ask, came)
        if isinstance(came, Fault) and (not came.final or came is lane.stopped):
            self._use(question, ask, key, came)
            return
        lane.unkept += 1

        def kept() -> None:
            lane.unkept -= 1
            self._use(question, ask, key, came)
            lane.pump()

        self._keeper.keep(key, came, kept, self.broke)

    def _use(self, question: _Question, ask: Ask, key: str, came: Answer) -> None:
        if question.first is not None:
            self._second_round(question, ask, came)
        elif isinstance(came, Fault):
            self._finish(question, came)
        else:
            second = self._first_round(question, came)
            if second is not None:
                self._queue_second(question, second, second.key)
                self._lanes[ask.model].pump()

    def _first_round(self, question: _Question, reply: Reply) -> Ask | None:
        """Answers the question with this reply, or gives the ask for what is missing in it."""
        question.first = reply
        ask = question.ask
        if reply.recalled:
            self.progress.recalled += 1
        if ask.shape is None:
            self._finish(question, reply)
            return None
        question.had = salvage(reply.text, ask.shape, ask.wanted)
        if question.had.problems:
            return follow_up(ask, reply.text, question.had)
        self._finish(question, combined(ask, reply, question.had, None, None))
        return None

    def _second_round(self, question: _Question, ask: Ask, came: Answer) -> None:
        lane, first = self._lanes[ask.model], question.first
        assert first is not None
        if isinstance(came, Fault) and (not came.final or came is lane.stopped):
            self._finish(question, came)
            return
        got = salvage(came.text, ask.shape, ask.wanted) if isinstance(came, Reply) and ask.shape else None
        self._finish(question, combined(question.ask, first, question.had, came, got))

    def _finish(self, question: _Question, answer: Answer) -> None:
        if question.answer.done():
            return
        self._open.pop(question.key, None)
        self.budget.release(question.held)
        question.held = 0.0
        question.answer.set_result(answer)
        self.progress.answered += 1
        self.progress.came(monotonic())
        if isinstance(answer, Fault):
            self.progress.faults[answer.cause] += 1
        if self._on_answer is not None:
            self._on_answer(question.ask, answer)
        if self.budget.limit is not None:
            # what was put aside and not needed may be enough for one that waits
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        for lane in self._lanes.values():
            lane.pump()

    async def _leave(self) -> None:
        for lane in self._lanes.values():
            lane.cancel()
        await self._keeper.settle()
        for question in list(self._open.values()):
            question.answer.cancel()
        self._open.clear()


def _recalled(answer: Answer) -> Answer:
    return replace(answer, recalled=True) if isinstance(answer, Reply) else answer


def _refusal(ask: Ask, reply: Reply) -> Fault:
    what = "refused to answer" if reply.finish == "refused" else "had its answer filtered out by the vendor"
    return Fault(
        cause="refused", message=f"{ask.model} {what}; the text is kept.", text=reply.text, usage=reply.usage,
        usd=reply.usd,
    )  # fmt: skip
