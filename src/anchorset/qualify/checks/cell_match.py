from __future__ import annotations

import numpy as np

from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, not_run, technique
from anchorset.qualify.crowd import cell_key

CLEARLY = 0.10
"""Cosine by which another cell has to be nearer before it is said."""


class CellMatch:
    """The text fits the cell it was ordered for.

    What it looks at: whether the mean direction of another cell's seeds is nearer by 0.10 than its own cell's. Without
    a model this is a hint: it flags, and never rejects.
    Why it matters: a slice is only worth its name when its cases belong to it.
    Example that fails: `my parcel never came` in the cell `policy=damaged`.
    How to fix it: move the case (edit its metadata), or reject it in review.
    """

    code = "cell.match"
    version = 1
    on_hit: OnHit = "flag"

    def look(self, batch: Batch) -> list[Finding]:
        cells, centres = batch.crowd.cell_centres
        if len(cells) < 2:
            return [not_run(self, "one cell only")] * len(batch.cases)
        place = {cell: column for column, cell in enumerate(cells)}
        nearness = batch.vectors @ centres.T
        findings = []
        for row, case in enumerate(batch.cases):
            own = place.get(cell_key(case))
            if own is None or technique(case) == "redteam":
                why = "no seed in its cell" if own is None else "an attack is not held against its cell"
                findings.append(not_run(self, why))
                continue
            best = int(np.argmax(nearness[row]))
            margin = float(nearness[row, best] - nearness[row, own])
            named = ",".join(f"{axis}={value}" for axis, value in cells[best])
            findings.append(
                found(self, margin > CLEARLY, score=margin, threshold=CLEARLY, evidence=f"nearer to {named}")
            )
        return findings
