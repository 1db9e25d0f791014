"""The one bridge from stages, which wait, to the engine, which does not: an event loop in a thread of its own.

The first Ctrl-C while something is waited for sends nothing more and waits for what is on its way: it is paid for. The
second leaves at once. Either way everything that was answered is kept.
What this module does not know: what is asked, and whom.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Protocol, Self, TypeVar

from anchorset.core.ask import Answer, Ask, Fault
from anchorset.core.ports import ChatModel

T = TypeVar("T")

LEAVING_SECONDS = 5.0
"""For what came before the run was left to be kept."""
DRAINING = "sending nothing more; waiting for what is on its way (Ctrl-C again leaves at once)"


class Engine(Protocol):
    """What is bridged."""

    async def answer(self, asks: Sequence[Ask]) -> list[Answer]: ...

    def drain(self) -> None:
        """Sends nothing more: what is not on its way comes back as `interrupted`."""
        ...

    async def close(self) -> None: ...


class Bridge:
    """Fills the Asker port. Close it, or use it in a `with`."""

    def __init__(self, engine: Engine, *, say: Callable[[str], None] = lambda _text: None) -> None:
        """`say` is told when Ctrl-C came."""
        self._engine = engine
        self._say = say
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="anchorset asks", daemon=True)
        self._thread.start()
        self._left = False
        self._coming: list[Future[list[Answer]]] = []

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        return self.ask_ahead(asks)()

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        if self._left:
            gone = Fault(cause="interrupted", message="the run was left", final=False)
            return lambda: [gone for _ in asks]
        coming = self._begun(self._engine.answer(asks))
        self._coming = [one for one in self._coming if not one.done()] + [coming]
        return lambda: self._wait(coming)

    async def answer(self, ask: Ask) -> Answer:
        """One answer, for callers in an event loop of their own. Who stops waiting gives up nothing: it is kept."""
        coming = self._begun(self._engine.answer([ask]))
        self._coming = [one for one in self._coming if not one.done()] + [coming]
        return (await asyncio.shield(asyncio.wrap_future(coming)))[0]

    def drain(self) -> None:
        """Sends nothing more; what is on its way still comes."""
        self._loop.call_soon_threadsafe(self._engine.drain)

    def close(self) -> None:
        """Ends the loop. What is on its way is given up when the run was left, and waited for otherwise."""
        if not self._loop.is_running():
            return
        self._settle()
        with suppress(KeyboardInterrupt, TimeoutError):
            self._begun(self._engine.close()).result(LEAVING_SECONDS if self._left else None)
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(timeout=5)
        if not self._thread.is_alive():
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begun(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _wait(self, coming: Future[list[Answer]]) -> list[Answer]:
        try:
            return coming.result()
        except KeyboardInterrupt:
            self._say(DRAINING)
            self.drain()
        except CancelledError:
            raise KeyboardInterrupt from None
        try:
            return coming.result()
        except (KeyboardInterrupt, CancelledError):
            self._left = True
            raise KeyboardInterrupt from None

    def _settle(self) -> None:
        """Waits for what is on its way and nobody waits for any more: it is paid for, and kept for the next time."""
        on_their_way = [one for one in self._coming if not one.done()]
        if self._left or not on_their_way:
            return
        self._say(DRAINING)
        self.drain()
        try:
            for coming in on_their_way:
                # who asked has gone, and with it who would hear of an error
                coming.exception()
        except (KeyboardInterrupt, CancelledError):
            self._left = True

    def _end(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        # One more turn, so that what was cancelled can tidy up.
        self._loop.call_later(0.05, self._loop.stop)


def ask_once(model: ChatModel, ask: Ask, timeout: float) -> float:
    """Asks once, keeps nothing, closes the model. Returns the seconds it took. Raises ModelError."""

    async def asked() -> float:
        begun = time.perf_counter()
        try:
            await model.reply(ask, timeout=timeout)
            return time.perf_counter() - begun
        finally:
            await model.close()

    return asyncio.run(asked())
