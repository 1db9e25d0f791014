import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anchorset.infra.embed.neighbours import nearest_in, pairs_above


def _unit(n: int, dim: int, seed: int, clumps: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((n, dim), dtype=np.float32)
    if clumps:
        centres = rng.standard_normal((clumps, dim), dtype=np.float32)
        rows = centres[rng.integers(clumps, size=n)] + 0.3 * rows
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _brute(vectors: NDArray[np.float32], threshold: float) -> set[tuple[int, int]]:
    cosine = vectors @ vectors.T
    return {(int(i), int(j)) for i, j in np.argwhere(cosine >= threshold) if i < j}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(0, 5), st.sampled_from([0.3, 0.6, 0.92]))
def test_exact_pairs_equal_brute_force(n: int, seed: int, threshold: float) -> None:
    vectors = _unit(n, 8, seed, clumps=4)
    found = pairs_above(vectors, threshold)
    assert set(zip(found.i.tolist(), found.j.tolist(), strict=True)) == _brute(vectors, threshold)


def test_exact_pairs_cross_block_borders() -> None:
    vectors = _unit(4500, 16, 1)
    vectors[4400] = vectors[3]
    found = pairs_above(vectors, 0.999, mode="exact")
    assert (found.i.tolist(), found.j.tolist()) == ([3], [4400])


def test_fast_pairs_find_99_percent_and_nothing_wrong() -> None:
    vectors = _unit(6000, 64, 3, clumps=900)
    exact, fast = (pairs_above(vectors, 0.92, mode=mode) for mode in ("exact", "fast"))
    want = set(zip(exact.i.tolist(), exact.j.tolist(), strict=True))
    got = set(zip(fast.i.tolist(), fast.j.tolist(), strict=True))
    assert len(want) > 1000
    assert got <= want
    assert len(got) >= 0.99 * len(want)


def test_fast_pairs_do_not_depend_on_the_order_of_rows() -> None:
    vectors = _unit(3000, 32, 4, clumps=300)
    order = np.random.default_rng(1).permutation(3000)
    a, b = pairs_above(vectors, 0.9, mode="fast"), pairs_above(vectors[order], 0.9, mode="fast")
    left = set(zip(a.i.tolist(), a.j.tolist(), strict=True))
    right = {tuple(sorted((int(order[i]), int(order[j])))) for i, j in zip(b.i, b.j, strict=True)}
    assert left == right


def test_zero_rows_are_near_nothing() -> None:
    assert len(pairs_above(np.zeros((5, 4), dtype=np.float32), 0.5)) == 0


def test_nearest_in_equals_a_full_sort() -> None:
    queries, rows = _unit(50, 12, 5), _unit(70, 12, 6)
    where, score = nearest_in(queries, rows, k=5)
    want = np.argsort(-(queries @ rows.T), axis=1, kind="stable")[:, :5]
    np.testing.assert_array_equal(where, want)
    np.testing.assert_allclose(score, np.take_along_axis(queries @ rows.T, want, axis=1), atol=1e-6)


@pytest.mark.parametrize(("n", "m", "k"), [(0, 3, 2), (3, 0, 2), (3, 2, 9)])
def test_nearest_in_cuts_k_to_what_there_is(n: int, m: int, k: int) -> None:
    where, score = nearest_in(_unit(n, 4, 1), _unit(m, 4, 2), k=k)
    assert where.shape == score.shape == (n, min(k, m))
