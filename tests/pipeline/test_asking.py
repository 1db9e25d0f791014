"""The bridge between stages and the engine: order, overlap, Ctrl-C once and twice."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Sequence

import pytest

from anchorset.core.ask import Answer, Ask, Fault, Line, Reply
from anchorset.pipeline.asking import DRAINING, Bridge


class Slow:
    """An engine whose answers take a while; drained, it answers `interrupted` for what has not begun."""

    def __init__(self, seconds: float = 0.02, at_once: int = 4) -> None:
        self.seconds, self.at_once = seconds, at_once
        self.done: list[str] = []
        self.closed = self.draining = False
        self._slots: asyncio.Semaphore | None = None

    async def answer(self, asks: Sequence[Ask]) -> list[Answer]:
        self._slots = self._slots or asyncio.Semaphore(self.at_once)
        return list(await asyncio.gather(*map(self._one, asks)))

    async def _one(self, ask: Ask) -> Answer:
        assert self._slots is not None
        async with self._slots:
            if self.draining:
                return Fault(cause="interrupted", message="stopped", final=False)
            await asyncio.sleep(self.seconds)
            self.done.append(ask.lines[0].content)
            return Reply(text=ask.lines[0].content)

    def drain(self) -> None:
        self.draining = True

    async def close(self) -> None:
        self.closed = True


def asks(n: int, name: str = "") -> list[Ask]:
    return [Ask(model="x:y", lines=(Line("user", f"{name}{k}"),)) for k in range(n)]


def ctrl_c(*after: float) -> None:
    """Presses Ctrl-C that many seconds from now, once for each."""
    for seconds in after:
        timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
        timer.daemon = True
        timer.start()


def texts(answers: Sequence[Answer]) -> list[str | None]:
    return [answer.text for answer in answers]


def test_answers_come_back_in_the_order_they_were_asked() -> None:
    with Bridge(Slow(at_once=3)) as bridge:
        assert texts(bridge.ask(asks(10))) == [str(n) for n in range(10)]


def test_two_waves_are_on_their_way_at_once() -> None:
    with Bridge(Slow(seconds=0.2, at_once=20)) as bridge:
        began = time.monotonic()
        first, second = bridge.ask_ahead(asks(5, "a")), bridge.ask_ahead(asks(5, "b"))
        assert texts(first()) == [f"a{n}" for n in range(5)]
        assert texts(second()) == [f"b{n}" for n in range(5)]
        assert time.monotonic() - began < 0.39


def test_the_first_ctrl_c_waits_for_what_is_on_its_way_and_sends_nothing_more() -> None:
    engine, said = Slow(seconds=0.4, at_once=3), list[str]()
    with Bridge(engine, say=said.append) as bridge:
        ctrl_c(0.1)
        answers = bridge.ask(asks(30))
    assert said == [DRAINING]
    assert texts(answers[:3]) == ["0", "1", "2"]
    assert {answer.cause for answer in answers[3:] if isinstance(answer, Fault)} == {"interrupted"}
    assert sorted(engine.done) == ["0", "1", "2"]
    assert engine.closed


def test_the_second_ctrl_c_leaves_at_once() -> None:
    bridge = Bridge(Slow(seconds=30, at_once=3))
    began = time.monotonic()
    ctrl_c(0.1, 0.3)
    with pytest.raises(KeyboardInterrupt):
        bridge.ask(asks(30))
    bridge.close()
    assert time.monotonic() - began < 5
    assert not [thread for thread in threading.enumerate() if thread.name == "anchorset asks"]


def test_what_the_engine_raises_reaches_the_one_who_asked() -> None:
    class Broken(Slow):
        async def answer(self, asks: Sequence[Ask]) -> list[Answer]:
            raise OSError("the disk is full")

    with Bridge(Broken()) as bridge, pytest.raises(OSError, match="disk is full"):
        bridge.ask(asks(1))


def test_what_nobody_waits_for_any_more_still_comes_before_the_end() -> None:
    engine, said = Slow(seconds=0.3, at_once=3), list[str]()
    with Bridge(engine, say=said.append) as bridge:
        bridge.ask_ahead(asks(9))
        time.sleep(0.1)
    assert sorted(engine.done) == ["0", "1", "2"], "what was on its way is paid for; nothing more is sent"
    assert said == [DRAINING]
    assert engine.closed


def test_ctrl_c_while_it_waits_for_the_rest_leaves_at_once() -> None:
    engine = Slow(seconds=30, at_once=3)
    bridge = Bridge(engine)
    bridge.ask_ahead(asks(3))
    began = time.monotonic()
    ctrl_c(0.2)
    bridge.close()
    assert time.monotonic() - began < 8
    assert not [thread for thread in threading.enumerate() if thread.name == "anchorset asks"]
