"""A judge that is a plain function, and a workspace for it to go by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from anchorset.core.ask import Answer, Ask, Reply
from anchorset.core.case import Case
from anchorset.core.config import AxisValue, CellNote, ModelSpec
from anchorset.core.persona import Attributes, Persona
from anchorset.core.provenance import Synthetic
from anchorset.qualify.judging.judging import Judging
from anchorset.qualify.judging.question import Scene

SCENE = Scene(
    product="Support agent of an online shop. Refund window 30 days.",
    rubric="A case is good when a colleague would know what to answer.",
    personas={"novice": Persona(name="novice", description="First order.", attributes=Attributes(patience="low"))},
    axes={
        "policy": {
            "delay": AxisValue(about="the parcel is late"),
            "remorse": AxisValue(about="changed their mind", ambiguous=True),
        },
        "user": {"new": AxisValue(about="first order"), "old": AxisValue()},
    },
    cells={"user=old,policy=delay": CellNote(ambiguous=True)},
)
GOOD = {"why": "it says so", "ok": True}


def reply(ask: Ask, **words: object) -> Reply:
    """A good word to every question of the ask, but for those given: `plausible=False`, or a whole object."""
    assert ask.shape is not None
    fields = {name: dict(GOOD) for name in ask.shape.item.model_fields}
    fields["difficulty"] = {"why": "one wish", "level": "easy"}
    for name, word in words.items():
        if name in fields:
            fields[name] = word if isinstance(word, dict) else {"why": f"{name} is wrong", "ok": word}
    return Reply(text="{}", items=(ask.shape.item.model_validate(fields),))


class Scripted:
    """An Asker: `answer` is called for each ask, and what was asked is kept, call by call."""

    def __init__(self, answer: Callable[[Ask], Answer] = reply) -> None:
        self.answer = answer
        self.calls: list[list[Ask]] = []

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        self.calls.append(list(asks))
        return [self.answer(ask) for ask in asks]


def candidate(text: str, *, technique: str = "prompted", persona: str | None = None, **fields: object) -> Case:
    origin = Synthetic(
        source="synthetic", technique=technique, label="synth-x", persona=persona, model="openai:gpt-5",
        random_seed=7, run="r_1",
    )  # fmt: skip
    return Case(kind=fields.pop("kind", "text"), input=text, provenance=origin, **fields)


def judging(answer: Callable[[Ask], Answer] = reply, **settings: object) -> Judging:
    settings.setdefault("scene", SCENE)
    settings.setdefault("asker", Scripted(answer))
    return Judging(spec=settings.pop("spec", ModelSpec(model="anthropic:claude-opus-4-5")), **settings)
