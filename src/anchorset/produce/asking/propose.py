"""Evaluators and criteria for a cell, proposed by a model from the prompt's variables, failures and the rubric.

A proposal changes nothing: a person approves it, and only then it stands in the configuration.
What this module does not know: which evaluators there are; it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from anchorset.core.ask import Ask, Fault, Shape
from anchorset.core.inert import fenced, short
from anchorset.core.plan import cell_name
from anchorset.core.ports import Asker
from anchorset.produce.asking.items import Text, Texts
from anchorset.produce.asking.persona import LONGEST
from anchorset.produce.asking.settings import WHY, Asking, Failure, Needs
from anchorset.produce.asking.templates import prompt

KNOWN = frozenset(("context", "values", "variables", "evaluators", "failures", "rubric", "n"))
"""Every value that the prompt can show."""
_FAILURES = 8
_RUBRIC = 6000


class Column(BaseModel):
    """An extra column that an evaluator needs of every case."""

    name: Text
    about: Text


class Proposal(BaseModel):
    """One way to judge answers in a cell."""

    evaluator: Text
    """Its name, as the configuration knows it."""
    why: Text
    """What it would catch, in a sentence."""
    expected: str = ""
    """What the reference answer looks like; empty: none is needed."""
    criteria: Texts = Field(default_factory=list)
    """What every good answer in this cell does."""
    columns: list[Column] = Field(default_factory=list)

    @property
    def needs(self) -> Needs:
        """What cases would have to be filled with."""
        return Needs(
            expected=self.expected.strip() or None,
            criteria=self.evaluator == "rubric",
            columns={column.name: column.about for column in self.columns},
        )


def proposal_ask(
    values: Mapping[str, str],
    *,
    settings: Asking,
    evaluators: Mapping[str, str],
    variables: Sequence[str] = (),
    failures: Sequence[Failure] = (),
    rubric: str = "",
    n: int = 3,
) -> Ask:
    """The question for one cell.

    `evaluators`: name -> what it does, in a sentence. `variables`: of the target's prompt. `failures`: the first
    eight are shown. Raises ConfigError for a prompt that cannot be filled.
    """
    filled = prompt("propose", settings.prompts, known=KNOWN)
    told: dict[str, Any] = {
        "context": settings.context.strip(),
        "values": settings.about(values),
        "variables": list(variables),
        "evaluators": dict(evaluators),
        "failures": [
            {"why": fenced(short(failure.why, WHY), "real"), "shown": fenced(failure.case.text[:LONGEST], "real")}
            for failure in failures[:_FAILURES]
        ],
        "rubric": rubric.strip()[:_RUBRIC],
        "n": n,
    }
    return Ask(
        model=settings.model, lines=filled.lines(told), shape=Shape(item=Proposal, many=True), wanted=n,
        temperature=settings.temperature, max_tokens=None,
    )  # fmt: skip


def propose(
    asker: Asker,
    cells: Sequence[Mapping[str, str]],
    *,
    settings: Asking,
    evaluators: Mapping[str, str],
    variables: Sequence[str] = (),
    failures: Mapping[str, Sequence[Failure]] | None = None,
    rubric: str = "",
    n: int = 3,
) -> list[tuple[Proposal, ...] | Fault]:
    """Up to `n` proposals for each cell, in the order of the cells, or why there are none.

    `failures`: cell name -> what failed there. What names an evaluator that is not known is left out.
    """
    asks = [
        proposal_ask(
            values, settings=settings, evaluators=evaluators, variables=variables, rubric=rubric, n=n,
            failures=(failures or {}).get(cell_name(values), ()),
        )
        for values in cells
    ]  # fmt: skip
    return [
        answer if isinstance(answer, Fault) else tuple(one for one in answer.items if one.evaluator in evaluators)
        for answer in asker.ask(asks)
    ]
