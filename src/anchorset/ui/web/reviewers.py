"""Who may review from another machine: names, roles and the hashes of their tokens.

A token is 32 random bytes, so a plain SHA-256 of it is as good as a slow hash: there is nothing to guess.
What this module does not know: requests and sessions.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from anchorset.core.errors import InputError, MachineError, UsageError, nearest

FILE = "reviewers.json"
Role = Literal["owner", "reviewer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may come in."""

    name: str
    role: Role
    redteam: bool = False
    """Whether a reviewer is shown attacks."""

    @property
    def sees_attacks(self) -> bool:
        """Owners always do."""
        return self.redteam or self.role == "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewers:
    """The reviewers of a workspace."""

    secret: bytes
    """What sessions are signed with; kept, so that a restart logs nobody out."""
    people: Mapping[str, tuple[Role, str]]
    """Name -> role, hash of the token."""
    redteam: frozenset[str] = frozenset()
    """Names of those who are shown attacks whatever their role."""

    def by_token(self, token: str) -> Person | None:
        """Whose token this is; None: nobody's."""
        given, found = _hash(token), None
        for name, (role, known) in self.people.items():  # all of them: how long it takes tells nothing
            if hmac.compare_digest(given, known):
                found = Person(name=name, role=role, redteam=name in self.redteam)
        return found

    def named(self, name: str) -> Person | None:
        """The person of that name, as long as they are invited."""
        if name not in self.people:
            return None
        return Person(name=name, role=self.people[name][0], redteam=name in self.redteam)


def invite(hidden: Path, name: str, role: str, *, redteam: bool = False) -> str:
    """Adds a reviewer, or gives one a new token, and returns the token: it is kept nowhere. Raises UsageError.

    redteam: they are shown attacks. Inviting somebody again without it takes that away.
    """
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise UsageError(f"the name is {name!r}; give one of 1 to 100 visible characters")
    if role not in get_args(Role):
        raise UsageError(f"`--role` is {role!r}; {nearest(role, get_args(Role))}")
    known = load(hidden)
    token = secrets.token_urlsafe(32)
    people = {**known.people, name: (role, _hash(token))}
    may = known.redteam - {name} | ({name} if redteam else set())
    rows = {
        one: {"role": r, "token_sha256": digest, **({"redteam": True} if one in may else {})}
        for one, (r, digest) in sorted(people.items())
    }
    _write(hidden / FILE, {"secret": known.secret.hex(), "people": rows})
    return token


def load(hidden: Path) -> Reviewers:
    """Who was invited: nobody, when the file is not there. Raises InputError for a file that cannot be read."""
    path = hidden / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        people = {str(name): (row["role"], str(row["token_sha256"])) for name, row in said["people"].items()}
        may = frozenset(str(name) for name, row in said["people"].items() if row.get("redteam") is True)
        return Reviewers(secret=bytes.fromhex(said["secret"]), people=people, redteam=may)
    except FileNotFoundError:
        return Reviewers(secret=secrets.token_bytes(32), people={})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"{path} cannot be read as the reviewers' file; take it away and invite again with "
            "`anchorset review invite NAME`"
        ) from None
    except OSError as error:
        raise MachineError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None


def _write(path: Path, value: Mapping[str, Any]) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, ensure_ascii=False)
        aside.replace(path)
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror}. Make the workspace writable.") from None


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
