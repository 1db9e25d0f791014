"""Dedup of 100,000 short messages by surface and meaning, beside semhash and rensa, on the same texts in one run.

    python -m bench.dedup --data FOLDER [-n 100000] [--peers] [--exact]

Real queries, and rows built from them with seed 7: 30 % planted near-copies of an earlier row (one or two of typo,
adjacent word swap, case, suffix, doubled character), 70 % spliced of two real queries. Goals: at most 10 s on two cores
with the embedding, 95 % of the planted copies found, 99 % of the pairs that exact cosine finds at the same threshold.
FOLDER holds banking77/train.csv. `--exact` also computes all cosine pairs exactly and our share of them. `--peers` also
times the peers, in an environment of their own under `.bench/`, made on the first run.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import time
import venv
from pathlib import Path

BENCH = Path(__file__).parent.parent / ".bench"
PEERS = ("semhash==0.5.0", "model2vec==0.10.0", "rensa==0.5.0", "numpy<3")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SUFFIXES = (" please", " thanks", " asap", "!!", "??", "...", " pls", " thank you")


def build(queries: list[str], n: int, seed: int = 7) -> tuple[list[str], list[tuple[int, int]]]:
    """n rows: the queries first, then planted copies and splices; and the planted pairs (source, copy)."""
    rng = random.Random(seed)
    rows = queries[:n]
    planted = []
    while len(rows) < n:
        if rng.random() < 0.3:
            source = rng.randrange(len(rows))
            copy = rows[source]
            for _ in range(rng.choice((1, 2))):
                copy = rng.choice((_typo, _swap, _case, _suffix, _double))(copy, rng)
            planted.append((source, len(rows)))
            rows.append(copy)
        else:
            a, b = rng.choice(queries).split(), rng.choice(queries).split()
            rows.append(" ".join(a[: rng.randint(1, len(a))] + b[rng.randrange(len(b)) :]))
    return rows, planted


def _typo(text: str, rng: random.Random) -> str:
    at = [i for i, c in enumerate(text) if c.isascii() and c.isalpha()]
    if not at:
        return text
    i = rng.choice(at)
    row = next(r for r in _KEYBOARD if text[i].lower() in r)
    k = row.index(text[i].lower()) + rng.choice((-1, 1))
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + row[k % len(row)] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i + 1 :]
    return text[:i] + text[i : i + 2][::-1] + text[i + 2 :]


def _swap(text: str, rng: random.Random) -> str:
    words = text.split()
    if len(words) > 1:
        i = rng.randrange(len(words) - 1)
        words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def _case(text: str, rng: random.Random) -> str:
    return rng.choice((text.lower(), text.upper(), text.title()))


def _suffix(text: str, rng: random.Random) -> str:
    return text + rng.choice(_SUFFIXES)


def _double(text: str, rng: random.Random) -> str:
    i = rng.randrange(len(text)) if text else 0
    return text[: i + 1] + text[i : i + 1] + text[i + 1 :]


def ours(texts: list[str], planted: list[tuple[int, int]], exact: bool) -> list[tuple[str, float, str, str]]:
    """Our rows of the table: seconds, planted found, recall of the cosine pairs."""
    import numpy as np

    from anchorset.infra.embed.duplicates import near_duplicates
    from anchorset.infra.embed.neighbours import pairs_above
    from anchorset.infra.embed.static import StaticEmbedder

    start, busy = time.perf_counter(), time.process_time()
    embedder = StaticEmbedder()
    found = near_duplicates(texts, embedder)
    seconds = time.perf_counter() - start
    print(f"ours: {seconds:.1f} s, of the processor {time.process_time() - busy:.1f} s\n")
    n = len(texts)
    hits = set((found.pairs.i * n + found.pairs.j).tolist())
    share = sum(a * n + b in hits for a, b in planted) / max(1, len(planted))
    table = [
        (f"anchorset {embedder.name}, threshold {found.threshold:.3f}", seconds, f"{share:.1%}", f"{len(found.kept):,}")
    ]
    if exact:
        vectors = embedder.embed(texts)
        start = time.perf_counter()
        truth = pairs_above(vectors, found.threshold, mode="exact")
        spent = time.perf_counter() - start
        fast = pairs_above(vectors, found.threshold, mode="fast")
        recall = len(np.intersect1d(truth.i * n + truth.j, fast.i * n + fast.j)) / max(1, len(truth))
        table.append((f"  cosine pairs, exact: {len(truth):,}; recall of ours {recall:.4f}", spent, "", ""))
    return table


_PEER = """
import json, sys, time
texts, planted = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
if sys.argv[3] == "semhash":
    from model2vec import StaticModel
    from semhash import SemHash
    start = time.perf_counter()
    model = StaticModel.from_pretrained(sys.argv[4])
    result = SemHash.from_records(texts, model=model).self_deduplicate(threshold=float(sys.argv[5]))
    print(json.dumps([time.perf_counter() - start, None, len(result.selected)]))
else:
    from rensa import RMinHash, RMinHashLSH
    start = time.perf_counter()
    lsh, hashes, found, kept = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16), [], set(), 0
    for i, text in enumerate(texts):
        low = text.lower()
        m = RMinHash(num_perm=128, seed=42)
        m.update([low[k:k + 4] for k in range(max(1, len(low) - 3))])
        near = [j for j in lsh.query(m) if hashes[j].jaccard(m) >= 0.7]
        found.update((j, i) for j in near)
        kept += not near
        hashes.append(m)
        lsh.insert(i, m)
    spent = time.perf_counter() - start
    print(json.dumps([spent, sum(tuple(p) in found for p in planted) / max(1, len(planted)), kept]))
"""


def peer(name: str, texts: list[str], planted: list[tuple[int, int]], threshold: float) -> tuple[str, float, str, str]:
    """One row of the table from a peer in its own environment."""
    python = BENCH / "dedup" / "bin" / "python"
    if not python.exists():
        venv.create(BENCH / "dedup", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", *PEERS], check=True, stderr=subprocess.DEVNULL)
    files = [BENCH / "dedup-texts.json", BENCH / "dedup-planted.json"]
    for file, value in zip(files, (texts, planted), strict=True):
        file.write_text(json.dumps(value), encoding="utf-8")
    from anchorset.infra.embed.static import MODEL_FOLDER

    done = subprocess.run(
        [python, "-c", _PEER, *files, name, MODEL_FOLDER, str(threshold)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return f"{name} (failed: {done.stderr.strip().splitlines()[-1][:80]})", float("nan"), "", ""
    seconds, share, kept = json.loads(done.stdout.splitlines()[-1])
    return name, seconds, "" if share is None else f"{share:.1%}", f"{kept:,}"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("-n", type=int, default=100_000)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--exact", action="store_true")
    args = parser.parse_args()
    source = args.data / "banking77" / "train.csv"
    if not source.is_file():
        print(f"Skipped: no file {str(source)!r}; name the folder that holds banking77.")
        return 0
    with source.open(encoding="utf-8", newline="") as file:
        queries = [row["text"] for row in csv.DictReader(file)]
    texts, planted = build(queries, args.n)
    print(f"{len(texts):,} texts, mean {sum(map(len, texts)) / len(texts):.0f} characters, {len(planted):,} planted")
    table = ours(texts, planted, exact=args.exact)
    if args.peers:
        table += [peer(name, texts, planted, 0.92) for name in ("semhash", "rensa")]
    print(f"{'method':<64}{'seconds':>9}{'planted':>10}{'kept':>10}")
    for name, seconds, share, kept in table:
        print(f"{name:<64}{seconds:>9.2f}{share:>10}{kept:>10}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
