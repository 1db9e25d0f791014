"""promptfoo results (`promptfoo eval -o results.json`) as result rows.

What this module does not know: how the file was found and whether its rows pair.
"""

from __future__ import annotations

from typing import Any

import orjson

from anchorset.core.errors import InputError
from anchorset.core.hashing import short_hash

ERROR = 2
"""promptfoo's `failureReason` for "the provider or an assertion broke": no result, which is not a failed case."""


def is_promptfoo(data: Any) -> bool:
    """Whether this is the object promptfoo writes: `{"results": {"results": [...]}}`."""
    return isinstance(data, dict) and isinstance(_results(data), list)


def _results(data: dict[str, Any]) -> Any:
    inner = data.get("results")
    return inner.get("results") if isinstance(inner, dict) else inner


def rows_of(data: dict[str, Any], where: str) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a result, and what was assumed.

    system: the provider's label or id; with the prompt's label behind it where a provider saw several prompts.
    case_id: `metadata.case_id`, else `test-N`. root: `metadata.root`, else (without a case id) the hash of the vars, so
    that repeats of one test are one cluster. An errored result gets an empty `passed`: it is refused later, by name.
    Raises InputError when a result is no object.
    """
    results = _results(data)
    for number, result in enumerate(results, start=1):
        if not isinstance(result, dict):
            raise InputError(
                f"{where}: results.results[{number - 1}] is a {type(result).__name__}; an object is expected. "
                "Write the file again with `promptfoo eval -o results.json`"
            )
    prompts: dict[str, set[str]] = {}
    for result in results:
        prompts.setdefault(_provider(result), set()).add(_prompt(result))
    rows = [_row(result, many_prompts=len(prompts[_provider(result)]) > 1) for result in results]
    named = sum("case_id" in _metadata(result) for result in results)
    notes = []
    if named < len(results):
        missing = len(results) - named
        notes.append(f"{missing:,} promptfoo results have no metadata.case_id: the test's number is the case")
    return rows, notes


def _row(result: dict[str, Any], *, many_prompts: bool) -> dict[str, Any]:
    metadata = _metadata(result)
    number = result.get("testIdx", result.get("testIndex"))
    provider = _provider(result)
    row: dict[str, Any] = {key: value for key, value in metadata.items() if isinstance(value, (str, int, float, bool))}
    row["system"] = f"{provider} | {_prompt(result)}" if many_prompts else provider
    if "case_id" not in metadata:
        row["case_id"] = "" if number is None else f"test-{number}"
        row.setdefault("root", "v_" + short_hash(_vars(result)))
    elif "repeat" not in metadata:
        row["repeat"] = result.get("repeatIndex", number)
    row.pop("score", None)
    row["passed"] = None if result.get("failureReason") == ERROR else result.get("success")
    return row


def _metadata(result: dict[str, Any]) -> dict[str, Any]:
    test = result.get("testCase")
    merged: dict[str, Any] = {}
    for part in (result.get("metadata"), test.get("metadata") if isinstance(test, dict) else None):
        if isinstance(part, dict):
            merged.update(part)
    return merged


def _provider(result: dict[str, Any]) -> str:
    found = result.get("provider")
    if isinstance(found, dict):
        found = found.get("label") or found.get("id")
    return str(found or "")


def _prompt(result: dict[str, Any]) -> str:
    found = result.get("prompt")
    if isinstance(found, dict):
        found = found.get("label") or found.get("raw")
    return str(found or result.get("promptIdx", ""))


def _vars(result: dict[str, Any]) -> str:
    try:
        return orjson.dumps(result.get("vars"), option=orjson.OPT_SORT_KEYS).decode()
    except TypeError as error:  # nested deeper than any test is
        raise InputError(f"promptfoo result {result.get('id')!r}: vars: {error}; give it a metadata.case_id") from None
