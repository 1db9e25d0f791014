"""Spans when the user has set OpenTelemetry up, else nothing. Each in a process of its own: providers are global."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

TALK = """
import asyncio, sys
from anchorset.core.ask import Ask, Line
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.door import open_model

def talk():
    async def go():
        model = open_model(ModelSpec(model="vllm:tiny", base_url=sys.argv[1]))
        lines = (Line(role="user", content="a secret question"),)
        try:
            await model.reply(Ask(model="vllm:tiny", lines=lines, temperature=0.2, max_tokens=50), timeout=5)
        except ModelError:
            pass
        await model.close()
    asyncio.run(go())
"""


def run(code: str, url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", TALK + textwrap.dedent(code), url], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_provider_nothing_is_imported(server: Any) -> None:
    assert run("talk(); print('opentelemetry' in sys.modules)", server.base_url).strip() == "False"


TRACED = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
seen = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(seen))
trace.set_tracer_provider(provider)
talk()
for span in seen.get_finished_spans():
    print(span.name, span.kind.name, span.status.status_code.name, len(span.events))
    for key, value in sorted(span.attributes.items()):
        print(key, value)
"""


def test_a_call_is_a_span_with_the_conventions_words_and_no_content(server: Any) -> None:
    said = run(TRACED, server.base_url)
    assert said.startswith("chat tiny CLIENT UNSET 0\n")
    for line in (
        "gen_ai.operation.name chat", "gen_ai.provider.name vllm", "gen_ai.request.model tiny",
        "gen_ai.request.temperature 0.2", "gen_ai.request.max_tokens 50", "gen_ai.response.finish_reasons ('stop',)",
        "gen_ai.usage.input_tokens", "server.address 127.0.0.1", f"server.port {server.port}",
    ):  # fmt: skip
        assert line in said
    assert "secret question" not in said


@pytest.mark.parametrize(("fault", "trouble"), [("error", "overloaded"), ("limited", "rate")])
def test_a_failed_call_says_what_failed(server: Any, fault: str, trouble: str) -> None:
    server.change(**{fault: 1.0})
    said = run(TRACED, server.base_url)
    assert "ERROR" in said
    assert f"error.type {trouble}" in said


def test_the_words_are_those_of_the_installed_conventions() -> None:
    from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as words

    from anchorset.infra.llm import spans

    source = Path(spans.__file__).read_text(encoding="utf-8")
    known = {value for name, value in vars(words).items() if name.startswith("GEN_AI_") and isinstance(value, str)}
    assert set(re.findall(r'"(gen_ai\.[a-z_.]+)"', source)) <= known
