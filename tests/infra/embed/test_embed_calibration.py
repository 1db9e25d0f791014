import json

import numpy as np
import pytest

from anchorset.core.errors import ConfigError
from anchorset.infra.embed.calibration import (
    PAIRS_FILE,
    calibrate,
    distance_band,
    distance_to_seed,
    thresholds_for,
)
from anchorset.infra.embed.static import StaticEmbedder
from anchorset.infra.embed.veto import differs_in


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def _pairs() -> list[dict[str, object]]:
    rows = [json.loads(line) for line in PAIRS_FILE.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if differs_in(row["a"], row["b"]) is None]


def test_stored_thresholds_are_those_the_shipped_vectors_give(embedder: StaticEmbedder) -> None:
    rows = _pairs()
    a, b = (embedder.embed([str(row[side]) for row in rows]) for side in ("a", "b"))
    again = calibrate(embedder.name, np.einsum("ij,ij->i", a, b), np.array([bool(row["same"]) for row in rows]))
    stored = thresholds_for(embedder.name)
    assert stored.calibrated_for == embedder.name
    assert again.near_duplicate == pytest.approx(stored.near_duplicate)
    assert stored.precision >= 0.95
    assert stored.near_duplicate >= 0.92
    assert stored.pairs >= 200


def test_the_threshold_is_never_under_the_floor() -> None:
    cosines = np.array([0.3, 0.5, 0.93, 0.95], dtype=np.float32)
    assert calibrate("x", cosines, np.ones(4, dtype=bool)).near_duplicate == 0.92


def test_the_threshold_rises_above_pairs_that_are_not_duplicates() -> None:
    cosines = np.array([0.93, 0.94, 0.95, 0.96], dtype=np.float32)
    same = np.array([False, False, True, True])
    found = calibrate("x", cosines, same)
    assert 0.94 < found.near_duplicate <= 0.95
    assert (found.precision, found.recall) == (1.0, 1.0)


def test_without_a_precise_cosine_the_threshold_lies_above_all_others() -> None:
    found = calibrate("x", np.array([0.93, 0.97], dtype=np.float32), np.array([True, False]))
    assert found.near_duplicate > 0.97


def test_an_embedder_nobody_calibrated_is_refused() -> None:
    with pytest.raises(ConfigError, match="'other-3@00'"):
        thresholds_for("other-3@00")


def test_distance_counts_letters_where_vectors_fail(embedder: StaticEmbedder) -> None:
    seeds = ["where is my withdrawal", "the coffee is cold"]
    texts = ["wheer is my withdrawla"]
    (near,) = distance_to_seed(texts, embedder.embed(texts), seeds, embedder.embed(seeds))
    assert near < 0.15


def test_band_of_real_texts_lies_inside_0_and_2(embedder: StaticEmbedder) -> None:
    seeds = sorted({str(row["a"]) for row in _pairs()})
    band = distance_band(seeds, embedder.embed(seeds))
    assert band is not None
    assert 0 < band.too_close < band.too_far < 1.5
    assert band.seeds == len(seeds)


def test_one_seed_has_no_band(embedder: StaticEmbedder) -> None:
    assert distance_band(["alone"], embedder.embed(["alone"])) is None


def test_without_seeds_every_distance_is_two(embedder: StaticEmbedder) -> None:
    assert distance_to_seed(["a b"], embedder.embed(["a b"]), [], embedder.embed([])).tolist() == [2.0]
