"""The table of embedders: how near to people's and to the teacher's order, how fast, how big.

    python tools/distil_report.py DATA TEACHER_FOLDER FOLDER...

DATA holds sts2016_questions and apty_paraphrase, TEACHER_FOLDER and each FOLDER what `export_minilm.py` and `distil.py`
wrote. `gold`: Spearman of cosines with people's 0-5 scores on sts2016_questions. `teacher`: Spearman with the teacher's
cosines on the same pairs. `apty`: Spearman with the teacher's cosines, and the AUC of telling paraphrases from others.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from anchorset.core.ports import Embedder
from anchorset.infra.embed.minilm import MiniLMEmbedder
from anchorset.infra.embed.static import StaticEmbedder


def main() -> None:
    """Print one row an embedder."""
    data, teacher_folder, *folders = map(Path, sys.argv[1:])
    with (data / "sts2016_questions" / "question_question_scored.tsv").open(encoding="utf-8", newline="") as file:
        sts = [r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if r["q1"] and r["q2"]]
    with (data / "apty_paraphrase" / "apty_base.csv").open(encoding="utf-8", newline="") as file:
        apty = [r for r in csv.DictReader(file, delimiter=";") if r["original"] and r["paraphrase_fixed"]]
    gold = np.array([float(r["score"]) for r in sts])
    same = np.array([r["paraphrase"] == "True" for r in apty])
    speed_texts = [r["q1"] for r in sts] * 100
    teacher = MiniLMEmbedder(teacher_folder)
    t_sts, t_apty = _cosines(teacher, sts, "q1", "q2"), _cosines(teacher, apty, "original", "paraphrase_fixed")
    print(
        f"| embedder | gold | teacher | apty teacher | apty AUC | texts/s | bytes |  ({len(sts)} / {len(apty)} pairs)"
    )
    print("|---|---|---|---|---|---|---|")
    rows: list[tuple[Embedder, str, Path]] = [(teacher, "teacher", teacher_folder)]
    rows += [(StaticEmbedder(folder), folder.name, folder) for folder in folders]
    for embedder, name, folder in rows:
        some = speed_texts if name != "teacher" else speed_texts[:1000]
        start = time.perf_counter()
        embedder.embed(some)
        speed = len(some) / (time.perf_counter() - start)
        size = sum(path.stat().st_size for path in folder.iterdir())
        ours, other = _cosines(embedder, sts, "q1", "q2"), _cosines(embedder, apty, "original", "paraphrase_fixed")
        print(
            f"| {name} {embedder.dim} | {_spearman(ours, gold):.3f} | {_spearman(ours, t_sts):.3f} "
            f"| {_spearman(other, t_apty):.3f} | {_auc(other, same):.3f} | {speed:,.0f} | {size:,} |"
        )


def _cosines(embedder: Embedder, rows: list[dict[str, str]], left: str, right: str) -> NDArray[np.float64]:
    a, b = (embedder.embed([row[side] for row in rows]) for side in (left, right))
    return np.einsum("ij,ij->i", a, b).astype(np.float64)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2.0)[where]


def _spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    ranks = _ranks(scores)
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n - 1) / 2) / (n * (len(scores) - n)))


if __name__ == "__main__":
    main()
