"""A candidate and its lineage: what every technique takes over from the parent, in one place.

What this module does not know: how the text was made.
"""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.provenance import Step, Synthetic, Technique


def child(
    parent: Case, input: Any, *, technique: Technique, steps: tuple[Step, ...], label: str, random_seed: int, run: str,
    mate: Case | None = None, expected: JsonValue = None, criteria: tuple[str, ...] = (), tags: tuple[str, ...] = (),
) -> Case:  # fmt: skip
    """The case that says `input` with the parent's kind, context, system, tools and cell, and names where it came from.

    `mate`: the second parent, when words of it stand in the input. `expected` and `criteria`: what of them still holds.
    """
    parents = (parent,) if mate is None else (parent, mate)
    return Case(
        kind=parent.kind,
        input=input,
        expected=expected,
        criteria=criteria,
        context=parent.context,
        system=parent.system,
        tools=parent.tools,
        metadata=parent.metadata,
        tags=tags,
        provenance=Synthetic(
            source="synthetic",
            technique=technique,
            label=label,
            parents=tuple(one.id for one in parents),
            roots=tuple(dict.fromkeys(root for one in parents for root in one.roots)),
            operators=steps,
            random_seed=random_seed,
            run=run,
        ),
    )
