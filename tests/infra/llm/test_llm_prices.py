"""Prices from the list that is installed, and estimates of tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.ask import Ask, Line, Usage
from anchorset.infra.llm.prices import price_of, usd
from anchorset.infra.llm.tokens import tokens, tokens_of

USED = Usage(input=1_000_000, output=1_000_000)


@pytest.mark.parametrize(
    ("model", "asked", "written"),
    [
        ("openai:gpt-4o", 2.5, 10.0), ("openai:gpt-4o-mini-2024-07-18", 0.15, 0.6),
        ("anthropic:claude-opus-4-5", 5.0, 25.0), ("claude:claude-opus-4-5-20251101", 5.0, 25.0),
        ("gemini:gemini-2.0-flash", 0.1, 0.4), ("ollama:qwen3:8b", 0.0, 0.0), ("lmstudio:x", 0.0, 0.0),
        ("scripted:demo", 0.0, 0.0), ("replay:a.jsonl", 0.0, 0.0), ("pydantic-ai:openai-chat:gpt-4o", 2.5, 10.0),
    ],
)  # fmt: skip
def test_known_models_have_their_list_price(model: str, asked: float, written: float) -> None:
    price = price_of(model)
    assert price is not None
    assert (price.input, price.output) == (asked, written)


@pytest.mark.parametrize(
    "model", ["openai:our-fine-tune", "openai-compatible:gpt-4o", "groq:nobody-knows-this", "pydantic-ai:made:up"]
)
def test_an_unknown_price_is_unknown_and_never_zero(model: str) -> None:
    assert price_of(model) is None
    assert usd(model, USED) is None


def test_cached_input_and_batches_cost_less() -> None:
    full = usd("openai:gpt-4o", Usage(input=1000, output=100))
    assert full == pytest.approx(0.0035)
    assert usd("openai:gpt-4o", Usage(input=1000, output=100, cached=1000)) == pytest.approx(0.00225)
    assert usd("openai:gpt-4o", Usage(input=1000, output=100), batch=True) == pytest.approx(0.00175)
    assert usd("openai:gpt-4o", Usage(input=10, output=0, cached=50)) == pytest.approx(10 * 1.25e-6)


@pytest.mark.parametrize(
    "model", ["openai:gpt-4o", "google:gemini-2.5-pro", "anthropic:claude-sonnet-4-5", "openai:gpt-5"]
)
@pytest.mark.parametrize("used", [(100, 50, 0), (15_000, 900, 4_000), (250_000, 10, 0), (50_000, 10, 10_000)])
def test_the_sum_is_what_the_package_itself_reckons(model: str, used: tuple[int, int, int]) -> None:
    import genai_prices

    asked, written, cached = used
    provider, name = model.split(":")
    wanted = genai_prices.calc_price(
        genai_prices.Usage(input_tokens=asked, output_tokens=written, cache_read_tokens=cached),
        name,
        provider_id=provider,
    )
    ours = usd(model, Usage(input=asked, output=written, cached=cached))
    assert ours == pytest.approx(float(wanted.total_price))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0), ("hello", 1, 1), ("Where is my parcel? It was due on Monday.", 9, 13), ("1234567", 3, 3),
        ("我的包裹在哪里", 5, 9), ('{"items": [{"n": 1}]}', 8, 16), ("Straßenverkehrsordnung", 3, 9),
    ],
)  # fmt: skip
def test_tokens_are_about_right(text: str, low: int, high: int) -> None:
    assert low <= tokens(text) <= high


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_is_never_fewer_tokens(first: str, second: str) -> None:
    assert tokens(first) <= tokens(first + "\n" + second) + 1
    assert tokens(first) >= 0


def test_an_ask_counts_its_lines() -> None:
    ask = Ask(model="openai:x", lines=(Line(role="user", content="hello there"),))
    assert tokens_of(ask) == tokens("hello there") + 4
