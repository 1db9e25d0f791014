"""Seeds of a small shop, orders over them, and a model that answers from a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anchorset.core.ask import Answer, Ask, Reply
from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.persona import Persona
from anchorset.core.plan import Brief, cell_name
from anchorset.core.provenance import Observed, Technique
from anchorset.produce.asking.asks import requests
from anchorset.produce.asking.book import StyleBook, stylebook
from anchorset.produce.asking.request import Request
from anchorset.produce.asking.settings import Asking, asking_of
from anchorset.produce.asking.steering import Steering
from anchorset.produce.cell import cells_for
from anchorset.produce.operators.operator import Lexicon
from anchorset.produce.order import Order

CONFIG = Config.model_validate(
    {
        "name": "shop",
        "context": "Support desk of a shop. Refund window 30 days. It cannot change orders.",
        "dimensions": {
            "who": {"new": "first order", "angry": "third contact"},
            "why": {
                "late": {"about": "the parcel is late", "expected": "track"},
                "broken": "it arrived damaged",
                "regret": {"about": "changed their mind", "ambiguous": True},
            },
        },
        "models": {"generator": {"model": "openai:gpt-5", "temperature": 0.9}},
    }
)
THINGS = ("lamp", "kettle", "scarf", "tent", "drill", "mug", "chair", "radio", "clock", "rug", "vase", "bike")
LATE = (
    "where is my {}",
    "My {} has not come. It was due on Monday!",
    "hi, the {} i ordered is still not here, can you check please?",
    "STILL NO {}!!",
    "Hello, I'd like to know when the {} arrives. Thanks",
)
BROKEN = ("the {} came cracked", "My {} was broken when I opened the box. What now?", "got a {} in pieces :(")


def seed(text: str, **metadata: str) -> Case:
    return Case(
        kind="text", input=text, metadata=dict(metadata), expected="an answer",
        provenance=Observed(source="production", origin="made-up.csv sha256:00", original_id=text),
    )  # fmt: skip


def shop() -> list[Case]:
    """60 late and 36 broken messages, half of each by either kind of customer; nobody regrets."""
    return [
        seed(text.format(thing), who="new" if at % 2 else "angry", why=why)
        for why, texts in (("late", LATE), ("broken", BROKEN))
        for at, thing in enumerate(THINGS)
        for text in texts
    ]


def order(
    seeds: Sequence[Case], *, technique: Technique = "prompted", persona: Persona | None = None, random_seed: int = 7,
    language: str | None = None, **values: str,
) -> Order:  # fmt: skip
    brief = Brief(
        technique=technique, cell=cell_name(values), values=values, count=100, language=language,
        persona=persona.name if persona else None,
    )  # fmt: skip
    cell = cells_for([brief], seeds, {})[brief.cell]
    return Order(
        brief=brief, cell=cell, lexicon=Lexicon({}, {}), random_seed=random_seed, run="r_0123456789abcdef",
        persona=persona,
    )  # fmt: skip


def settings(**more: Any) -> Asking:
    return asking_of(CONFIG, **more)


def asked(
    seeds: Sequence[Case], n: int = 5, *, begun: int = 0, steering: Steering | None = None,
    book: StyleBook | None = None, with_: Asking | None = None, spent: frozenset[str] = frozenset(), **to: Any,
) -> list[Request]:  # fmt: skip
    return requests(
        order(seeds, **to), n, begun=begun, steering=steering or Steering(), settings=with_ or settings(),
        book=book or stylebook(seeds), spent=spent,
    )  # fmt: skip


def prompt_of(request: Request) -> str:
    return "\n".join(line.content for line in request.ask.lines)


def reply(request: Request, *items: dict[str, Any], model: str = "gpt-5") -> Reply:
    """An answer with these items, validated as the engine does."""
    assert request.ask.shape is not None
    return Reply(text="", items=tuple(request.ask.shape.item.model_validate(item) for item in items), model=model)


class Scripted:
    """An asker that answers from a function of the ask."""

    def __init__(self, answer: Callable[[Ask], Answer]) -> None:
        self.answer = answer
        self.asked: list[Ask] = []

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        self.asked += asks
        return [self.answer(one) for one in asks]

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        return lambda: self.ask(asks)
