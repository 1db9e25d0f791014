"""Near duplicates that wait, as groups: found when one of their cases comes up, in memory, within a time.

What this module does not know: what is decided on them, and how anything is shown.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Timer

import numpy as np
from numpy.typing import NDArray

from anchorset.infra.embed.calibration import thresholds_for
from anchorset.pipeline.review.shelf import Mask, Shelf, Waiting
from anchorset.pipeline.review.vectors import Vectors
from anchorset.review.groups import group_of

AT_ONCE = 20_000
"""Cases up to which a group is found while somebody waits for it; beyond, it is looked up before it is asked for."""
SECONDS = 0.15
"""How long one search may take while somebody waits; the rest is found in the background."""
GLANCE = 0.15
"""Seconds a case has to stay the latest before its group is looked up: less than anybody needs to read it."""
REMEMBERED = 2_000
"""Groups that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is like one case."""

    members: tuple[Waiting, ...]
    """Those that wait, the nearest first; the case itself is left out."""
    whole: bool
    """False: there may be more, which is found out in the background."""


class Grouping:
    """Asked from several threads."""

    def __init__(self, shelf: Shelf, vectors: Vectors) -> None:
        self.shelf = shelf
        self.vectors = vectors
        self._lock = Lock()
        self._found: OrderedDict[tuple[tuple[int, int], str], tuple[list[str], bool]] = OrderedDict()
        """(reading of the shelf, key) -> (keys like it, whether that is all)."""
        self._looking = Lock()
        self._soon: Timer | None = None

    @cached_property
    def threshold(self) -> float:
        """The check's: the owner's, else the embedder's calibrated one."""
        workspace = self.shelf.workspace
        own = workspace.config.checks.get("duplicate.near")
        if own is not None and isinstance(own.threshold, float):
            return own.threshold
        return thresholds_for(workspace.bench.embedder.name).near_duplicate

    def of(self, key: str, waits: Mask) -> Group:
        """What is like the case under this key, of what waits for whoever asks."""
        self.vectors.complete()
        keys, whole = self._look(key, seconds=SECONDS)
        if not whole:
            self.prepare(key)
        return Group(members=tuple(self._waiting(keys, waits)), whole=whole)

    def beside(self, ids: Collection[str], waits: Mask) -> Waiting | None:
        """What comes right after cases that somebody holds: the first that waits and is like one of them.

        Only what is known already, or found at once: nobody waits for it.
        """
        with self.shelf.lock:
            small = len(self.shelf.keys) <= AT_ONCE
            keys = [self.shelf.keys[row] for id in ids for row in self.shelf.rows_of(id=id)]
            if small:
                self.vectors.complete()
            for key in keys:
                known = self._look(key, seconds=SECONDS) if small else self._known(key)
                found = self._waiting(known[0], waits) if known is not None else []
                if found:
                    return found[0]
        return None

    def prepare(self, key: str) -> None:
        """Looks the group of this case up in the background, unless another one is asked for before anybody can have
        read it."""
        with self._lock:
            if self._soon is not None:
                self._soon.cancel()
            self._soon = Timer(GLANCE, self._look_up, [key])
            self._soon.daemon = True
            self._soon.start()

    def _look_up(self, key: str) -> None:
        with self._looking:
            self.vectors.complete()
            self._look(key, seconds=10.0)

    def _known(self, key: str) -> tuple[list[str], bool] | None:
        return self._found.get((self._reading(), key))

    def _reading(self) -> tuple[int, int]:
        """Changes whenever anything may wait that did not before."""
        return self.shelf.loads, self.shelf.returned

    def _look(self, key: str, *, seconds: float) -> tuple[list[str], bool]:
        known = self._known(key)
        if known is not None:
            return known
        begun = time.monotonic()
        with self.shelf.lock:
            reading, rows, keys, texts = self._reading(), self.shelf.rows_of(key), self.shelf.keys, self.shelf.begins
            if not rows:
                return [], True
            row = rows[0]
            waits = self.shelf.waiting("redteam" if self.shelf.is_attack(self.shelf.ids[row]) else "candidates")

        def cosines(some: Sequence[int]) -> NDArray[np.float32]:
            return self.vectors.cosines(self.vectors.at(some))

        found, whole = group_of(
            row, text_of=texts.__getitem__, cosines=cosines, waits=waits, threshold=self.threshold,
            until=lambda: time.monotonic() - begun > seconds,
        )  # fmt: skip
        made, of = self.vectors.done()
        answer = ([keys[one] for one in found], whole and made == of)
        if answer[1]:
            with self._lock:
                self._found[reading, key] = answer
                while len(self._found) > REMEMBERED:
                    self._found.popitem(last=False)
        return answer

    def _waiting(self, keys: Sequence[str], waits: Mask) -> list[Waiting]:
        with self.shelf.lock:
            rows = [row for key in keys for row in self.shelf.rows_of(key)]
            return [self.shelf.at(row) for row in rows if row < len(waits) and waits[row]]
