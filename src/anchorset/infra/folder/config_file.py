"""`anchorset.yaml` as a checked configuration, with the line of every value; every fault names file, line and way out.

What this module does not know: what a setting does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from anchorset.core.config import Config
from anchorset.core.errors import ConfigError, nearest
from anchorset.core.noun import Noun, fields_at
from anchorset.infra.folder.yaml_lines import Where, read_yaml

NAME = "anchorset.yaml"
SHOWN = 5
"""Faults listed at once."""

N = TypeVar("N", bound=Noun)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration and where its values stand."""

    path: Path
    config: Config
    lines: dict[Where, int]
    """Path to a value -> line; what is not here is a default."""


def read_config(path: Path) -> ConfigFile:
    """The configuration in this file. Raises ConfigError with up to five faults, a line each."""
    config, lines = read_noun(path, Config)
    return ConfigFile(path=path, config=config, lines=lines)


def read_noun(path: Path, noun: type[N], defaults: dict[str, Any] | None = None) -> tuple[N, dict[Where, int]]:
    """The noun in a YAML file and the line of each value. `defaults` are filled in where the file is silent."""
    value, lines = read_yaml(path)
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise ConfigError(f"{path.name} line 1: {str(value)[:60]!r} stands where `key: value` lines are expected")
    try:
        return noun.model_validate((defaults or {}) | value), lines
    except ValidationError as error:
        raise ConfigError(_sentences(path.name, noun, error, lines)) from None


def _sentences(name: str, noun: type[BaseModel], error: ValidationError, lines: dict[Where, int]) -> str:
    found: dict[tuple[int, str], None] = {}
    for one in error.errors(include_url=False):
        where = _as_written(one["loc"], lines)
        found[_line(where, lines), _sentence(noun, one, where)] = None
    listed = sorted(found)
    more = f"\n… and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return "\n".join(f"{name} line {line}: {said}" for line, said in listed[:SHOWN]) + more


def _as_written(where: Where, lines: dict[Where, int]) -> Where:
    """The path without what pydantic puts in for unions and validators; the last part of a missing key stays."""
    kept: Where = ()
    for at, part in enumerate(where):
        if (*kept, part) in lines or at == len(where) - 1:
            kept = (*kept, part)
    return kept


def _line(where: Where, lines: dict[Where, int]) -> int:
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def _sentence(noun: type[BaseModel], one: Any, where: Where) -> str:
    path = ".".join(map(str, where))
    kind = one["type"]
    value = json.dumps(one.get("input"), ensure_ascii=False, default=str)
    value = value if len(value) <= 60 else value[:57] + "..."
    if kind == "extra_forbidden":
        return f"`{path}` is no key we know; {nearest(str(where[-1]), fields_at(noun, where[:-1]))}"
    if kind == "missing":
        return f"`{path}` is missing; add it"
    if kind == "value_error":
        inside = f"`{path}`: " if path else ""
        return inside + str(one["msg"]).removeprefix("Value error, ")
    if kind == "string_type":
        return f"`{path}` is {value}; text is expected here, put it in quotes"
    return f"`{path}` is {value}: {one['msg'][0].lower()}{one['msg'][1:]}; change it or take the key out"


def explained(file: ConfigFile) -> list[tuple[str, str, str]]:
    """(key, value as JSON, origin) of every setting: a line of the file, or `default`."""
    rows: list[tuple[str, str, str]] = []

    def walk(value: Any, where: Where) -> None:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                walk(inner, (*where, key))
        else:
            said = next((where[:end] for end in range(len(where), 0, -1) if where[:end] in file.lines), None)
            origin = f"{file.path.name}:{file.lines[said]}" if said else "default"
            if said and said != where and not _covers(file.lines, said, where):
                origin = "default"
            rows.append((".".join(map(str, where)), json.dumps(value, ensure_ascii=False), origin))

    walk(file.config.model_dump(mode="json"), ())
    return rows


def _covers(lines: dict[Where, int], said: Where, where: Where) -> bool:
    """Whether what is written at `said` (a shorthand such as `judge: provider:model`) stands for what is at `where`."""
    return not any(len(path) > len(said) and path[: len(said)] == said for path in lines)
