"""Dataset versions: listed, shown, held against their manifest and each other; their cases, files, audit and trust.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from anchorset.core.inert import visible
from anchorset.pipeline.ship.library import FILES, rows_where
from anchorset.pipeline.ship.report import crossed, report, verified
from anchorset.pipeline.ship.shipping import diff_versions, verify_version
from anchorset.pipeline.trust.run_report import heads_of
from anchorset.ship.packet.packet import machine as packet_form
from anchorset.trust.audit.words import meaning
from anchorset.trust.audit.words import title as signal_title
from anchorset.trust.audit.words import verdict as audit_verdict
from anchorset.trust.report.words import machine, next_step, title, tone, verdict
from anchorset.ui.web.api.common import Said, session
from anchorset.ui.web.api.seen import TheMade, case_line, hidden
from anchorset.ui.web.documents import attachment, picture

router = APIRouter()
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/datasets")
def datasets(made: TheMade) -> Said:
    """`anchorset datasets list --json`: all versions, by name, oldest first."""
    return {"datasets": [report(one) for one in made.library.manifests()]}


@router.get("/datasets/{ref}")
def dataset(ref: str, made: TheMade) -> Said:
    """`anchorset datasets show REF --json`, and: files, what went in, rows by bucket and split, the card, its runs."""
    manifest = made.library.manifest(ref)
    whole = made.library.dataset(manifest.ref)
    return {
        **report(manifest), "ref": manifest.ref, "owner": manifest.owner, "licence": manifest.licence,
        "files": dict.fromkeys(FILES) | manifest.files, "lock": manifest.lock, "leaks": manifest.leaks,
        "crossed": crossed(whole.cases), "statuses": dict(Counter(case.status for case in whole.cases)),
        "card": visible(made.library.card(manifest.ref)),
        "others": [one for one in made.workspace.folder.versions(manifest.name) if one != manifest.ref],
        "runs": [one.run for one in heads_of(made.workspace) if one.dataset == manifest.ref],
    }  # fmt: skip


@router.get("/datasets/{ref}/verify")
def verify(ref: str, made: TheMade) -> Said:
    """`anchorset datasets verify REF --json`."""
    return verified(verify_version(made.workspace, ref))


@router.get("/datasets/{ref}/diff")
def diff(ref: str, against: str, made: TheMade) -> Said:
    """`anchorset datasets diff AGAINST REF --json`: what this version changes against an earlier one."""
    found = diff_versions(made.workspace, against, ref)
    return {**found.report(), "lines": [visible(line) for line in found.lines()]}


@router.get("/datasets/{ref}/cases")
def cases(
    ref: str, request: Request, made: TheMade, bucket: str | None = None, split: str | None = None,
    status: str | None = None, text: Annotated[str | None, Query(max_length=1000)] = None, limit: Limit = 50,
    offset: Offset = 0,
) -> Said:  # fmt: skip
    """One page of the rows of a version, as they were shipped."""
    found = rows_where(
        made.library.dataset(ref).cases, bucket=bucket or None, split=split or None, status=status or None,
        text=text or None, without=hidden(session(request)),
    )  # fmt: skip
    axes = made.workspace.config.axes
    return {"total": len(found), "cases": [case_line(one, axes) for one in found[offset : offset + limit]]}


@router.get("/datasets/{ref}/files/{name}", response_class=Response)
def file(ref: str, name: str, request: Request, made: TheMade) -> Response:
    """One file of a version, to keep."""
    if name == "cases.jsonl" and hidden(session(request)):
        raise HTTPException(403, "the rows hold red-team cases, which are not shown to you; ask an owner")
    data = made.library.file(ref, name)
    return attachment(f"{made.library.manifest(ref).ref}-{name}", data)


@router.get("/datasets/{ref}/audit")
def audit(ref: str, made: TheMade) -> Said:
    """`anchorset datasets audit REF --json`: is the synthetic part wearing a costume? And the pictures of it."""
    name = made.library.manifest(ref).ref
    found = made.audit(name)
    form = found.model_dump(mode="json")
    titles = {one.name: signal_title(one) for one in found.signals}
    return {**form, "dataset": name, "says": audit_verdict(found), "means": meaning(found), "titles": titles,
            "drawn": made.audit_pictures(name)}  # fmt: skip


@router.get("/datasets/{ref}/packet")
def packet(ref: str, request: Request, made: TheMade) -> Said:
    """`anchorset datasets packet REF --json`: stages, choice, review, timeline, and cases side by side."""
    return packet_form(made.packet(made.library.manifest(ref).ref, hidden(session(request))))


@router.get("/trust")
def trust(made: TheMade, dataset: str | None = None) -> Said:
    """`anchorset trust REF --json`, and: the headline, the questions in words, what to do next, the pictures."""
    ref = made.library.manifest(dataset).ref if dataset else None
    found = made.trust(ref)
    titles: dict[str, str] = {one.id: title(one) for one in found.questions}
    titles |= {one.id: title(one) for one in found.signals}
    return {**machine(found), "says": verdict(found), "tone": tone(found), "next": next_step(found), "titles": titles,
            "drawn": made.trust_pictures(ref)}  # fmt: skip


@router.get("/pictures/{name}", response_class=Response)
def drawn(name: str, made: TheMade) -> Response:
    """A picture that an answer named under `drawn`, as SVG."""
    svg = made.picture(name)
    if svg is None:
        raise HTTPException(404, "that picture is not kept any more; load the page again")
    return picture(svg)
