"""The gate of a run: candidates in, the same candidates judged out, in batches, remembering what passed.

What this module does not know: what made the candidates, and how many are wanted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case, Difficulty
from anchorset.core.finding import Finding
from anchorset.qualify.batch import Batch, technique
from anchorset.qualify.catalogue import ALONE, EXACT, NEAR, NOVELTY, OPENING, SIGNATURES, checked_on_hit
from anchorset.qualify.crowd import CLEAR, Crowd
from anchorset.qualify.difficulty import Yardstick, difficulty
from anchorset.qualify.judging.judging import Judging
from anchorset.qualify.known import Known

KNOWN_AT_ONCE = 4096


class ForgottenError(Exception):
    """The candidates are not those that were judged before: something they are made from has changed."""


class RunGate:
    """Fills the Gate port. One a run: duplicates are judged against everything it let pass.

    standing: candidates that passed in earlier runs and are known from the start.
    remembered: what this same run had judged before it was broken off, in that order. The first candidates must be
    these; they are not judged again, and what passed is known as it was then, so that the run goes on as if it had
    never stopped.
    judging: a language model that is asked about what the checks that look at a candidate alone did not reject, all
    candidates of a batch together; None: no model is asked. `judge` then raises PendingError when answers are missing
    that a later run will get: of that batch nothing new is judged or known, and a gate made anew goes on with it.
    """

    def __init__(
        self, crowd: Crowd, *, standing: Sequence[Case] = (), remembered: Sequence[Case] = (),
        judging: Judging | None = None,
    ) -> None:  # fmt: skip
        self.crowd = crowd
        self.known = Known(crowd)
        self._remembered = deque(remembered)
        self._know(standing)
        self._yardstick = Yardstick.of(crowd)
        self._on_hit = checked_on_hit(crowd.settings.on_hit)
        self._judging = judging

    def judge(self, candidates: Sequence[Case]) -> list[Case]:
        """The candidates in the same order, each with findings, language, difficulty, and `passed` or `rejected`."""
        recalled = self._recalled(candidates)
        return recalled + self._judged(candidates[len(recalled) :])

    def foresee(self, candidates: Sequence[Case]) -> None:
        """Asks the judge about candidates whose turn has not come yet. Nothing is judged or known by it.

        For answers that take hours: what is asked now need not be asked in a batch of its own later. A few may be asked
        in vain, for what comes before them may yet turn out to be the same.
        """
        if self._judging is not None and candidates:
            batch = Batch(cases=candidates, crowd=self.crowd)
            asks = [self._judging.ask_of(case) for case in self._open(batch).values()]
            self._judging.asker.ask([ask for ask in asks if ask is not None])

    def _recalled(self, candidates: Sequence[Case]) -> list[Case]:
        """The stored judgements of the first candidates. Raises ForgottenError when they are of others."""
        found = []
        for case in candidates[: len(self._remembered)]:
            before = self._remembered.popleft()
            if (before.id, before.provenance) != (case.id, case.provenance):
                raise ForgottenError(case.id)
            found.append(before)
        self._know([case for case in found if case.status == "passed"])
        return found

    def _know(self, passed: Sequence[Case]) -> None:
        for start in range(0, len(passed), KNOWN_AT_ONCE):
            some = passed[start : start + KNOWN_AT_ONCE]
            texts = [case.text for case in some]
            for case, text, vector in zip(some, texts, self.crowd.embedder.embed(texts), strict=True):
                self.known.add(case, text, vector)

    def _judged(self, candidates: Sequence[Case]) -> list[Case]:
        if not candidates:
            return []
        batch = Batch(cases=candidates, crowd=self.crowd)
        alone = self._alone(batch)
        to_known = batch.vectors @ self.known.vectors.T
        opinions = self._opinions(batch, alone, to_known)
        among = batch.vectors @ batch.vectors.T
        passed_rows: list[int] = []
        judged = []
        for row, (case, text) in enumerate(zip(candidates, batch.texts, strict=True)):
            findings = [*(column[row] for column in alone), *opinions.get(row, ())]
            if not _rejected(findings):
                to_all = np.concatenate([to_known[row], among[row, passed_rows]])
                findings += self._beside(case, text, batch.to_seeds[row], to_all)
                findings += [
                    self._as_configured(check.look_at(case, text, self.known)) for check in (OPENING, SIGNATURES)
                ]
            verdict = case.model_copy(
                update={
                    "findings": tuple(findings),
                    "status": "rejected" if _rejected(findings) else "passed",
                    "language": case.language or self._language(batch, row),
                    "difficulty": self._difficulty(batch, row),
                }
            )
            judged.append(verdict)
            if verdict.status == "passed":
                passed_rows.append(row)
                self.known.add(verdict, text, batch.vectors[row])
        return judged

    def _beside(
        self, case: Case, text: str, to_seeds: NDArray[np.float32], to_known: NDArray[np.float32]
    ) -> list[Finding]:
        """What the checks say that hold it against seeds and what passed."""
        found = [EXACT.look_at(case, text, self.known), NEAR.look_at(case, text, to_seeds, to_known, self.known)]
        if self.crowd.settings.min_novelty is not None:
            found.append(NOVELTY.look_at(case, to_seeds, to_known, self.known))
        return [self._as_configured(finding) for finding in found]

    def _opinions(
        self, batch: Batch, alone: Sequence[Sequence[Finding]], to_known: NDArray[np.float32]
    ) -> dict[int, tuple[Finding, ...]]:
        """Row -> what the judge says, for the candidates that no check has rejected so far; empty without a judge.

        What repeats something known by now will be rejected whatever the judge says, and is not paid for.
        """
        if self._judging is None:
            return {}
        open_ = self._open(batch, alone, to_known)
        return dict(zip(open_, self._judging.judge(list(open_.values())), strict=True))

    def _open(
        self,
        batch: Batch,
        alone: Sequence[Sequence[Finding]] | None = None,
        to_known: NDArray[np.float32] | None = None,
    ) -> dict[int, Case]:
        """Row -> candidate with its difficulty, of those that no check has rejected so far."""
        alone = self._alone(batch) if alone is None else alone
        to_known = batch.vectors @ self.known.vectors.T if to_known is None else to_known
        return {
            row: case.model_copy(update={"difficulty": self._difficulty(batch, row)})
            for row, (case, text) in enumerate(zip(batch.cases, batch.texts, strict=True))
            if not _rejected([column[row] for column in alone])
            and not _rejected(self._beside(case, text, batch.to_seeds[row], to_known[row]))
        }

    def _alone(self, batch: Batch) -> list[list[Finding]]:
        """What the checks say that look at a candidate alone, a column a check."""
        return [[self._as_configured(finding) for finding in check.look(batch)] for check in ALONE]

    def _difficulty(self, batch: Batch, row: int) -> Difficulty:
        distance = float(batch.distances[row])
        return difficulty(batch.cases[row], distance=distance, crowd=self.crowd, yardstick=self._yardstick)

    def _language(self, batch: Batch, row: int) -> str | None:
        """What was heard when it was heard clearly, else what the parent is in; None when nobody knows."""
        spoken = [self.crowd.languages[self.crowd.position[parent.id]] for parent in batch.parents(row)]
        garbled = technique(batch.cases[row]) == "redteam"  # on purpose: what its parent is in comes first
        heard = [*spoken, batch.languages[row]] if garbled else [batch.languages[row], *spoken]
        return next((language.code for language in heard if language.confidence >= CLEAR), None)

    def _as_configured(self, finding: Finding) -> Finding:
        wanted = self._on_hit.get(finding.check)
        if wanted is None or finding.says in ("pass", "not_run"):
            return finding
        return finding.model_copy(update={"says": wanted})


def _rejected(findings: Sequence[Finding]) -> bool:
    return any(finding.says == "reject" for finding in findings)
