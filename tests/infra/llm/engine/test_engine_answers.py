"""The engine keeps before it counts, asks nothing twice, and says why where there is no answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from parts import MANY, NAME, Memory, Talker, answered, ask, engine, number, said, unknown

from anchorset.core.ask import Ask, Fault, Line, Reply
from anchorset.core.errors import ConfigError, MachineError, ModelError, ModelTrouble
from anchorset.infra.llm.engine import Limits


def fails(times: int, trouble: ModelTrouble, retry_after: float | None = 0.01) -> Talker:
    def talk(asked: Ask, nth: int) -> Reply:
        if nth < times:
            raise ModelError(f"trouble: {trouble}.", trouble=trouble, retry_after=retry_after)
        return said(number(asked))

    return Talker(talk)


def test_answers_come_in_the_order_of_the_asks_with_their_items_and_their_price() -> None:
    model = Talker(lambda asked, _: said(number(asked)), seconds=0.01)
    answers = answered(model, Memory(), [ask(n) for n in range(30)])
    assert [one.items[0].text for one in answers] == [f"answer {n}.0" for n in range(30)]
    assert all(one.usd == pytest.approx(200e-6) and not one.recalled for one in answers)
    assert model.most == 8
    assert model.closed


def test_what_was_answered_is_not_asked_again_and_costs_one_look_up() -> None:
    memory, model = Memory(), Talker(lambda asked, _: said(number(asked)))
    answered(model, memory, [ask(n) for n in range(20)])
    lookups = memory.lookups
    again = answered(model, memory, [ask(n) for n in range(25)])
    assert len(model.asked) == 25
    assert [one.recalled for one in again] == [True] * 20 + [False] * 5
    assert memory.lookups == lookups + 1
    assert again[0].items[0].text == "answer 0.0"


def test_equal_questions_are_one_question_also_between_callers() -> None:
    model = Talker(lambda asked, _: said(number(asked)), seconds=0.02)

    async def run() -> None:
        made = engine(model, Memory())
        one, two = await asyncio.gather(made.answer([ask(1), ask(1), ask(2)]), made.answer([ask(2), ask(1)]))
        assert one[0] is one[1] is two[1]
        assert one[2] is two[0]
        await made.close()

    asyncio.run(run())
    assert len(model.asked) == 2


def test_an_answer_is_kept_before_anybody_gets_it_and_many_are_kept_at_once() -> None:
    memory = Memory()
    memory.before = lambda: time.sleep(0.05)
    seen: list[bool] = []
    model = Talker(lambda asked, _: said(number(asked)), seconds=0.01)
    began = time.monotonic()
    answered(
        model, memory, [ask(n) for n in range(80)], limits=Limits(in_flight=16),
        on_answer=lambda asked, _: seen.append((asked.key, "") in memory.kept),
    )  # fmt: skip
    # one by one the disk alone would have taken 4 seconds
    assert time.monotonic() - began < 2
    assert seen == [True] * 80
    assert len(memory.batches) < 30


def test_a_slow_disk_holds_back_new_questions_instead_of_piling_up_answers() -> None:
    memory, unkept = Memory(), []
    memory.before = lambda: time.sleep(0.05)
    model = Talker(lambda asked, _: said(number(asked)))

    async def run() -> None:
        made = engine(model, memory, limits=Limits(in_flight=4))
        watcher = asyncio.create_task(made.answer([ask(n) for n in range(60)]))
        while not watcher.done():
            unkept.append(made._lanes[NAME].unkept)
            await asyncio.sleep(0.005)
        await made.close()

    asyncio.run(run())
    assert max(unkept) <= 12


@pytest.mark.parametrize("trouble", ["rate", "overloaded", "timeout", "transport", "malformed"])
def test_a_passing_trouble_costs_a_retry_and_no_answer(trouble: ModelTrouble) -> None:
    model = fails(2, trouble)
    answers = answered(model, Memory(), [ask(n) for n in range(5)])
    assert all(isinstance(one, Reply) for one in answers)
    assert len(model.asked) == 15


def test_tries_end_and_the_fault_is_met_again_by_this_run_and_by_no_other() -> None:
    memory = Memory()

    def talk(asked: Ask, _nth: int) -> Reply:
        if number(asked) == 3:
            raise ModelError("slow down.", trouble="rate", retry_after=0.01)
        return said(number(asked))

    model = Talker(talk, seconds=0.002)
    asks = [ask(n) for n in range(40)]
    first = answered(model, memory, asks)
    assert isinstance(first[3], Fault)
    assert first[3].cause == "rate"
    # a 429 counts half while others are answered
    assert "15 times" in first[3].message
    assert sum(isinstance(one, Reply) for one in first) == 39
    sent = len(model.asked)
    assert answered(model, memory, asks)[3] == first[3]
    assert len(model.asked) == sent
    answered(model, memory, asks, run="r_2")
    # alone it is the model that does not answer
    assert len(model.asked) == sent + 8


def test_a_wrong_key_is_said_once_and_ends_it_for_all_until_it_is_put_right() -> None:
    memory = Memory()
    model = fails(10**6, "auth")
    answers = answered(model, memory, [ask(n) for n in range(500)])
    assert len(model.asked) <= 8
    assert {one.cause for one in answers} == {"auth"}
    assert len({one.message for one in answers}) == 1
    mended = Talker(lambda asked, _: said(number(asked)))
    assert all(isinstance(one, Reply) for one in answered(mended, memory, [ask(n) for n in range(500)]))


def test_a_server_that_is_down_is_given_up_after_one_questions_tries() -> None:
    memory = Memory()
    model = fails(10**6, "transport", retry_after=0.001)
    answers = answered(model, memory, [ask(n) for n in range(300)])
    assert {one.cause for one in answers} == {"transport"}
    # without this every one of the 300 would use up its 8 tries
    assert len(model.asked) < 300
    assert not memory.kept


def test_one_question_that_is_wrong_fails_alone_and_at_once() -> None:
    def talk(asked: Ask, _: int) -> Reply:
        if number(asked) == 1:
            raise ModelError("that is too long.", trouble="request")
        return said(number(asked))

    model = Talker(talk)
    answers = answered(model, Memory(), [ask(0), ask(1), ask(2)])
    assert [isinstance(one, Reply) for one in answers] == [True, False, True]
    assert len(model.asked) == 3


def test_refusals_and_filtered_answers_are_faults_with_their_text_and_their_price() -> None:
    model = Talker(lambda asked, _: replace(said(1), text="I will not.", finish="refused"))
    (fault,) = answered(model, Memory(), [ask(1)])
    assert fault.cause == "refused"
    assert fault.text == "I will not."
    assert fault.usd == pytest.approx(200e-6)


def test_a_model_that_hangs_is_given_up_after_its_timeout() -> None:
    model = Talker(lambda asked, _: said(number(asked)), seconds=30)
    began = time.monotonic()
    (fault,) = answered(model, Memory(), [ask(1)], limits=Limits(timeout_seconds=-1.9, tries=2))
    assert fault.cause == "timeout"
    assert time.monotonic() - began < 5


def test_a_bug_in_a_model_is_raised_and_not_counted_away() -> None:
    def talk(_asked: Ask, _nth: int) -> Reply:
        raise ZeroDivisionError("a plugin's own")

    with pytest.raises(ZeroDivisionError):
        answered(Talker(talk), Memory(), [ask(n) for n in range(20)])


def test_a_store_that_cannot_keep_ends_the_run_with_its_own_error() -> None:
    memory = Memory()

    def full() -> None:
        raise MachineError("the disk is full.")

    memory.before = full
    model = Talker(lambda asked, _: said(number(asked)), seconds=0.01)
    with pytest.raises(MachineError, match="disk is full"):
        answered(model, memory, [ask(n) for n in range(50)])
    assert len(model.asked) <= 24


def test_a_model_that_was_not_opened_is_named() -> None:
    with pytest.raises(ConfigError, match="other:x"):
        answered(Talker(lambda *_: said(1)), Memory(), [Ask(model="other:x", lines=(Line("user", "a"),))])


def test_plain_text_needs_no_shape_and_an_empty_one_is_asked_again() -> None:
    model = Talker(lambda asked, nth: Reply(text="  " if nth == 0 else "fine"))
    (reply,) = answered(model, Memory(), [ask(1, shape=None)])
    assert reply.text == "fine"
    assert len(model.asked) == 2


def test_draining_lets_what_is_on_its_way_come_and_leaves_the_rest_for_later() -> None:
    memory, model = Memory(), Talker(lambda asked, _: said(number(asked)), seconds=0.05)

    async def run() -> list[object]:
        made = engine(model, memory)
        coming = asyncio.create_task(made.answer([ask(n) for n in range(100)]))
        await asyncio.sleep(0.07)
        made.drain()
        answers = await coming
        await made.close()
        return answers

    answers = asyncio.run(run())
    replies = [one for one in answers if isinstance(one, Reply)]
    assert len(replies) == len(model.asked) == len(memory.kept)
    assert 8 <= len(replies) <= 24
    assert {(one.cause, one.final) for one in answers if isinstance(one, Fault)} == {("interrupted", False)}
    assert all(isinstance(one, Reply) for one in answered(model, memory, [ask(n) for n in range(100)]))
    assert len(model.asked) == 100


def test_leaving_at_once_keeps_what_has_come() -> None:
    memory, model = Memory(), Talker(lambda asked, _: said(number(asked)), seconds=0.03)

    async def run() -> None:
        made = engine(model, memory)
        coming = asyncio.create_task(made.answer([ask(n) for n in range(100)]))
        await asyncio.sleep(0.1)
        coming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await coming
        await made.close()

    asyncio.run(run())
    assert 8 <= len(memory.kept) <= 40
    came, sent = len(memory.kept), len(model.asked)
    answered(model, memory, [ask(n) for n in range(100)])
    assert len(model.asked) - sent == 100 - came


def test_a_price_that_is_not_known_is_said_and_never_zero() -> None:
    async def run() -> None:
        made = engine(Talker(lambda asked, _: said(number(asked))), Memory(), usd=unknown, budget_usd=1.0)
        (reply,) = await made.answer([ask(1)])
        assert reply.usd is None
        assert made.unpriced == (NAME,)
        assert not made.budget_holds
        await made.close()

    asyncio.run(run())


def test_progress_counts_what_happens() -> None:
    async def run() -> None:
        made = engine(fails(1, "overloaded"), Memory())
        await made.answer([ask(n) for n in range(10)])
        seen = made.progress
        assert (seen.asked, seen.answered, seen.requests, seen.in_flight) == (10, 10, 20, 0)
        assert seen.troubles == {"overloaded": 10}
        assert seen.usd == pytest.approx(10 * 200e-6)
        assert seen.usage.output == 500
        await made.close()

    asyncio.run(run())
    assert MANY.many
