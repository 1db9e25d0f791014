"""Candidates that a model writes: waves, order, steering, and a ledger that adds up however the answers come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pytest

from anchorset.core.ask import Answer, Ask, Fault, Line, Reply
from anchorset.core.case import Case
from anchorset.core.errors import PendingError
from anchorset.core.plan import Brief, Plan
from anchorset.core.provenance import Observed, Synthetic
from anchorset.produce.engine import Produced
from anchorset.produce.order import Order
from anchorset.produce.stage import produce
from anchorset.produce.writing import LARGEST, Writing, waves


@dataclass(frozen=True)
class Question:
    ask: Ask
    wanted: int
    order: Order
    begun: int


class Model:
    """An asker that answers from a function and remembers what it was asked, and in which order it was waited for."""

    def __init__(self, answer: Callable[[Ask, int], Answer]) -> None:
        self.answer = answer
        self.asked: list[Ask] = []

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        return self.ask_ahead(asks)()

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        first = len(self.asked)
        self.asked += asks
        return lambda: [self.answer(ask, first + n) for n, ask in enumerate(asks)]


class Gate:
    """Lets everything pass, but for what says `bad`."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def judge(self, candidates: Sequence[Case]) -> list[Case]:
        self.seen += [case.text for case in candidates]
        return [case.model_copy(update={"status": "passed"}) for case in candidates]


def seed(n: int) -> Case:
    return Case(
        kind="text", input=f"where is parcel {n}?", metadata={"policy": "delay"},
        provenance=Observed(source="production", origin="logs.csv", original_id=f"logs.csv:{n}"),
    )  # fmt: skip


def requests(
    order: Order, n: int, begun: int, steering: tuple[str, ...], _spent: Collection[str]
) -> list[Question]:  # fmt: skip
    text = f"{order.brief.cell} {order.brief.persona} {begun}" + (f" not {steering[0]}" if steering else "")
    return [Question(Ask(model="scripted:x", lines=(Line("user", text),), wanted=n), n, order, begun)]


def read(question: Question, reply: Reply) -> list[Case]:
    order = question.order
    return [
        Case(
            kind="text", input=f"{line} {question.begun + n} of {order.brief.cell}", metadata=dict(order.brief.values),
            provenance=Synthetic(
                source="synthetic", technique="prompted", label=order.label, random_seed=7, run=order.run,
                model="scripted:x", prompt="prompted@1",
            ),
        )
        for n, line in enumerate(reply.text.splitlines()[: question.wanted])
    ]  # fmt: skip


def writing(model: Model, steering: Callable[[Sequence[str]], tuple[str, ...]] = lambda _texts: ()) -> Writing:
    return Writing(
        asker=model, steering=steering, requests=requests,
        read=read, per_request=5,
    )  # fmt: skip


def made(model: Model, *, cells: int = 2, count: int = 12, gate: Gate | None = None, **more: object) -> Produced:
    briefs = tuple(
        Brief(technique="prompted", cell=f"policy=p{n}", values={"policy": f"p{n}"}, count=count) for n in range(cells)
    )
    return produce(
        Plan(briefs=briefs), [seed(n) for n in range(6)], gate=gate or Gate(), groups={}, random_seed=7, run="r_1",
        writing=writing(model, **more),
    )  # fmt: skip


def lines(n: int) -> Reply:
    return Reply(text="\n".join(f"message {k}" for k in range(n)))


def test_every_brief_gets_what_it_asked_for() -> None:
    produced = made(Model(lambda ask, _: lines(ask.wanted)))
    assert produced.ledger.passed == produced.ledger.requested == 24
    assert {name: ledger.passed for name, ledger in produced.by_cell.items()} == {"policy=p0": 12, "policy=p1": 12}
    assert produced.stopped is None


def test_what_an_answer_lacks_is_counted_as_malformed_and_asked_for_again() -> None:
    produced = made(Model(lambda ask, n: lines(ask.wanted - 1 if n == 0 else ask.wanted)))
    assert produced.ledger.passed == 24
    assert produced.ledger.failed_by == {"malformed": 1}
    assert produced.ledger.requested == 25


def test_an_answer_with_too_much_gives_no_more_than_was_wanted() -> None:
    assert made(Model(lambda ask, _: lines(ask.wanted + 7))).ledger.requested == 24


def test_a_fault_costs_its_candidates_and_they_are_asked_for_anew() -> None:
    refused = Fault(cause="refused", message="the model refused")
    model = Model(lambda ask, n: refused if n == 1 else lines(ask.wanted))
    produced = made(model)
    assert produced.ledger.passed == 24
    assert sum(produced.ledger.failed_by.values()) in (2, 5)
    assert len({ask.key for ask in model.asked}) == len(model.asked)


