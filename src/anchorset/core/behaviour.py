"""What the seeds do and what is missing: behaviours, coverage, gaps, and the map that holds them.

What this module does not know: how any of it is found, and what will be ordered because of it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from anchorset.core.noun import Names, Noun
from anchorset.core.plan import UNASSIGNED

How = Literal["only", "metadata", "about", "unassigned"]
"""How the cell of a seed was found. only: there are no dimensions. metadata: all its axis values stand in its metadata.
about: at least one was found by the nearest description. unassigned: no cell, or one that is skipped."""

Granularity = Literal["broad", "granular"]
"""broad: a dozen at most, to talk about. granular: within one broad behaviour each, to count by."""

GapCode = Literal[
    "cell_empty", "cell_thin", "cell_saturated", "skip_seen", "behaviour_rare", "behaviour_unserved", "value_unknown",
    "unassigned",
]  # fmt: skip
"""cell_empty: no seed. cell_thin: few groups of seeds. cell_saturated: so many candidates that more repeat.
skip_seen: seeds in a combination that the grid leaves out. behaviour_rare: few groups do it. behaviour_unserved: no
candidate does it. value_unknown: metadata the configuration has no value for. unassigned: seeds in no cell."""

Answer = Literal["yes", "no", "unknown"]


class Placed(Noun):
    """Where one seed lies."""

    cell: str
    how: How
    values: dict[str, str] = Field(default_factory=dict)
    """Axis -> value, as far as known: a seed can be unassigned and still have a value on one axis."""
    margin: float | None = None
    """By how much cosine the nearest description beat the second, on the axis where it was closest. None: no
    description was asked."""


class Snippet(Noun):
    """One seed that shows what a behaviour is."""

    case: str
    text: str


class Behaviour(Noun):
    """What a part of the seeds does, found without a model: a cluster of their texts."""

    id: str
    """`h_` and 16 hex digits: the hash of the seed nearest its centre and of the granularity."""
    granularity: Granularity
    label: str
    """Its characteristic terms, `card · arrived · waiting`: words the rest uses less. Never a model's description."""
    seeds: int = Field(ge=1)
    groups: int = Field(ge=1)
    """Seeds with near-duplicates counted once."""
    share: float
    """Of all seeds, 0-1."""
    snippets: tuple[Snippet, ...]
    """Up to three seeds nearest its centre, of different groups where there are."""
    parent: str | None = None
    """The broad behaviour a granular one belongs to."""
    new: bool = False
    """Nearly all of its seeds arrived since the last map."""
    rare: bool = False
    """So few groups that it can be overlooked."""
    error_rate: float | None = None
    """Share of its seeds with a result that failed, 0-1. None: no result."""


class Coverage(Noun):
    """How much there is of one cell or one granular behaviour. Counts of cases."""

    of: Literal["cell", "behaviour"]
    name: str
    """Cell name, or behaviour id."""
    label: str
    seeds: int = 0
    groups: int = 0
    regression: int = 0
    golden: int = 0
    passed: int = 0
    """Candidates that no check and no reviewer rejected, the approved ones among them."""
    approved: int = 0
    """Candidates a reviewer approved or edited."""


class Gap(Noun):
    """Something that is missing, or full, in words."""

    code: GapCode
    where: str
    """A cell name, a behaviour id, or `axis=value`."""
    message: str
    """One sentence with its numbers."""
    todo: str
    """What fills it."""


class Question(Noun):
    """One of the four to answer before anything is generated."""

    id: Literal["seed", "judge", "bad_cases", "versions"]
    asks: str
    answer: Answer
    evidence: str
    todo: str | None
    """What to do first; None: nothing."""


class AxisFound(Noun):
    """Whether an axis parts the seeds at all."""

    axis: str
    values: dict[str, int]
    """Value -> seeds that carry it in their metadata."""
    explained: float | None
    """Share of the variance of the seeds' vectors that lies between its values, 0-1. None: too few seeds to ask."""
    p: float | None
    """Of that share, or more, when the values are dealt to the groups at random. None: too few seeds to ask."""

    @property
    def separates(self) -> bool | None:
        return None if self.p is None else self.p < 0.05


class Seen(Noun):
    """How much of what users do the seeds have likely shown."""

    kinds: int
    """Kinds of messages met: messages within the stated cosine of a common one."""
    at_least: float
    """Kinds there must be at least (Chao 1984)."""
    next_is_new: float
    """Chance that the next message is of a kind not met yet, 0-1 (Good 1953)."""
    cosine: float
    """What counts as one kind."""


class Point(Noun):
    """One seed on the picture of the behaviours: the two directions in which the seeds differ most."""

    x: float
    y: float
    behaviour: str
    """Id of the broad behaviour."""


class SeedMap(Noun):
    """The seeds put in order, what covers them, and what is missing."""

    seeds: int
    n_groups: int
    """What "50 seeds" counts."""
    cells: dict[str, dict[str, str]]
    """Cell name -> axis values, in the order of the grid."""
    home: dict[str, Placed]
    """Seed id -> where it lies."""
    groups: dict[str, str]
    """Seed id -> group id, for seeds that have near-duplicates."""
    behaviours: tuple[Behaviour, ...]
    """Broad ones first, larger ones first."""
    behaviour_of: dict[str, str]
    """Seed id -> id of its granular behaviour; a seed the embedder cannot read has none."""
    coverage: tuple[Coverage, ...]
    """Cells in the order of the grid, then granular behaviours."""
    seen: Seen
    gaps: tuple[Gap, ...]
    questions: tuple[Question, ...]
    axes: tuple[AxisFound, ...]
    voices: dict[str, int]
    """Voice (`lower`, `caps`, `emoji`, `slang`, `polite`, `angry`, `terse`, `unpunctuated`) -> seeds that have it."""
    labelled: int
    """Seeds with an expected answer or criteria: those that can vote."""
    labelled_groups: int
    embedder: str
    notes: Names = ()
    points: tuple[Point, ...] = ()

    def covered(self, of: Literal["cell", "behaviour"]) -> dict[str, Coverage]:
        """Name -> coverage, of the cells or of the granular behaviours."""
        return {one.name: one for one in self.coverage if one.of == of}

    @property
    def unassigned(self) -> int:
        return sum(placed.cell == UNASSIGNED for placed in self.home.values())

    @property
    def worth_generating(self) -> bool:
        """No question is answered `no`."""
        return all(question.answer != "no" for question in self.questions)

    def report(self) -> dict[str, Any]:
        """The machine form: everything but where single seeds lie, which it counts."""
        how = [placed.how for placed in self.home.values()]
        told = self.model_dump(mode="json", exclude={"home", "groups", "behaviour_of", "points", "n_groups"})
        return told | {
            "groups": self.n_groups, "unassigned": self.unassigned,
            "assigned_by": {name: how.count(name) for name in ("only", "metadata", "about") if name in how},
            "worth_generating": self.worth_generating,
        }  # fmt: skip
