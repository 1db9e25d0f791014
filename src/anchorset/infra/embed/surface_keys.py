"""Keys that near-copies share: MinHash bands, and bags of words without one or two words.

What this module does not know: whether two texts that share a key are alike.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Keys = tuple[NDArray[np.int64], NDArray[np.uint64]]
"""Rows and their keys, of equal length; a row may come several times."""

WINDOW = 16
"""How many of its neighbours in alphabetical order a text is compared with under one key."""

_BANDS, _ROWS_OF_BAND = 20, 4
_GRAM = 4
_BAG_WORDS = 14
_CHUNK = 2000


def band_keys(forms: list[str]) -> list[Keys]:
    """20 bands of 4 MinHash values over character 4-grams: a pair of Jaccard 0.5 shares one with 72 %."""
    rng = np.random.default_rng(1997)
    factors = rng.integers(1, 2**32, size=_BANDS * _ROWS_OF_BAND, dtype=np.uint32) | np.uint32(1)
    out = np.zeros((_BANDS, len(forms)), dtype=np.uint64)

    def fill(start: int) -> None:
        grams, starts = _grams(forms[start : start + _CHUNK])
        for band in range(_BANDS):
            key = np.full(len(starts), band + 1, dtype=np.uint64)
            for row in range(_ROWS_OF_BAND):
                lowest = np.minimum.reduceat(grams * factors[band * _ROWS_OF_BAND + row], starts)
                key = (key ^ lowest) * np.uint64(0x9E3779B97F4A7C15)
                key ^= key >> np.uint64(29)
            out[band, start : start + len(starts)] = key

    if forms:
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
            list(pool.map(fill, range(0, len(forms), _CHUNK)))
    rows = np.arange(len(forms), dtype=np.int64)
    return [(rows, out[band]) for band in range(_BANDS)]


def bag_keys(words: list[list[str]]) -> list[Keys]:
    """Of texts up to 14 words: the bag, the bag without each word, and from 5 words without each two."""
    number = {word: k for k, word in enumerate(dict.fromkeys(chain.from_iterable(words)))}
    hashes = np.random.default_rng(5).integers(1, 2**63, size=len(number) + 1, dtype=np.uint64)
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    starts = np.cumsum(lengths) - lengths
    flat = np.fromiter(map(number.__getitem__, chain.from_iterable(words)), dtype=np.int64, count=int(lengths.sum()))
    out: list[Keys] = []
    for length in range(1, _BAG_WORDS + 1):
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        table = hashes[flat[starts[rows][:, None] + np.arange(length)]]
        bag = table.sum(axis=1, keepdims=True, dtype=np.uint64)
        keys = [bag]
        if length >= 2:
            keys.append(bag - table)
        if length >= 5:
            left, right = np.triu_indices(length, k=1)
            keys.append(bag - table[:, left] - table[:, right])
        joined = np.concatenate(keys, axis=1)
        out.append((np.repeat(rows, joined.shape[1]), joined.ravel()))
    if not out:
        return []
    # One list for all lengths: a text that lost a word meets the text that still has it.
    return [(np.concatenate([r for r, _ in out]), np.concatenate([k for _, k in out]))]


def pairs_with_equal_keys(keys: list[Keys], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows i < j under one key, each once; under each key a row meets the 16 that follow it."""
    bits = np.uint64(max(1, n.bit_length()))
    mask = (np.uint64(1) << bits) - np.uint64(1)

    def meet(one: Keys) -> list[NDArray[np.int64]]:
        rows, key = one
        # Key and row in one number sort several times faster than the pair; the key loses its lowest bits.
        both = np.sort((key & ~mask) | rows.astype(np.uint64))
        row, key_part = (both & mask).astype(np.int64), both >> bits
        found = []
        for lag in range(1, WINDOW + 1):
            same = np.flatnonzero(key_part[lag:] == key_part[:-lag])
            if not len(same):
                break
            low, high = row[same], row[same + lag]
            apart = low != high
            found.append(low[apart] * n + high[apart])
        return found

    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        found = list(chain.from_iterable(pool.map(meet, keys)))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    # np.unique hashes whole numbers, which takes several times as long as sorting them.
    pairs = np.sort(np.concatenate(found))
    i, j = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], n)
    return i, j


def _grams(forms: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """A hash for each character 4-gram of the forms, one form after the other, and where each form starts."""
    # The tail keeps a form's last grams its own: they end in blanks, not in the next form.
    text = (" " * (_GRAM - 1)).join([*forms, ""])
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    mixed = np.zeros(len(points) - _GRAM + 1, dtype=np.uint32)
    for offset in range(_GRAM):
        mixed = mixed * np.uint32(0x01000193) + points[offset : offset + len(mixed)]
        mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(12)
    lengths = np.array([len(form) + _GRAM - 1 for form in forms], dtype=np.int64)
    return mixed, np.cumsum(lengths) - lengths
