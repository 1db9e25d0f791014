"""garak: the report (`*.report.jsonl`, every attempt) and the hitlog (`*.hitlog.jsonl`, failures only).

One answer an output: an attempt asks one prompt several times. A detector's score of 0.5 and more is a hit (garak's
`eval_threshold`, read from the report), and an answer passes when no detector hit.
What this module does not know: what the scores decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anchorset.core.hashing import short_hash
from anchorset.core.run import Score
from anchorset.trust.results.answer import Answer, Heard, Refused, short_text, unit
from anchorset.trust.results.document import dig

COMPLETE = 2
"""An attempt is written when it starts (1) and again when it was judged (2)."""
THRESHOLD = 0.5

Rows = Iterable[tuple[str, dict[str, Any] | Refused]]


def is_report(row: Any) -> bool:
    """Whether this is a line of a report."""
    return isinstance(row, dict) and isinstance(row.get("entry_type"), str)


def is_hit(row: Any) -> bool:
    """Whether this is a line of a hitlog."""
    return isinstance(row, dict) and {"probe", "detector", "prompt"} <= row.keys()


def read_report(rows: Rows, *, system: str) -> Heard:
    """The outputs of completed attempts. system: where the report's set-up line names no target."""
    found: list[Answer | Refused] = []
    threshold, notes = THRESHOLD, []
    started: dict[str, bool] = {}
    for place, row in rows:
        if isinstance(row, Refused):
            found.append(row)
            continue
        kind = row.get("entry_type")
        if kind == "start_run setup":
            threshold = unit(row.get("run.eval_threshold")) or THRESHOLD
            system = _target(row) or system
        elif kind == "attempt":
            id = str(row.get("uuid"))
            complete = row.get("status") == COMPLETE
            started[id] = started.get(id, False) or complete
            if complete:
                found += _attempt(row, place, system=system, threshold=threshold)
    if unfinished := sum(not complete for complete in started.values()):
        notes.append(f"{unfinished:,} attempts were started and never judged: they are no answers")
    return Heard(found, notes)


def _target(setup: dict[str, Any]) -> str | None:
    """`openai:gpt-4`; older reports say model for target."""
    for word in ("target", "model"):
        kind, name = setup.get(f"plugins.{word}_type"), setup.get(f"plugins.{word}_name")
        if isinstance(name, str) and name:
            return f"{kind}:{name}" if isinstance(kind, str) and kind else name
        if isinstance(kind, str) and kind:
            return kind
    return None


def _attempt(row: dict[str, Any], place: str, *, system: str, threshold: float) -> list[Answer | Refused]:
    asked, outputs, results = _prompt(row.get("prompt")), row.get("outputs"), row.get("detector_results")
    if asked is None or not isinstance(outputs, list) or not isinstance(results, dict):
        return [Refused(place, "the attempt has no readable prompt, outputs or detector results")]
    probe = str(row.get("probe_classname") or "probe")
    found: list[Answer | Refused] = []
    for number, output in enumerate(outputs):
        scores = []
        for detector, values in sorted(results.items()):
            value = unit(values[number]) if isinstance(values, list) and number < len(values) else None
            if value is not None:
                scores.append(Score(evaluator=str(detector), passed=value < threshold, score=1 - value))
        found.append(
            _answer(
                f"{place} output {number}", asked, _text(output), tuple(scores), probe=probe, system=system, goal=row
            )
        )
    return found or [Refused(place, "the attempt has no output")]


def read_hitlog(rows: Rows, *, system: str) -> Heard:
    """The failures. Several detectors that hit one output are one answer."""
    found: dict[tuple[str, ...], Answer | Refused] = {}
    for place, row in rows:
        if isinstance(row, Refused):
            found[(place,)] = row
            continue
        asked, probe, detector = _prompt(row.get("prompt")), str(row.get("probe")), str(row.get("detector"))
        if asked is None:
            found[(place,)] = Refused(place, "the hit has no readable prompt")
            continue
        attempt, number = row.get("attempt_id"), row.get("attempt_idx", row.get("attempt_seq"))
        key = (str(attempt), str(number), probe) if attempt is not None else (place,)
        score = Score(evaluator=detector, passed=False, score=1 - (unit(row.get("score")) or 1.0))
        before = found.get(key)
        scores = (*before.scores, score) if isinstance(before, Answer) else (score,)
        generator = short_text(row.get("generator")) or system
        first = before.place if isinstance(before, Answer) else place
        found[key] = _answer(first, asked, _text(row.get("output")), scores, probe=probe, system=generator, goal=row)
    notes = [
        "a hitlog holds failures only, so every rate from it is 0: give the report (`*.report.jsonl`) for a comparison"
    ]
    return Heard(list(found.values()), notes)


def _answer(
    place: str,
    asked: str,
    output: str | None,
    scores: tuple[Score, ...],
    *,
    probe: str,
    system: str,
    goal: dict[str, Any],
) -> Answer:
    identity = short_hash([probe, asked])
    words = [one.passed for one in scores if one.passed is not None]
    numbers = [one.score for one in scores if one.score is not None]
    return Answer(
        place=place,
        system=system,
        fallback=f"{probe}/{identity}",
        id=short_text(dig(goal, "notes", "case_id")),
        asked=(asked,),
        identity=identity,
        passed=all(words) if words else None,
        score=min(numbers) if numbers else None,
        error=None if output is not None or scores else "the generator gave no output",
        output=output,
        scores=scores,
        slices={"probe": probe} | ({"intent": goal["intent"]} if isinstance(goal.get("intent"), str) else {}),
    )


def _prompt(prompt: Any) -> str | None:
    """The words of the user: a string in old files, a message, or a conversation."""
    turns = dig(prompt, "turns")
    if not isinstance(turns, list):
        return _text(prompt)
    said = [_text(turn.get("content")) for turn in turns if isinstance(turn, dict) and turn.get("role") != "system"]
    words = [text for text in said if text is not None]
    return "\n".join(words) if words else None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    text = dig(value, "text")
    return text if isinstance(text, str) else None
