"""What can only be seen on the whole set: findings that no single candidate deserves.

    set.vocabulary   entropy of the key terms within 15 % of the seeds'
    set.saturation   late candidates are still new: their distance to what was there before has not halved
    set.mix          each technique within 2 points of its ordered share
    set.cling        red team does not cling to a few known attack patterns
    set.caricature   no technique in a cell has under 40 % of its decided candidates kept
    set.staleness    at most a tenth of what stands was made from something that is another now
    set.collusion    no candidate was written by a model of the judge's or a target's family

The first four look at one production, the last three at everything that is there, reviewed or not.
What this module does not know: what to do about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.decision import standing
from anchorset.core.family import family_of
from anchorset.core.finding import Finding
from anchorset.core.numbers import share as told
from anchorset.core.plan import cell_name
from anchorset.core.provenance import Synthetic
from anchorset.infra.embed.neighbours import nearest_in
from anchorset.infra.stats.entropy import entropy_bits
from anchorset.infra.stats.intervals import wilson
from anchorset.infra.text.vocabulary import key_terms, words
from anchorset.qualify.crowd import Crowd

ENTROPY_BAND = 0.15
MIX_BAND = 0.02
HALVED = 0.5
CLING_SHARE, CLING_LEAST = 0.15, 20
QUARTERS = 4
ENOUGH = 40
"""Candidates under which vocabulary, saturation and mix say nothing."""
CARICATURE, DECIDED = 0.40, 10
"""Survival under which a group of candidates is a caricature, and the decisions under which nothing is said of it."""
STALE = 0.10
STANDING = ("passed", "approved", "edited", "sampled", "shipped")
"""Statuses of a candidate that no check and no reviewer rejected."""
NAMED = 3
"""Groups named in one sentence."""


def set_findings(passed: Sequence[Case], *, crowd: Crowd, ordered: Mapping[str, float]) -> list[Finding]:
    """Four findings on the candidates in the order in which they passed. `ordered`: technique -> share 0-1."""
    return [_vocabulary(passed, crowd), _saturation(passed, crowd), _mix(passed, ordered), _cling(passed)]


def _finding(code: str, hit: bool, score: float, threshold: float, evidence: str) -> Finding:
    return Finding(
        check=code,
        version=1,
        says="flag" if hit else "pass",
        score=round(score, 4),
        threshold=threshold,
        evidence=evidence,
    )


def _not_run(code: str, why: str) -> Finding:
    return Finding(check=code, version=1, says="not_run", evidence=why)


def _few(code: str, passed: Sequence[Case]) -> Finding:
    return _not_run(code, f"{len(passed)} candidates, {ENOUGH} needed")


def _vocabulary(passed: Sequence[Case], crowd: Crowd) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.vocabulary", passed)
    terms = key_terms(crowd.texts)
    before, after = (_entropy(texts, terms) for texts in (crowd.texts, [case.text for case in passed]))
    if not before:
        return _not_run("set.vocabulary", "the seeds share no key term")
    change = after / before - 1
    return _finding(
        "set.vocabulary", abs(change) > ENTROPY_BAND, change, ENTROPY_BAND,
        f"the 50 key terms of the seeds spread over {after:.2f} bits, in the seeds over {before:.2f} "
        f"({100 * change:+.0f} %): look at `audit` for the words that took over",
    )  # fmt: skip


def _entropy(texts: Sequence[str], terms: Sequence[str]) -> float:
    wanted = set(terms)
    counts = Counter(word for text in texts for word in set(words(text)) if word in wanted)
    return entropy_bits(list(counts.values())) if counts else 0.0


def _saturation(passed: Sequence[Case], crowd: Crowd) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.saturation", passed)
    vectors = crowd.embedder.embed([case.text for case in passed])
    quarter = len(passed) // QUARTERS
    first, last = (_novelty(vectors, start, start + quarter) for start in (quarter, len(passed) - quarter))
    kept = last / first if first else 1.0
    return _finding(
        "set.saturation", kept < HALVED, kept, HALVED,
        f"the last candidates are {told(kept)} as far from all before them as the earlier ones were: "
        "more from these seeds will mostly repeat, ingest others",
    )  # fmt: skip


def _novelty(vectors: NDArray[np.float32], start: int, end: int) -> float:
    """Median cosine distance of the candidates in [start, end) to the nearest candidate before `start`."""
    return float(np.median(1 - nearest_in(vectors[start:end], vectors[:start])[1]))


def _mix(passed: Sequence[Case], ordered: Mapping[str, float]) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.mix", passed)
    got = Counter(str(case.bucket) for case in passed)
    total, whole = max(1, len(passed)), sum(ordered.values()) or 1
    off = {name: got[name] / total - share / whole for name, share in ordered.items()}
    name = max(off, key=lambda key: abs(off[key]), default="")
    if not name:
        return _not_run("set.mix", "nothing was ordered")
    said = f"{name} is {100 * off[name]:+.1f} % off its share of the mix; the moved and short cells say why"
    return _finding("set.mix", abs(off[name]) > MIX_BAND, off[name], MIX_BAND, said)


def _cling(passed: Sequence[Case]) -> Finding:
    patterns = Counter(
        step.operator
        for case in passed
        if isinstance(case.provenance, Synthetic) and case.bucket == "redteam"
        for step in case.provenance.operators[:1]
    )
    total = sum(patterns.values())
    if total < CLING_LEAST:
        return _not_run("set.cling", f"{total} attacks, {CLING_LEAST} needed")
    name, most = patterns.most_common(1)[0]
    return _finding(
        "set.cling", most > CLING_SHARE * total, most / total, CLING_SHARE, f"{name} makes {most} of {total} attacks"
    )


def standing_findings(
    candidates: Sequence[Case],
    *,
    axes: Sequence[str] = (),
    stale: Mapping[str, str] | None = None,
    families: Mapping[str, str | None] | None = None,
) -> list[Finding]:
    """Three findings on all candidates there are, of any status. No model and no vector is asked.

    `axes`: of the grid, whose cells are judged apart. `stale`: case id -> why, as `staleness.stale` gives it; None:
    nobody looked. `families`: `judge` or `target NAME` -> model family, None where no model answers or nobody knows.
    """
    made = [case for case in candidates if isinstance(case.provenance, Synthetic)]
    return [_caricature(made, axes), _staleness(made, stale), _collusion(made, families or {})]


def _caricature(candidates: Sequence[Case], axes: Sequence[str]) -> Finding:
    """The limit is held against the upper 95 % limit of Wilson (1927), so that a run of bad luck is none.

    At the ten decisions that are the least, that means none kept; of 25, five.
    """
    code = "set.caricature"
    kept: Counter[tuple[str, str]] = Counter()
    decided: Counter[tuple[str, str]] = Counter()
    for case in candidates:
        word = standing(case.reviews) if case.reviews else case.status
        # What a check rejected has no review, and was never decided on.
        if word in ("approved", "edited") or (word == "rejected" and case.reviews):
            cell = cell_name({axis: case.metadata.get(axis) for axis in axes})
            decided[str(case.bucket), cell] += 1
            kept[str(case.bucket), cell] += word != "rejected"
    told = {place: kept[place] / n for place, n in decided.items() if n >= DECIDED}
    if not told:
        most = max(decided.values(), default=0)
        return _not_run(code, f"no technique in a cell has {DECIDED} decisions, the most has {most}")
    order = sorted(told, key=lambda place: (told[place], place))
    bad = [place for place in order if wilson(kept[place], decided[place])[1] < CARICATURE]
    shown = [
        f"{technique} in {cell}: {kept[technique, cell]:,} of {decided[technique, cell]:,} kept"
        for technique, cell in (bad or order)[: NAMED if bad else 1]
    ]
    more = f" and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
    advice = " (reviewers reject most of it: look at their reasons before more of it is made)" if bad else ""
    return _finding(code, bool(bad), told[bad[0] if bad else order[0]], CARICATURE, f"{'; '.join(shown)}{more}{advice}")


def _staleness(candidates: Sequence[Case], stale: Mapping[str, str] | None) -> Finding:
    there = [case.id for case in candidates if case.status in STANDING]
    if stale is None or not there:
        return _not_run("set.staleness", "nobody looked" if stale is None else "no candidate stands")
    old = [stale[id] for id in there if id in stale]
    # Equal reasons are counted together; of several that are as frequent, the first by name.
    why = min(Counter(old).items(), key=lambda pair: (-pair[1], pair[0]), default=None)
    most = f", most often because {why[0]} ({why[1]:,})" if why else ""
    advice = ": produce again what has changed" if len(old) > STALE * len(there) else ""
    said = f"{len(old):,} of {len(there):,} candidates are stale{most}{advice}"
    return _finding("set.staleness", len(old) > STALE * len(there), len(old) / len(there), STALE, said)


def _collusion(candidates: Sequence[Case], families: Mapping[str, str | None]) -> Finding:
    code = "set.collusion"
    roles: dict[str, list[str]] = {}
    for role, name in sorted(families.items()):
        if name and role != "generator":
            roles.setdefault(_family(name), []).append(role)
    there = [case.provenance for case in candidates if case.status in STANDING]
    writers = Counter(
        _family(name)
        for one in there
        if isinstance(one, Synthetic) and (name := one.family or family_of(one.model))
    )  # fmt: skip
    if not writers:
        unnamed = any(isinstance(one, Synthetic) and one.model for one in there)
        return _not_run(code, "no family of a writing model is known" if unnamed else "no model wrote a candidate")
    if not roles:
        return _not_run(code, "neither the judge's family nor a target's is known")
    shared = sorted((family for family in writers if family in roles), key=lambda name: (-writers[name], name))
    share = sum(writers[family] for family in shared) / len(there)
    said = "; ".join(
        f"{writers[family]:,} of {len(there):,} candidates were written by {family}, the family of "
        + " and ".join(roles[family])
        for family in shared
    )
    return _finding(
        code, bool(shared), share, 0.0,
        f"{said}: models of one family like their own words, take another for one of them" if shared else
        f"{', '.join(sorted(writers))} wrote for {', '.join(sorted(roles))}",
    )  # fmt: skip


def _family(name: str) -> str:
    """Read like a model's name, so that `gpt` and `openai-gpt` are one family."""
    return family_of(name) or name.casefold()
