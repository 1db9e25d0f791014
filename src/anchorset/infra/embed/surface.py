"""Near-duplicates by their letters: typos, swapped words, case, punctuation, endings, courtesy words.

Candidates share a key, then every candidate is verified, so a wrong key costs time and never precision. Two kinds of
key: MinHash bands over character 4-grams (Broder 1997), which hold for longer texts, and the bag of words without one
or two of them, which holds for short texts, where one typo changes half of all 4-grams, and for any order of words.
What this module does not know: vectors, meaning, and what must not differ (`veto.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from anchorset.infra.embed.neighbours import Pairs, unique_pairs
from anchorset.infra.embed.surface_keys import bag_keys, band_keys, pairs_with_equal_keys
from anchorset.infra.embed.veto import slip
from anchorset.infra.embed.veto_words import slips_of

ALIKE = 0.85
"""The similarity from which two texts are surface alike, if their unequal words are slips of each other."""

_CANDIDATE = 0.84
_CLASS_PAIRS = 64
# A class of texts with one folded form gives all its pairs up to this size, beyond it the pairs with its first text.

_COURTESY = frozenset(
    {
        "please", "pls", "plz", "thanks", "thank", "you", "thx", "ty", "cheers", "hi", "hello", "hey", "asap", "urgent",
        "help", "sir", "madam", "guys", "team", "lol", "ok", "okay", "so", "um", "uh", "well", "just", "kindly", "now",
        "a", "an", "the", "i",
    }
)  # fmt: skip
_COURTESY_SLIPS = _COURTESY.union(*map(slips_of, _COURTESY))
_MOST_UNEQUAL = 4
_RARE = 0.06
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ly", "y")


def fold(text: str) -> str:
    """Lower case words parted by single blanks: no punctuation, no apostrophes, no invisible characters."""
    return " ".join(_WORD.findall(text.casefold().replace("'", "").replace("’", "").replace("\u200b", "")))


def surface_pairs(texts: Sequence[str]) -> Pairs:
    """Pairs of texts that are surface alike, with their similarity (0.85-1; 1 is the same words, in any order).

    Equal texts count. Within a key shared by many texts only the 16 nearest in alphabetical order are compared; of more
    than 64 texts with one folded form only the pairs with the first are returned. Independent of the order of texts.
    """
    folded = [fold(text) for text in texts]
    members: dict[str, list[int]] = {}
    for row, form in enumerate(folded):
        members.setdefault(form, []).append(row)
    members.pop("", None)
    forms = sorted(members)
    words = [_core(form) for form in forms]
    # The bags are the longest list of keys: begun first, they leave no thread waiting at the end.
    i, j = pairs_with_equal_keys([*bag_keys(words), *band_keys(forms)], len(forms))
    i, j, score = _verified(words, i, j)
    return _spread([members[form] for form in forms], i, j, score, len(texts))


def similarity(a: str, b: str) -> float:
    """How alike two texts are by their letters, 0-1: 1 minus the share of letters to insert or delete.

    Case, punctuation and the order of the words do not count (the better of the two orders is taken).
    """
    left, right = fold(a), fold(b)
    if left == right:
        return 1.0
    ratio = max(fuzz.ratio(left, right), fuzz.ratio(" ".join(sorted(left.split())), " ".join(sorted(right.split()))))
    return float(ratio) / 100.0


def alike(a: str, b: str) -> bool:
    """Whether two texts are surface alike: what `surface_pairs` says of a pair, without a collection around it."""
    left, right = fold(a), fold(b)
    if left == right:
        return True
    words, others, seen = _core(left), _core(right), Counter[str]()
    score = _alike(words, others, frozenset(words), frozenset(others), lambda w, o: _slip_cost(w, o, seen))
    return bool(left and right) and score >= ALIKE


def _verified(
    words: list[list[str]], i: NDArray[np.int64], j: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The candidate pairs that are alike, with their similarity."""
    ordered = [" ".join(sorted(some)) for some in words]
    # The ratio is at most twice the shorter length over both: half of the candidates need no comparing.
    length = np.fromiter(map(len, ordered), dtype=np.int64, count=len(ordered))
    left, right = length[i], length[j]
    near = 2 * np.minimum(left, right) >= _CANDIDATE * (left + right) - 1e-6
    i, j = i[near], j[near]
    ratio = _ratios(ordered, i, j)
    # A slip in a word's first letter moves it in the sorted text, but not in the text as written.
    unsure = np.flatnonzero(ratio < _CANDIDATE * 100)
    ratio[unsure] = _ratios([" ".join(some) for some in words], i[unsure], j[unsure])
    near = ratio >= _CANDIDATE * 100
    i, j = i[near], j[near]
    sets = [frozenset(some) for some in words]
    seen = Counter(chain.from_iterable(sets))
    costs: dict[tuple[str, str], int] = {}

    def cost(word: str, other: str) -> int:
        key = (word, other)
        if key not in costs:
            costs[key] = _slip_cost(word, other, seen)
        return costs[key]

    score = np.fromiter(
        (_alike(words[a], words[b], sets[a], sets[b], cost) for a, b in zip(i.tolist(), j.tolist(), strict=True)),
        dtype=np.float32,
        count=len(i),
    )
    keep = score >= ALIKE
    return i[keep], j[keep], score[keep]


