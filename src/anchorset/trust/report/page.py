"""A trust report as one self-contained page: the answers first, then a picture for each thing that can be seen.

What this module does not know: how anything was measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from anchorset.core.numbers import share
from anchorset.core.provenance import REAL_BUCKETS, SEED
from anchorset.core.trust import Answer, Estimate, Move, Parity, Reply, RunRates, TrustReport
from anchorset.infra.html.lines import SERIES, Line, lines
from anchorset.infra.html.page import Section, Tone, page
from anchorset.infra.html.plots import Interval, forest
from anchorset.trust.report.moves import sentence
from anchorset.trust.report.page_cases import clouds, distances, survival, terms
from anchorset.trust.report.page_parts import figure, fill, nothing
from anchorset.trust.report.parity import told
from anchorset.trust.report.phrases import amount, signed
from anchorset.trust.report.population import REDTEAM
from anchorset.trust.report.words import next_step, title, tone, verdict

TONES: dict[Answer, Tone] = {"yes": "good", "no": "bad", "unknown": "caution"}
MARKS: dict[Answer, str] = {"yes": "✓ yes", "no": "✕ no", "unknown": "? unknown"}

PARITY_ROWS = 40
OUTCOME_ROWS = 50


def html(report: TrustReport, *, back: tuple[str, str] | None = None) -> str:
    """The whole page. `back`: (address, words) of a link to where it was opened from."""
    counts = ", ".join(f"{name} {n:,}" for name, n in report.by_bucket.items())
    facts = [
        f"{amount(sum(report.by_bucket.values()), 'case')}: {counts}" if counts else "no case",
        f"{amount(len(report.runs), 'run')} read, {amount(len(report.outcomes), 'outcome')}; as of {report.at}",
        *([f"digest {report.digest}"] if report.digest else []),
        *report.notes,
    ]
    return page(
        title=f"Trust: {report.dataset}", verdict=verdict(report), tone=TONES[tone(report)],
        lead=f"Next: {next_step(report)}", sections=sections(report), facts=facts, back=back,
    )  # fmt: skip


def sections(report: TrustReport) -> list[Section]:
    """The parts of the page, in their order."""
    kinds = bucket_kinds(report)
    quiet = [one for one in report.signals if one.answer == "yes"]
    loud = [one for answer in ("no", "unknown") for one in report.signals if one.answer == answer]
    parts = [Section(title="Five questions", body=_answers(report.questions))]
    if loud:
        parts.append(Section(title="Signals that ask for something", body=_answers(loud)))
    if quiet:
        parts.append(
            Section(title=f"Signals that are as they should be ({len(quiet)})", body=_answers(quiet), folded=True)
        )
    return [
        *parts,
        Section(title="Pass rate by bucket", body=_rates(report, kinds)),
        Section(title="The last change, bucket by bucket", body=_last_move(report)),
        Section(title="Behaviour: the seed beside synthetic cases", body=_parity(report)),
        Section(title="Survival of candidates", body=survival(report)),
        Section(title="Distance from the nearest seed", body=distances(report, kinds)),
        Section(title="Words over-used by synthetic cases", body=terms(report)),
        Section(title="Behaviour map", body=clouds(report, kinds)),
        Section(title="History of runs", body=fill("history.html.j2", runs=report.runs[::-1], seed=SEED)),
        Section(title="Outcomes of releases", body=_outcomes(report)),
        Section(title="How to read this", body=fill("how.html.j2"), folded=True),
    ]


def bucket_kinds(report: TrustReport) -> dict[str, str]:
    """Bucket -> its colour: the seed is `real`, every other bucket one of the series, the same in all pictures."""
    named = dict.fromkeys([*report.by_bucket, *(name for run in report.runs for name in run.buckets)])
    others = [name for name in named if name != SEED]
    return {SEED: "real"} | {name: f"s{at % SERIES + 1}" for at, name in enumerate(others)}


def _answers(replies: Sequence[Reply]) -> Markup:
    return fill("answers.html.j2", replies=replies, title=title, tones=TONES, marks=MARKS)


def versions(report: TrustReport) -> list[RunRates]:
    """The newest run of each target version under the same evaluators, by first appearance."""
    newest: dict[tuple[object, ...], RunRates] = {}
    for run in report.runs:
        if run.overall is not None:
            newest[run.target, run.version, run.evaluators] = run
    return list(newest.values())


def _rates(report: TrustReport, kinds: dict[str, str]) -> Markup:
    shown = versions(report)
    if not shown:
        return nothing("No run has judged a case of this version: run a target on it.")
    names = [f"{run.target}@{run.version[:12]}" for run in shown]
    buckets = [name for name in kinds if any(name in run.buckets for run in shown)]
    artificial = [name for name in buckets if name not in REAL_BUCKETS]
    rows = [_line(name, kinds[name], [run.buckets.get(name) for run in shown], strong=name == SEED) for name in buckets]
    if len(artificial) > 1:
        rows.append(_line("all synthetic", "synthetic", [run.synthetic for run in shown], strong=True))
    first, last = shown[0], shown[-1]
    said = "; ".join(
        f"{name} {_share(ours(first))} to {_share(ours(last))}"
        for name, ours in (("seed", _seed), ("all synthetic", lambda run: run.synthetic))
        if ours(first) is not None and ours(last) is not None
    )
    span = f" From {names[0]} to {names[-1]}: {said}." if said and len(shown) > 1 else ""
    return figure(
        lines(rows, names, says=f"Pass rate by bucket over {amount(len(shown), 'target version')}. {span}"),
        "Share of cases passed by each target version, oldest first; the whiskers are 95 % intervals of the seed."
        f"{span} Where synthetic cases climb and the seed falls, the seed is right. The history below has the numbers.",
    )  # fmt: skip


def _seed(run: RunRates) -> Estimate | None:
    return run.buckets.get(SEED)


def _share(found: Estimate | None) -> str:
    return share(found.value if found else None)


def _line(label: str, kind: str, found: Sequence[Estimate | None], *, strong: bool = False) -> Line:
    whiskers = [one if strong and kind == "real" else None for one in found]
    return Line(
        label=label, kind=kind, strong=strong, values=[one.value if one else None for one in found],
        low=[one.low if one else None for one in whiskers], high=[one.high if one else None for one in whiskers],
    )  # fmt: skip


def _last_move(report: TrustReport) -> Markup:
    last = _newest(report.moves)
    if last is None:
        return nothing("Two target versions on the same cases are needed to see a change.")
    rows = list(last.buckets.items())
    if last.synthetic and sum(name not in REAL_BUCKETS for name in last.buckets) > 1:
        rows.append(("all synthetic", last.synthetic))
    intervals = [
        Interval(
            label=f"{name} ({one.n:,})", value=100 * one.value, low=100 * one.low, high=100 * one.high,
            tone="bad" if one.high < 0 else "good" if one.low > 0 else "muted", note=signed(one.value),
        )
        for name, one in rows
    ]  # fmt: skip
    said = "; ".join(f"{name} {signed(one.value)}" for name, one in rows)
    plot = forest(
        intervals, reference=0.0, form=lambda value: f"{value:+g}" if value else "0",
        says=f"Change in points from {last.baseline} to {last.candidate}: {said}",
    )  # fmt: skip
    word = f" The verdict of this change: {last.verdict}." if last.verdict else ""
    return figure(
        plot,
        f"{sentence(last)}{word} Change of the pass rate in points on the cases both answered, with 95 % intervals; "
        "in brackets the number of cases.",
    )


def _newest(moves: Sequence[Move]) -> Move | None:
    """The last swap; the step from the first version to the last, which stands after it, is none."""
    spanning = len(moves) > 2 and moves[-1].baseline == moves[0].baseline and moves[-1].candidate == moves[-2].candidate
    swaps = moves[:-1] if spanning else moves
    return swaps[-1] if swaps else None


def _parity(report: TrustReport) -> Markup:
    if not report.parity:
        return nothing("No target has answered ten seeds and ten synthetic cases of this version.")
    order = sorted(report.parity, key=lambda one: (not one.sure, not one.flagged, -abs(one.difference)))
    flagged = told([one for one in order if one.flagged])
    drawn = [one for one in order if one.behaviour != "length" and max(one.seed, one.other) > 0][:16]
    several = len({one.target for one in drawn}) > 1

    def whose(one: Parity) -> str:
        return f" ({one.target.partition('@')[0]})" if several else ""

    plot = forest(
        [
            Interval(
                label=f"{_behaviour(one.behaviour)}, {one.bucket}{whose(one)}", value=100 * one.difference,
                low=100 * one.low,
                high=100 * one.high, note=signed(one.difference), band_low=-10.0, band_high=10.0,
                tone="muted" if one.bucket == REDTEAM or not one.flagged else "bad" if one.sure else "caution",
            )
            for one in drawn
        ],
        reference=0.0, form=lambda value: f"{value:+g}" if value else "0",
        says="Behaviour on the seed minus behaviour on synthetic cases, in points. "
        + " ".join(one.says for one in flagged[:3]),
    )  # fmt: skip
    return fill(
        "parity.html.j2", flagged=flagged[:8], more=len(flagged) - 8, rows=order[:PARITY_ROWS],
        hidden=len(order) - PARITY_ROWS, signed=signed, behaviour=_behaviour,
        plot=figure(
            plot,
            "How often the target did it on the seed, minus how often on the bucket, in points, the largest first; "
            "inside the grey band a difference is too small to matter. Red team is meant to differ and does not count.",
        ) if drawn else nothing("No tool was called, nothing was refused, nothing failed."),
    )  # fmt: skip


def _behaviour(name: str) -> str:
    """`tool:refund` as `tool refund`."""
    kind, _, what = name.partition(":")
    named = {"tool": "tool", "class": "answer"}.get(kind, kind)
    return f"{named} {what}" if what else "any tool" if kind == "tool" else named


def _outcomes(report: TrustReport) -> Markup:
    if not report.outcomes:
        return nothing("None is recorded. Production has the last word: record what it said after each release.")
    return fill(
        "outcomes.html.j2", rows=report.outcomes[::-1][:OUTCOME_ROWS], hidden=len(report.outcomes) - OUTCOME_ROWS
    )
