"""One worker process, seen from here: a call goes in, a value comes out, or CallError says why not.

What this module does not know: how many workers there are.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from time import perf_counter
from typing import Any

from anchorset.trust.run.answer import CAP_BYTES, CallError, Served, too_large
from anchorset.trust.run.workers.job import LOAD_SECONDS, Job, LoadError, ending, framed, kill, loaded, unframed

LOOK_SECONDS = 0.25
"""How often a silent worker is looked at: it may be dead while something it started holds its pipe."""
LARGEST_FRAME = 8 * CAP_BYTES
"""A worker's frames stay under this; a longer one was written by the code under test itself."""


class Worker:
    """A process that has loaded its job and takes one call at a time. After `usable` is False it has to go."""

    def __init__(self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader) -> None:
        self._process = process
        self._reader = reader
        self._transports: list[asyncio.BaseTransport] = []
        self._writer: asyncio.StreamWriter | None = None
        self._killed = False
        self.usable = True

    @classmethod
    async def start(cls, job: Job) -> Worker:
        """A worker that has loaded its job. Raises LoadError, and MachineError when there is no process to be had."""
        loop = asyncio.get_running_loop()
        worker = cls(job.start(), asyncio.StreamReader())
        try:
            said, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(worker._reader), worker._process.stdout
            )
            worker._transports.append(said)
            protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
            told, _ = await loop.connect_write_pipe(lambda: protocol, worker._process.stdin)
            worker._transports.append(told)
            worker._writer = asyncio.StreamWriter(told, protocol, None, loop)
            try:
                async with asyncio.timeout(LOAD_SECONDS):
                    loaded(await worker._exchange(job.frame(look=False)))
            except TimeoutError:
                raise LoadError(f"it was not loaded after {LOAD_SECONDS:.0f} seconds") from None
            except CallError as error:
                raise LoadError(error.error) from None
        except BaseException:
            worker.kill()
            raise
        return worker

    async def call(self, request: Any, seconds: float) -> Served:
        """What the function returned (a JSON value) or the command printed (a text). Raises CallError."""
        begun = perf_counter()
        try:
            value = await self._call(request, seconds)
        except CallError as error:
            error.seconds = perf_counter() - begun
            raise
        return Served(value, perf_counter() - begun)

    async def _call(self, request: Any, seconds: float) -> Any:
        self.usable = False  # whatever interrupts this call, the worker is in the middle of it
        try:
            async with asyncio.timeout(seconds):
                reply = await self._exchange(framed(request))
        except TimeoutError:
            raise CallError("timeout", f"no answer after {seconds:g} seconds; the process was killed") from None
        self.usable = not reply.get("restart", False)
        try:
            return _value(reply)
        except (KeyError, ValueError, RecursionError, TypeError):
            self.usable = False
            raise CallError(
                "garbage", "what came from the worker is no answer of ours; the process was killed"
            ) from None

    async def _exchange(self, frame: bytes) -> dict[str, Any]:
        assert self._writer is not None
        try:
            self._writer.write(frame)
            await self._writer.drain()
            return unframed(await self._frame())
        except (EOFError, ConnectionError):
            raise CallError("exception", f"the process {await self._end()} in the middle of the call") from None
        except (ValueError, RecursionError):
            raise CallError("garbage", "what came from the worker cannot be read; the process was killed") from None

    async def _frame(self) -> bytes:
        reading = asyncio.ensure_future(self._read())
        try:
            while not (await asyncio.wait({reading}, timeout=LOOK_SECONDS))[0]:
                if self._process.poll() is not None:
                    await asyncio.wait({reading}, timeout=LOOK_SECONDS)
                    if not reading.done():
                        raise EOFError
            return reading.result()
        finally:
            reading.cancel()

    async def _read(self) -> bytes:
        length = int.from_bytes(await self._reader.readexactly(8), "big")
        if length > LARGEST_FRAME:
            raise ValueError(f"a frame of {length} bytes")
        return await self._reader.readexactly(length)

    async def _end(self) -> str:
        """How it ended. A process closes its pipes a moment before it has an exit code."""
        for _ in range(50):
            if self._process.poll() is not None:
                return ending(self._process.returncode)
            await asyncio.sleep(0.01)
        return "closed its pipes"

    def kill(self) -> None:
        """Ends the process and everything it started in its group. Takes a few milliseconds and no consent."""
        self.usable = False
        if self._killed:
            return
        self._killed = True
        for transport in self._transports:
            if transport.is_closing():  # the process closed its end first
                continue
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
            else:
                transport.close()
        kill(self._process)


def _value(reply: dict[str, Any]) -> Any:
    if "cause" in reply:
        error = too_large(reply["size"]) if reply["cause"] == "too_large" else str(reply["error"])
        raise CallError(reply["cause"], error, head=reply.get("head"))
    return json.loads(reply["json"]) if "json" in reply else reply["text"]
