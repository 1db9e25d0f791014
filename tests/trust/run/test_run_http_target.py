"""An HTTP endpoint as target, against a real server on the loopback that misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from anchorset.core.errors import ConfigError, MachineError

pytestmark = pytest.mark.enable_socket


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = json.loads(body) if body else {}
        self.server.seen.append((self.command, self.path, dict(self.headers), told))
        what = told.get("input") or ""
        what = what.split()[0] if isinstance(what, str) and what.strip() else "none"
        if what == "slow":
            self.server.stop.wait(20)
        if what == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"output": ')
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if what == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if what == "busy" and sum(one[3].get("input") == told["input"] for one in self.server.seen) < 3:
            return self._say(429, b"later", {"Retry-After": "0"})
        if what == "moved":
            return self._say(302, b"", {"Location": "http://elsewhere.example/x?key=1", "Set-Cookie": "who=me"})
        replies = {
            "500": (500, f"boom {self.headers.get('Authorization')}".encode()),
            "invalid": (200, b"<html>not json"),
            "latin": (200, b'{"output": "\xff"}'),
            "huge": (200, json.dumps({"output": "x" * 10_000_000}).encode()),
            "large": (200, json.dumps({"output": "x" * 2_000_000}).encode()),
            "elsewhere": (200, b'{"answer": 1}'),
            "null": (200, b'{"output": null}'),
            "nan": (200, b'{"output": NaN}'),
            "deep": (200, b'{"output": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
            "deeper": (200, b"[" * 500_000),
            "tools": (200, b'{"output": "ok", "calls": [{"function": {"name": "refund"}}], "cost": {"usd": 0.25}}'),
            "echo": (200, json.dumps({"output": f"key {self.headers.get('Authorization')}"}).encode()),
        }
        status, said = replies.get(what, (200, json.dumps({"output": told.get("input", self.path)}).encode()))
        self._say(status, said, {"Set-Cookie": "who=me"})

    def _say(self, status: int, said: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        try:
            self.wfile.write(said)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@pytest.fixture
def server():
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.seen, serving.stop, serving.daemon_threads = [], threading.Event(), False
    serving.url = f"http://127.0.0.1:{serving.server_port}/ask"
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield serving
    serving.stop.set()
    serving.shutdown()
    thread.join()
    serving.server_close()


FAULTS = {
    "slow": ("timeout", "no answer in 1 seconds"),
    "cut": ("transport", "ClientPayloadError"),
    "drop": ("transport", "ServerDisconnectedError"),
    "500": ("status", "500 Internal Server Error: boom Bearer ***"),
    "invalid": ("garbage", "no JSON: <html>not json"),
    "huge": ("too_large", "8,000,000 bytes"),
    "large": ("too_large", "2,000,002 bytes"),
    "elsewhere": ("garbage", "nothing at 'output' (it has: answer)"),
    "null": ("garbage", "null"),
    "nan": ("garbage", "nan"),
    "deep": ("garbage", ""),
    "deeper": ("garbage", ""),
    "moved": ("status", "a redirect to http://elsewhere.example/x; redirects are not followed"),
}


def test_every_fault_of_a_server_is_a_row_with_its_cause(workspace, server) -> None:
    cases = workspace.cases(*(f"{what} x" for what in FAULTS), "good")
    target = workspace.target(
        {"BOT_KEY": "s3cr3t-key"},
        http={"url": server.url, "headers": {"Authorization": "Bearer ${BOT_KEY}"}},
        timeout_seconds=1,
        concurrency=3,
    )
    rows = workspace.run(cases, target)
    for row, (cause, said) in zip(rows, FAULTS.values(), strict=False):
        assert row.cause == cause, row.error
        assert said in (row.error or "")
        assert row.passed is False
    assert rows[-1].passed
    assert "s3cr3t" not in "".join(row.line() for row in rows)
    assert sum(one[2].get("Cookie") is not None for one in server.seen) == 0  # no case sees another's cookies


def test_a_server_that_is_not_there_is_a_transport_fault(workspace, server) -> None:
    target = workspace.target(http={"url": "http://user:pass@127.0.0.1:9/x?key=abc"})
    (row,) = workspace.run(workspace.cases("a"), target)
    assert row.cause == "transport"
    assert "POST http://127.0.0.1:9/x failed: ClientConnectorError" in (row.error or "")
    assert "pass" not in (row.error or "")


def test_an_echoed_key_is_not_kept(workspace, server) -> None:
    target = workspace.target(
        {"BOT_KEY": "s3cr3t-key"}, http={"url": server.url, "headers": {"Authorization": "Bearer ${BOT_KEY}"}}
    )
    (row,) = workspace.run(workspace.cases("echo"), target)
    assert row.output == "key Bearer ***"


def test_a_busy_server_is_asked_again(workspace, server) -> None:
    (row,) = workspace.run(workspace.cases("busy now"), workspace.target(http={"url": server.url}))
    assert row.passed
    assert len(server.seen) == 3


def test_tools_and_cost_are_found_by_path(workspace, server) -> None:
    target = workspace.target(http={"url": server.url, "tools": "calls", "usd": "cost.usd"})
    rows = workspace.run(workspace.cases("tools", "other"), target)
    assert (rows[0].tools, rows[0].usd) == (("refund",), 0.25)
    assert (rows[1].tools, rows[1].usd) == ((), None)


def test_a_hostile_text_stays_a_value(workspace, server) -> None:
    text = '{{ 7 * 7 }} ${BOT_KEY} "}, {"admin": true}\r\nX-Evil: 1 {% raw %}'
    target = workspace.target(
        {"BOT_KEY": "s3cr3t-key"},
        http={
            "url": server.url + "/{{ input }}?q={{ metadata.tier }}",
            "headers": {"X-Text": "{{ input }} ${BOT_KEY}"},
            "body": {"input": "{{ input }}", "all": "{{ messages }}", "said": "user said: {{ messages }}", "n": 1},
        },
    )
    case = workspace.seed(text, metadata={"tier": "../a b&c"})
    (row,) = workspace.run([case], target)
    ((_, path, headers, body),) = server.seen
    assert row.output == text
    assert body["all"] == [{"role": "user", "content": text}]
    assert body["said"].startswith('user said: [{"role": "user"')
    assert body["n"] == 1
    assert "X-Evil" not in headers
    assert headers["X-Text"].endswith(" s3cr3t-key")
    assert "${BOT_KEY}" in headers["X-Text"]
    assert path.endswith("?q=../a%20b%26c")


def test_get_sends_no_body(workspace, server) -> None:
    target = workspace.target(http={"url": server.url + "?q={{ input }}", "method": "GET"})
    (row,) = workspace.run(workspace.cases("a b"), target)
    assert server.seen[0][:2] == ("GET", "/ask?q=a%20b")
    assert server.seen[0][3] == {}
    assert row.output == "/ask?q=a%20b"


@pytest.mark.parametrize(
    ("http", "said"),
    [
        ({"url": "bot.example/ask"}, "http://"),
        ({"url": "http://x/", "body": {"q": "{{ imput }}"}}, "'imput' is not what a case has; did you mean 'input'?"),
        ({"url": "http://x/", "body": {"a": [{"q": "{{ input "}]}}, r"body.a.0.q` line 1"),
        ({"url": "http://x/{{ who }}"}, "http.url`"),
        ({"url": "http://x/", "headers": {"X": "{{ environment_KEY }}"}}, "environment_KEY"),
        ({"url": "http://x/", "method": "GET", "body": {"q": "1"}}, "GET"),
    ],
)
def test_a_template_fault_is_found_before_anything_is_sent(workspace, http: Any, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        workspace.target(http=http)
    assert said in str(error.value)


def test_a_case_that_lacks_what_a_template_names_stops_the_run_before_it_begins(workspace, server) -> None:
    target = workspace.target(http={"url": server.url, "body": {"input": "{{ input }}", "t": "{{ metadata.tier }}"}})
    cases = [workspace.seed("a", metadata={"tier": "gold"}), workspace.seed("b")]
    with pytest.raises(ConfigError, match=f"case {cases[1].id} cannot fill the template"):
        workspace.run(cases, target)
    assert server.seen == []


def test_a_missing_variable_is_named_and_no_value_shown(workspace) -> None:
    with pytest.raises(MachineError, match="variable BOT_KEY, which is not set"):
        workspace.target({"BOT_KEY": ""}, http={"url": "http://x/", "headers": {"A": "${BOT_KEY}"}})


def test_a_slow_server_holds_up_its_own_call_alone(workspace, server) -> None:
    cases, begun = workspace.cases("slow", *(f"quick {n}" for n in range(20))), time.monotonic()
    rows = workspace.run(cases, workspace.target(http={"url": server.url}, timeout_seconds=1, concurrency=2))
    assert [row.cause for row in rows] == ["timeout"] + [None] * 20
    assert time.monotonic() - begun < 10
