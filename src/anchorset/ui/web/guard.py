"""What every request has to pass before anything looks at it, and what every answer carries.

What this module does not know: what is asked.
"""

from __future__ import annotations

import hmac
import json
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anchorset.ui.web.door import Door, Session

LARGEST = 4_000_000
"""Bytes of a request's body."""
OPEN = ("/static/", "/login", "/favicon.ico")
"""Paths that anybody may ask for."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with none at all a browser sends our own login form with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


OWN = ("content-security-policy", "cross-origin-opener-policy")
"""What an answer may say itself: documents, pictures and files do, and more strictly (`documents.py`)."""


class Guard:
    """ASGI around the application."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _refuse(send, *refused)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST:  # what is over is thrown away, and what is left is no JSON
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name not in OWN or name not in out:
                        out[name] = value
                if "cache-control" not in out:
                    out["cache-control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        await self.app(scope, counted, dressed)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Status and sentence; None: it may pass, and who asks stands in the scope."""
        if not self.door.knows(headers.get("host", "")):
            return 421, "this server is not called that; use the address it printed when it started"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, f"the request is larger than {LARGEST:,} bytes"
        path, unsafe = scope["path"], scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if unsafe and not self._same_origin(headers):
            return 403, "this request comes from another site, so it is refused"
        scope["session"] = session = self._session(headers)
        if path.startswith(OPEN):
            return None
        if session is None:
            if path.startswith("/api/"):
                return 401, "nobody is logged in; open the address that was printed, or send `Authorization: Bearer`"
            return None  # pages send those who are not known to the way in
        if unsafe and session.id and not self._has_token(headers, session):
            return 403, "the request lacks the token of this page; load the page again"
        return None

    def _session(self, headers: Headers) -> Session | None:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            person = self.door.by_token(token.strip())
            return None if person is None else Session(person=person, id="")
        return self.door.session(cookie_of(headers, self.door.cookie))

    def _has_token(self, headers: Headers, session: Session) -> bool:
        given = headers.get("x-anchorset-token", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self.door.token(session).encode())

    def _same_origin(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == headers.get("host")


def cookie_of(headers: Headers, name: str) -> str:
    """The value of a cookie; empty: not sent, or not readable."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return "" if found is None else found.value


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence}).encode()
    headers = {
        **HEADERS,
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
    }
    await send(
        {"type": "http.response.start", "status": status,
         "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    )  # fmt: skip
    await send({"type": "http.response.body", "body": body})
