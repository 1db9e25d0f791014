"""What a vendor's refusal means: its status, its words and its headers as one ModelError.

`auth` is what nobody will be served with as things stand: no key, no credit, no such model. One of them ends a run, for
the next five hundred would say the same. `request` is about one question.
What this module does not know: how a good answer looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from anchorset.core.errors import ModelError, ModelTrouble
from anchorset.core.inert import short
from anchorset.infra.llm.wire.limits import retry_after

_FILTER = re.compile(
    r"content[_ ](?:filter|policy|management)|invalid_prompt|safety|moderation|flagged|data_inspection|"
    r"prohibited_content|usage policy|violat"
)
_NO_CREDIT = re.compile(
    r"insufficient_quota|insufficient[_ ](?:balance|credit|fund)|billing|credit balance|exceeded your current quota"
)
_SECRET = re.compile(
    r"(?i)\b(?:sk|gsk|key|xai|pplx|fw|tgp|AIza|hf|org)[-_][A-Za-z0-9*_\-]{6,}|AIza[A-Za-z0-9_\-]{10,}|Bearer\s+\S+"
)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)s")

UNREADABLE = "its answer is no JSON object"


def parsed(body: bytes) -> Any:
    """The JSON of a body; None where it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def answered(status: int, headers: Mapping[str, str], body: bytes, *, who: str, now: float) -> dict[str, Any]:
    """The JSON object of an answer with status 200. Raises ModelError for every other answer."""
    if status != 200:
        raise refused(who, status, headers, body, now=now)
    data = parsed(body)
    if not isinstance(data, dict):
        raise ModelError(f"{who}: {UNREADABLE} ({len(body)} bytes); it is asked again.", trouble="malformed")
    return data


def refused(who: str, status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> ModelError:
    """The error that an answer with a status other than 200 is. `who`: model and host. `now`: seconds since 1970."""
    data = parsed(body)
    wait = retry_after(headers, now=now)
    return trouble_of(who, status, said_in(data, body), _asked_for(data) if wait is None else wait)


def trouble_of(who: str, status: int, said: str, wait: float | None = None) -> ModelError:
    """The error behind a status and a vendor's words."""
    kind, what, todo = _meaning(status, said.casefold())
    words = short(hidden(said), 200)
    return ModelError(
        f"{who} {what} ({status}{': ' + words if words else ''}); {todo}.", trouble=kind, retry_after=wait
    )


def hidden(text: str) -> str:
    """The text without what looks like a key: vendors like to quote it."""
    return _SECRET.sub("***", text)


def said_in(data: Any, body: bytes = b"") -> str:
    """The vendor's words in an error body, whatever its form, with type, code and parameter where it has them."""
    error = data[0] if isinstance(data, list) and data else data
    if isinstance(error, dict):
        error = error.get("error", error)
    if isinstance(error, dict):
        words = error.get("message") or error.get("detail") or error.get("msg") or error.get("errors") or ""
        words = words if isinstance(words, str) else orjson.dumps(words).decode()
        extra = error.get("metadata")
        if isinstance(extra, dict) and isinstance(extra.get("raw"), str):
            words += f" {extra['raw'][:300]}"  # What the provider behind a gateway said.
        facts = [str(error[key]) for key in ("type", "code", "param") if error.get(key) not in (None, "")]
        return f"{words} [{', '.join(facts)}]" if facts else words
    if isinstance(error, str):
        return error
    return body[:400].decode("utf-8", errors="replace")


def _meaning(status: int, said: str) -> tuple[ModelTrouble, str, str]:
    if _NO_CREDIT.search(said) and status in (400, 402, 403, 429):
        return "auth", "has no credit left for this key", "add credit or use another key"
    if status == 401:
        return "auth", "does not know the key", "export the right one and run again"
    if status == 402:
        return "auth", "wants to be paid first", "add credit or use another key"
    if status in (400, 403, 422, 451) and _FILTER.search(said):
        return "refused", "does not answer this question", "it is counted as refused"
    if status == 403:
        return "auth", "does not let this key in", "ask for access or choose another model"
    if status == 404:
        return "auth", "has no such model or address", "correct `model` or `base_url` under `models`"
    if status in (408, 504):
        return "timeout", "gave up waiting", "it is asked again"
    if status == 429:
        return "rate", "is asked too often", "it is asked again later"
    if status >= 500 or status in (409, 425):
        return "overloaded", "cannot answer now", "it is asked again later"
    if 300 <= status < 400:
        return "auth", "sends us elsewhere", "redirects are not followed: write the final address as `base_url`"
    return "request", "does not take the question", "it is counted as failed"


def _asked_for(data: Any) -> float | None:
    """Google says how long to wait in the body: `"retryDelay": "34s"`."""
    error = data[0] if isinstance(data, list) and data else data
    error = error.get("error") if isinstance(error, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(delay, str) and (found := _DURATION.fullmatch(delay)):
            return float(found[1])
    return None
