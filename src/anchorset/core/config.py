"""The configuration of a workspace: every key of `anchorset.yaml`, its type and its default.

What this module does not know: YAML, files, and which line a value stands on.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from anchorset.core.finding import OnHit
from anchorset.core.noun import Names, Noun
from anchorset.core.provenance import Technique

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A name that is also safe as a file name."""
Share = Annotated[float, Field(ge=0)]
"""A weight of 0 or more; only its proportion to the others counts."""

GENERATED: tuple[Technique, ...] = ("prompted", "persona", "remix", "template")
"""What the share `generated` of a mix is made of."""


def _about(value: Any) -> Any:
    return {"about": value} if isinstance(value, str) else {} if value is None else value


class AxisValue(Noun):
    """One value of one dimension."""

    about: str = ""
    """What it means, in a sentence: seeds without the metadata are assigned by it, prompts quote it."""
    expected: JsonValue = None
    """What the product should answer here; None: it depends, or nobody has said."""
    ambiguous: bool = False
    """Whether cases here are meant to be unclear: `expected.unambiguous` leaves them alone."""


Axis = dict[str, Annotated[AxisValue, BeforeValidator(_about)]]


class CellNote(Noun):
    """What holds for one cell of the grid."""

    expected: JsonValue = None
    ambiguous: bool = False


class Grid(Noun):
    """Which combinations of dimension values are filled."""

    axes: Names = ()
    """Two or three dimensions; empty: all of `dimensions`."""
    per_cell: int | None = Field(default=None, ge=1)
    """Candidates wanted in each cell; None: what size and mix give."""
    skip: tuple[dict[str, str], ...] = ()
    """Combinations that make no sense; an axis not named matches every value."""


class Mutation(Noun):
    per_root: int = Field(default=5, ge=1)
    """Mutations of one seed that may pass."""
    paraphrased: float = Field(default=0, ge=0, le=1)
    """Share of the mutations that a model paraphrases, where there is one. They speak its words: 0 unless you ask."""


class Redteam(Noun):
    by_model: float = Field(default=0.5, ge=0, le=1)
    """Share of the attacks that a model writes, where there is one; the rest are known patterns."""


class Constraints(Noun):
    """What every case has to keep to."""

    topics: Names = ()
    forbidden_topics: Names = ()
    min_length: int | None = Field(default=None, ge=1)
    """Characters; None: measured on the seeds."""
    max_length: int | None = Field(default=None, ge=1)
    vocabulary: Names = ()
    """Words of the domain that generators may use."""
    key_terms: Names = ()
    """Words whose spread is watched; empty: the 50 content words in most seeds."""


