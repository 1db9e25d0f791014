"""Runs one other mutation library, inside its own environment, on the texts it is given; called by operators.py.

Prints one JSON object: name of the augmenter -> texts a second of CPU, and what became of the judged texts.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path


def nlpaug() -> dict[str, Callable[[str], str]]:
    import nlpaug.augmenter.char as nac
    import nlpaug.augmenter.word as naw

    made = {
        "KeyboardAug": nac.KeyboardAug(),
        "OcrAug": nac.OcrAug(),
        "RandomCharAug swap": nac.RandomCharAug(action="swap"),
        "RandomWordAug delete": naw.RandomWordAug(action="delete"),
        "RandomWordAug swap": naw.RandomWordAug(action="swap"),
        "SpellingAug": naw.SpellingAug(),
        "SplitAug": naw.SplitAug(),
    }
    return {name: lambda text, aug=aug: aug.augment(text)[0] for name, aug in made.items()}


def augly() -> dict[str, Callable[[str], str]]:
    from augly import text as ops

    def first(found: object) -> str:
        return found[0] if isinstance(found, list) else str(found)

    return {
        "simulate_typos": lambda text: first(ops.simulate_typos(text)),
        "replace_similar_chars": lambda text: first(ops.replace_similar_chars(text)),
        "split_words": lambda text: first(ops.split_words(text)),
        "merge_words": lambda text: first(ops.merge_words(text)),
        "change_case": lambda text: first(ops.change_case(text)),
        "contractions": lambda text: first(ops.contractions(text)),
        "insert_punctuation_chars": lambda text: first(ops.insert_punctuation_chars(text)),
    }


def main() -> None:
    peer, given = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    random.seed(7)
    found = {}
    for name, change in {"nlpaug": nlpaug, "augly": augly}[peer]().items():
        try:
            change(given["texts"][0])
        except Exception as error:  # one broken augmenter must not hide the others
            print(f"{peer} {name}: {error!r}", file=sys.stderr)
            continue
        done, start = 0, time.process_time()
        for text in given["texts"]:
            change(text)
            done += 1
            if time.process_time() - start > 5:
                break
        rate = done / (time.process_time() - start)
        judged = given["judged"] if rate > 2000 else given["judged"][:500]
        mutants = [change(text) for text in judged] + [None] * (len(given["judged"]) - len(judged))
        found[name] = {"per_second": rate, "mutants": mutants}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
