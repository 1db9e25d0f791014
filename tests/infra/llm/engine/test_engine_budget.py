"""A budget is never crossed, ends in order, and raising it goes on where it ended."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import Memory, Talker, answered, ask, number, said, usd

from anchorset.core.ask import Ask, Fault, Line, Reply, Usage
from anchorset.core.errors import ModelError
from anchorset.infra.llm.budget import Budget, input_tokens


def spent(answers: list[Reply | Fault]) -> float:
    return sum(one.usd or 0.0 for one in answers)


def test_a_budget_stops_in_order_before_it_is_crossed_and_a_higher_one_goes_on() -> None:
    memory = Memory()
    model = Talker(lambda asked, _: said(number(asked)), seconds=0.002)
    asks = [ask(n, max_tokens=60) for n in range(100)]
    first = answered(model, memory, asks, budget_usd=0.005)
    kinds = [isinstance(one, Reply) for one in first]
    assert kinds == sorted(kinds, reverse=True)
    paid = sum(kinds)
    # one costs 0.0002, and may cost 0.0006 with its second round
    assert 20 <= paid <= 25
    assert spent(first) <= 0.005
    assert {(one.cause, one.final) for one in first if isinstance(one, Fault)} == {("budget", False)}
    assert "raise `budget_usd`" in first[-1].message
    same = answered(model, memory, asks, budget_usd=0.005, spent_usd=spent(first))
    assert sum(isinstance(one, Reply) for one in same) == paid
    assert len(model.asked) == paid
    all_of_them = answered(model, memory, asks, budget_usd=0.05, spent_usd=spent(first))
    assert all(isinstance(one, Reply) for one in all_of_them)
    assert len(model.asked) == 100


@settings(max_examples=25)
@given(st.integers(0, 400), st.integers(1, 3), st.integers(0, 9))
def test_whatever_goes_wrong_on_the_way_the_budget_is_not_crossed(micros: int, wanted: int, seed: int) -> None:
    def talk(asked: Ask, nth: int) -> Reply:
        n = number(asked) + seed
        if n % 5 == 0 and nth < 2:
            raise ModelError("again.", trouble="overloaded", retry_after=0.0)
        if n % 3 == 0 and len(asked.lines) == 1:
            return Reply(text="- oops " * 8, usage=Usage(input=input_tokens(asked), output=30))
        text = json.dumps({"items": [{"text": f"{n}.{i}"} for i in range(asked.wanted)]})
        return Reply(text=text, usage=Usage(input=input_tokens(asked), output=40))

    budget = micros * 1e-5
    model = Talker(talk)
    answers = answered(model, Memory(), [ask(n, wanted=wanted, max_tokens=40) for n in range(12)], budget_usd=budget)
    assert spent(answers) <= budget + 1e-12
    assert len(answers) == 12
    assert all(isinstance(one, Reply) or one.cause == "budget" for one in answers)


def test_no_budget_at_all_asks_nothing() -> None:
    model = Talker(lambda asked, _: said(number(asked)))
    assert {one.cause for one in answered(model, Memory(), [ask(1), ask(2)], budget_usd=0.0)} == {"budget"}
    assert not model.asked


def test_what_was_put_aside_and_not_used_is_there_for_the_next() -> None:
    model = Talker(lambda asked, _: replace(said(number(asked)), usage=Usage(input=10, output=5)))
    answers = answered(model, Memory(), [ask(n, max_tokens=1000) for n in range(50)], budget_usd=0.008)
    assert all(isinstance(one, Reply) for one in answers)


def test_without_a_limit_of_output_the_longest_answer_seen_is_expected_again() -> None:
    budget = Budget(1.0, usd)
    asked = Ask(model="m", lines=(Line("user", "x" * 300),))
    before = budget.most(asked, rounds=1)
    budget.pay("m", Usage(input=100, output=4000), 0.01, 0.0)
    assert budget.most(asked, rounds=1) > before
    assert budget.most(asked, rounds=1) == pytest.approx((100 + 16 + 2 * 5000) / 1e6)


def test_the_estimate_of_input_is_no_lower_than_a_token_a_chinese_letter() -> None:
    assert input_tokens(Ask(model="m", lines=(Line("user", "我的包裹在哪里" * 10),))) >= 70
