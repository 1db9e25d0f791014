"""Language, privacy and offence checks together, in texts a second on one core, beside plain `re` in the same run.

    python bench/checks.py --data DIR [--peers]

DIR holds `banking77`, `snips` and `multidogo`. With seed 7 personal data is planted into 25 % of the banking77 queries
and an insult (rot13 here) into 12.5 %. CPU seconds of this process, best of three passes. Goal: at least 20,000 texts/s
together. `--peers` makes an environment under `.bench/` for presidio-analyzer (pattern recognizers, no language model)
and better-profanity, and times them on the first 2,000 of the same texts. Last, how often English is taken for English.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import json
import random
import re
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from anchorset.infra.text import language
from anchorset.infra.text.language import identify
from anchorset.infra.text.offensive import offences
from anchorset.infra.text.privacy import find
from anchorset.infra.text.protect import protected
from anchorset.infra.text.register import register
from anchorset.infra.text.vocabulary import key_terms

GOAL = 20_000
BENCH = Path(__file__).parent.parent / ".bench"
PEERS = ("presidio-analyzer==2.2.366", "better-profanity==0.7.0", "setuptools<81")
PERSONAL = (
    "mail me at jane.doe@example.com", "call +44 20 7946 0958", "card 4111 1111 1111 1111",
    "IBAN GB82WEST12345698765432", "my ip is 192.168.1.20", "ssn 123-45-6789", "or (212) 555-0123",
)  # fmt: skip
INSULTS = tuple(codecs.decode("shpxvat fuvg nffubyr ovgpu onfgneq phag juber", "rot13").split())
PATTERNS = (
    r"[\w.+-]+@[\w-]+\.[\w.]+", r"\+?\d[\d ()-]{7,}\d", r"\b(?:\d[ -]?){13,16}\b", r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b", r"\b\d{3}-\d{2}-\d{4}\b", r"https?://\S+:\S+@",
)  # fmt: skip


def planted(queries: Sequence[str], seed: int = 7) -> tuple[list[str], list[bool], list[bool]]:
    """The texts, and which of them hold personal data and an insult."""
    rng = random.Random(seed)
    texts, personal, rude = [], [], []
    for query in queries:
        personal.append(rng.random() < 0.25)
        rude.append(rng.random() < 0.125)
        text = f"{query} {rng.choice(PERSONAL)}" if personal[-1] else query
        texts.append(f"{rng.choice(INSULTS)} {text}" if rude[-1] else text)
    return texts, personal, rude


def rate(work: Callable[[list[str]], object], texts: list[str]) -> float:
    """Texts a CPU second, best of three."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work(texts)
        spent.append(time.process_time() - start)
    return len(texts) / min(spent)


def ours(texts: list[str]) -> None:
    identify(texts)
    for text in texts:
        find(text)
        offences(text)


