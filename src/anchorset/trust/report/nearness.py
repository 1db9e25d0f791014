"""How far synthetic cases lie from the seed, and where all cases lie on a map of meaning.

What this module does not know: pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.hashing import draw
from anchorset.core.numbers import plain, share
from anchorset.core.ports import Embedder
from anchorset.core.trust import Cloud, Profile, Signal
from anchorset.infra.embed.calibration import Band, distance_band, distance_to_seed
from anchorset.trust.report.phrases import amount
from anchorset.trust.report.population import ORDER, Mask, Population

MOST = 0.90
"""Share of synthetic cases nearer than seeds are to each other from which the set is mostly copies."""
STRAY = 0.25
"""Share farther than seeds are from each other from which it is about something else. Between seeds it is 1 %."""
STEPS = 20
FEWEST = 20
"""Seeds under which the ends of the band are little more than the extremes."""
MEASURED = 4_000
"""Cases whose distance is measured, drawn by id."""
DRAWN = 600
"""Points of one bucket on the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Distances of the measured cases to their nearest (other) seed. Arrays are (n_measured,)."""

    bucket: NDArray[np.str_]
    distance: NDArray[np.float32]
    usual: Mask
    seed: Mask
    band: Band | None


def near(of: Population, vectors: NDArray[np.float32], *, random_seed: int) -> Near | None:
    """Distances to the seed, letters included; None without two seeds that have a text.

    vectors (n_cases, dim). Of more than 4,000 cases a sample is measured; the seed is sampled too beyond that.
    """
    says = np.array([bool(case.text.strip()) for case in of.cases], dtype=bool)
    seeds = _sample(of, np.flatnonzero(of.seed & says), MEASURED, random_seed)
    if len(seeds) < 2:
        return None
    others = _sample(of, np.flatnonzero(of.synthetic & says), MEASURED, random_seed)
    seed_texts = [of.cases[row].text for row in seeds]
    own = distance_to_seed(seed_texts, vectors[seeds], seed_texts, vectors[seeds], same=True)
    theirs = distance_to_seed([of.cases[row].text for row in others], vectors[others], seed_texts, vectors[seeds])
    rows = np.concatenate([seeds, others]).astype(np.intp)
    return Near(
        bucket=of.bucket[rows], distance=np.concatenate([own, theirs]), usual=of.usual[rows], seed=of.seed[rows],
        band=distance_band(seed_texts, vectors[seeds]),
    )  # fmt: skip


def _sample(of: Population, rows: NDArray[np.intp], most: int, random_seed: int) -> list[int]:
    listed: list[int] = rows.tolist()
    if len(listed) <= most:
        return listed
    return sorted(sorted(listed, key=lambda row: draw(random_seed, "report", of.cases[row].id))[:most])


def distance(found: Near | None) -> Signal:
    """Are synthetic cases neither mostly copies of the seed nor about something else? Red team is left out."""
    if found is None or found.band is None or not found.usual.any():
        return Signal(
            id="distance", answer="unknown", evidence="It takes two seeds and a synthetic case to measure distances.",
            todo="Ingest real cases, and make synthetic ones.",
        )  # fmt: skip
    away, band = found.distance[found.usual], found.band
    close, far = float((away < band.too_close).mean()), float((away > band.too_far).mean())
    evidence = (
        f"{share(close)} of {amount(len(away), 'synthetic case')} are nearer to a seed than {plain(band.too_close)}, "
        f"{share(far)} farther than {plain(band.too_far)} (1st and 99th percentile among {amount(band.seeds, 'seed')})."
    )
    if band.seeds < FEWEST:
        return Signal(
            id="distance", answer="unknown", evidence=evidence, value=far,
            todo=f"Ingest more real cases: {FEWEST} at least, for the ends of the band to mean something.",
        )  # fmt: skip
    todo = ""
    if close >= MOST:
        todo = "Nearly all are copies of a seed: add techniques that go farther (persona, remix, red team)."
    elif far >= STRAY:
        todo = "Many are unlike anything users wrote: give the generator anchors of the cell, reject what is off topic."
    return Signal(
        id="distance",
        answer="no" if todo else "yes",
        evidence=evidence,
        todo=todo,
        value=close if close >= MOST else far,
    )


def profiles(found: Near | None) -> tuple[tuple[float, ...], tuple[Profile, ...]]:
    """The steps of the distance, and the share of each bucket in them."""
    if found is None or found.band is None:
        return (), ()
    top = max(float(np.quantile(found.distance, 0.99)), 0.05)
    edges = np.linspace(0.0, top, STEPS + 1)
    out = []
    for name in _ordered(found.bucket):
        away = found.distance[found.bucket == name]
        counts = np.histogram(np.minimum(away, top), bins=edges)[0]
        out.append(
            Profile(
                bucket=name, n=len(away), shares=tuple(float(round(one / len(away), 4)) for one in counts),
                middle=float(np.median(away)), near=float((away < found.band.too_close).mean()),
                far=float((away > found.band.too_far).mean()),
            )
        )  # fmt: skip
    return tuple(float(round(edge, 4)) for edge in edges[1:]), tuple(out)


def _ordered(bucket: NDArray[np.str_]) -> list[str]:
    names, counts = np.unique(bucket, return_counts=True)
    sizes = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return sorted(sizes, key=lambda name: (ORDER.get(name, len(ORDER)), -sizes[name], name))


def clouds(of: Population, vectors: NDArray[np.float32], *, random_seed: int) -> tuple[tuple[Cloud, ...], float | None]:
    """A point a case in the two directions along which meaning varies most (principal components), and their share.

    Coordinates are scaled so that 98 % of the cases lie within -1 to 1; the rest stands at the edge. None: no variance.
    """
    if len(vectors) < 3:
        return (), None
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    total = float(values.sum())
    if total <= 1e-9:
        return (), None
    axes = directions[:, [-1, -2]]
    # The sign of a direction is arbitrary; fixed, the map is the same on every machine.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    flat = centred @ axes
    low, high = np.quantile(flat, [0.01, 0.99], axis=0)
    width = np.where(high - low > 1e-9, high - low, 1.0)
    spots = np.clip(2 * (flat - low) / width - 1, -1.0, 1.0)
    out = []
    for name in of.buckets:
        rows = np.flatnonzero(of.bucket == name)
        drawn = _sample(of, rows, DRAWN, random_seed)
        out.append(Cloud(bucket=name, n=len(rows), points=_rounded(spots[drawn])))
    return tuple(out), float(values[-2:].sum() / total)


def _rounded(spots: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((float(round(x, 3)), float(round(y, 3))) for x, y in spots.tolist())


def embedded(cases: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """(n, dim) unit rows; no text gives no rows."""
    return embedder.embed(cases) if cases else np.zeros((0, embedder.dim), dtype=np.float32)
