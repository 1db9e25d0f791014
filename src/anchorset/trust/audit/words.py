"""An audit in words: titles of its signals, the verdict as a sentence, lines for a terminal.

What this module does not know: colours and pages.
"""

from __future__ import annotations

from anchorset.core.inert import short, visible
from anchorset.core.numbers import plain, share
from anchorset.trust.audit.report import AuditReport, Signal, Status

TITLES = {
    "key_terms.entropy": "Spread over the key terms",
    "terms.leaked": "Leaked terms",
    "words.signature": "Signature words",
    "openings.template": "Opening templates",
    "length.typical": "Typical length",
    "length.spread": "Spread of length",
    "distinguishable": "Can be told apart",
    "distinguishable.length_matched": "Can be told apart at equal length",
    "duplicates.near": "Repeats in the synthetic set",
    "distance.seed": "Distance from the real cases",
    "coverage.seed": "Real cases without a synthetic one",
    "coverage.synthetic": "Synthetic cases unlike any real one",
    "saturation": "Nothing new in another case",
}

SIGNS: dict[Status, str] = {"pass": "pass", "warn": "warn", "fail": "FAIL", "unknown": "?"}

SHOWN_EXAMPLES = 2


def title(signal: Signal) -> str:
    """What a signal is called for people: `Leaked terms`."""
    kind, _, rest = signal.name.partition(":") if ":" in signal.name else signal.name.partition(".")
    if signal.name in TITLES:
        return TITLES[signal.name]
    return f"{kind.capitalize()}: {rest}" if rest else kind.capitalize()


def verdict(report: AuditReport) -> str:
    """The verdict as one line."""
    failing = sum(signal.status == "fail" for signal in report.signals)
    looked = sum(signal.status != "unknown" for signal in report.signals)
    if report.verdict == "drifted":
        return f"Drifted: the synthetic set differs from the real one in {failing} of {looked} signals"
    if report.verdict == "healthy":
        return "Healthy: nothing sets the synthetic cases apart from the real ones"
    return "Inconclusive: too few different texts to tell"


def meaning(report: AuditReport) -> str:
    """What the verdict means for somebody who has to decide."""
    sizes = f"{report.n_synthetic:,} synthetic against {report.n_real:,} real cases"
    if report.verdict == "drifted":
        return (
            f"{sizes}. What an evaluation says on the synthetic cases need not hold for real users: look at the "
            "differences below, and let the real cases decide where the two disagree. A difference is a difference, "
            "it does not say who wrote a text; two groups of people would differ as well."
        )
    if report.verdict == "healthy":
        return (
            f"{sizes}. All signals lie where two samples of one real crowd of these sizes would lie. Differences too "
            "small to show at these sizes are not ruled out."
        )
    few = min(report.distinct_real, report.distinct_synthetic)
    return (
        f"{sizes}, {few:,} different texts on the smaller side. From 40 a side an audit can call a set healthy; below, "
        "only an overwhelming difference is reported. Add cases and ask again."
    )


def amount(signal: Signal, value: float | None) -> str:
    """A number of this signal as people read it: shares as percent, the rest with three digits."""
    kind = signal.name.partition(":")[0].partition(".")[0]
    return share(value) if kind in ("register", "coverage", "duplicates", "saturation") else plain(value)


def band(signal: Signal) -> str:
    """`expected 5 % to 31 %`, `expected up to 4.30`; empty when there is no band."""
    low, high = amount(signal, signal.low), amount(signal, signal.high)
    if signal.low is not None and signal.high is not None:
        return f"expected {low} to {high}"
    if signal.high is not None:
        return f"expected up to {high}"
    return f"expected {low} or more" if signal.low is not None else ""


def unseen(signal: Signal, seen: set[str]) -> list[str]:
    """The examples of a signal that asks to be looked at, without those in `seen`, to which they are added."""
    if signal.status not in ("fail", "warn"):
        return []
    fresh = [text for text in signal.examples if text not in seen]
    seen.update(fresh)
    return fresh


def summary(report: AuditReport) -> list[str]:
    """Plain lines: the verdict, what it means, failing signals with examples, warnings, one line for the rest."""
    lines = [verdict(report) + ".", meaning(report), ""]
    seen: set[str] = set()
    for signal in report.signals:
        if signal.status in ("fail", "warn"):
            lines.append(f"{SIGNS[signal.status]:<5} {visible(title(signal))}: {short(signal.why, 300)}")
            lines.append(f"      measured {amount(signal, signal.value)}, {band(signal)}")
            lines += [f"      e.g. {short(text, 110)}" for text in unseen(signal, seen)[:SHOWN_EXAMPLES]]
    for status in ("pass", "unknown"):
        names = [visible(title(signal)) for signal in report.signals if signal.status == status]
        if names:
            lines.append(f"{SIGNS[status]:<5} {', '.join(names)}")
    return lines + [f"note: {visible(note)}" for note in report.notes]
