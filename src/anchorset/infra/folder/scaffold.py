"""A new workspace: a configuration with a comment on every key, a rubric, personas, and what git is to leave alone.

What this module does not know: who is asked, and what the answers were for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from anchorset.core.errors import MachineError, UsageError
from anchorset.infra.folder.config_file import NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the owner said, or did not."""

    name: str
    owner: str = ""
    context: str = ""
    language: str = ""
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Axis -> values."""
    model: str = "none"
    """Who writes: `provider:model`, `none` or `auto`."""
    judge: str = "none"


def scaffold(path: Path, answers: Answers) -> list[str]:
    """Writes the files of a new workspace into `path` and returns their names; files that are there stay as they are.

    Raises UsageError when there is a workspace already, MachineError when the folder refuses.
    """
    refuse_second(path)
    files = {
        NAME: config_text(answers),
        "rubric.md": RUBRIC,
        ".gitignore": ".anchorset/\n",
        **{f"personas/{name}.yaml": text for name, text in PERSONAS.items()},
    }
    written = []
    try:
        for name, text in files.items():
            target = path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                partial = target.with_name(f".{target.name}.{os.getpid()}")
                partial.write_text(text, encoding="utf-8")
                partial.replace(target)
                written.append(name)
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror}. Name another folder.") from None
    return written


def refuse_second(path: Path) -> None:
    """Raises UsageError when there is a workspace in this folder already."""
    if (path / NAME).exists():
        raise UsageError(f"{path / NAME} is there already; go on in this workspace, or name another folder")


def config_text(answers: Answers) -> str:
    """`anchorset.yaml` with these answers and a comment on every key."""
    return _CONFIG.format(
        name=_scalar(answers.name),
        owner=f"owner: {_scalar(answers.owner)}" if answers.owner else "# owner: support-quality@example.com",
        context=_context(answers.context),
        language=f"language: {_scalar(answers.language)}" if answers.language else "# language: en",
        dimensions=_dimensions(answers.dimensions),
        models=models_text(answers.model, answers.judge),
    )


def models_text(generator: str, judge: str, base_url: str | None = None) -> str:
    """The `models` of a configuration. `base_url`: where both are served; None: their providers' own addresses."""
    where = "" if base_url is None else f", base_url: {json.dumps(base_url)}"
    specs = [
        f"{{model: {json.dumps(name)}{where}}}" if where and name != "none" else _scalar(name)
        for name in (generator, judge)
    ]
    about = ("none: only techniques that need no model", "none, or one of another family than the generator's")
    lines = [f"  {role}: {spec}" for role, spec in zip(("generator", "judge"), specs, strict=True)]
    width = max(map(len, lines))
    return "\n".join(["models:", *(f"{line:<{width}}   # {why}" for line, why in zip(lines, about, strict=True))])


def add_models(path: Path, generator: str, judge: str, base_url: str | None = None) -> None:
    """Appends `models` to the configuration in this folder, which has none.

    Raises UsageError when it has, MachineError when the file refuses.
    """
    file = path / NAME
    try:
        text = file.read_text(encoding="utf-8")
        if any(line.startswith("models:") for line in text.splitlines()):
            raise UsageError(f"{file} has `models` already; change them there")
        partial = file.with_name(f".{file.name}.{os.getpid()}")
        partial.write_text(text.rstrip("\n") + "\n" + models_text(generator, judge, base_url) + "\n", encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise MachineError(f"{file} cannot be written: {error.strerror}. Check the permissions.") from None


def _scalar(text: str) -> str:
    """The text as it stands on one line of YAML, quoted where it has to be."""
    dumped = yaml.safe_dump(text, default_flow_style=True, allow_unicode=True, width=10_000)
    dumped = dumped.removesuffix("\n...\n").strip()
    return json.dumps(text) if "\n" in dumped else dumped


def _context(text: str) -> str:
    if not text.strip():
        return "# context: |   # what the product is and is not\n#   Support agent of a shop. It cannot change orders."
    return "context: |\n" + "\n".join(f"  {line}".rstrip() for line in text.strip().splitlines())


def _dimensions(axes: Mapping[str, Sequence[str]]) -> str:
    if not axes:
        return (
            "# dimensions:   # two or three axes; seeds are assigned by metadata of that name, else by `about`\n"
            "#   user_type: {new_customer: first order, angry_escalator: third contact}\n"
            "#   policy:\n"
            "#     delay: {about: parcel late, expected: refund approved}\n"
            "#     remorse: {about: changed their mind, ambiguous: true}"
        )
    lines = ["dimensions:   # say after each value what it means: seeds without the metadata are assigned by it"]
    for axis, values in axes.items():
        lines.append(f"  {_scalar(axis)}:")
        lines += [f'    {_scalar(value)}: ""' for value in values]
    return "\n".join(lines)


_CONFIG = """\
# What every value is and where it comes from: anchorset doctor --explain
name: {name}
{owner}
{context}
{language}
size: 1000              # of the finished dataset
{dimensions}
# grid: {{axes: [user_type, policy], per_cell: 10, skip: [{{user_type: new_customer, policy: remorse}}]}}
# personas: {{novice: 60, expert: 30, frustrated: 10}}   # weights; who they are stands in personas/
mix: {{seed: 30, mutation: 35, generated: 20, redteam: 10, golden: 5}}   # generated = prompted + persona + remix
mutation: {{per_root: 5}}
# constraints: {{topics: [], forbidden_topics: [], min_length: 3, max_length: 600, vocabulary: [], key_terms: []}}
{models}
embedder: static
# budget_usd: 10
# checks: {{duplicate.near: {{threshold: auto, on_hit: reject}}}}
# targets:
#   current: {{python: "bots:current", version: "1", family: rules}}
#   next:
#     http: {{url: "http://127.0.0.1:8000/answer", body: {{message: "{{{{ input }}}}"}}, output: reply}}
#     version: git
evaluators: [exact]
trust: {{max_drop: 0.05}}
review: {{overlap: 0.1, usd_per_case: {{default: 1.0, redteam: 3.0, persona: 1.5, mutation: 0.5}}, minutes_per_case: 3}}
"""

RUBRIC = """\
# Rubric

Approve a case when all of these hold:

1. A real user of this product could have written it, in these words.
2. It belongs to the cell it stands in.
3. What a good answer does is clear (expected answer or criteria), or the cell is meant to be ambiguous.
4. It says enough to be scored fairly.
5. It is not one we have already, and holds nobody's private details.

Edit what is good but for its words. Reject the rest, and say why.
"""

PERSONAS = {
    "novice": """\
description: New to the product, unsure of its words, writes in full polite sentences.
attributes: {expertise: novice, patience: high, background: uses the product for the first time}
communication: {formality: high, verbosity: high, emoji: none}
""",
    "expert": """\
description: Power user who knows every screen and replies in three words.
attributes: {expertise: expert, patience: medium, background: uses the product every day}
communication: {formality: low, verbosity: low, emoji: none, punctuation: none, case: lower}
""",
    "frustrated": """\
description: Third contact about the same problem, short and angry.
attributes: {expertise: intermediate, patience: none, background: has been promised a solution twice}
communication: {formality: low, verbosity: low, emoji: none, punctuation: heavy}
""",
}
