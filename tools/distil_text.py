"""The text the static vectors are fitted on: one list of unique short texts, every source permissively licensed.

What this file does not know: models. The sources and their licences are listed in `infra/embed/model/MODEL.md`.
The two evaluation sets, sts2016_questions and apty_paraphrase, are never read here.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

MAX_CHARACTERS = 400
"""The teacher reads 256 tokens; longer passages are cut into sentences instead of being embedded whole."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")

_ASK = (
    "How do I {verb} my {noun}?", "How can I {verb} a {noun}?", "What is the best way to {verb} a {noun}?",
    "Should I {verb} my {noun}?", "Is it safe to {verb} the {noun}?", "What is a {noun}?", "What does {noun} mean?",
    "Why does my {noun} {verb}?", "Where can I {verb} {noun}?", "When should I {verb} the {noun}?",
    "Can I {verb} a {noun} without a {other}?", "What's the difference between {noun} and {other}?",
    "Do I need a {noun} to {verb} a {other}?", "Which {noun} is best for {other}?", "i need help with my {noun}",
    "please {verb} my {noun}", "I want to {verb} the {noun} but the {other} is {adj}", "my {noun} is {adj}, what now?",
    "How {adj} is the {noun}?", "Is the {noun} {adj}?", "Tell me about {noun} and {other}.",
    "the {noun} I bought is {adj} and I would like to {verb} it", "Who should I ask about {noun}?",
    "Where is my {noun}??", "How much does a {noun} cost?", "{noun} still not {adj}, this is the third time",
    "He said the {noun} was {adj}.", "They will {verb} the {noun} on Monday, officials said.",
    "The {adj} {noun} did not {verb} the {other}.", "We {verb} every {adj} {noun} in the {other}.",
)  # fmt: skip


def read_all(data: Path, wordnet: Path, seed: int) -> dict[str, list[str]]:
    """Source name to its unique texts, in a fixed order; `data` holds the sets, `wordnet` the `data.*` files."""
    sources = {
        "banking77": _banking(data / "banking77"),
        "multidogo": _multidogo(data / "multidogo"),
        "self_instruct": _self_instruct(data / "self_instruct"),
        "begin_wow": _begin(data / "begin_wow"),
        "taskmaster4": _taskmaster(data / "taskmaster4_coffee"),
        "snips": _snips(data / "snips"),
        "wordnet": _glosses(wordnet),
        "templates": _templates(wordnet, random.Random(seed), 70_000),
    }
    seen: set[str] = set()
    out: dict[str, list[str]] = {}
    for name, texts in sources.items():
        out[name] = []
        for text in texts:
            tidy = " ".join(text.split())
            if 1 < len(tidy) <= MAX_CHARACTERS and tidy not in seen:
                seen.add(tidy)
                out[name].append(tidy)
    return out


def _banking(folder: Path) -> Iterator[str]:
    with (folder / "train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["text"]


def _multidogo(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["utterance"] or ""


def _self_instruct(folder: Path) -> Iterator[str]:
    for line in (folder / "seed_tasks.jsonl").read_text(encoding="utf-8").splitlines():
        task = json.loads(line)
        yield task["instruction"]
        for instance in task["instances"]:
            yield from _SENTENCE.split(instance["input"])
            yield from _SENTENCE.split(instance["output"])


def _begin(folder: Path) -> Iterator[str]:
    with (folder / "begin_dev_wow.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for field in ("knowledge", "message", "response"):
                yield from _SENTENCE.split(row[field] or "")


def _taskmaster(folder: Path) -> Iterator[str]:
    for line in (folder / "dialogues.jsonl").read_text(encoding="utf-8").splitlines():
        for turn in json.loads(line)["utterances"]:
            yield turn["text"]


def _snips(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.json")):
        for rows in json.loads(path.read_text(encoding="utf-8")).values():
            for row in rows:
                yield "".join(part["text"] for part in row["data"])


def _synsets(wordnet: Path, part: str) -> Iterator[tuple[list[str], str]]:
    for line in (wordnet / f"data.{part}").read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):
            continue
        head, _, gloss = line.partition(" | ")
        fields = head.split()
        words = [re.sub(r"\(.*\)$", "", word).replace("_", " ") for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
        yield words, gloss.strip()


def _glosses(wordnet: Path) -> Iterator[str]:
    for part in ("noun", "verb", "adj", "adv"):
        for words, gloss in _synsets(wordnet, part):
            definition, *examples = [piece.strip(' ;"') for piece in gloss.split('"') if piece.strip(' ;"')] or [""]
            yield f"{words[0]}: {definition}"
            yield from examples


def _templates(wordnet: Path, rng: random.Random, n: int) -> Iterator[str]:
    words: dict[str, list[str]] = {}
    for part in ("noun", "verb", "adj"):
        # A word stands as often as it has synsets, which favours the words people use.
        words[part] = [w for ws, _ in _synsets(wordnet, part) for w in ws if w.islower() and len(w) < 20]
    for _ in range(n):
        yield rng.choice(_ASK).format(
            noun=rng.choice(words["noun"]),
            other=rng.choice(words["noun"]),
            verb=rng.choice(words["verb"]),
            adj=rng.choice(words["adj"]),
        )