def test_a_model_that_always_refuses_is_not_asked_for_ever() -> None:
    model = Model(lambda _ask, _n: Fault(cause="refused", message="the model will not"))
    produced = made(model, count=1000)
    assert produced.ledger.passed == 0
    assert produced.ledger.failed == produced.ledger.requested
    assert produced.ledger.requested < 500
    assert {short.reason for short in produced.ledger.short} == {"refused: the model will not"}


def test_a_refused_key_stops_at_once() -> None:
    model = Model(lambda _ask, _n: Fault(cause="auth", message="the key was refused"))
    produced = made(model, count=10)
    assert {short.reason.split(":")[0] for short in produced.ledger.short} == {"auth"}
    assert len(model.asked) == 4


@pytest.mark.parametrize("cause", ["budget", "interrupted", "batch"])
def test_what_is_not_answered_yet_is_pending_and_what_comes_after_it_waits(cause: str) -> None:
    pending = Fault(cause=cause, message="not yet", final=False)  # type: ignore[arg-type]
    gate = Gate()
    produced = made(Model(lambda ask, n: pending if n == 2 else lines(ask.wanted)), gate=gate)
    assert produced.stopped == cause
    assert produced.ledger.passed == len(gate.seen) == 10
    assert produced.ledger.pending_by == {cause: 14}
    assert produced.ledger.requested == 24


def test_a_run_that_goes_on_makes_what_an_uninterrupted_one_makes() -> None:
    whole = made(Model(lambda ask, _: lines(ask.wanted)), count=300)
    pending = Fault(cause="budget", message="no", final=False)
    for stop_at in (0, 1, 15, 16, 40, 119):
        part = made(Model(lambda ask, n, at=stop_at: pending if n == at else lines(ask.wanted)), count=300)
        texts = [case.text for case in part.passed]
        assert texts == [case.text for case in whole.passed][: len(texts)]
        assert part.ledger.passed + part.ledger.pending == part.ledger.requested


def test_ctrl_c_while_judging_leaves_a_ledger_that_adds_up() -> None:
    class Broken(Gate):
        def judge(self, candidates: Sequence[Case]) -> list[Case]:
            if len(self.seen) > 40:
                raise KeyboardInterrupt
            return super().judge(candidates)

    produced = made(Model(lambda ask, _: lines(ask.wanted)), count=300, gate=Broken())
    assert produced.interrupted
    assert produced.ledger.pending_by["interrupted"] == produced.ledger.requested - produced.ledger.passed > 0


def test_a_judge_without_money_stops_the_run() -> None:
    class Poor(Gate):
        def judge(self, candidates: Sequence[Case]) -> list[Case]:
            raise PendingError("the budget is used up", cause="budget")

    produced = made(Model(lambda ask, _: lines(ask.wanted)), gate=Poor())
    assert produced.stopped == "budget"
    assert produced.ledger.pending_by == {"budget": 24}


def test_what_one_wave_over_used_is_told_to_the_one_after_the_next() -> None:
    told: list[int] = []

    def steering(texts: Sequence[str]) -> tuple[str, ...]:
        told.append(len(texts))
        return ("message",) if texts else ()

    model = Model(lambda ask, _: lines(ask.wanted))
    made(model, cells=1, count=400, steering=steering)
    assert told[:4] == [0, 0, 80, 160]
    assert "not message" not in model.asked[31].lines[0].content
    assert "not message" in model.asked[32].lines[0].content


def test_waves_double_up_to_the_largest_and_mix_the_briefs() -> None:
    jobs = ["a", "b", "c"]
    shares = [(name, 2000) for name in jobs]
    cut = list(waves(shares, 5))  # type: ignore[arg-type]
    assert [len(wave) for wave in cut[:6]] == [16, 16, 32, 64, 128, LARGEST]
    assert all({name for name, _ in wave} == set(jobs) for wave in cut)  # type: ignore[comparison-overlap]
    assert sum(n for wave in cut for _, n in wave) == 6000


def test_the_seed_order_does_not_matter() -> None:
    def run(seeds: Sequence[Case]) -> list[str]:
        brief = Brief(technique="prompted", cell="policy=delay", values={"policy": "delay"}, count=30)
        return [case.id for case in produce(
            Plan(briefs=(brief,)), seeds, gate=Gate(), groups={}, random_seed=7, run="r_1",
            writing=writing(Model(lambda ask, _: lines(ask.wanted))),
        ).passed]  # fmt: skip

    seeds = [seed(n) for n in range(9)]
    assert run(seeds) == run(seeds[::-1])
