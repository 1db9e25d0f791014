"""Whatever an application says can be kept as a row and read again, or is named as the garbage it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.run import Result
from anchorset.trust.run.answer import CAP_BYTES, CallError, read_answer, tool_names

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(value=ANYTHING | st.fixed_dictionaries({"output": ANYTHING}, optional={"tools": ANYTHING, "usd": ANYTHING}))
def test_any_answer_makes_a_row_that_reads_back_or_an_error(value: Any) -> None:
    try:
        answer = read_answer(value)
    except CallError as error:
        answer = error.as_answer(0.0)
        assert answer.cause in ("garbage", "too_large")
        assert answer.error
    row = Result(
        run="q", case="c", content="x", target="t", version="v", cause=answer.cause, error=answer.error,
        output=answer.output, tools=answer.tools, usd=answer.usd,
    )  # fmt: skip
    assert Result.read(row.line(), where="row") == row


@pytest.mark.parametrize(("length", "fits"), [(CAP_BYTES - 2, True), (CAP_BYTES - 1, False)])
def test_the_cap_is_a_million_bytes_with_the_quotes(length: int, fits: bool) -> None:
    if fits:
        assert read_answer("x" * length).output == "x" * length
    else:
        with pytest.raises(CallError, match="1,000,001 bytes") as error:
            read_answer("x" * length)
        assert error.value.head == "x" * 2000


def test_null_is_an_answer_only_beside_a_tool_call() -> None:
    assert read_answer({"output": None, "tools": ["refund"]}).tools == ("refund",)
    for nothing in (None, {"output": None}, {"output": None, "tools": []}):
        with pytest.raises(CallError, match="no tool was called"):
            read_answer(nothing)


def test_an_object_without_output_is_the_answer_itself() -> None:
    assert read_answer({"action": "refund", "usd": 3}).output == {"action": "refund", "usd": 3}


@pytest.mark.parametrize("tools", ["refund", {"name": "refund"}, [1], [""], [{"arguments": {}}], [None]])
def test_tools_that_are_no_list_of_calls_are_refused(tools: Any) -> None:
    with pytest.raises(CallError, match="`tools` is"):
        tool_names(tools)


def test_tools_are_names_or_calls_of_either_shape() -> None:
    assert tool_names(["a", {"name": "b", "arguments": {}}, {"function": {"name": "c"}}]) == ("a", "b", "c")


@pytest.mark.parametrize("usd", [-1, "free", True, float("nan"), float("inf")])
def test_a_cost_that_is_no_amount_is_refused(usd: Any) -> None:
    with pytest.raises(CallError, match="`usd` is"):
        read_answer({"output": "x", "usd": usd})
