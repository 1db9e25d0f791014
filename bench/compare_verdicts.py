"""How often `compare` says what, when nothing changed and when the seed fell.

    python bench/compare_verdicts.py [--runs 600]

Each run draws a seed of n cases (rate about 0.6, about 12 % of them flip) in clusters of a size, and 150 synthetic
cases (rate about 0.8) whose expected change is 0. "falls": a passing seed case is lost with 0.3 more probability.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from anchorset.trust.compare.compare import compare

SHAPES = ((65, 1), (150, 1), (600, 1), (750, 5))


def drawn(
    rng: np.random.Generator, name: str, n: int, rate: float, flip: float, fall: float, size: int
) -> list[dict[str, object]]:
    """Rows of A and B; cases of one cluster share their chance to pass. Without `fall` the expected change is 0."""
    rows: list[dict[str, object]] = []
    for root in range(n // size):
        chance = rng.beta(rate * 4, (1 - rate) * 4)
        for place in range(size):
            before = bool(rng.random() < chance)
            turns = rng.random() < (flip + fall if before else flip * rate / (1 - rate))
            for system, passed in (("A", before), ("B", before != turns)):
                case = {"case_id": f"{name}{root}.{place}", "bucket": name, "root": f"{name}{root}"}
                rows.append({**case, "system": system, "passed": int(passed)})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="how often compare gives each verdict")
    parser.add_argument("--runs", type=int, default=600)
    runs = parser.parse_args().runs
    rng = np.random.default_rng(11)
    for n, size in SHAPES:
        for fall, label in ((0.0, "no change"), (0.3, "falls")):
            verdicts: Counter[str] = Counter()
            for _ in range(runs):
                rows = drawn(rng, "seed", n, 0.6, 0.1, fall, size) + drawn(rng, "remix", 150, 0.8, 0.05, 0.0, 1)
                found = compare(rows, "A", ["B"])[0]
                verdicts[str(found.verdict)] += 1
                verdicts.update(f"({reason.code})" for reason in found.reasons)
            said = ", ".join(f"{word} {100 * times / runs:.1f} %" for word, times in sorted(verdicts.items()))
            print(f"{n} seed cases, {size} a cluster, {label}: {said}", flush=True)


if __name__ == "__main__":
    main()
