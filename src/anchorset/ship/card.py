"""The card of a version: what a person has to know before they trust a number that it gives. Markdown.

What this module does not know: files, and how cases were chosen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.inert import visible
from anchorset.core.numbers import share as told
from anchorset.core.provenance import REAL_BUCKETS, Synthetic

MOST = 20


def card(
    manifest: Manifest, cases: Sequence[Case], *, about: str = "", survival: Sequence[tuple[str, str]] = (),
    gaps: Sequence[str] = (),
) -> str:  # fmt: skip
    """`about`: what the product is. `survival`: (technique, rate in words). `gaps`: what is known to be missing."""
    synthetic = [case for case in cases if isinstance(case.provenance, Synthetic)]
    parts = [f"# {manifest.ref}", ""]
    if manifest.unreviewed:
        parts += [f"**{manifest.unreviewed:,} OF {len(cases):,} ROWS ARE UNREVIEWED.**", ""]
    if about.strip():
        parts += [*(f"> {_inert(line)}" for line in about.strip().splitlines()), ""]
    parts += [
        f"- Owner: {_inert(manifest.owner or 'nobody is named')}",
        f"- Licence: {_inert(manifest.licence or 'not stated')}",
        f"- Made: {manifest.made_at}; {manifest.why}",
        f"- Digest: `{manifest.digest}`",
        f"- Rows: {len(cases):,} in {manifest.clusters:,} clusters; {manifest.seed_groups:,} groups of seeds",
        f"- Personal data was replaced where it was found; synthetic cases are {len(synthetic):,} of {len(cases):,}",
        "",
        "Only the seed anchors a verdict. Synthetic cases widen coverage: report their pass rate beside the seed's.",
    ]
    parts += _section("Mix", ("bucket", "rows", "share", "declared", "could have been taken"), _mix(manifest, cases))
    parts += _section("Splits", ("split", "rows"), _rows(manifest.by_split))
    if manifest.by_split:
        parts += ["", "No cluster and no near-duplicate pair crosses a split, parents and anchors included."]
    parts += _section("Survival in review", ("technique", "kept"), survival)
    parts += _section("Cells", ("cell", "rows"), _rows(manifest.by_cell))
    parts += _section("How synthetic cases were made", ("what", "rows"), _made(synthetic))
    parts += _section("What the cases are like", ("what", "rows"), _like(cases))
    known = [*manifest.warnings, *gaps]
    parts += ["", "## Known gaps", "", *([f"- {_inert(one)}" for one in known] or ["- none were found"])]
    parts += ["", "## How to check it", "", "```", f"anchorset datasets verify {manifest.ref}", "```", ""]
    return "\n".join(parts)


def _section(title: str, header: tuple[str, ...], rows: Iterable[Sequence[object]]) -> list[str]:
    listed = [[_inert(str(cell)).replace("|", "\\|") for cell in row] for row in rows]
    if not listed:
        return []
    more = [f"| … and {len(listed) - MOST:,} more |" + " |" * (len(header) - 1)] if len(listed) > MOST else []
    return [
        "", f"## {title}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header),
        *("| " + " | ".join(row) + " |" for row in listed[:MOST]), *more,
    ]  # fmt: skip


def _mix(manifest: Manifest, cases: Sequence[Case]) -> list[tuple[object, ...]]:
    total = max(1, len(cases))
    rows: list[tuple[object, ...]] = [
        (name, f"{round(share.got * total):,}", told(share.got),
         told(share.wanted), f"{share.available:,}")
        for name, share in manifest.mix.items()
    ]  # fmt: skip
    return rows


def _rows(counts: dict[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{n:,}") for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _made(synthetic: Sequence[Case]) -> list[tuple[str, str]]:
    found: Counter[str] = Counter()
    for case in synthetic:
        origin = case.provenance
        if isinstance(origin, Synthetic):
            found[f"technique {origin.technique}"] += 1
            found[f"model {origin.model or 'none'}" + (f" ({origin.family})" if origin.family else "")] += 1
            found.update({f"operator {step.operator}" for step in origin.operators})
            for what, name in (("persona", origin.persona), ("prompt", origin.prompt)):
                if name:
                    found[f"{what} {name}"] += 1
    order = ("technique", "model", "prompt", "persona", "operator")
    ranked = sorted(found.items(), key=lambda item: (order.index(item[0].split()[0]), -item[1], item[0]))
    return [(name, f"{n:,}") for name, n in ranked]


def _like(cases: Sequence[Case]) -> list[tuple[str, str]]:
    lengths = sorted(len(case.text) for case in cases) or [0]
    rows = [("characters, median", f"{median(lengths):,.0f}"), ("characters, longest", f"{lengths[-1]:,}")]
    for name, missing in (("language", "not identified"), ("difficulty", "not rated"), ("kind", "-"), ("status", "-")):
        rows += [
            (f"{name} {value}", f"{n:,}")
            for value, n in Counter(str(getattr(case, name) or missing) for case in cases).most_common(6)
        ]
    mute = sum(case.expected is None and not case.criteria for case in cases)
    real = sum(case.bucket in REAL_BUCKETS for case in cases)
    return [*rows, ("real", f"{real:,}"), ("without expected answer and criteria", f"{mute:,}")]


def _inert(text: str) -> str:
    """One line of Markdown that shows the text and does nothing."""
    escaped = re.sub(r"([\\`*_\[\]#~!])", r"\\\1", visible(" ".join(text.split())))
    return escaped.replace("<", "&lt;").replace(">", "&gt;")
