"""Compute the near-duplicate threshold of each embedder from the bundled pairs and write `calibration.json`.

    python tools/calibrate.py [minilm:FOLDER]

Pairs that differ in a number, date, entity or negation are left out: the veto decides on them, whatever the cosine.
Run it again whenever the static vectors or the pairs change.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import numpy as np

from anchorset.infra.embed.calibration import NUMBERS_FILE, PAIRS_FILE, calibrate
from anchorset.infra.embed.choose import open_embedder
from anchorset.infra.embed.veto import differs_in


def main() -> None:
    """Calibrate `static`, and what is named on the command line; keep the other entries."""
    rows = [json.loads(line) for line in PAIRS_FILE.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if differs_in(row["a"], row["b"]) is None]
    same = np.array([row["same"] for row in rows], dtype=bool)
    stored = json.loads(NUMBERS_FILE.read_text(encoding="utf-8")) if NUMBERS_FILE.exists() else {}
    for name in ["static", *sys.argv[1:]]:
        embedder = open_embedder(name)
        kind = embedder.name.partition("@")[0].partition("-")[0]
        stored = {known: numbers for known, numbers in stored.items() if not known.startswith(kind)}
        a, b = (embedder.embed([row[side] for row in rows]) for side in ("a", "b"))
        thresholds = calibrate(embedder.name, np.einsum("ij,ij->i", a, b), same)
        stored[embedder.name] = asdict(thresholds)
        print(thresholds)
    NUMBERS_FILE.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
