"""Answers that are no JSON: whole reports, pictures, files to keep. Each comes under a policy of its own, stricter than
the page's: nothing in them runs, and nothing they name is loaded.

What this module does not know: what is in them.
"""

from __future__ import annotations

import base64
import hashlib

from fastapi import HTTPException
from fastapi.responses import Response

from anchorset.infra.html.page import policy
from anchorset.infra.html.picture import picture_style

ASIDE = "; frame-ancestors 'none'"
STRANGE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox" + ASIDE
"""For a report that lies on disk: whoever wrote it, it has no origin of ours, no script, no form and no network."""


def document(html: str) -> Response:
    """A page of our own making, as the same command writes it into a file."""
    return Response(html, media_type="text/html", headers={"content-security-policy": policy() + ASIDE})


def strange(html: bytes) -> Response:
    """A page from disk. A sandboxed answer may not ask for a browsing group of its own, so that header is left out."""
    return Response(
        html, media_type="text/html",
        headers={"content-security-policy": STRANGE, "cross-origin-opener-policy": "unsafe-none"},
    )  # fmt: skip


def picture(svg: str) -> Response:
    """An SVG with its style sheet, by hash."""
    hashed = base64.b64encode(hashlib.sha256(picture_style().encode()).digest()).decode()
    return Response(
        svg, media_type="image/svg+xml",
        headers={
            "content-security-policy": f"default-src 'none'; style-src 'sha256-{hashed}'{ASIDE}",
            "cache-control": "no-cache",
        },
    )  # fmt: skip


def attachment(name: str, data: bytes) -> Response:
    """A file to be kept, never to be shown. `name`: plain letters, digits, dots, dashes, underscores and @."""
    if not name.replace(".", "").replace("-", "").replace("_", "").replace("@", "").isalnum() or not name.isascii():
        raise HTTPException(404, "there is no such file")
    return Response(
        data, media_type="application/octet-stream", headers={"content-disposition": f'attachment; filename="{name}"'}
    )
