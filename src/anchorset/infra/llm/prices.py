"""What tokens cost, from the price list that the package `genai-prices` carries. Nothing is fetched.

A model that is not in the list has no price: None, never 0. Servers of one's own and scripts cost 0.
What this module does not know: discounts, batch prices, and prices since the package was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from anchorset.core.ask import Usage
from anchorset.infra.llm.names import taken_apart
from anchorset.infra.llm.vendors import ALSO, VENDORS

_FREE = frozenset(vendor.name for vendor in VENDORS if vendor.local) | {"scripted", "replay"}
_IN_LIST = {vendor.name: vendor.prices for vendor in VENDORS if vendor.prices}
_ELSEWHERE = {"bedrock": "aws", "azure": "azure", "xai": "x-ai", "grok": "x-ai", "cohere": "cohere", "vertex": "google"}
"""Providers behind pydantic-ai -> their name in the list."""
BATCH_SHARE = 0.5
"""What both OpenAI and Anthropic charge for a request in a batch."""
_LONG_INPUT = 16_000
"""Tokens from which an input may fall into a dearer tier; the lowest that any model has begins above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """USD per million tokens, at the lowest tier."""

    input: float
    output: float
    cached: float | None = None
    """Input that the vendor had in its cache; None: as other input."""


@cache
def price_of(model: str) -> Price | None:
    """The price of `provider:model`; None when the list does not have it."""
    if _free(model):
        return Price(input=0.0, output=0.0)
    return _listed(model)


def usd(model: str, usage: Usage, *, batch: bool = False) -> float | None:
    """What this use of `provider:model` cost, in a batch half; None when the model's price is not known."""
    price = price_of(model)
    if price is None:
        return None
    share = BATCH_SHARE if batch else 1.0
    if usage.input > _LONG_INPUT and (long := _of_long(model, usage)) is not None:
        return long * share
    cached = min(usage.cached, usage.input)
    of_cached = price.input if price.cached is None else price.cached
    million = (usage.input - cached) * price.input + cached * of_cached + usage.output * price.output
    return million / 1_000_000 * share


def _of_long(model: str, usage: Usage) -> float | None:
    """By the package's own arithmetic, which knows the tiers of long inputs."""
    import genai_prices

    if (found := _found(model)) is None:
        return None
    provider, info = found
    cached = min(usage.cached, usage.input)
    used = genai_prices.Usage(input_tokens=usage.input, output_tokens=usage.output, cache_read_tokens=cached)
    try:
        return float(info.calc_price(used, provider).total_price)
    except (ValueError, LookupError, TypeError):
        return None


@cache
def _listed(model: str) -> Price | None:
    if (found := _found(model)) is None:
        return None
    prices = found[1].get_prices(datetime.now(UTC))
    asked, written = _base(prices, "input_mtok"), _base(prices, "output_mtok")
    if asked is None or written is None:
        return None
    return Price(input=asked, output=written, cached=_base(prices, "cache_read_mtok"))


def _free(model: str) -> bool:
    return ALSO.get(taken_apart(model)[0], taken_apart(model)[0]) in _FREE


@cache
def _found(model: str) -> tuple[Any, Any] | None:
    """Provider and model as the list has them."""
    name, called = taken_apart(model)
    if name == "pydantic-ai" and ":" in called:
        name, called = taken_apart(called)
    name = ALSO.get(name, name).removesuffix("-chat").removesuffix("-responses")
    listed = _IN_LIST.get(name) or _ELSEWHERE.get(name)
    if listed is None:
        return None
    from genai_prices.data_snapshot import get_snapshot

    for spelling in dict.fromkeys((called, called.partition("@")[0], called.removesuffix(":free"))):
        try:
            provider, info = get_snapshot().find_provider_model(spelling, None, listed, None)
        except LookupError:
            continue
        return provider, info
    return None


def _base(prices: Any, kind: str) -> float | None:
    """One price at its lowest tier."""
    price = getattr(prices, kind, None)
    return None if price is None else float(getattr(price, "base", price))
