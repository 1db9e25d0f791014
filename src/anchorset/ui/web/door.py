"""Who may come in, and how they are known again: secrets, tokens, signed sessions, the pace of guessing.

On this machine alone there is one reviewer, and whoever knows the secret of the printed address is them. For others to
reach it everyone needs a token. Either becomes a cookie, signed with HMAC-SHA-256.
What this module does not know: HTTP.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from hashlib import sha256

from anchorset.ui.web.reviewers import Person, Reviewers

HOURS = 12
"""A session's life."""
TRIES, SECONDS = 5, 60
"""Wrong tokens from one address in this time, after which it has to wait; ten times as many from all together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who came in."""

    person: Person
    id: str
    """Of this session; empty for a program that sends its token with each request."""


@dataclass
class Door:
    """One of the two: `local` with a secret for one person, or `reviewers` with tokens."""

    hosts: Collection[str]
    """What a browser may call this server: names without the port. Any other name is a stranger's that was pointed
    here (DNS rebinding). An IP address passes when `numbers`."""
    port: int
    local: Person | None = None
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In the address that is printed."""
    reviewers: Callable[[], Reviewers] | None = None
    """Read at each look: who is no longer invited is out at once."""
    numbers: bool = False
    clock: Callable[[], float] = time.time
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _wrong: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """Cookies do not tell ports apart, so the name does."""
        return f"anchorset_{self.port}"

    def enter(self, token: str, *, address: str) -> str | None:
        """The cookie of a new session; None: the token is nobody's, or this address has guessed too often."""
        person = None if self.waits(address) else self.by_token(token)
        if person is None:
            for name in (address, ""):
                self._wrong.setdefault(name, deque(maxlen=TRIES * 10)).append(self.clock())
            return None
        said = {"name": person.name, "until": self.clock() + HOURS * 3600, "id": secrets.token_urlsafe(12)}
        body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
        return f"{body}.{self._sign('session', body)}"

    def by_token(self, token: str) -> Person | None:
        """Whose secret this is."""
        if self.local is not None:
            fits = hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.secret.encode())
            return self.local if fits else None
        return self.reviewers().by_token(token) if self.reviewers is not None else None

    def waits(self, address: str) -> bool:
        """Whether this address, or all together, has given too many wrong tokens of late."""
        since = self.clock() - SECONDS
        if len(self._wrong) > 10_000:
            self._wrong = {name: times for name, times in self._wrong.items() if times[-1] > since}
        return any(
            sum(at > since for at in self._wrong.get(name, ())) >= most
            for name, most in ((address, TRIES), ("", TRIES * 10))
        )

    def session(self, cookie: str) -> Session | None:
        """Who this cookie is; None: nobody any more."""
        body, _, signed = cookie.partition(".")
        if not hmac.compare_digest(self._sign("session", body), signed.encode("ascii", "replace").decode()):
            return None
        try:
            said = json.loads(base64.urlsafe_b64decode(body))
        except (ValueError, binascii.Error):
            return None
        if said["until"] < self.clock():
            return None
        if self.local is not None:
            person = self.local if said["name"] == self.local.name else None
        else:
            person = self.reviewers().named(said["name"]) if self.reviewers is not None else None
        return None if person is None else Session(person=person, id=said["id"])

    def token(self, session: Session) -> str:
        """What a form of this session has to bring: no other page can know it."""
        return self._sign("form", session.id)

    def knows(self, host: str) -> bool:
        """Whether a request may call us so. `host`: the Host header."""
        name, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
        if port and int(port) != self.port and self.local is not None:
            return False
        name = name.strip("[]").lower().rstrip(".")
        return name in self.hosts or (self.numbers and _is_number(name))

    def _sign(self, what: str, text: str) -> str:
        key = self.reviewers().secret if self.reviewers is not None else self._key
        return hmac.new(key, f"{what}|{text}".encode(), sha256).hexdigest()


def _is_number(name: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(name)
    except ValueError:
        return False
    return True