def _ratios(texts: list[str], i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.float32]:
    if not len(i):
        return np.zeros(0, dtype=np.float32)
    left, right = [texts[a] for a in i.tolist()], [texts[b] for b in j.tolist()]
    return np.asarray(
        cpdist(left, right, scorer=fuzz.ratio, score_cutoff=_CANDIDATE * 100, workers=-1, dtype=np.float32)
    )


def _alike(
    a: list[str], b: list[str], set_a: frozenset[str], set_b: frozenset[str], cost: Callable[[str, str], int]
) -> float:
    """1 minus the share of letters touched, when every unequal word is a slip, an ending or a courtesy; else 0.

    `cost`: letters touched from one word to the other, 0 when they are two words. Repeated words count once.
    """
    if set_a == set_b:
        return 1.0
    only_a = [word for word in a if word not in set_b and word not in _COURTESY_SLIPS]
    only_b = [word for word in b if word not in set_a and word not in _COURTESY_SLIPS]
    if len(only_a) > _MOST_UNEQUAL or len(only_b) > _MOST_UNEQUAL:
        return 0.0
    touched = _shifted_blank(only_a, only_b) or _slips(only_a, only_b, cost)
    if touched is None:
        return 0.0
    return 1.0 - touched / max(1, sum(map(len, a)), sum(map(len, b)))


def _shifted_blank(only_a: list[str], only_b: list[str]) -> int | None:
    """Letters touched when the same letters are parted at another place: "there is" and "ther eis"; else None."""
    if not only_a or not only_b or len(only_a) + len(only_b) < 3:
        return None
    allowed = 1 if len(only_a) == len(only_b) else 2
    distance = OSA.distance("".join(only_a), "".join(only_b), score_cutoff=allowed)
    return max(1, distance) if distance <= allowed else None


def _slips(only_a: list[str], only_b: list[str], cost: Callable[[str, str], int]) -> int | None:
    """Letters touched when each unequal word has its misspelt partner; None when one has not."""
    if len(only_a) != len(only_b):
        return None
    left, touched = list(only_b), 0
    for word in only_a:
        spent, match = min((cost(word, other) or 9, other) for other in left)
        if spent == 9:
            return None
        left.remove(match)
        touched += spent
    return touched


def _core(form: str) -> list[str]:
    """The words of a folded text without its courtesies; all of them when there is nothing else."""
    words = form.split()
    return [word for word in words if word not in _COURTESY] or words


def _slip_cost(word: str, other: str, seen: Counter[str]) -> int:
    """Letters touched when the one is the other misspelt or with another ending; 0 when they are two words."""
    short, long = sorted((word, other), key=lambda w: (len(w), w))
    if any(c.isdigit() for c in word + other):
        return 0
    if len(short) >= 3 and any(long == short + ending for ending in _ENDINGS):
        return 1
    distance = OSA.distance(word, other)
    if distance > (1 if len(short) < 5 else 2):
        return 0
    if len(short) >= 5 and slip(word, other):
        return distance
    rare, common = sorted((seen[word], seen[other]))
    # Two forms that are both frequent are two words ("lost", "last"); a misspelling is rare beside its word.
    return distance if rare <= max(2, _RARE * common) else 0


def _spread(
    classes: list[list[int]], i: NDArray[np.int64], j: NDArray[np.int64], score: NDArray[np.float32], n: int
) -> Pairs:
    """From pairs of folded forms to pairs of texts."""
    low: list[int] = []
    high: list[int] = []
    value: list[float] = []

    def add(left: list[int], right: list[int], s: float) -> None:
        if len(left) * len(right) > _CLASS_PAIRS:
            couples = [(left[0], b) for b in right] + [(a, right[0]) for a in left[1:]]
        else:
            couples = [(a, b) for a in left for b in right]
        low.extend(a for a, _ in couples)
        high.extend(b for _, b in couples)
        value.extend([s] * len(couples))

    for rows in classes:
        if 1 < len(rows) <= _CLASS_PAIRS:
            for k in range(1, len(rows)):
                add(rows[:k], rows[k : k + 1], 1.0)
        elif len(rows) > 1:
            add(rows[:1], rows[1:], 1.0)
    for a, b, s in zip(i.tolist(), j.tolist(), score.tolist(), strict=True):
        add(classes[a], classes[b], s)
    return unique_pairs(
        np.array(low, dtype=np.int64), np.array(high, dtype=np.int64), np.array(value, dtype=np.float32), n
    )


_WORD = re.compile(r"\w+")
