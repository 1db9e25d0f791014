"""Mutation: how many a second on one core, from record to record, and how often a label survives.

    python bench/operators.py --data PATH [--peers] [--n 10000]

PATH: a folder with banking77/train.csv (`text,category`). `--peers` sets up nlpaug and augly in environments of their
own under .bench/ and runs them on the same texts. Times are CPU seconds of one process, the best of three passes.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.provenance import Observed
from anchorset.infra.text.protect import protected
from anchorset.produce.dice import Dice
from anchorset.produce.kit import hand
from anchorset.produce.mutation import mutate, mutation
from anchorset.produce.operators.lexical import lexicon_of
from anchorset.produce.operators.operator import Lexicon, LexiconOperator, TextOperator
from anchorset.produce.operators.table import ALL

ROOT = Path(__file__).resolve().parent.parent
PEERS = {"nlpaug": ["nlpaug", "numpy", "pandas", "requests"], "augly": ["augly", "numpy", "nltk", "nlpaug==1.1.3"]}
GOAL_MUTATIONS, GOAL_RECORDS, GOAL_KEPT = 150_000, 20_000, 0.95
CONFIDENT = 0.5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=os.environ.get("ANCHORSET_DATA"))
    options.add_argument("--peers", action="store_true")
    options.add_argument("--n", type=int, default=10_000)
    chosen = options.parse_args()
    if chosen.data is None:
        sys.exit("No data: pass --data PATH or set ANCHORSET_DATA.")
    with open(Path(chosen.data) / "banking77" / "train.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[: chosen.n]
    texts = [row["text"] for row in rows]
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} texts, mean length {mean:.0f}, Python {platform.python_version()}\n")
    lexicon = lexicon_of(texts)
    speed(texts, lexicon)
    judge = Judge(rows)
    keeping(judge, lexicon)
    if chosen.peers:
        for peer in PEERS:
            beside(peer, texts, judge)


def speed(texts: Sequence[str], lexicon: Lexicon) -> None:
    """Mutations a second: protected spans and lineage step included, a text that cannot be changed counts as none."""
    print("operator                  mutations/s     acts on")
    for operator in ALL.values():
        if not isinstance(operator, TextOperator | LexiconOperator):
            continue
        extra = (lexicon,) if isinstance(operator, LexiconOperator) else ()

        def run(operator=operator, extra=extra) -> int:
            dice, made = Dice(1), 0
            for text in texts:
                found = operator.apply(text, dice, protected(text), *extra)
                if found is not None:
                    operator.step(found[1])
                    made += 1
            return made

        seconds, made = best(run)
        print(f"{operator.name:24} {made / seconds:12,.0f} {made / len(texts):10.1%}")
    seconds, made = best(lambda: mixed(texts))
    print(f"\none operator, by weight  {made / seconds:12,.0f} mutations/s  (goal {GOAL_MUTATIONS:,})")
    seconds, made = best(lambda: naive(texts))
    print(f"naive mutator, no spans  {made / seconds:12,.0f} mutations/s  (yardstick)")
    seconds, _ = best(lambda: len([protected(text) for text in texts]))
    print(f"protected spans alone    {len(texts) / seconds:12,.0f} texts/s")
    lines = [as_seed(text, at).line() for at, text in enumerate(texts)]
    for n in (1, 5):
        seconds, made = best(lambda n=n: end_to_end(lines, n))
        print(f"mutate end to end, n = {n} {made / seconds:12,.0f} records/s  (goal {GOAL_RECORDS:,})")


def mixed(texts: Sequence[str]) -> int:
    """One operator a text, drawn by weight, until one can act."""
    with_spans, without = (
        hand(None, "text", with_lexicon=False, with_mate=False, with_spans=spans) for spans in (True, False)
    )
    dice, made = Dice(1), 0
    for text in texts:
        spans = protected(text)
        choice = with_spans if spans else without
        for _ in range(8):
            operator = choice.one(dice)
            found = operator.apply(text, dice, spans)
            if found is not None:
                operator.step(found[1])
                made += 1
                break
    return made


def naive(texts: Sequence[str]) -> int:
    """The speed limit of plain Python: no spans, no lineage, no relation."""
    rng = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def typo(text: str) -> str:
        at = rng.randrange(len(text))
        return text[:at] + rng.choice(letters) + text[at + 1 :]

    def double(text: str) -> str:
        at = rng.randrange(len(text))
        return text[:at] + text[at] + text[at:]

    def swap(text: str) -> str:
        words = text.split()
        at = rng.randrange(max(1, len(words) - 1))
        words[at : at + 2] = words[at : at + 2][::-1]
        return " ".join(words)

    def drop(text: str) -> str:
        words = text.split()
        del words[rng.randrange(len(words))]
        return " ".join(words)

    ways = (typo, double, swap, drop, str.upper, str.lower)
    return len([rng.choice(ways)(text) for text in texts])


def end_to_end(lines: Sequence[str], n: int) -> int:
    """Read a record, mutate it n times, write the records."""
    made = 0
    for line in lines:
        for child in mutate(Case.read(line, where="bench"), n=n, random_seed=7, run="r_bench"):
            child.line()
            made += 1
    return made


def as_seed(text: str, at: int) -> Case:
    return Case(
        kind="text",
        input=text,
        expected="an answer",
        metadata={"intent": "any"},
        provenance=Observed(source="production", origin="train.csv", original_id=str(at)),
    )


class Judge:
    """Char 2-5-gram TF-IDF and logistic regression on one half; says whether mutations of the other keep a label."""

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        half, other = rows[::2], [row["text"] for row in rows[1::2]]
        self._vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
        known = self._vectors.fit_transform([row["text"] for row in half])
        self._model = LogisticRegression(C=20, max_iter=60).fit(known, [row["category"] for row in half])
        sure = self._model.predict_proba(self._vectors.transform(other))
        keep = sure.max(axis=1) >= CONFIDENT
        self.texts = [text for text, kept in zip(other, keep, strict=True) if kept]
        self._labels = self._model.classes_[sure.argmax(axis=1)][keep]

    def kept(self, mutants: Sequence[str | None]) -> tuple[float, int]:
        """(share of mutants that keep their parent's label, number of mutants); None: no mutant of that parent."""
        made = [at for at, mutant in enumerate(mutants) if mutant is not None]
        said = self._model.predict(self._vectors.transform([mutants[at] for at in made]))
        return float((said == self._labels[made]).mean()), len(made)


def keeping(judge: Judge, lexicon: Lexicon) -> None:
    mutants = []
    for at, text in enumerate(judge.texts):
        made = mutation(as_seed(text, at), Dice(draw(7, text)), lexicon=lexicon)
        whole = made is not None and all(step.relation == "invariant" for step in made.steps)
        mutants.append(str(made.input) if made and whole else None)
    share, n = judge.kept(mutants)
    print(f"\nlabel kept, 1-3 invariant operators: {share:.1%} of {n:,} (goal {GOAL_KEPT:.0%})")


def beside(peer: str, texts: Sequence[str], judge: Judge) -> None:
    python = environment(peer)
    given = ROOT / ".bench" / f"{peer}.json"
    given.write_text(json.dumps({"texts": texts, "judged": judge.texts}), encoding="utf-8")
    script = Path(__file__).with_name("_operators_peer.py")
    done = subprocess.run([python, "-W", "ignore", script, peer, given], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"\n{peer} could not be run: {done.stderr.strip().splitlines()[-1:]}")
        return
    print(f"\n{peer:32} texts/s   label kept")
    for name, found in json.loads(done.stdout.splitlines()[-1]).items():
        share, n = judge.kept(found["mutants"])
        print(f"{name:30} {found['per_second']:9,.0f}   {share:.1%} of {n:,}")


def environment(peer: str) -> str:
    folder = ROOT / ".bench" / peer
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS[peer]], check=True)
    return str(python)


def best(run: Callable[[], int], passes: int = 3) -> tuple[float, int]:
    """(CPU seconds of the fastest pass, what it made)."""
    fastest, made = float("inf"), 0
    for _ in range(passes):
        start = time.process_time()
        made = run()
        fastest = min(fastest, time.process_time() - start)
    return fastest, made


if __name__ == "__main__":
    main()
