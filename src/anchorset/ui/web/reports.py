"""Whole reports as pages of their own: what the commands write with --html, and such files as lie in the workspace.

What this module does not know: how a report is made, and how the pages around it look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from anchorset.ui.web.api.common import Said
from anchorset.ui.web.api.seen import TheMade, hidden
from anchorset.ui.web.documents import document, strange
from anchorset.ui.web.door import Session

LARGEST = 8_000_000
"""Bytes of a report on disk that is shown."""
MOST = 100
DEEP = 2
"""Folders below the workspace in which reports are looked for."""
OURS = re.compile(rb"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
TITLE = re.compile(rb"<title>([^<]{1,300})</title>")


def known(request: Request) -> Session:
    """Whoever asks. A page is for those who came in."""
    found: Session | None = request.scope["session"]
    if found is None:
        raise HTTPException(401, "nobody is logged in; open the address that was printed")
    return found


Known = Annotated[Session, Depends(known)]
router = APIRouter(include_in_schema=False, dependencies=[Depends(known)])
listing = APIRouter()


@router.get("/reports/trust/{ref}")
def trust(ref: str, made: TheMade) -> Response:
    from anchorset.trust.report.page import html

    name = made.library.manifest(ref).ref
    return document(html(made.trust(name), back=(f"/trust?dataset={name}", name)))


@router.get("/reports/audit/{ref}")
def audit(ref: str, made: TheMade) -> Response:
    from anchorset.trust.audit.page import html

    name = made.library.manifest(ref).ref
    return document(html(made.audit(name), back=(f"/audit?dataset={name}", name)))


@router.get("/reports/compare/{ref}")
def compare(ref: str, baseline: str, candidate: str, made: TheMade) -> Response:
    from anchorset.trust.compare.page import html

    name = made.library.manifest(ref).ref
    return document(html(made.compare(name, baseline, candidate), back=("/runs", "Runs")))


@router.get("/packet/{ref}")
def packet(ref: str, made: TheMade, who: Known) -> Response:
    from anchorset.ship.packet.page import html

    name = made.library.manifest(ref).ref
    here = f"/datasets/{name}"
    return document(html(made.packet(name, hidden(who)), back=(here, name), rest=f"{here}#cases"))


@router.get("/reports/file")
def file(made: TheMade, who: Known, path: Annotated[str, Query(max_length=500)]) -> Response:
    """A report that lies in the workspace, one of those that are listed."""
    if hidden(who):
        raise HTTPException(403, "reports on disk may show red-team cases, which are not shown to you; ask an owner")
    found = next((one for one in _there(made.workspace.path) if one.as_posix() == path), None)
    if found is None:
        raise HTTPException(404, "there is no such report in this workspace")
    return strange((made.workspace.path / found).read_bytes())


@listing.get("/reports")
def reports(made: TheMade) -> Said:
    """Reports that earlier commands wrote into the workspace, the latest first."""
    root = made.workspace.path
    rows = []
    for one in _there(root):
        title = TITLE.search(_head(root / one))
        rows.append(
            {"path": one.as_posix(), "title": title[1].decode("utf-8", "replace") if title else one.name,
             "changed": (root / one).stat().st_mtime}
        )  # fmt: skip
    return {"reports": sorted(rows, key=lambda row: (-float(str(row["changed"])), str(row["path"])))}


def _there(root: Path) -> Iterator[Path]:
    """Pages of our own making at most two folders deep; no links, nothing hidden."""
    found = 0
    for depth in range(DEEP + 1):
        for path in sorted(root.glob("/".join(["*"] * depth + ["*.html"]))):
            place = path.relative_to(root)
            plain = not any(part.startswith(".") for part in place.parts)
            linked = any((root / Path(*place.parts[: n + 1])).is_symlink() for n in range(len(place.parts)))
            if plain and not linked and path.is_file() and path.stat().st_size <= LARGEST and OURS.search(_head(path)):
                yield place
                found += 1
                if found == MOST:
                    return


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(2000)
    except OSError:
        return b""