def _model(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


class ModelSpec(Noun):
    """A language model and how it is asked."""

    model: str = "none"
    """`provider:model`; `none`: only what needs no model; `auto`: a key or a local server that is found."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1)
    family: str | None = None
    """Overrides what the model's name says: `meta-llama` for a fine-tune called otherwise."""
    base_url: str | None = None
    """Where it is served, up to and with `/v1`; None: the provider's own address."""
    api_key: str | None = None
    """Name of the environment variable that has the key; None: the provider's own."""
    timeout_seconds: float = Field(default=120, gt=0)
    """Of one request."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    """None: no limit of ours; the provider's own is found out."""
    tokens_per_minute: int | None = Field(default=None, ge=1)
    """Input and output together; None: no limit of ours."""
    max_in_flight: int = Field(default=64, ge=1, le=1024)
    """Requests that wait for an answer at the same time, at most."""


class Models(Noun):
    generator: Annotated[ModelSpec, BeforeValidator(_model)] = ModelSpec()
    judge: Annotated[ModelSpec, BeforeValidator(_model)] = ModelSpec()


class CheckSetting(Noun):
    """What the owner wants of one check; None: the check's own."""

    threshold: float | Literal["auto"] | None = None
    on_hit: OnHit | None = None


_INPUT: JsonValue = {"input": "{{ input }}"}


class HttpTarget(Noun):
    """An application behind an HTTP endpoint that takes and gives JSON."""

    url: str
    method: Literal["GET", "POST", "PUT", "PATCH"] = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    """`${NAME}` is replaced by the environment variable NAME."""
    body: JsonValue = _INPUT
    """Strings in it are Jinja2 templates over `input`, `messages`, `system`, `context`, `metadata`, `extra`."""
    output: str = "output"
    """Dotted path to the answer in the response."""
    tools: str | None = None
    """Dotted path to the list of tool calls in the response; None: not reported."""
    usd: str | None = None
    """Dotted path to what the call cost, in USD."""


class ChatTarget(Noun):
    """A chat-completions endpoint asked with a prompt file."""

    model: str
    prompt: str | None = None
    """File in the workspace, the system prompt as a Jinja2 template; its variables are read from it."""
    base_url: str = "https://api.openai.com/v1"
    api_key: str | None = "OPENAI_API_KEY"
    """Name of the environment variable that has the key; None: no key is sent."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1)


class TargetSpec(Noun):
    """One application under test. Exactly one of python, http, chat, command."""

    python: str | None = None
    """`module:function`, importable from the workspace; gets the input, returns the answer."""
    http: HttpTarget | None = None
    chat: ChatTarget | None = None
    command: Names = ()
    """Program and arguments; gets one JSON object on stdin, prints the answer (JSON or plain text)."""
    version: str | None = None
    """`git`: the commit of the workspace. None: hash of what can be seen of it (the code's file, prompt, settings)."""
    family: str | None = None
    """Model family of what answers, where it is a model."""
    timeout_seconds: float = Field(default=60, gt=0)
    concurrency: int = Field(default=4, ge=1, le=256)

    @model_validator(mode="after")
    def _one_kind(self) -> TargetSpec:
        given = [name for name in ("python", "http", "chat", "command") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(
                f"a target has {', '.join(map(repr, given)) or 'no kind'}; "
                "give it exactly one of `python`, `http`, `chat`, `command`"
            )
        return self

    @property
    def kind(self) -> str:
        return next(name for name in ("python", "http", "chat", "command") if getattr(self, name))


def _evaluator(value: Any) -> Any:
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, dict) and len(value) == 1 and "name" not in value:
        ((name, settings),) = value.items()
        return {"name": name, "settings": settings if settings is not None else {}}
    return value


class EvaluatorSpec(Noun):
    """What scores an answer: `exact`, or `{contains: {ignore_case: true}}`."""

    name: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)


class Trust(Noun):
    max_drop: float = Field(default=0.05, gt=0, lt=1)
    """The largest fall of the seed's rate that is accepted, 0-1."""
    stale_days: int = Field(default=90, ge=1)
    """Age in days from which synthetic cases and attacks are called stale."""


class Review(Noun):
    overlap: float = Field(default=0.1, ge=0, le=1)
    """Share of the queue that two reviewers decide blind."""
    reserve_minutes: float = Field(default=10, ge=0)
    """How long a case that is shown to one reviewer is kept from the others; 0: not at all."""
    recheck: float = Field(default=0.03, ge=0, le=0.5)
    """Share of what a reviewer is shown that they have decided before, unmarked: how steady they are. 0: none."""
    hide_suggestions: bool = False
    """Whether what checks and judges found is shown only after the reviewer's own word."""
    usd_per_case: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=lambda: {"default": 1.0, "redteam": 3.0, "persona": 1.5, "mutation": 0.5}
    )
    """Technique -> what one decision costs; `default` for all others."""
    minutes_per_case: float = Field(default=3, gt=0)


class Config(Noun):
    """A workspace's settings. Only `name` has no default."""

    name: Name
    owner: str | None = None
    """Who answers for the set; stands on the card."""
    licence: str | None = None
    """Of the datasets: an SPDX id or a URL; stands on the card."""
    context: str = ""
    """What the product is and is not."""
    language: str | None = None
    """ISO 639-1; None: the languages of the seeds."""
    size: int = Field(default=1000, ge=1)
    """Cases in the finished dataset."""
    dimensions: dict[str, Axis] = Field(default_factory=dict)
    cells: dict[str, CellNote] = Field(default_factory=dict)
    """`axis=value,axis=value` -> what holds there."""
    grid: Grid = Grid()
    personas: dict[str, Share] = Field(default_factory=dict)
    mix: dict[str, Share] = Field(
        default_factory=lambda: {"seed": 30.0, "mutation": 35.0, "generated": 20.0, "redteam": 10.0, "golden": 5.0}
    )
    mutation: Mutation = Mutation()
    redteam: Redteam = Redteam()
    constraints: Constraints = Constraints()
    models: Models = Models()
    embedder: str = "static"
    budget_usd: float | None = Field(default=None, ge=0)
    """None: no limit of ours."""
    checks: dict[str, CheckSetting] = Field(default_factory=dict)
    targets: dict[Name, TargetSpec] = Field(default_factory=dict)
    evaluators: tuple[Annotated[EvaluatorSpec, BeforeValidator(_evaluator)], ...] = (EvaluatorSpec(name="exact"),)
    trust: Trust = Trust()
    review: Review = Review()
    random_seed: int = 7

    @property
    def axes(self) -> tuple[str, ...]:
        """The dimensions of the grid, in order."""
        return self.grid.axes or tuple(self.dimensions)

    @model_validator(mode="after")
    def _names_that_exist(self) -> Config:
        for axis in self.grid.axes:
            if axis not in self.dimensions:
                known = ", ".join(self.dimensions) or "none yet"
                raise ValueError(
                    f"`grid.axes` names {axis!r}, which is no dimension (known: {known}); add it or drop it"
                )
        for skipped in self.grid.skip:
            for axis, value in skipped.items():
                if value not in self.dimensions.get(axis, {}):
                    raise ValueError(
                        f"`grid.skip` has {axis}={value}, which is no value of a dimension; mend or drop it"
                    )
        return self
