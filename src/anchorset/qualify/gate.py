"""The gate of a run: candidates in, the same candidates judged out, in batches, remembering what passed.

What this module does not know: what made the candidates, and how many are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anchorset.core.case import Case
from anchorset.core.finding import Finding
from anchorset.qualify.batch import Batch, technique
from anchorset.qualify.catalogue import ALONE, EXACT, NEAR, OPENING, SIGNATURES, checked_on_hit
from anchorset.qualify.crowd import CLEAR, Crowd
from anchorset.qualify.difficulty import Yardstick, difficulty
from anchorset.qualify.known import Known


class RunGate:
    """Fills the Gate port. One a run: duplicates are judged against everything it let pass."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.known = Known(crowd)
        self._yardstick = Yardstick.of(crowd)
        self._on_hit = checked_on_hit(crowd.settings.on_hit)

    def judge(self, candidates: Sequence[Case]) -> list[Case]:
        """The candidates in the same order, each with findings, language, difficulty, and `passed` or `rejected`."""
        if not candidates:
            return []
        batch = Batch(cases=candidates, crowd=self.crowd)
        alone = [[self._as_configured(finding) for finding in check.look(batch)] for check in ALONE]
        to_known = batch.vectors @ self.known.vectors.T
        among = batch.vectors @ batch.vectors.T
        passed_rows: list[int] = []
        judged = []
        for row, (case, text) in enumerate(zip(candidates, batch.texts, strict=True)):
            findings = [column[row] for column in alone]
            if not _rejected(findings):
                to_all = np.concatenate([to_known[row], among[row, passed_rows]])
                for finding in (
                    EXACT.look_at(case, text, self.known),
                    NEAR.look_at(case, text, batch.to_seeds[row], to_all, self.known),
                    OPENING.look_at(case, text, self.known),
                    SIGNATURES.look_at(case, text, self.known),
                ):
                    findings.append(self._as_configured(finding))
            verdict = case.model_copy(
                update={
                    "findings": tuple(findings),
                    "status": "rejected" if _rejected(findings) else "passed",
                    "language": case.language or self._language(batch, row),
                    "difficulty": difficulty(
                        case, distance=float(batch.distances[row]), crowd=self.crowd, yardstick=self._yardstick,
                    ),
                }
            )  # fmt: skip
            judged.append(verdict)
            if verdict.status == "passed":
                passed_rows.append(row)
                self.known.add(verdict, text, batch.vectors[row])
        return judged

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
