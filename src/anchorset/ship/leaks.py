"""The proof that nothing crosses a split: rows, and the texts they were made from, compared with each other.

What this module does not know: how splits came about.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Observed, Synthetic
from anchorset.infra.embed.duplicates import near_duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Two rows on different sides that say the same, themselves or through what they were made from."""

    first: str
    """Case ids."""
    second: str
    through: str | None
    """Id of the parent or anchor that is alike; None: the rows themselves are."""
    score: float
    kind: str

    def sentence(self) -> str:
        return f"{self.first} and {self.second} stand in two splits and are alike {self._how}"

    def against(self, id: str) -> str:
        """Why the case `id`, one of the two, went."""
        other = self.second if id == self.first else self.first
        return f"{id}, which is alike {other} in another split {self._how}"

    @property
    def _how(self) -> str:
        return f"{f'through {self.through} ' if self.through else ''}({self.kind} {self.score:.3f})"


def leaks(cases: Sequence[Case], *, embedder: Embedder, texts: Mapping[str, str]) -> list[Leak]:
    """All crossing pairs over the near-duplicate threshold, by meaning or by surface; empty is the proof.

    `texts`: id -> text of parents and anchors, as far as they are known; those that are rows are known anyway.
    """
    if len({case.split for case in cases}) < 2:
        return []
    known = {**texts, **{case.id: case.text for case in cases}}
    spoken: list[str] = []
    """Texts compared, each once."""
    at: dict[str, int] = {}
    holders: list[list[tuple[Case, str | None]]] = []

    def hold(text: str, case: Case, through: str | None) -> None:
        if text not in at:
            at[text] = len(spoken)
            spoken.append(text)
            holders.append([])
        holders[at[text]].append((case, through))

    for case in cases:
        hold(case.text, case, None)
        for id in _made_from(case):
            if id in known and id != case.id:
                hold(known[id], case, id)
    found: dict[tuple[str, str], Leak] = {}
    for here in holders:
        _cross(here, here, 1.0, "surface", found)
    compared = near_duplicates(spoken, embedder)
    pairs = compared.pairs
    for i, j, score, by_surface in zip(
        pairs.i.tolist(), pairs.j.tolist(), pairs.score.tolist(), compared.by_surface.tolist(), strict=True
    ):
        _cross(holders[i], holders[j], score, "surface" if by_surface else "meaning", found)
    return [found[key] for key in sorted(found)]


def _made_from(case: Case) -> tuple[str, ...]:
    origin = case.provenance
    return (*origin.parents, *origin.anchors) if isinstance(origin, Synthetic) else ()


def _cross(
    here: Sequence[tuple[Case, str | None]], there: Sequence[tuple[Case, str | None]], score: float, kind: str,
    found: dict[tuple[str, str], Leak],
) -> None:  # fmt: skip
    for one, through in here:
        for other, via in there:
            if one.split != other.split:
                first, second = sorted((one.id, other.id))
                leak = Leak(first=first, second=second, through=through or via, score=float(score), kind=kind)
                if (first, second) not in found or leak.through is None:
                    found[first, second] = leak


def leaking(
    cases: Sequence[Case], *, embedder: Embedder, texts: Mapping[str, str], stays: Collection[str] = ()
) -> dict[str, Leak]:
    """Id of a case to be taken out -> why. Of a pair the synthetic row goes, or the younger seed.

    `stays`: ids of the version before: between two that could go, the newcomer goes.
    """
    by_id = {case.id: case for case in cases}
    known = set(stays)

    def rank(id: str) -> tuple[bool, bool, bool, str, str]:  # the higher one goes
        origin = by_id[id].provenance
        at = origin.observed_at or "" if isinstance(origin, Observed) else ""
        return isinstance(origin, Synthetic), id not in known, not at, at, id

    gone: dict[str, Leak] = {}
    for leak in leaks(cases, embedder=embedder, texts=texts):
        if leak.first not in gone and leak.second not in gone:
            gone[max(leak.first, leak.second, key=rank)] = leak
    return gone
