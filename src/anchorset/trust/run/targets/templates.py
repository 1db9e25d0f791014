"""Jinja2 templates over a case, in a sandbox: text, or the strings inside a JSON value.

A case is hostile text: it is only ever a value, never a template. A string that is one `{{ expression }}` gives the
value itself, so that `"{{ messages }}"` becomes a list; in any other string a list or object is written as JSON.
What this module does not know: where the filled text goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import JsonValue

from anchorset.core.errors import ConfigError, nearest
from anchorset.trust.run.asked import OFFERED

Variables = Mapping[str, JsonValue]
Fill = Callable[[Variables], Any]
"""Raises jinja2.TemplateError when a value that is named is not there."""


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _in_url(value: Any) -> Any:
    # Undefined has to reach Jinja2 as it is, to be refused there.
    return value if isinstance(value, Undefined) else quote(str(_shown(value)), safe="")


_TEXT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_shown, keep_trailing_newline=True)
_URL = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_in_url)


def text_template(source: str, where: str, *, url: bool = False, also: Collection[str] = ()) -> Fill:
    """Fills one text. `url`: what is filled in is percent-encoded. `also`: variables beside those of a case.

    Raises ConfigError naming `where`, for syntax and for a variable that no case has.
    """
    env = _URL if url else _TEXT
    _checked(env, source, where, also)
    return env.from_string(source).render


def value_template(value: JsonValue, where: str) -> Fill:
    """Fills the strings inside a JSON value, keys left alone. Raises ConfigError as `text_template` does."""
    if isinstance(value, dict):
        members = {key: value_template(inner, f"{where}.{key}") for key, inner in value.items()}
        return lambda variables: {key: fill(variables) for key, fill in members.items()}
    if isinstance(value, list):
        items = [value_template(inner, f"{where}.{n}") for n, inner in enumerate(value)]
        return lambda variables: [fill(variables) for fill in items]
    if not isinstance(value, str):
        return lambda variables: value
    tree = _checked(_TEXT, value, where, ())
    return _one_value(value) if _is_one_expression(tree, value) else _TEXT.from_string(value).render


def named_in(source: str) -> list[str]:
    """What of a case a template shows, `input` or `metadata.tier`, by name; none in one that is broken."""
    try:
        tree = _TEXT.parse(source)
    except TemplateSyntaxError:
        return []
    found = meta.find_undeclared_variables(tree)
    parts = {
        f"{node.node.name}.{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in found
    }
    return sorted(parts | (found - {part.partition(".")[0] for part in parts}))


def _is_one_expression(tree: nodes.Template, source: str) -> bool:
    if len(tree.body) != 1 or not (source.startswith("{{") and source.endswith("}}")):
        return False
    output = tree.body[0]
    return isinstance(output, nodes.Output) and len(output.nodes) == 1 and not _is_text(output.nodes[0])


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData)


def _one_value(source: str) -> Fill:
    expression = _TEXT.compile_expression(source[2:-2].strip("-+ \t\n"), undefined_to_none=False)

    def fill(variables: Variables) -> Any:
        value = expression(**variables)
        if isinstance(value, Undefined):
            str(value)  # raises, and says which one
        return value

    return fill


def _checked(env: ImmutableSandboxedEnvironment, source: str, where: str, also: Collection[str]) -> nodes.Template:
    try:
        tree = env.parse(source)
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"`{where}` line {error.lineno}: the template cannot be read ({error.message}); mend it."
        ) from None
    known = {*OFFERED, *also}
    for variable in sorted(meta.find_undeclared_variables(tree) - known):
        raise ConfigError(f"`{where}`: the variable {variable!r} is not what a case has; {nearest(variable, OFFERED)}")
    return tree


def complaint(where: str, case: str, error: TemplateError | TypeError | ValueError) -> ConfigError:
    """The sentence for a template that one case cannot fill."""
    return ConfigError(
        f"`{where}`: case {case} cannot fill the template ({error}); "
        "give a default (`{{ metadata.tier | default('') }}`), or the case what it lacks."
    )
