"""promptfoo results (`promptfoo eval -o results.json`, or `-o results.jsonl`) as result rows and as answers.

What this module does not know: how the file was found and whether its rows pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from anchorset.core.errors import InputError
from anchorset.core.hashing import short_hash
from anchorset.core.run import Score
from anchorset.trust.results.answer import Answer, Heard, Refused, amount, plain, scored, short_text, unit
from anchorset.trust.results.document import dig

ERROR = 2
"""promptfoo's `failureReason` for "the provider or an assertion broke": no result, which is not a failed case."""


def is_promptfoo(data: Any) -> bool:
    """Whether this is the object promptfoo writes: `{"results": {"results": [...]}}`."""
    return isinstance(data, dict) and isinstance(_results(data), list)


def is_result(row: Any) -> bool:
    """Whether this is one line of promptfoo's JSONL output."""
    return isinstance(row, dict) and {"success", "vars", "provider"} <= row.keys()


def read(data: dict[str, Any] | Sequence[Any]) -> Heard:
    """An answer a result. An errored one has no score: the provider broke, the application was not judged.

    The evaluators are the assertions by their metric or type; vars and the rendered prompt are what was asked.
    """
    results = _results(data) if isinstance(data, dict) else data
    place = "results.results[{}]" if isinstance(data, dict) else "line {}"
    prompts: dict[str, set[str]] = {}
    for result in results:
        if isinstance(result, dict):
            prompts.setdefault(_provider(result), set()).add(_prompt(result))
    rows: list[Answer | Refused] = []
    for number, result in enumerate(results, start=0 if isinstance(data, dict) else 1):
        where = place.format(number)
        if not isinstance(result, dict):
            rows.append(Refused(where, f"a {type(result).__name__} where promptfoo has an object"))
        elif not _provider(result):
            rows.append(Refused(where, "it names no provider, so nobody knows who answered"))
        else:
            rows.append(_answer(result, where, many_prompts=len(prompts[_provider(result)]) > 1))
    return Heard(rows, [])


def _answer(result: dict[str, Any], where: str, *, many_prompts: bool) -> Answer:
    provider, metadata, variables = _provider(result), _metadata(result), result.get("vars")
    broke = result.get("failureReason") == ERROR
    success, output = result.get("success"), dig(result, "response", "output")
    asked = [text for text in variables.values() if isinstance(text, str)] if isinstance(variables, dict) else []
    raw = dig(result, "prompt", "raw")
    repeat = metadata.get("repeat")
    identity = short_hash(orjson.dumps(variables, option=orjson.OPT_SORT_KEYS).decode())
    return Answer(
        place=where,
        system=f"{provider} | {_prompt(result)}" if many_prompts else provider,
        fallback="v_" + identity,
        id=_text(metadata.get("case_id")),
        names=tuple(filter(None, [_text(dig(result, "testCase", "description"))])),
        asked=(*asked, *([raw] if isinstance(raw, str) else [])),
        content=_text(metadata.get("content")),
        identity=identity,
        repeat=repeat if isinstance(repeat, int) and not isinstance(repeat, bool) and repeat >= 0 else None,
        passed=success if isinstance(success, bool) and not broke else None,
        score=None if broke else unit(result.get("score")),
        error=short_text(result.get("error")) if broke else None,
        output=output,
        scores=() if broke else _scores(dig(result, "gradingResult", "componentResults")),
        usd=amount(result.get("cost")),
        seconds=amount(result.get("latencyMs"), scale=0.001),
        bucket=_text(metadata.get("bucket")),
        root=_text(metadata.get("root")),
        dataset=_text(metadata.get("dataset")),
        slices={key: value for key, value in plain(metadata).items() if key not in _KNOWN},
    )


_KNOWN = frozenset(("case_id", "content", "bucket", "root", "repeat", "dataset", "score", "passed", "system"))


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip() else None


def _scores(components: Any) -> tuple[Score, ...]:
    found = []
    for one in components if isinstance(components, list) else []:
        name = dig(one, "assertion", "metric") or dig(one, "assertion", "type")
        if isinstance(one, dict) and isinstance(name, str):
            passed = one.get("pass")
            passed = passed if isinstance(passed, bool) else None
            found.append(scored(name, unit(one.get("score")), passed=passed, why=one.get("reason")))
    return tuple(found)


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
