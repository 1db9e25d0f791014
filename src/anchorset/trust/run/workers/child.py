"""The program inside a worker: it loads one function or command and runs it once for each request on its stdin.

It is started by path and imports the standard library alone, so that it is up in 20 ms. A frame is 8 bytes of length
and JSON. The pipes are moved away from 0, 1 and 2 first: whatever the code prints goes nowhere. When stdin ends, the
process that asked is gone, and the whole group dies with it, even in the middle of a call.
What this module does not know: cases, timeouts (the other side kills), and what an answer means.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import queue
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

HEAD = 2_000
"""Characters kept of an answer that is too large, and bytes of a command's stderr."""
DRAIN_SECONDS = 0.1
"""How long a command's output is read on after its end, when something it started holds the pipe."""

Reply = dict[str, Any]


def main() -> None:
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a print never raises
    job = json.loads(_read(requests) or b"{}")
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    if not job["look"]:
        threading.Thread(target=_feed, args=(requests, waiting), daemon=True).start()
    try:
        serve = _load(job)
    except BaseException as error:
        _write(replies, {"broken": _sentence(error), "kind": type(error).__name__})
        return
    _write(replies, {"ready": True, "files": _files(job)})
    while not job["look"]:
        _write(replies, serve(json.loads(waiting.get())))


def _feed(requests: IO[bytes], waiting: queue.SimpleQueue[bytes]) -> None:
    while (frame := _read(requests)) is not None:
        waiting.put(frame)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _read(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(8)
    return pipe.read(int.from_bytes(length, "big")) if len(length) == 8 else None


def _write(pipe: IO[bytes], reply: Reply) -> None:
    data = json.dumps(reply, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(len(data).to_bytes(8, "big") + data)
    pipe.flush()


def _load(job: dict[str, Any]) -> Callable[[Any], Reply]:
    cap: int = job["cap"]
    if job["command"]:
        return lambda told: _run_command(job["command"], told, cap)
    sys.path[:] = [path for path in job["paths"] if path]
    if job["folder"]:
        sys.path.insert(0, job["folder"])
    function = _function(job["function"])
    loop: list[asyncio.AbstractEventLoop] = []

    def serve(arguments: list[Any]) -> Reply:
        try:
            value = function(*arguments)
            if inspect.isawaitable(value):
                if not loop:
                    loop.append(asyncio.new_event_loop())
                value = loop[0].run_until_complete(_awaited(value))
        except BaseException as error:
            return {"cause": "exception", "error": f"it raised {_sentence(error)}"}
        return _fitted(value, cap)

    return serve


async def _awaited(value: Any) -> Any:
    return await value


def _function(named: str) -> Callable[..., Any]:
    module_name, _, path = named.partition(":")
    found: Any = importlib.import_module(module_name)
    for part in path.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{path!r} is a {type(found).__name__}, not a function")
    return found  # type: ignore[no-any-return]


def _files(job: dict[str, Any]) -> list[str]:
    """Source files that were loaded: the function's own, and every module that lies in the folder."""
    if job["command"] or not job["folder"]:
        return []
    folder = Path(job["folder"]).resolve()
    seen = {sys.modules[job["function"].partition(":")[0]]}
    function = inspect.unwrap(_function(job["function"]))
    seen |= {module for module in [inspect.getmodule(function)] if module}
    own = {Path(file).resolve() for module in seen if (file := getattr(module, "__file__", None))}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            path = Path(file).resolve()
            if path.is_relative_to(folder) and not {"site-packages", "dist-packages"} & set(path.parts):
                own.add(path)
    return sorted(str(path) for path in own if path.is_file())


def _fitted(value: Any, cap: int) -> Reply:
    try:
        data = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        said = f"it returned {type(value).__name__!r}, which is no JSON value ({str(error)[:120]})"
        return {"cause": "garbage", "error": said, "head": _repr(value)}
    size = len(data.encode("utf-8", "surrogatepass"))
    if size > cap:
        inner = value["output"] if isinstance(value, dict) and "output" in value else value
        return {"cause": "too_large", "size": size, "head": (inner if isinstance(inner, str) else data)[:HEAD]}
    return {"json": data}


def _plain(value: Any) -> Any:
    """Numbers of numpy and torch know how to be Python's."""
    if type(value).__module__.partition(".")[0] in ("numpy", "torch"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _repr(value: Any) -> str:
    try:
        return repr(value)[:HEAD]
    except Exception:
        return ""


def _sentence(error: BaseException) -> str:
    try:
        said = str(error)[:HEAD]
    except Exception:
        said = "(its message cannot be shown)"
    name, place = type(error).__name__, ""
    here, trace = __file__, error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename != here and not code.co_filename.startswith("<"):
            place = f" ({os.path.basename(code.co_filename)} line {trace.tb_lineno})"
        trace = trace.tb_next
    return f"{name}: {said}{place}" if said else f"{name}{place}"


def _run_command(command: list[str], told: Any, cap: int) -> Reply:
    try:
        process = subprocess.Popen(  # in our own group, which is killed as a whole
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
    except OSError as refused:
        return {"cause": "exception", "error": f"{command[0]!r} cannot be started: {refused.strerror or refused}"}
    said, complaint, whole = _talk(process, json.dumps(told).encode(), cap)
    if not whole:
        process.kill()
        process.wait()
        return {"cause": "too_large", "size": None, "head": said.decode(errors="replace")[:HEAD], "restart": True}
    code = process.wait()
    if code:
        how = f"exited with code {code}" if code > 0 else f"was ended by {signal.Signals(-code).name}"
        last = complaint.decode(errors="replace").strip()
        error = f"{command[0]!r} {how}" + (f" and said on stderr: {last}" if last else "")
        return {"cause": "exception", "error": error, "head": said.decode(errors="replace")[:HEAD] or None}
    try:
        return {"text": said.decode("utf-8")}
    except UnicodeDecodeError as wrong:
        about = f"{command[0]!r} printed bytes that are no UTF-8 (byte {wrong.start})"
        return {"cause": "garbage", "error": about, "head": said[: wrong.start].decode()[:HEAD]}


def _talk(process: subprocess.Popen[bytes], told: bytes, cap: int) -> tuple[bytes, bytes, bool]:
    """Stdout, the end of stderr, and whether stdout ended within the cap."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    said, complaint, rest = bytearray(), b"", memoryview(told)
    with selectors.DefaultSelector() as pipes, process.stdin, process.stdout, process.stderr:
        for pipe, event in (
            (process.stdin, selectors.EVENT_WRITE),
            (process.stdout, selectors.EVENT_READ),
            (process.stderr, selectors.EVENT_READ),
        ):
            os.set_blocking(pipe.fileno(), False)
            pipes.register(pipe, event)
        ended = False
        while process.stdout in (open_ := [key.fileobj for key in pipes.get_map().values()]) or process.stderr in open_:
            ready = pipes.select(DRAIN_SECONDS)
            if ended and not any(key.fileobj is not process.stdin for key, _ in ready):
                break  # something it left behind holds the pipe; it has nothing more to say
            ended = process.poll() is not None
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    try:
                        rest = rest[os.write(key.fd, rest[:65536]) :]
                    except BrokenPipeError:  # it does not read its input, which is its right
                        rest = rest[:0]
                    if not rest:
                        pipes.unregister(process.stdin)
                        process.stdin.close()
                    continue
                data = os.read(key.fd, 65536)
                if not data:
                    pipes.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    said += data
                    if len(said) > cap:
                        return bytes(said), complaint, False
                else:
                    complaint = (complaint + data)[-HEAD:]
    return bytes(said), complaint, True


if __name__ == "__main__":
    main()
