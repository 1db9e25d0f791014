"""Batch endpoints of OpenAI and Anthropic on loopback, and answers that hang on the request alone.

    with batch_desk() as desk:    # desk.openai, desk.anthropic: the base addresses
        desk.status = "running"   # or "ended", "failed", "cancelled": of every batch that is asked about

What this module does not know: who asks, and why.
"""

from __future__ import annotations

import email
import hashlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from server import Settings, filled

from anchorset.core.ask import Ask, Reply
from anchorset.core.config import ModelSpec
from anchorset.infra.llm.vendors import vendor_of
from anchorset.infra.llm.wire.batch import batch_line, read_batch_line

Line = dict[str, Any]


def said(line: Line) -> str:
    """What the model says to this request."""
    body = line.get("body") or line["params"]
    form = body.get("response_format", {}).get("json_schema") or body.get("output_config", {}).get("format") or {}
    rng = random.Random(hashlib.blake2b(orjson.dumps(body)).hexdigest())
    return orjson.dumps(filled(form["schema"], rng, Settings())).decode()


def result(line: Line, how: str = "answered") -> Line:
    """A line of results for this line of requests: answered, failed, expired, refused."""
    key, body = line["custom_id"], line.get("body")
    text = said(line)
    if body is not None:
        if how == "failed":
            return {"id": "x", "custom_id": key, "response": None, "error": {"code": "server_error", "message": "no"}}
        if how == "expired":
            return {"id": "x", "custom_id": key, "response": None, "error": {"code": "batch_expired", "message": "no"}}
        message = {"role": "assistant", "content": text, "refusal": None}
        if how == "refused":
            message |= {"content": None, "refusal": "I will not."}
        answer = {
            "id": "c", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
        }  # fmt: skip
        return {"id": "x", "custom_id": key, "response": {"status_code": 200, "body": answer}, "error": None}
    if how == "failed":
        inner = {"type": "error", "error": {"type": "api_error", "message": "no"}}
        return {"custom_id": key, "result": {"type": "errored", "error": inner}}
    if how == "expired":
        return {"custom_id": key, "result": {"type": "expired"}}
    answer = {
        "id": "m", "type": "message", "role": "assistant", "model": line["params"]["model"],
        "content": [{"type": "text", "text": "I will not." if how == "refused" else text}],
        "stop_reason": "refusal" if how == "refused" else "end_turn",
        "usage": {"input_tokens": 1000, "output_tokens": 200},
    }  # fmt: skip
    return {"custom_id": key, "result": {"type": "succeeded", "message": answer}}


class Live:
    """The same model, asked one by one. Fills `core.ports.ChatModel`."""

    host = None

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: Counter[str] = Counter()

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        self.asked[ask.key] += 1
        _, answer = read_batch_line(result(batch_line(ask, vendor_of(ModelSpec(model=self.name), {}))))
        assert isinstance(answer, Reply)
        return answer

    async def close(self) -> None:
        return None


@dataclass
class Desk:
    """What was sent, and how it behaves."""

    status: str = "ended"
    how: dict[int, str] = field(default_factory=dict)
    """Place of a line in its batch -> what comes of it; `lost`: there is no line for it."""
    batches: dict[str, list[Line]] = field(default_factory=dict)
    files: list[list[Line]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    """Key -> how often it was sent."""
    port: int = 0
    breaks: bool = False
    """Whether everything is answered with 500."""

    @property
    def openai(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def anthropic(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, lines: list[Line]) -> str:
        name = f"batch_{len(self.batches) + 1}"
        self.batches[name] = lines
        self.asked.update(line["custom_id"] for line in lines)
        return name

    def results(self, name: str) -> bytes:
        hows = [(line, self.how.get(nth, "answered")) for nth, line in enumerate(self.batches[name])]
        rows = [result(line, how) for line, how in hows if how != "lost"]
        return b"".join(orjson.dumps(row) + b"\n" for row in reversed(rows))

    def hear(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        if self.breaks:
            return 500, b"{}"
        parts = path.strip("/").split("/")[1:]
        if parts == ["files"]:
            form = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
            content = next(
                part.get_payload(decode=True) for part in form.get_payload() if part.get_filename()  # type: ignore[union-attr]
            )  # fmt: skip
            self.files.append([orjson.loads(line) for line in content.splitlines()])
            return 200, orjson.dumps({"id": f"file-{len(self.files)}"})
        if parts == ["batches"]:
            nth = int(orjson.loads(body)["input_file_id"].removeprefix("file-"))
            return 200, orjson.dumps({"id": self.take(self.files[nth - 1]), "status": "validating"})
        if parts == ["messages", "batches"]:
            return 200, orjson.dumps({"id": self.take(orjson.loads(body)["requests"])})
        if parts[-1] in ("content", "results"):
            return 200, self.results(parts[-2])
        lines = self.batches[parts[-1]]
        if parts[0] == "messages":
            running = len(lines) if self.status == "running" else 0
            counts = {"processing": running, "succeeded": len(lines) - running, "errored": 0}
            ended = "in_progress" if self.status == "running" else "ended"
            return 200, orjson.dumps({"id": parts[-1], "processing_status": ended, "request_counts": counts})
        status = {"running": "in_progress", "ended": "completed"}.get(self.status, self.status)
        answer: Line = {"id": parts[-1], "status": status, "request_counts": {"completed": 0, "total": len(lines)}}
        if self.status in ("ended", "cancelled"):
            answer["output_file_id"] = parts[-1]
        if self.status == "failed":
            answer["errors"] = {"data": [{"message": "line 1 is bad"}]}
        return 200, orjson.dumps(answer)


@contextmanager
def batch_desk() -> Iterator[Desk]:
    """A desk that listens."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while chunk := int(self.rfile.readline(), 16):
                    body += self.rfile.read(chunk)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(size)
            status, said_back = desk.hear(self.command, self.path, body, self.headers.get("Content-Type", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said_back)))
            self.end_headers()
            self.wfile.write(said_back)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
