"""Which candidates have gone stale: something they were made from is no longer what it was.

What this module does not know: where candidates are kept, and what is made in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.hashing import short_hash
from anchorset.core.persona import Persona
from anchorset.core.provenance import Synthetic, Technique

DEPENDS: dict[Technique, tuple[str, ...]] = {
    "prompted": ("context", "axis", "prompt", "persona"),
    "persona": ("context", "axis", "prompt", "persona"),
    "redteam": ("policy", "prompt"),
    "remix": ("persona",),
    "conversation": ("persona", "policy"),
    "grounded": ("document", "prompt"),
    "template": ("axis",),
    "mutation": ("prompt",),
    "trajectory": (),
}
"""What each technique reads beside its parents and anchors."""


def inputs_of(
    config: Config,
    personas: Mapping[str, Persona],
    *,
    prompts: Mapping[str, str] | None = None,
    policies: Mapping[str, str] | None = None,
    documents: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What candidates can depend on -> its hash now: `context`, `axis:policy=delay`, `persona:novice`, `prompt:NAME`,
    `policy:FILE`, `document:FILE`. The last three are given as name -> hash. Stored with every production run.
    """
    found = {"context": short_hash(config.context)}
    for axis, values in config.dimensions.items():
        found |= {f"axis:{axis}={name}": short_hash(value.model_dump()) for name, value in values.items()}
    found |= {f"persona:{name}": short_hash(persona.model_dump()) for name, persona in personas.items()}
    for kind, files in (("prompt", prompts), ("policy", policies), ("document", documents)):
        found |= {f"{kind}:{name}": digest for name, digest in (files or {}).items()}
    return found


def stale(
    candidates: Iterable[Case],
    *,
    seeds: Sequence[Case],
    inputs_then: Mapping[str, Mapping[str, str]],
    inputs_now: Mapping[str, str],
) -> dict[str, str]:
    """Case id -> why, for the candidates that are stale.

    `seeds`: the real cases as they stand. `inputs_then`: production run -> its `inputs_of`. A run whose inputs are not
    known is judged by parents and anchors alone.
    """
    by_id: dict[str, list[Case]] = {}
    for seed in seeds:
        by_id.setdefault(seed.id, []).append(seed)
    changed = {run: _changed(then, inputs_now) for run, then in inputs_then.items()}
    found: dict[str, str] = {}
    for case in candidates:
        if isinstance(case.provenance, Synthetic):
            why = _parent(case, case.provenance, by_id) or _input(
                case, case.provenance, changed.get(case.provenance.run, {})
            )
            if why:
                found[case.id] = why
    return found


def _parent(case: Case, origin: Synthetic, seeds: Mapping[str, Sequence[Case]]) -> str | None:
    for id in (*origin.roots, *origin.anchors):
        if id not in seeds:
            return f"seed {id} is gone or was edited"
    by_hand = bool(case.reviews)  # what a person has edited since is that person's answer
    if origin.technique == "mutation" and origin.operators and len(origin.parents) == 1 and not by_hand:
        parents = seeds.get(origin.parents[0], ())
        kept = all(step.relation == "invariant" for step in origin.operators)
        if kept and parents and all(parent.expected != case.expected for parent in parents):
            return f"the expected answer of its parent {origin.parents[0]} was {case.expected!r}, and is another now"
    return None


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Key -> what happened to it, for the inputs that are not what they were."""
    return {key: "is gone" if key not in now else "has changed" for key in then if now.get(key) != then[key]}


def _input(case: Case, origin: Synthetic, changed: Mapping[str, str]) -> str | None:
    if not changed:
        return None
    kinds = DEPENDS[origin.technique]
    mine = {
        "context": ["context"],
        "persona": [f"persona:{origin.persona}"] if origin.persona else [],
        "axis": [f"axis:{axis}={value}" for axis, value in case.metadata.items()],
        "prompt": [f"prompt:{origin.prompt.partition('@')[0]}"] if origin.prompt else [],
        "document": [f"document:{part.doc}" for part in case.context],
        "policy": [key for key in changed if key.startswith("policy:")],
    }
    key = next((key for kind in kinds for key in mine[kind] if key in changed), None)
    return None if key is None else f"{key} {changed[key]}"
