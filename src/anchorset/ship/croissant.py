"""The version as Croissant 1.1 JSON-LD with its provenance in PROV-O: what data catalogues read.

Format: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
What this module does not know: files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.provenance import Golden, Observed, Synthetic

CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn", "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isArray": "cr:isArray", "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField",
    "path": "cr:path", "prov": "http://www.w3.org/ns/prov#", "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
FIELDS = ("id", "content", "kind", "language", "difficulty", "status", "cluster", "split")
"""Top-level text fields of a row."""
SPOKEN = ("input", "expected")
"""Described where all rows have text there: Croissant has no type for a field that is text here and a list there."""
NESTED = {"source": "provenance", "technique": "provenance"}
"""Field -> the object of a row that it lies in."""
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Axis names that mean the same in JSONPath as outside of it."""


def croissant(manifest: Manifest, cases: Sequence[Case], *, sha256: str, about: str = "") -> dict[str, Any]:
    """The description of a version. `sha256`: of `cases.jsonl`."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": manifest.name,
        "version": manifest.version,
        "description": about.strip() or f"Evaluation cases {manifest.ref}: {len(cases):,} rows with their lineage.",
        "license": manifest.licence or "not stated",
        "url": f"urn:anchorset:{manifest.name}:{manifest.version}",
        "citeAs": f"{manifest.ref}, {manifest.digest}",
        "creator": {"@type": "Organization", "name": manifest.owner or manifest.name},
        "datePublished": manifest.made_at,
        "prov:wasDerivedFrom": _sources(cases),
        "prov:wasGeneratedBy": _activities(manifest, cases),
        "prov:wasAttributedTo": _agents(manifest, cases),
        "rai:machineAnnotationTools": ["anchorset"],
        "rai:personalSensitiveInformation": "Replaced by placeholders where it was found when the logs were read.",
        "rai:dataLimitations": list(manifest.warnings),
        "distribution": [
            {
                "@type": "cr:FileObject", "@id": "cases.jsonl", "name": "cases.jsonl", "contentUrl": "cases.jsonl",
                "encodingFormat": "application/jsonlines", "sha256": sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": "splits", "name": "splits", "dataType": "cr:Split",
                "key": {"@id": "splits/name"},
                "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
                "data": [{"splits/name": name} for name in manifest.by_split],
            },
            {
                "@type": "cr:RecordSet", "@id": "cases", "name": "cases", "key": {"@id": "cases/id"},
                "field": _fields(cases),
            },
        ],
    }  # fmt: skip


def _fields(cases: Sequence[Case]) -> list[dict[str, Any]]:
    fields = [_field(name) for name in FIELDS]
    fields += [_field(name) for name in SPOKEN if all(isinstance(getattr(case, name), str | None) for case in cases)]
    fields += [_field(name, inside) for name, inside in NESTED.items()]
    axes = sorted({axis for case in cases for axis in case.metadata if PLAIN.fullmatch(axis)})
    return fields + [_field(axis, "metadata") for axis in axes]


def _field(name: str, inside: str = "") -> dict[str, Any]:
    """A field of the row, or of an object inside it. JSON Lines are read as a table: by column, then by path."""
    source: dict[str, Any] = {"fileObject": {"@id": "cases.jsonl"}, "extract": {"column": inside or name}}
    if inside:
        source["transform"] = {"jsonPath": f"$.{name}"}
    full = f"{inside}.{name}" if inside else name
    field: dict[str, Any] = {
        "@type": "cr:Field", "@id": f"cases/{full}", "name": full, "dataType": "sc:Text", "source": source,
    }  # fmt: skip
    if full == "split":
        field["references"] = {"field": {"@id": "splits/name"}}
    return field


def _sources(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The logs that real cases came from."""
    origins = sorted({case.provenance.origin for case in cases if isinstance(case.provenance, Observed)})
    return [{"@type": "prov:Entity", "prov:label": origin} for origin in origins]


def _activities(manifest: Manifest, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The production runs, and this shipping."""
    runs: dict[str, set[str]] = {}
    for case in cases:
        if isinstance(case.provenance, Synthetic):
            runs.setdefault(case.provenance.run, set()).add(case.provenance.technique)
    made: list[dict[str, Any]] = [
        {"@type": "prov:Activity", "prov:label": f"production run {run}: {', '.join(sorted(techniques))}"}
        for run, techniques in sorted(runs.items())
    ]
    return [*made, {"@type": "prov:Activity", "prov:label": f"ship {manifest.ref} {manifest.digest}"}]


def _agents(manifest: Manifest, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Owner, reviewers, authors and models."""
    people = {review.reviewer for case in cases for review in case.reviews}
    people |= {case.provenance.author for case in cases if isinstance(case.provenance, Golden)}
    people |= {manifest.owner} if manifest.owner else set()
    models = {case.provenance.model for case in cases if isinstance(case.provenance, Synthetic)} - {None}
    agents: list[Mapping[str, Any]] = [{"@type": "prov:Person", "prov:label": name} for name in sorted(people)]
    agents += [{"@type": "prov:SoftwareAgent", "prov:label": str(name)} for name in sorted(map(str, models))]
    return [dict(agent) for agent in (*agents, {"@type": "prov:SoftwareAgent", "prov:label": "anchorset"})]
