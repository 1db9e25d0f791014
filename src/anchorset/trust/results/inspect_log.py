"""Inspect AI logs: `.eval` (a zip of JSON) and `.json`. One answer a sample and epoch.

What this module does not know: what the scores decide.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anchorset.core.case import user_text
from anchorset.core.errors import InputError
from anchorset.core.hashing import short_hash
from anchorset.core.run import Score
from anchorset.infra.formats.messages import messages_from
from anchorset.trust.results.answer import (
    Answer,
    Heard,
    Refused,
    amount,
    overall,
    plain,
    scored,
    short_text,
    unit,
)  # fmt: skip
from anchorset.trust.results.document import dig, loaded

MAX_MEMBER = 64 * 1024 * 1024
"""Bytes of one unpacked sample. A larger one is refused: a zip of a few kilobytes can hold terabytes of nothing."""
HEADERS = ("header.json", "_journal/start.json", "start.json")
WORDS = {"c": 1.0, "p": 0.5, "i": 0.0, "n": 0.0, "yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
"""Inspect's own values: correct, partial, incorrect, no answer; and the words its `value_to_float` reads."""
_KNOWN = frozenset(("case_id", "content", "bucket", "root", "dataset"))


def is_log(data: Any) -> bool:
    """Whether this is a whole log as JSON."""
    return (
        isinstance(data, dict) and isinstance(data.get("eval"), dict) and {"samples", "status"} & data.keys() != set()
    )


def read_json(data: dict[str, Any]) -> Heard:
    """The samples of a log that is one JSON document."""
    samples = data.get("samples")
    samples = samples if isinstance(samples, list) else []
    notes = [] if samples else ["the log has no samples: it was written without them, or the run was broken off"]
    return _heard(data, ((f"samples[{number}]", sample) for number, sample in enumerate(samples)), notes)


def read_zip(path: Path) -> Heard:
    """The samples of an `.eval` file. One that cannot be unpacked or is no JSON is refused alone.

    Raises InputError when the file is no such archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            header = next((name for name in HEADERS if name in names), None)
            if header is None:
                raise InputError(
                    f"{path.name}: a zip archive without {HEADERS[0]}, so no Inspect log; give the .eval as written"
                )
            head = loaded(_member(archive, header), where=f"{path.name} {header}")
            samples = [name for name in names if name.startswith("samples/") and name.endswith(".json")]
            samples.sort(key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])
            notes = (
                [] if samples else ["the log has no samples: it was written without them, or the run was broken off"]
            )
            return _heard(head, ((name, _sample(archive, name)) for name in samples), notes)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise InputError(
            f"{path.name}: not a readable .eval file ({error}); write it as JSON, `inspect log convert --to json`"
        ) from None


def _sample(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return loaded(_member(archive, name), where=name)
    except (
        InputError,
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        EOFError,
    ) as error:
        return Refused(name, f"the sample cannot be read ({short_text(error)})")


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        held = file.read(MAX_MEMBER + 1)
    if len(held) > MAX_MEMBER:
        raise ValueError(f"{name} unpacks to more than {MAX_MEMBER:,} bytes")
    return held


def _heard(head: Any, samples: Iterator[tuple[str, Any]], notes: list[str]) -> Heard:
    model = short_text(dig(head, "eval", "model")) or short_text(dig(head, "eval", "task")) or "inspect"
    task = short_text(dig(head, "eval", "task")) or ""
    if (status := dig(head, "status")) not in (None, "success"):
        notes = [*notes, f"the log's status is {short_text(status)!r}: the run did not come to its end"]
    rows = [found if isinstance(found, Refused) else _answer(found, place, model, task) for place, found in samples]
    return Heard(rows, notes)


def _answer(sample: Any, place: str, model: str, task: str) -> Answer | Refused:
    if not isinstance(sample, dict):
        return Refused(place, f"a {type(sample).__name__} where Inspect has a sample")
    metadata, id, epoch = sample.get("metadata"), sample.get("id"), sample.get("epoch")
    own = dig(metadata, "case_id")
    error = dig(sample, "error", "message")
    values = dig(sample, "scores")
    if values is None and sample.get("score") is not None:
        values = {"score": sample["score"]}
    scores, beyond = _scores(values if isinstance(values, dict) else {})
    passed, score = (None, None) if error is not None else overall(scores)
    if beyond and score is None and error is None:
        return Refused(place, f"the score {beyond[0]} is not between 0 and 1; score on that scale")
    asked = _asked(sample.get("input"))
    identity = short_hash([sample.get("input"), sample.get("target"), sample.get("choices")])
    return Answer(
        place=place,
        system=model,
        fallback=f"{task}/{id}" if id is not None else f"{task}/{short_hash(sample.get('input'))}",
        id=str(own) if own is not None else None,
        names=(str(id),) if id is not None else (),
        asked=asked,
        content=short_text(dig(metadata, "content")),
        identity=identity,
        repeat=epoch - 1 if isinstance(epoch, int) and epoch > 0 else None,
        passed=passed,
        score=score,
        error=short_text(error),
        output=_output(sample.get("output")),
        tools=_tools(sample.get("messages")),
        scores=() if error is not None else scores,
        seconds=amount(sample.get("working_time")) or amount(sample.get("total_time")),
        bucket=short_text(dig(metadata, "bucket")),
        root=short_text(dig(metadata, "root")),
        dataset=short_text(dig(metadata, "dataset")),
        slices={key: value for key, value in plain(metadata).items() if key not in _KNOWN},
    )


def _scores(values: dict[str, Any]) -> tuple[tuple[Score, ...], list[str]]:
    """What each scorer said; a scorer with several values is several evaluators. And the values out of range."""
    found: list[Score] = []
    beyond: list[str] = []
    for name, score in values.items():
        value = score.get("value") if isinstance(score, dict) else score
        why = score.get("explanation") if isinstance(score, dict) else None
        parts = {f"{name}.{key}": inner for key, inner in value.items()} if isinstance(value, dict) else {name: value}
        for evaluator, one in parts.items():
            number = _number(one)
            if number is None and one is not None:
                beyond.append(f"{evaluator} = {short_text(one, 40)}")
            elif number is not None:
                found.append(scored(str(evaluator), number, why=why))
    return tuple(found), beyond


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        low = value.strip().casefold()
        if low in WORDS:
            return WORDS[low]
        try:
            return unit(float(low))
        except ValueError:
            return None
    return unit(value)


def _asked(given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list):
        return ()
    try:
        return (user_text(messages_from(given)),)
    except (ValueError, TypeError, AttributeError, KeyError):
        return ()


def _output(output: Any) -> Any:
    completion = dig(output, "completion")
    if completion is not None:
        return completion
    choices = dig(output, "choices")
    return dig(choices[0], "message", "content") if isinstance(choices, list) and choices else None


def _tools(messages: Any) -> tuple[str, ...] | None:
    """Names of the tools called, in order; None when the sample has no messages."""
    if not isinstance(messages, list) or not messages:
        return None
    calls = [call for turn in messages for call in (dig(turn, "tool_calls") or ()) if isinstance(call, dict)]
    return tuple(str(call["function"]) for call in calls if isinstance(call.get("function"), str))
