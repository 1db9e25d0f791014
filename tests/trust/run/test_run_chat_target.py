"""A chat-completions endpoint as target, against a real server on the loopback."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from anchorset.core.case import Message, ToolCall
from anchorset.core.errors import ConfigError, MachineError
from anchorset.trust.run.answer import CallError
from anchorset.trust.run.targets.chat import completion

pytestmark = pytest.mark.enable_socket


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, dict(self.headers), told))
        message: dict[str, Any] = {"content": told["messages"][-1]["content"]}
        if told.get("tools"):
            call = {"id": "1", "type": "function", "function": {"name": "refund", "arguments": "{}"}}
            message = {"content": None, "tool_calls": [call]}
        said = json.dumps({"choices": [{"message": message}], "usage": {"total_tokens": 3, "cost": 0.002}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def server():
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.seen, serving.daemon_threads = [], False
    serving.url = f"http://127.0.0.1:{serving.server_port}/v1/"
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


def chat(server: Any, **more: Any) -> dict[str, Any]:
    return {"model": "small", "base_url": server.url, "api_key": None} | more


def test_the_prompt_file_is_the_system_prompt_and_the_case_the_turns(workspace, server) -> None:
    (workspace.folder / "prompt.md").write_text(
        "Be short. {{ metadata.tier }}: {{ context[0].text }}", encoding="utf-8"
    )
    passage = {"doc": "d", "sha256": "0", "start": 0, "end": 2, "text": "30 days"}
    turns = (
        Message(role="user", content="hi"),
        Message(role="assistant", tool_calls=(ToolCall(name="look", arguments={"a": 1}, id="t1"),)),
        Message(role="tool", content="found", tool_call_id="t1"),
        Message(role="user", content="and now?"),
    )
    case = workspace.seed("x", metadata={"tier": "gold"}, context=(passage,)).revised(kind="chat", input=turns)
    target = workspace.target(
        {"KEY": "s3cr3t-key"}, chat=chat(server, prompt="prompt.md", api_key="KEY", temperature=0.5, max_tokens=9)
    )
    (row,) = workspace.run([case], target)
    ((path, headers, told),) = server.seen
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer s3cr3t-key"
    assert told["messages"][0] == {"role": "system", "content": "Be short. gold: 30 days"}
    assert [turn["role"] for turn in told["messages"][1:]] == ["user", "assistant", "tool", "user"]
    assert told["messages"][2]["tool_calls"][0]["function"] == {"name": "look", "arguments": '{"a": 1}'}
    assert (told["model"], told["temperature"], told["max_tokens"]) == ("small", 0.5, 9)
    assert (row.output, row.usd, row.tools) == ("and now?", 0.002, ())
    assert "s3cr3t" not in row.line() + target.version


def test_without_a_prompt_file_the_cases_own_system_prompt_is_sent(workspace, server) -> None:
    workspace.run([workspace.seed("hi", system="Be kind."), workspace.seed("hi")], workspace.target(chat=chat(server)))
    said = [[turn["role"] for turn in one[2]["messages"]] for one in server.seen]
    assert sorted(said) == [["system", "user"], ["user"]]


def test_a_tool_the_model_calls_is_named(workspace, server) -> None:
    case = workspace.seed("money back", tools=({"name": "refund", "parameters": {}},))
    (row,) = workspace.run([case], workspace.target(chat=chat(server)))
    assert server.seen[0][2]["tools"] == [{"type": "function", "function": {"name": "refund", "parameters": {}}}]
    assert (row.tools, row.output, row.cause) == (("refund",), None, "not_judged")


def test_an_unknown_variable_names_file_and_variable(workspace, server) -> None:
    (workspace.folder / "prompt.md").write_text("You are {{ persona }}.")
    with pytest.raises(ConfigError, match=r"prompt\.md`: the variable 'persona' is not what a case has"):
        workspace.target(chat=chat(server, prompt="prompt.md"))


def test_a_prompt_that_is_not_there_and_a_key_that_is_not_set_are_named(workspace, server) -> None:
    with pytest.raises(ConfigError, match=r"'missing\.md'"):
        workspace.target(chat=chat(server, prompt="missing.md"))
    with pytest.raises(MachineError, match="NO_SUCH_KEY"):
        workspace.target(chat=chat(server, api_key="NO_SUCH_KEY"))


def test_another_prompt_is_another_version(workspace, server) -> None:
    versions = set()
    for prompt in ("Be short.", "Be long."):
        (workspace.folder / "prompt.md").write_text(prompt)
        versions.add(workspace.target(chat=chat(server, prompt="prompt.md")).version)
    assert len(versions) == 2


@pytest.mark.parametrize(
    ("message", "output"),
    [
        ({"content": "a"}, "a"),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "ab"),
        ({"content": None}, ""),
        ({"content": None, "refusal": "I cannot."}, "I cannot."),
    ],
)
def test_a_completion_says_its_text(message: Any, output: str) -> None:
    assert completion({"choices": [{"message": message}]}).output == output


@pytest.mark.parametrize("value", [{}, [], 1, None, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": 1}]}])
def test_what_is_no_completion_is_garbage(value: Any) -> None:
    with pytest.raises(CallError, match=r"choices\.0\.message"):
        completion(value)
