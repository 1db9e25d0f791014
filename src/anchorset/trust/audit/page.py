"""An audit as one self-contained page: the verdict in words, what differs, then everything else folded.

What this module does not know: how anything was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from anchorset.core.numbers import plain, share
from anchorset.infra.html.page import Section, Tone, fragment, page
from anchorset.infra.html.plots import Curve, Interval, Pair, curves, dumbbell, forest
from anchorset.trust.audit.report import AuditReport, Profile, Signal, Status, Term, Verdict
from anchorset.trust.audit.words import amount, band, meaning, title, unseen, verdict

_TEMPLATE = Path(__file__).with_name("signals.html.j2")

_TONES: dict[Verdict, Tone] = {"healthy": "good", "drifted": "bad", "inconclusive": "caution"}
_MARKS: dict[Status, tuple[Tone, str]] = {
    "pass": ("good", "✓ pass"), "warn": ("caution", "! warn"), "fail": ("bad", "✕ fail"),
    "unknown": ("muted", "? unknown"),
}  # fmt: skip

_ROWS = 12
_FARTHEST = 3.0
"""Band widths at which a point is drawn at the edge."""

_SYNTHETIC_EXAMPLES = ("coverage.seed",)


def html(report: AuditReport, *, back: tuple[str, str] | None = None) -> str:
    """The whole page. `back`: (address, words) of a link to where it was opened from."""
    facts = [
        f"{report.distinct_real:,} different real texts and {report.distinct_synthetic:,} different synthetic texts; "
        f"{report.permutations:,} shuffles, random seed {report.random_seed}, embedder {report.embedder}",
        *report.notes,
    ]
    return page(
        title="Audit: is this synthetic set wearing a costume?", verdict=verdict(report), lead=meaning(report),
        tone=_TONES[report.verdict], sections=sections(report), facts=facts, back=back,
    )  # fmt: skip


def sections(report: AuditReport) -> list[Section]:
    """The parts of the page, in their order."""
    by_status = {status: [s for s in report.signals if s.status == status] for status in _MARKS}
    parts = []
    if by_status["fail"]:
        parts.append(Section(title="What differs", body=_signals(by_status["fail"], report)))
    if by_status["warn"]:
        parts.append(
            Section(title="Worth a look", body=_signals(by_status["warn"], report), folded=bool(by_status["fail"]))
        )
    parts.append(Section(title="All signals at a glance", body=_overview(report)))
    parts += _pictures(report)
    rest = by_status["pass"] + by_status["unknown"]
    if rest:
        parts.append(Section(title=f"The other signals ({len(rest)})", body=_signals(rest, report), folded=True))
    parts.append(Section(title="How to read this", body=fragment(_how(), report=report), folded=True))
    return parts


def _how() -> Path:
    return Path(__file__).with_name("how.html.j2")


def _signals(signals: Sequence[Signal], report: AuditReport) -> Markup:
    seen: set[str] = set()
    rows = [
        {
            "title": title(signal), "tone": _MARKS[signal.status][0], "mark": _MARKS[signal.status][1],
            "signal": signal, "band": band(signal), "value": amount(signal, signal.value),
            "reference": amount(signal, signal.reference), "examples": unseen(signal, seen),
            "side": "real" if signal.name in _SYNTHETIC_EXAMPLES else "synthetic",
        }
        for signal in signals
    ]  # fmt: skip
    return fragment(_TEMPLATE, rows=rows)


def _overview(report: AuditReport) -> Markup:
    rows = [
        Interval(
            label=title(signal), value=_standing(signal), tone=_MARKS[signal.status][0], note=_MARKS[signal.status][1],
            band_low=-1.0 if signal.low is not None else 0.0, band_high=1.0 if signal.high is not None else 0.0,
        )
        for signal in report.signals if signal.value is not None
    ]  # fmt: skip
    picture = forest(
        rows, reference=0.0, low=-_FARTHEST - 0.2, high=_FARTHEST + 0.2, form=_bands,
        says="Every signal on one scale: inside the grey band nothing sets the two sets apart.",
    )  # fmt: skip
    return _figure(
        picture,
        "Every signal on one scale: 0 is where two samples of one real crowd lie on average, the grey band is what all "
        "signals together would keep to in 98.5 of 100 such pairs. Points at the edge lie farther out.",
    )


def _bands(value: float) -> str:
    return f"{value:+.0f}" if value else "0"


def _standing(signal: Signal) -> float:
    """Distance from the reference in widths of the band, cut at `_FARTHEST`."""
    value, reference = signal.value or 0.0, signal.reference or 0.0
    end = signal.high if value >= reference else signal.low
    if end is None or end == reference:
        return 0.0
    sign = 1.0 if value >= reference else -1.0
    return sign * min(_FARTHEST, abs((value - reference) / (end - reference)))


def _pictures(report: AuditReport) -> list[Section]:
    """The pictures, each folded unless a signal it belongs to fails."""
    drawn = report.pictures
    habits = [Pair(label=trait.name, real=trait.real, synthetic=trait.synthetic) for trait in drawn.traits]
    written = dumbbell(habits, says="Share of real and of synthetic cases that show each habit.")
    pictures = [
        ("Words over-used by the synthetic set", ("terms.", "words."), _terms(drawn.terms, "hold each word")),
        ("Openings over-used by the synthetic set", ("openings.",), _terms(drawn.openings, "begin so")),
        ("Can they be told apart?", ("distinguishable",), _told_apart(report)),
        ("Habits of writing", ("register.",), _figure(written, "Share of cases that show each habit.")),
        *((_PROFILE_TITLES[one.name][0], (_PROFILE_TITLES[one.name][1],), _profile(one)) for one in drawn.profiles),
        ("Coverage both ways", ("coverage.",), _coverage(report)),
    ]
    failing = tuple(signal.name for signal in report.signals if signal.status == "fail")
    return [
        Section(title=name, body=body, folded=not any(one.startswith(kinds) for one in failing))
        for name, kinds, body in pictures
    ]


_PROFILE_TITLES = {
    "words": ("Length", "length."), "distance": ("Distance from the nearest real case", "distance."),
}  # fmt: skip
"""Of the section, and the signals it belongs to."""


def _terms(terms: Sequence[Term], what: str) -> Markup:
    if not terms:
        return fragment(_how().with_name("nothing.html.j2"), text="None is held by clearly more synthetic cases.")
    rows = [Pair(label=term.term, real=term.real, synthetic=term.synthetic) for term in terms[:_ROWS]]
    more = f" {len(terms) - _ROWS} more are in the machine output." if len(terms) > _ROWS else ""
    return _figure(
        dumbbell(rows, says=f"Share of real and of synthetic cases that {what}."),
        f"Share of cases that {what}, the clearest differences first.{more} A word is leaked only when the "
        "signal fails: among many words some always differ.",
    )


def _told_apart(report: AuditReport) -> Markup:
    rows = [
        Interval(
            label="all texts" if signal.name == "distinguishable" else "texts of like length", value=signal.value,
            low=signal.interval[0] if signal.interval else None, high=signal.interval[1] if signal.interval else None,
            band_low=max(0.0, 2 * (signal.reference or 0.5) - (signal.high or 1.0)), band_high=signal.high,
            tone=_MARKS[signal.status][0], note=plain(signal.value),
        )
        for signal in report.signals if signal.name.startswith("distinguishable") and signal.value is not None
    ]  # fmt: skip
    if not rows:
        return fragment(_how().with_name("nothing.html.j2"), text="Too few cases to measure this.")
    return _figure(
        forest(
            rows, reference=0.5, low=0.25, high=1.02,
            says="Area under the ROC curve of a classifier, against the grey band of two samples of one crowd.",
        ),
        "Chance that a classifier ranks a synthetic case above a real one on texts it has not seen: 0.5 is guessing, 1 "
        "is always right. The grey band is what two samples of one crowd reach; the whiskers are the 95 % interval.",
    )  # fmt: skip


def _profile(profile: Profile) -> Markup:
    ends = 20  # the longest one in twenty would squeeze everything else
    lines = [
        Curve(label=name, kind=name, points=[(value, step / 20) for step, value in enumerate(values[:ends])])
        for name, values in (("real", profile.real), ("synthetic", profile.synthetic))
    ]
    x = "words in a case" if profile.name == "words" else "cosine distance to the nearest (other) real case"
    middle = (profile.real[10], profile.synthetic[10])
    return _figure(
        curves(lines, x=x, says=f"Cumulative share of cases over {x}: half of the real ones up to {plain(middle[0])}."),
        f"How many cases have at most so much: a line further right means more. Half of the real cases reach "
        f"{plain(middle[0])}, half of the synthetic ones {plain(middle[1])}.",
    )


def _coverage(report: AuditReport) -> Markup:
    rows = [
        Interval(
            label=title(signal), value=signal.value, band_low=0.0, band_high=signal.high,
            tone=_MARKS[signal.status][0], note=share(signal.value),
        )
        for signal in report.signals if signal.name.startswith("coverage.") and signal.value is not None
    ]  # fmt: skip
    if not rows:
        return fragment(_how().with_name("nothing.html.j2"), text="Too few cases to measure this.")
    return _figure(
        forest(rows, low=0.0, high=1.02, form=share, says="Share of cases on either side without a counterpart."),
        "Share of cases without a counterpart on the other side; the grey band is what two samples of one crowd show.",
    )


def _figure(picture: Markup, caption: str) -> Markup:
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(picture, caption)
