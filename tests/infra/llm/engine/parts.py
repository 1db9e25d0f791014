"""What the engine's tests are made of: a memory, a model that is a function, and asks."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from anchorset.core.ask import Answer, Ask, Fault, Line, Reply, Shape, Usage
from anchorset.infra.llm.engine import Engine, Limits

NAME = "scripted:made-up"


class Message(BaseModel):
    text: str
    tone: str = "plain"


MANY = Shape(Message, many=True)


def usd(_model: str, usage: Usage) -> float | None:
    """One USD per million tokens in, two per million out."""
    return (usage.input + 2 * usage.output) / 1e6


def unknown(_model: str, _usage: Usage) -> float | None:
    return None


def ask(n: int, *, wanted: int = 2, shape: Shape | None = MANY, **fields: Any) -> Ask:
    return Ask(model=NAME, lines=(Line("user", f"question {n}"),), shape=shape, wanted=wanted, **fields)


def said(n: int, items: int = 2) -> Reply:
    text = json.dumps({"items": [{"text": f"answer {n}.{i}", "tone": "calm"} for i in range(items)]})
    return Reply(text=text, usage=Usage(input=100, output=50), model="made-up-1")


def number(ask: Ask) -> int:
    return int(ask.lines[0].content.split()[1])


class Memory:
    """Answers in a dict, with the batches in which they were kept."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Answer] = {}
        self.batches: list[list[str]] = []
        self.lookups = 0
        self.before: Callable[[], None] = lambda: None

    def recall(self, keys: Sequence[str], *, run: str) -> dict[str, Answer]:
        self.lookups += 1
        found = {key: self.kept.get((key, "")) or self.kept.get((key, run)) for key in keys}
        return {key: answer for key, answer in found.items() if answer is not None}

    def keep(self, answers: Mapping[str, Answer], *, run: str) -> None:
        self.before()
        self.batches.append(list(answers))
        for key, answer in answers.items():
            self.kept[key, "" if isinstance(answer, Reply) else run] = answer


class Lines:
    """Answers in a file, one line each, on the disk before `keep` returns; `die_after`: the power goes at that line."""

    def __init__(self, path: Path, *, die_after: int | None = None) -> None:
        self.path, self.die_after, self.count = path, die_after, 0

    def recall(self, keys: Sequence[str], *, run: str) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                record = json.loads(line)
                told = record["answer"]
                told["usage"] = Usage(**told["usage"])
                if record["key"] in keys and record["run"] in ("", run):
                    made = Reply if record["run"] == "" else Fault
                    found[record["key"]] = made(**{k: tuple(v) if isinstance(v, list) else v for k, v in told.items()})
        return found

    def keep(self, answers: Mapping[str, Answer], *, run: str) -> None:
        with self.path.open("a") as file:
            for key, answer in answers.items():
                told = {k: v for k, v in asdict(answer).items() if k not in ("items", "recalled", "problems")}
                file.write(json.dumps({"key": key, "run": "" if isinstance(answer, Reply) else run, "answer": told}))
                file.write("\n")
                self.count += 1
                if self.die_after is not None and self.count >= self.die_after:
                    file.flush()
                    os.fsync(file.fileno())
                    os._exit(9)
            file.flush()
            os.fsync(file.fileno())


class Talker:
    """A model that is a function of the ask and of how often it was asked. Counts what it is asked, by key."""

    host = None
    name = NAME

    def __init__(self, talk: Callable[[Ask, int], Reply | Awaitable[Reply]], *, seconds: float = 0.0) -> None:
        self.talk, self.seconds = talk, seconds
        self.asked: list[Ask] = []
        self.times: Counter[str] = Counter()
        self.in_flight = self.most = 0
        self.closed = False

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        nth = self.times[ask.key]
        self.times[ask.key] += 1
        self.asked.append(ask)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(self.seconds)
            came = self.talk(ask, nth)
            return came if isinstance(came, Reply) else await came
        finally:
            self.in_flight -= 1

    async def close(self) -> None:
        self.closed = True


def engine(model: Talker, memory: Any, **options: Any) -> Engine:
    options = {"run": "r_1", "usd": usd, "limits": Limits(in_flight=8, timeout_seconds=5)} | options
    return Engine({NAME: model}, memory, **options)


def answered(model: Talker, memory: Any, asks: Sequence[Ask], **options: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        made = engine(model, memory, **options)
        try:
            return await made.answer(asks)
        finally:
            await made.close()

    return asyncio.run(run())
