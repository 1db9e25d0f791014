"""The base of every noun: frozen, and closed: an unknown field is an error that names the nearest known one.

What this module does not know: any particular noun.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from anchorset.core.errors import RecordError, nearest


class Noun(BaseModel):
    """Frozen, closed, and JSON in and out. NaN and infinities are refused: JSON has no word for them."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, allow_inf_nan=False)

    @classmethod
    def read(cls, data: str | bytes | dict[str, Any], *, where: str) -> Self:
        """The noun in `data` (JSON text or a dict). `where` names its place in errors: `cases.jsonl line 41`.

        Raises RecordError: one sentence with place, field, value found and the way out.
        """
        try:
            if isinstance(data, dict):
                return cls.model_validate(data)
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise RecordError(f"{where}: {_sentence(cls, error)}") from None

    def line(self) -> str:
        """One line of JSON, without the newline."""
        return self.model_dump_json(by_alias=True)


def _sentence(noun: type[BaseModel], error: ValidationError) -> str:
    # A misspelt field is both unknown and missing: the unknown name is the one that helps.
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    path = ".".join(str(part) for part in first["loc"])
    kind, found = first["type"], repr(first.get("input"))
    found = found if len(found) <= 80 else found[:77] + "..."
    more = f" ({error.error_count() - 1} more problems in this record)" if error.error_count() > 1 else ""
    if kind == "extra_forbidden":
        known = fields_at(noun, first["loc"][:-1])
        return f"`{path}` is not a field we know (value {found}); {nearest(str(first['loc'][-1]), known)}{more}"
    if kind == "missing":
        return f"`{path}` is missing; add it{more}"
    if kind == "json_invalid":
        return f"not valid JSON ({first['ctx']['error']}); one JSON object a line is expected"
    if kind == "value_error":
        return f"{first['msg'].removeprefix('Value error, ')}{more}"
    return f"`{path or 'record'}` has the value {found}: {first['msg'].lower()}{more}"


def fields_at(noun: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The field names of the model that `path` leads to, through lists, dicts and unions."""
    models: list[type[BaseModel]] = [noun]
    for part in path:
        inner = [m.model_fields[str(part)].annotation for m in models if part in m.model_fields]
        if inner:
            models = [found for annotation in inner for found in _models_in(annotation)]
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in getattr(annotation, "__args__", ()) for model in _models_in(argument)]


def _tuple_from_list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_tuple_from_list)]
"""A tuple of strings that may arrive as a list."""
