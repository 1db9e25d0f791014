"""The case: one eval example, and the public JSONL record. Valid by construction: its hashes match its text, always.

What this module does not know: files, checks, statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import (
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)

from anchorset.core.decision import Decision
from anchorset.core.finding import Finding
from anchorset.core.hashing import case_id, content_hash
from anchorset.core.noun import Names, Noun
from anchorset.core.provenance import Bucket, Provenance, Synthetic, bucket_of

Kind = Literal["text", "chat", "record", "trajectory"]
Status = Literal["pending", "passed", "rejected", "approved", "edited", "sampled", "shipped"]
Difficulty = Literal["easy", "medium", "hard", "adversarial"]
Role = Literal["system", "user", "assistant", "tool"]
Scalar = str | int | float | bool | None


class ToolCall(Noun):
    """A call that an assistant turn makes."""

    name: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
    id: str | None = None


class Message(Noun):
    """One turn of a chat."""

    role: Role
    content: str = ""
    """Empty for a turn that only calls tools."""
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @model_serializer(mode="wrap")
    def _without_the_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value not in (None, (), [])}


class Context(Noun):
    """A passage the case stands on. Offsets are Unicode code points of the stored extracted text, end exclusive."""

    doc: str
    sha256: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


Input = str | tuple[Message, ...] | dict[str, JsonValue] | tuple[dict[str, JsonValue], ...]
"""text: a string. chat: messages. record: one JSON object. trajectory: recorded steps, each a JSON object."""

_SHAPES: dict[str, tuple[TypeAdapter[Any], str]] = {
    "text": (TypeAdapter(str), "a string"),
    "chat": (TypeAdapter(tuple[Message, ...]), "a list of messages with `role` and `content`"),
    "record": (TypeAdapter(dict[str, JsonValue]), "a JSON object"),
    "trajectory": (TypeAdapter(tuple[dict[str, JsonValue], ...]), "a list of JSON objects"),
}


class Case(Noun):
    """One eval example. Leave `id` and `content` empty and they are computed; given, they must match the text."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: str = ""
    """`c_` and 16 hex digits: the hash of what is asked."""
    content: str = ""
    """16 hex digits: the hash of id, expected and criteria. What a verdict binds to."""
    kind: Kind
    input: Input
    expected: JsonValue = None
    """The reference answer; None when nobody has said one."""
    criteria: Names = ()
    """What a good answer does, for a judge."""
    context: tuple[Context, ...] = ()
    system: str | None = None
    tools: tuple[dict[str, JsonValue], ...] = ()
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    """The owner's own columns."""
    metadata: dict[str, Scalar] = Field(default_factory=dict)
    """Axis values and other slices."""
    tags: Names = ()
    language: str | None = None
    """ISO 639-1; None: not identified."""
    difficulty: Difficulty | None = None
    provenance: Provenance
    cluster: str | None = None
    """`k_` and 16 hex digits: the key of every split and statistic; None until a set is put together."""
    findings: tuple[Finding, ...] = ()
    status: Status = "pending"
    reviews: tuple[Decision, ...] = ()
    split: str | None = None
    revision_of: str | None = None
    """Id of the case whose input was edited into this one."""

    @field_validator("input", mode="plain")
    @classmethod
    def _shape_fits_kind(cls, value: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("kind", "text")  # an unknown kind has its own error already
        adapter, shape = _SHAPES[kind]
        try:
            checked = adapter.validate_python(value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            inside = ".".join(map(str, first["loc"]))
            raise ValueError(
                f"`input` does not fit kind {kind!r}, which needs {shape}: "
                + (f"`{inside}`: " if inside else "")
                + f"{first['msg'].lower()}, found {repr(first['input'])[:60]}"
            ) from None
        if checked == ():
            raise ValueError(f"`input` is empty (1 or more turns or steps expected for kind {kind!r})")
        return checked

    @field_serializer("input", mode="plain")
    def _input_as_json(self, value: Any) -> Any:
        return _plain(value)

    @model_validator(mode="after")
    def _hashes_match(self) -> Self:
        asked = case_id(
            kind=self.kind,
            input=_plain(self.input),
            context=_plain(self.context),
            system=self.system,
            tools=_plain(self.tools),
        )
        judged = content_hash(id=asked, expected=self.expected, criteria=self.criteria)
        for field, given, computed in (("id", self.id, asked), ("content", self.content, judged)):
            if given and given != computed:
                raise ValueError(
                    f"`{field}` is {given!r}, but this text hashes to {computed!r}: the record was edited. "
                    "Take `id`, `content`, `findings` and `reviews` out to accept the edit as a new, unjudged case"
                )
        self.__dict__.update(id=asked, content=judged)  # frozen for everybody else
        return self

    @property
    def bucket(self) -> Bucket:
        return bucket_of(self.provenance)

    @property
    def roots(self) -> tuple[str, ...]:
        """The seeds this case descends from: itself when it is real."""
        return self.provenance.roots if isinstance(self.provenance, Synthetic) else (self.id,)

    @property
    def text(self) -> str:
        """What a user wrote, as one string: what is embedded, measured and compared for likeness."""
        return user_text(self.input)

    def revised(self, **changes: Any) -> Case:
        """This case with changes: hashes new, verdicts gone, the old id named when what is asked has changed."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        fields |= {"id": "", "content": "", "findings": (), "reviews": (), "status": "pending", "split": None} | changes
        edited = Case(**fields)
        return edited if edited.id == self.id else Case(**(fields | {"revision_of": self.id}))


def user_text(input: str | Sequence[Any] | dict[str, Any]) -> str:
    """The words of the user: the text; the user turns of a chat, a line each; the strings in a record or in steps."""
    if isinstance(input, str):
        return input
    if isinstance(input, dict):
        return "\n".join(_strings(input))
    turns = [turn for turn in input if isinstance(turn, Message)]
    if turns:
        return "\n".join(turn.content for turn in turns if turn.role == "user")
    return "\n".join(_strings(list(input)))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, (list, tuple)):
        return [text for inner in value for text in _strings(inner)]
    return []


def _plain(value: Any) -> Any:
    """JSON values of nested nouns."""
    if isinstance(value, Noun):
        return value.model_dump()
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
