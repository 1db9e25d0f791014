"""Batches, as OpenAI and Anthropic have them: an ask as one line of a file, one line of results as an answer.

Lines carry the ask's key, so results may come in any order, in part, twice, or with errors. Pure: files and HTTP are
elsewhere (batch_http.py).
What this module does not know: what becomes of an answer.
"""

from __future__ import annotations

from typing import Any

import orjson

from anchorset.core.ask import Ask, Reply
from anchorset.core.errors import InputError, ModelError
from anchorset.core.inert import short
from anchorset.infra.llm.vendors import Vendor
from anchorset.infra.llm.wire import anthropic, openai
from anchorset.infra.llm.wire.habits import Habits
from anchorset.infra.llm.wire.troubles import said_in, trouble_of

URL = "/v1/chat/completions"
"""What every line of an OpenAI batch names."""


def batch_line(ask: Ask, vendor: Vendor, habits: Habits | None = None) -> dict[str, Any]:
    """One request of a batch file. Two asks of one key are one line: the caller writes each key once."""
    if vendor.wire == "anthropic":
        return {"custom_id": ask.key, "params": anthropic.body(ask, vendor, habits)}
    return {"custom_id": ask.key, "method": "POST", "url": URL, "body": openai.body(ask, vendor, habits)}


def read_batch_line(line: bytes | str | dict[str, Any], *, who: str = "the batch") -> tuple[str, Reply | ModelError]:
    """The ask's key and its answer, in the results of either vendor. Raises InputError for a line that is no result."""
    if isinstance(line, dict):
        data: Any = line
    else:
        try:
            data = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise InputError(f"{_shown(line)} is no JSON; a line of batch results is one object.") from None
    key = data.get("custom_id") if isinstance(data, dict) else None
    if not isinstance(key, str) or not key:
        raise InputError(f"{_shown(line)} has no `custom_id`; a line of batch results names the request it answers.")
    try:
        if isinstance(data.get("result"), dict):
            return key, _of_anthropic(data["result"], who)
        if "response" in data or "error" in data:
            return key, _of_openai(data, who)
    except ModelError as error:
        return key, error
    raise InputError(f"the line of {key} has neither `response` nor `result`; it is no line of batch results.")


def _of_openai(data: dict[str, Any], who: str) -> Reply:
    response, error = data.get("response"), data.get("error")
    if isinstance(response, dict) and isinstance(response.get("body"), dict):
        status = response.get("status_code")
        if status == 200:
            return openai.read_data(response["body"], who=who)
        raise trouble_of(who, status if isinstance(status, int) else 500, said_in(response["body"]))
    code = str(error.get("code")) if isinstance(error, dict) else ""
    if code in ("batch_expired", "batch_cancelled"):
        raise _not_run(who, code.removeprefix("batch_"))
    raise trouble_of(who, 500, said_in(error if isinstance(error, dict) else {}))


def _of_anthropic(result: dict[str, Any], who: str) -> Reply:
    kind = result.get("type")
    if kind == "succeeded" and isinstance(result.get("message"), dict):
        return anthropic.read_data(result["message"], who=who)
    if kind == "errored":
        error = result.get("error")
        inner = error if isinstance(error, dict) else {}
        raise trouble_of(who, anthropic.status_of(inner), said_in(inner))
    if kind in ("expired", "canceled"):
        raise _not_run(who, kind)
    raise ModelError(f"{who}: a result of the kind {kind!r} holds no answer; it is asked again.", trouble="malformed")


def _not_run(who: str, how: str) -> ModelError:
    return ModelError(f"{who} {how} before this was asked; it is asked again in the next one.", trouble="timeout")


def _shown(line: bytes | str | dict[str, Any]) -> str:
    if isinstance(line, dict):
        return f"the row {short(str(line), 80)!r}"
    text = line if isinstance(line, str) else line[:400].decode("utf-8", errors="replace")
    return f"the line {short(text, 80)!r}"
