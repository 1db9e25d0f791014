"""A trust report in words: titles, the headline, lines for a terminal, and the machine form.

What this module does not know: colours and pages.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from anchorset.core.inert import short, visible
from anchorset.core.trust import Answer, Question, QuestionId, Reply, Signal, SignalId, TrustReport
from anchorset.trust.report.phrases import amount, listed

QUESTIONS: dict[QuestionId, str] = {
    "provenance": "Does every case say where it came from?",
    "together": "Do seed and synthetic cases move together?",
    "survival": "Do 65 to 85 % of the candidates survive review?",
    "vocabulary": "Are the key terms spread as in the seed, within 15 %?",
    "families": "Are generator, judge and target of different families?",
}

SIGNALS: dict[SignalId, str] = {
    "seed_size": "Is the seed large enough to anchor?",
    "parity": "Do synthetic cases trigger what real ones trigger?",
    "synthetic_only": "Would synthetic cases alone give the seed's pass rate?",
    "swing": "Would another sample give the same verdict?",
    "leakage": "Does nothing stand on both sides of a split?",
    "distance": "Do synthetic cases keep the right distance from the seed?",
    "saturation": "Does one more synthetic case still add something?",
    "staleness": "Is everything fresh?",
    "agreement": "Do reviewers agree?",
    "judge": "Do the evaluators agree with people?",
    "outcomes": "Did production confirm what the evaluation said?",
}

SIGNS: dict[Answer, str] = {"yes": "yes", "no": "NO", "unknown": "?"}

WIDTH = 110
"""Characters of a line on a terminal."""

_NUMBER_AND_SIGN = "\u00a0%"
"""No line ends between them."""

_SENTENCES = 420
"""Characters of an answer's evidence on a terminal."""


def title(reply: Question | Signal) -> str:
    """The question that is answered, as people read it."""
    return QUESTIONS[reply.id] if isinstance(reply, Question) else SIGNALS[reply.id]


def verdict(report: TrustReport) -> str:
    """The headline."""
    no, unknown = _named(report, "no"), _named(report, "unknown")
    signals = [one for one in report.signals if one.answer == "no"]
    if no:
        return f"Not yet: {_questions(len(no))} {_is(no)} answered no ({listed(no)})"
    if signals:
        open_ = f", {_questions(len(unknown))} {_is(unknown)} open" if unknown else ""
        return f"With care: no question is answered no{open_}, but {amount(len(signals), 'signal')} " + (
            "says no" if len(signals) == 1 else "say no"
        )
    if unknown:
        return f"Not shown yet: {_questions(len(unknown))} cannot be answered ({listed(unknown)})"
    return "Yes: all five questions are answered yes"


def tone(report: TrustReport) -> Answer:
    """What the headline's colour says: `no` when a question is answered no, `unknown` for anything short of yes."""
    if _named(report, "no"):
        return "no"
    loud = any(one.answer == "no" for one in report.signals)
    return "unknown" if loud or _named(report, "unknown") else "yes"


def next_step(report: TrustReport) -> str:
    """What to do first: what is answered no comes before what is unknown, questions before signals."""
    replies = [*report.questions, *report.signals]
    for answer in ("no", "unknown"):
        for reply in replies:
            if reply.answer == answer and reply.todo:
                return reply.todo
    return "Keep running every new target version on this dataset, and record what production says."


def _named(report: TrustReport, answer: Answer) -> list[str]:
    return [one.id for one in report.questions if one.answer == answer]


def _questions(n: int) -> str:
    return f"{n} of 5 questions"


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def summary(report: TrustReport) -> list[str]:
    """Plain lines: headline, five answers, then the signals; what is not yes with what to do."""
    counts = ", ".join(f"{name} {n:,}" for name, n in report.by_bucket.items())
    lines = [f"{visible(report.dataset)}: {verdict(report)}.", f"{counts or 'no case'}", ""]
    lines += [line for one in report.questions for line in _lines(one, one.id)]
    lines.append("")
    for one in sorted(report.signals, key=lambda one: ("no", "unknown", "yes").index(one.answer)):
        lines += _lines(one, one.id)
    lines += ["", f"next: {next_step(report)}"]
    return lines + [f"note: {short(note, 300)}" for note in report.notes]


def _lines(reply: Reply, name: str) -> list[str]:
    lines = _wrapped(f"{SIGNS[reply.answer]:<4}{name:<15} ", short(reply.evidence, _SENTENCES))
    return lines + (_wrapped(f"{'':<20}-> ", reply.todo) if reply.answer != "yes" and reply.todo else [])


def _wrapped(first: str, text: str) -> list[str]:
    """The text in lines of at most 110 characters, the later ones under the beginning of the text."""
    kept = visible(text).replace(" %", _NUMBER_AND_SIGN)
    lines = wrap(kept, WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [first.rstrip()]
    return [line.replace(_NUMBER_AND_SIGN, " %") for line in lines]


def machine(report: TrustReport) -> dict[str, Any]:
    """The machine form: everything but the points of the map."""
    form = report.model_dump(mode="json")
    form["pictures"].pop("clouds")
    return form
