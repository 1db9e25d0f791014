"""A budget in USD that is never crossed: what a question may cost is put aside before it is sent.

What this module does not know: price lists. The price of a use is a function that is passed in.
"""

from __future__ import annotations

from collections.abc import Callable

from anchorset.core.ask import Ask, Usage

Usd = Callable[[str, Usage], float | None]
"""(`provider:model`, usage) -> USD; None: not known."""

BYTES_A_TOKEN = 3
"""Of UTF-8: English has four and more, Chinese three; an upper estimate wants few."""
LINE_TOKENS = 8
UNSEEN_TOKENS = 300
"""Output for an item, until some was seen, where an ask sets no `max_tokens`."""
ROOM = 1.25
"""Over the longest output seen so far, where an ask sets no `max_tokens`."""


def input_tokens(ask: Ask) -> int:
    """Tokens that an ask sends, at most, without a tokenizer."""
    size = sum(len(line.content.encode("utf-8", "replace")) for line in ask.lines)
    size += len(str(ask.shape.schema())) if ask.shape else 0
    return size // BYTES_A_TOKEN + LINE_TOKENS * (len(ask.lines) + 1)


class Budget:
    """For one run. USD put aside and USD spent together never exceed the limit."""

    def __init__(self, limit: float | None, usd: Usd, *, spent: float = 0.0) -> None:
        """`limit` None: none. `spent`: by this run in earlier sittings."""
        self.limit = limit
        self.spent = spent
        self.held = 0.0
        self.ended = False
        """Whether something did not fit: nothing more is begun."""
        self.unpriced: set[str] = set()
        """Models whose price is not known: a limit cannot hold for them."""
        self._usd = usd
        self._longest: dict[str, int] = {}

    def cost(self, model: str, usage: Usage) -> float | None:
        """What a use cost."""
        usd = self._usd(model, usage)
        if usd is None:
            self.unpriced.add(model)
        return usd

    def most(self, ask: Ask, *, rounds: int) -> float:
        """What a question may cost, at most, with a second round or without. 0 where the price is not known."""
        into, out = input_tokens(ask), ask.max_tokens
        if out is None:
            seen = self._longest.get(ask.model)
            out = UNSEEN_TOKENS * ask.wanted if seen is None else int(seen * ROOM)
        used = Usage(input=into, output=out)
        if rounds == 2:
            # the second round reads the question, the first answer, and what was wrong with it
            used += Usage(input=into + out + 200, output=out)
        return self.cost(ask.model, used) or 0.0

    def fits(self, usd: float) -> bool:
        return self.limit is None or self.spent + self.held + usd <= self.limit

    def hold(self, usd: float) -> None:
        self.held += usd

    def pay(self, model: str, usage: Usage, usd: float | None, held: float) -> float:
        """Counts what came. Returns what of `held` stays put aside."""
        self._longest[model] = max(self._longest.get(model, 0), usage.output)
        self.spent += usd or 0.0
        left = max(0.0, held - (usd or 0.0))
        self.held -= held - left
        return left

    def release(self, usd: float) -> None:
        self.held = max(0.0, self.held - usd)