def accuracy(data: Path) -> None:
    """Share of real English texts taken for English: the model as it is, and `identify`; and what is wrong for sure."""
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        banking = [line["text"] for line in csv.DictReader(file)]
    turns = []
    for name in ("airline_dev", "finance_dev"):
        with (data / "multidogo" / f"{name}.tsv").open(encoding="utf-8") as file:
            turns += [line["utterance"] or "" for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    commands = [
        "".join(part["text"] for part in row["data"])
        for file in sorted((data / "snips").glob("*.json"))
        for rows in json.loads(file.read_text(encoding="utf-8")).values()
        for row in rows
    ]
    predict = language._model().f.predict
    print(f"\n{'English share':<28}{'model':>8}{'identify':>10}{'und':>8}{'wrong at 0.8':>14}")
    for name, texts in {
        "banking77": banking,
        "banking77 shouted": [text.upper() for text in banking],
        "snips": commands,
        "multidogo": turns,
    }.items():
        plain = sum(predict(text.replace("\n", " ") + "\n", 1, 0.0, "replace")[0][1] == "__label__en" for text in texts)
        heard = identify(texts)
        english, undetermined = (sum(one.code == code for one in heard) / len(texts) for code in ("en", "und"))
        wrong = sum(one.code not in ("en", "und") and one.confidence >= 0.8 for one in heard)
        print(f"{name:<28}{plain / len(texts):>8.2%}{english:>10.2%}{undetermined:>8.2%}{wrong:>14}")


_PEER = """
import json, sys, time
texts = json.load(open(sys.argv[1]))
if sys.argv[2] == "presidio":
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    class Blank(NlpEngine):
        engine_name = "blank"
        is_available = True
        def load(self): pass
        def is_loaded(self): return True
        def process_text(self, text, language):
            return NlpArtifacts([], [], [], [], self, language)
        def process_batch(self, texts, language, **kw): return ((t, self.process_text(t, language)) for t in texts)
        def is_stopword(self, word, language): return False
        def is_punct(self, word, language): return False
        def get_supported_entities(self): return []
        def get_supported_languages(self): return ["en"]
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=Blank())
    registry.recognizers = [r for r in registry.recognizers if "Spacy" not in r.name and "Nlp" not in r.name]
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    kinds = ["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "US_SSN"]
    look = lambda text: bool(engine.analyze(text=text, language="en", entities=kinds, score_threshold=0.4))
else:
    from better_profanity import profanity
    profanity.load_censor_words()
    look = profanity.contains_profanity
look(texts[0])
start = time.process_time()
hits = [look(text) for text in texts]
print(json.dumps([time.process_time() - start, hits]))
"""


def peer(name: str, texts: list[str], truth: list[bool]) -> str:
    """One row of the table from a peer in its own environment."""
    python = BENCH / "checks" / "bin" / "python"
    if not python.exists():
        venv.create(BENCH / "checks", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    file = BENCH / "checks-texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    done = subprocess.run([python, "-c", _PEER, file, name], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{name:<44} failed: {done.stderr.strip().splitlines()[-1][:90]}"
    seconds, hits = json.loads(done.stdout.splitlines()[-1])
    return row(name, len(texts) / seconds, hits, truth)


def row(name: str, speed: float, hits: list[bool] | None = None, truth: list[bool] | None = None) -> str:
    """Name, texts/s, share of the planted found, false alarms among the rest."""
    line = f"{name:<44}{speed:>12,.0f}"
    if hits is None or truth is None:
        return line
    found = sum(hit and there for hit, there in zip(hits, truth, strict=True)) / sum(truth)
    alarms = sum(hit and not there for hit, there in zip(hits, truth, strict=True)) / (len(truth) - sum(truth))
    return f"{line}{found:>11.1%}{alarms:>14.2%}"


def main() -> int:
    """Print the table; the exit code is 1 when the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    source = options.data / "banking77" / "train.csv"
    if not source.is_file():
        print(f"Skipped: no file {str(source)!r}; name the folder that holds banking77.")
        return 0
    with source.open(encoding="utf-8", newline="") as file:
        queries = [line["text"] for line in csv.DictReader(file)]
    texts, personal, rude = planted(queries)
    ours(texts[:100])
    together = rate(ours, texts)
    seven = [re.compile(pattern) for pattern in PATTERNS]
    eight = re.compile(rf"\b(?:{'|'.join(INSULTS)}|damn)", re.IGNORECASE)
    print(f"{len(texts):,} texts, mean {sum(map(len, texts)) / len(texts):.0f} characters\n")
    print(f"{'':<44}{'texts/s':>12}{'found':>11}{'false alarms':>14}")
    print(row("language + privacy + offensive", together))
    print(row("  the same, nothing planted", rate(ours, queries)))
    print(row("  language", rate(identify, texts)))
    print(row("  privacy", rate(lambda ts: [find(t) for t in ts], texts), [bool(find(t)) for t in texts], personal))
    hits = [bool(offences(text)) for text in texts]
    print(row("  offensive", rate(lambda ts: [offences(t) for t in ts], texts), hits, rude))
    hits = [any(pattern.search(text) for pattern in seven) for text in texts]
    speed = rate(lambda ts: [any(pattern.search(t) for pattern in seven) for t in ts], texts)
    print(row("plain re, 7 privacy patterns, no checksum", speed, hits, personal))
    hits = [bool(eight.search(text)) for text in texts]
    print(
        row("plain re, one alternation of 8 words", rate(lambda ts: [eight.search(t) for t in ts], texts), hits, rude)
    )
    print(row("protected", rate(lambda ts: [protected(t) for t in ts], queries)))
    print(row("register", rate(register, queries)))
    print(row("key_terms", rate(key_terms, queries)))
    if options.peers:
        print(peer("presidio", texts[:2000], personal[:2000]))
        print(peer("better-profanity", texts[:2000], rude[:2000]))
    accuracy(options.data)
    print(f"\ngoal {GOAL:,} texts/s together: {'met' if together >= GOAL else 'missed'}")
    return 0 if together >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
