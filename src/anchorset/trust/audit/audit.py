"""The audit: two sets in, a report out.

What this module does not know: files and pages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import ConfigError
from anchorset.core.hashing import draw
from anchorset.core.numbers import share as told
from anchorset.core.ports import Embedder
from anchorset.infra.embed.calibration import FLOOR, thresholds_for
from anchorset.trust.audit.crowd import Crowd, gather
from anchorset.trust.audit.entropy import key_term_entropy
from anchorset.trust.audit.features import Floats
from anchorset.trust.audit.ground import Ground, phrases, prepare
from anchorset.trust.audit.leaked import leaked
from anchorset.trust.audit.length import length
from anchorset.trust.audit.likeness import coverage, distance, duplicates
from anchorset.trust.audit.null import SHUFFLES, Measured, Reading, read, shuffled
from anchorset.trust.audit.openings import openings
from anchorset.trust.audit.register import columns, register
from anchorset.trust.audit.report import AuditReport, Pictures, Profile, Signal, Status, Verdict
from anchorset.trust.audit.saturation import by_slice, saturation
from anchorset.trust.audit.signature import is_topic, signature
from anchorset.trust.audit.tell_apart import tell_apart

ENOUGH = 40
"""Distinct texts a side from which a set can be called healthy."""

OVERWHELMING = 2.0
"""Below `ENOUGH`, a signal must exceed the joint threshold this many times to call a set drifted."""

COPIED = 0.25
"""Share of synthetic cases that nearly repeat a real one from which it is said aloud."""

_FEWEST = 5
_SHOWN = 20


def audit(
    real: Sequence[str], synthetic: Sequence[str], *, embedder: Embedder, key_terms: Sequence[str] = (),
    random_seed: int = 7, real_groups: Sequence[str] | None = None, synthetic_groups: Sequence[str] | None = None,
    real_slices: Sequence[str | None] | None = None, synthetic_slices: Sequence[str | None] | None = None,
) -> AuditReport:  # fmt: skip
    """Whether a synthetic set is distributed like the real one, as far as these sizes can tell.

    key_terms: the words to watch for spread; none: the 50 content words in most real cases.
    groups: one id a case; cases of one group (a conversation, the mutations of one seed) are one voice: they move
    together in the null, and are not counted as repeats of each other. slices: one value a case, or None.
    The report depends on texts and seed, not on the order of the cases.
    Raises NothingKeptError when a set has no text, UsageError when groups or slices are not one a case.
    """
    crowd = gather(
        real, synthetic, embedder=embedder, near=_near_duplicate(embedder), seed=random_seed,
        real_groups=real_groups, synthetic_groups=synthetic_groups,
        real_slices=real_slices, synthetic_slices=synthetic_slices,
    )  # fmt: skip
    rng = np.random.default_rng(draw(random_seed, "audit", "shuffles"))
    ground = prepare(crowd, shuffled(crowd, rng))
    measured, unknown, pictures = _measure(ground, key_terms, rng)
    few = min(crowd.distinct(False), crowd.distinct(True))
    readings = read(measured, widen=1.0 if few >= ENOUGH else OVERWHELMING)
    caps = _caps(crowd, ground)
    signals = [_signal(one, reading, few, caps) for one, reading in zip(measured, readings, strict=True)]
    signals += unknown + _slices(ground)
    signals.sort(key=lambda signal: ("fail", "warn", "pass", "unknown").index(signal.status))
    return AuditReport(
        verdict=_verdict(signals, few), n_real=crowd.n_real, n_synthetic=crowd.n_synthetic,
        measured_real=ground.n_real, measured_synthetic=ground.n_synthetic,
        distinct_real=crowd.distinct(False), distinct_synthetic=crowd.distinct(True),
        signals=tuple(signals), permutations=SHUFFLES, random_seed=random_seed, embedder=embedder.name,
        notes=(*caps, *_copies(crowd)), pictures=pictures,
    )  # fmt: skip


def _measure(
    ground: Ground, key_terms: Sequence[str], rng: np.random.Generator
) -> tuple[list[Measured], list[Signal], Pictures]:
    content = ground.words.only(is_topic)
    watched = phrases(ground.said, key_terms) if key_terms else content
    entropy = key_term_entropy(ground, watched, given=bool(key_terms))
    terms, over_terms = leaked(ground, content)
    words, over_words = signature(ground)
    begins, over_openings = openings(ground)
    names, written = columns(ground.crowd.texts)
    habits, traits = register(ground, names, written)
    measured = [
        terms, words, begins, *([entropy] if entropy else []), *habits, *length(ground),
        *tell_apart(ground, written, rng), duplicates(ground, rng), distance(ground), *coverage(ground),
        saturation(ground),
    ]  # fmt: skip
    unknown = [] if entropy else [_unknown("key_terms.entropy", "Fewer than two key terms stand in the real set.")]
    both = sorted((*over_terms.terms, *over_words.terms), key=lambda term: -term.z)
    pictures = Pictures(
        terms=tuple(both[:_SHOWN]), openings=tuple(over_openings.terms[:_SHOWN]), traits=traits,
        profiles=_profiles(ground),
    )  # fmt: skip
    return measured, unknown, pictures


def _signal(measured: Measured, reading: Reading, few: int, caps: Sequence[str]) -> Signal:
    if few < _FEWEST and not measured.certain:
        return _unknown(measured.name, f"{measured.why} With {few} distinct texts on one side nothing can be said.")
    outside = reading.outside or measured.certain
    if measured.ratio_limit is None:
        status: Status = "fail" if outside else "warn" if reading.alone else "pass"
    else:
        far = abs(measured.value / measured.reference - 1) > measured.ratio_limit
        status = "fail" if outside and far else "warn" if outside or (far and reading.alone) else "pass"
    return Signal(
        name=measured.name, status=status, value=_round(measured.value), reference=_round(measured.reference),
        low=_round(reading.low), high=_round(reading.high), interval=measured.interval,
        why=" ".join((measured.why, *caps)), examples=measured.examples,
    )  # fmt: skip


def _unknown(name: str, why: str) -> Signal:
    return Signal(name=name, status="unknown", value=None, reference=None, low=None, high=None, why=why)


def _verdict(signals: Sequence[Signal], few: int) -> Verdict:
    if any(signal.status == "fail" for signal in signals):
        return "drifted"
    return "healthy" if few >= ENOUGH else "inconclusive"


def _slices(ground: Ground) -> list[Signal]:
    return [
        Signal(
            name=f"saturation:{name}", status="warn" if rate > 2 * real + 0.1 else "pass", value=_round(rate),
            reference=_round(real), low=None, high=_round(2 * real + 0.1), examples=examples,
            why=(
                f"In the slice {name!r}, {told(rate)} of {cases} synthetic cases repeat or nearly repeat another one; "
                f"{told(real)} of the real set do. A remark, not a part of the verdict."
            ),
        )
        for name, cases, rate, real, examples in by_slice(ground)
    ]  # fmt: skip


def _profiles(ground: Ground) -> tuple[Profile, ...]:
    side = ground.crowd.synthetic
    away = np.where(side, 1 - ground.near.other[:, 0], 1 - ground.near.own[:, 0])
    steps = np.linspace(0, 1, 21)

    def at(values: Floats, rows: NDArray[np.bool_]) -> tuple[float, ...]:
        return tuple(float(round(step, 4)) for step in np.quantile(values[rows], steps))

    return (
        Profile(name="words", real=at(ground.lengths, ~side), synthetic=at(ground.lengths, side)),
        Profile(name="distance", real=at(away, ~side), synthetic=at(away, side)),
    )


def _caps(crowd: Crowd, ground: Ground) -> tuple[str, ...]:
    """One sentence when a set was too large to be measured whole, else nothing."""
    sides = (("real", crowd.n_real, ground.n_real), ("synthetic", crowd.n_synthetic, ground.n_synthetic))
    cut = [f"{measured:,} of {given:,} {name} cases" for name, given, measured in sides if measured < given]
    return (f"Measured on {' and '.join(cut)}, drawn at random.",) if cut else ()


def _copies(crowd: Crowd) -> tuple[str, ...]:
    said_by_real = np.isin(crowd.same, crowd.same[~crowd.synthetic]) & crowd.synthetic
    share = float(crowd.count[said_by_real].sum() / crowd.count[crowd.synthetic].sum())
    if share <= COPIED:
        return ()
    return (f"{told(share)} of the synthetic cases nearly repeat a real one: they add little that is new.",)


def _near_duplicate(embedder: Embedder) -> float:
    try:
        return thresholds_for(embedder.name).near_duplicate
    except ConfigError:
        return FLOOR


def _round(value: float | None) -> float | None:
    return None if value is None else float(round(value, 6))
