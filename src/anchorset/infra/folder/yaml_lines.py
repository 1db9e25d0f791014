"""YAML with the line of every value: JSON values only, in the reading of YAML 1.2 (`no` is a word, a date is text).

What this module does not know: what any key means.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from anchorset.core.errors import ConfigError, InputError, MachineError

Where = tuple[str | int, ...]
"""Keys and positions from the root to a value."""

MOST_NODES = 100_000
"""Aliases can make a small file endless."""


class _Loader(yaml.SafeLoader):
    """SafeLoader without dates, and with `true` and `false` as the only booleans: `language: no` is Norwegian."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first in "tTfF":
    _Loader.yaml_implicit_resolvers.setdefault(_first, []).append(
        ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"))
    )


def read_yaml(path: Path) -> tuple[Any, dict[Where, int]]:
    """(the value in the file, path to a value -> its line). An empty file is None.

    Raises InputError for a file that is not there, MachineError for one that may not be read, ConfigError (with file
    and line) for YAML that cannot be read, keys given twice, and tags of any kind.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path} is not there; name another file, or make it with `anchorset init`") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is not UTF-8 (byte {error.start}: {error.reason}); save it as UTF-8") from None
    except OSError as error:
        raise MachineError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Where, int] = {}
        return (None if node is None else _value(loader, node, (), lines, path.name)), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError(
            f"{path.name} line {line}: {error.problem or error}; check indentation and quotes there"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path.name}: no YAML we can read ({error}); save it as plain text") from None
    finally:
        loader.dispose()


def _value(loader: _Loader, node: yaml.Node, where: Where, lines: dict[Where, int], name: str) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(where, line)
    if len(lines) > MOST_NODES:
        raise ConfigError(f"{name}: more than {MOST_NODES:,} values; take the aliases (`*name`) out")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, inner in node.value:
            at = key_node.start_mark.line + 1
            key = loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or isinstance(key, (list, dict)):
                raise ConfigError(f"{name} line {at}: a key is {key_node.value!r}; write it as text")
            key = key_node.value  # as written: `1.10` stays `1.10`
            if key in found:
                raise ConfigError(f"{name} line {at}: `{'.'.join(map(str, (*where, key)))}` is given twice; keep one")
            lines[(*where, key)] = at
            found[key] = _value(loader, inner, (*where, key), lines, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, inner, (*where, at), lines, name) for at, inner in enumerate(node.value)]
    value = loader.construct_object(node)
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    raise ConfigError(f"{name} line {line}: {node.value!r} is no text, number, true, false or null; put it in quotes")
