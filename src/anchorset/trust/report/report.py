"""The trust report: one history in, five answers, the signals and what the pictures are drawn from.

What this module does not know: how any answer is found, and how it is shown.
"""

from __future__ import annotations

from anchorset.core.trust import Pictures, TrustReport
from anchorset.trust.report.age import staleness
from anchorset.trust.report.anchor import leakage, seed_size
from anchorset.trust.report.families import families, parties
from anchorset.trust.report.history import History
from anchorset.trust.report.moves import moves, steps, together
from anchorset.trust.report.nearness import clouds, distance, embedded, near, profiles
from anchorset.trust.report.outcome import outcomes_signal
from anchorset.trust.report.parity import parity, parity_signal
from anchorset.trust.report.people import agreement, judge
from anchorset.trust.report.phrases import amount
from anchorset.trust.report.points import SHOWN, distinct, newest_of_targets, points, rates
from anchorset.trust.report.population import population
from anchorset.trust.report.provenance import provenance
from anchorset.trust.report.sides import synthetic_only
from anchorset.trust.report.survival import decided, grid, survival
from anchorset.trust.report.swing import swing
from anchorset.trust.report.vocabulary import audited, saturation, terms, vocabulary


def report(history: History) -> TrustReport:
    """Whether verdicts on this dataset version can be trusted, as far as its history tells.

    The report depends on the history alone: the same history gives the same report, whatever the order of cases.
    """
    config, manifest = history.config, history.manifest
    max_drop, random_seed = config.trust.max_drop, config.random_seed
    of = population(history.cases)
    vectors = embedded([case.text for case in of.cases], history.embedder)
    key_terms = history.key_terms or config.constraints.key_terms

    every = points(history.runs, of)
    measured = distinct(every)
    newest = newest_of_targets(every)
    walked, spanned = steps(measured, of, max_drop=max_drop, random_seed=random_seed) if measured else ([], False)
    moved = moves(walked, max_drop=max_drop)
    last = walked[:-1] if spanned else walked
    found = decided(history.verdicts, history.judged)
    words = audited(of, history.embedder, key_terms=key_terms, random_seed=random_seed)
    away = near(of, vectors, random_seed=random_seed)
    behaved = parity(newest, of)

    seeds, strangers = int(of.seed.sum()), sum(one.left_out for one in newest)
    answered = sum(len(one.rows) for one in newest)
    rows, columns, cells = grid(found, axes=config.axes)
    edges, distances = profiles(away)
    drawn, shown = clouds(of, vectors, random_seed=random_seed)
    return TrustReport(
        dataset=manifest.ref if manifest else config.name,
        digest=manifest.digest if manifest else None,
        at=history.now,
        by_bucket={name: int((of.bucket == name).sum()) for name in of.buckets},
        questions=(
            provenance(of, left_out=strangers, rows=strangers + answered),
            together(moved, spanned=spanned, seeds=seeds, targets=len(measured)),
            survival(found),
            vocabulary(words, seeds=seeds),
            families(parties(
                config, of.cases, [head for head, _ in history.runs], history.calibrations, history.production
            )),
        ),
        signals=(
            seed_size(of, manifest),
            parity_signal(behaved, ran=bool(newest), seeds=seeds),
            synthetic_only(newest, of, max_drop=max_drop),
            swing(last[-1] if last else None, of, max_drop=max_drop, random_seed=random_seed),
            leakage(of, manifest, history.leaks),
            distance(away),
            saturation(words),
            staleness(
                of, manifest, made_at=history.made_at, inputs=history.inputs, now=history.now,
                stale_days=config.trust.stale_days,
            ),
            agreement(history.verdicts, history.grades),
            judge(every, history.grades, history.calibrations),
            outcomes_signal(history.outcomes),
        ),
        runs=tuple(rates(one, of) for one in every[-SHOWN:]),
        moves=tuple(moved),
        parity=tuple(behaved),
        outcomes=tuple(history.outcomes),
        notes=_notes(len(every), words.notes if words else ()),
        pictures=Pictures(
            rows=rows, columns=columns, survival=cells, steps=edges,
            band=(away.band.too_close, away.band.too_far) if away and away.band else None,
            profiles=distances, terms=terms(words), clouds=drawn, shown_variance=shown,
        ),
    )  # fmt: skip


def _notes(runs: int, audit: tuple[str, ...]) -> tuple[str, ...]:
    notes = list(audit)
    if runs > SHOWN:
        notes.append(f"The history shows the last {SHOWN} of {amount(runs, 'run')}.")
    return tuple(notes)
