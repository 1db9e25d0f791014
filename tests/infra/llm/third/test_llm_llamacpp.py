"""Somebody else's server: llama.cpp, from PyPI, with a model of random weights that this test makes.

It speaks both wires, holds answers to a JSON schema by a grammar, and knows nothing of us: what passes here is not
tuned to a server of our own. The packages go into a folder of the test's; without an index that has them it is skipped.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from pydantic import BaseModel

from anchorset.core.ask import Ask, Line, Reply, Shape
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.find import models_at
from anchorset.infra.llm.vendors import vendor_of

PACKAGES = ("xllamacpp==2026.10.11549", "gguf==0.19.0")
SECONDS = 200
HERE = Path(__file__).parent
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


class Item(BaseModel):
    mood: Literal["calm", "angry", "lost"]
    polite: bool


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the running server, without `/v1`."""
    folder = tmp_path_factory.mktemp("llamacpp")
    packages, model = folder / "packages", folder / "tiny.gguf"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
    try:
        subprocess.run(
            [*pip, "--target", packages, *PACKAGES], check=True, capture_output=True, text=True, timeout=SECONDS
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        pytest.skip(f"pip could not install {' and '.join(PACKAGES)}: {said[-1] if said else error}")
    env = os.environ | {"PYTHONPATH": str(packages)}
    subprocess.run([sys.executable, HERE / "tiny_model.py", model], check=True, env=env, timeout=60)
    with subprocess.Popen(
        [sys.executable, HERE / "llama_server.py", model],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            found = process.stdout.readline().strip()
            assert found.startswith("http://127.0.0.1:"), "the server did not start"
            yield found
        finally:
            process.kill()


def replies(name: str, base_url: str, asks: list[Ask], key: str = "right-key") -> list[Reply | BaseException]:
    async def go() -> Any:
        spec = ModelSpec(model=name, base_url=base_url, api_key="TINY_KEY")
        model = open_model(spec, environ={"TINY_KEY": key})
        try:
            return await asyncio.gather(*(model.reply(one, timeout=60) for one in asks), return_exceptions=True)
        finally:
            await model.close()

    return asyncio.run(go())


def ask(name: str = "llamacpp:tiny", **changes: Any) -> Ask:
    lines = (Line(role="system", content="You judge."), Line(role="user", content="where is my parcel"))
    return Ask(**({"model": name, "lines": lines, "max_tokens": 200} | changes))


def test_answers_of_a_real_grammar_have_the_shape(address: str) -> None:
    asks = [ask(shape=Shape(Item), temperature=1.0, nth=nth) for nth in range(40)]
    made = replies("llamacpp:tiny", f"{address}/v1", asks)
    assert [type(one).__name__ for one in made] == ["Reply"] * 40
    items = [
        Item.model_validate(orjson.loads(one.text)) for one in made if isinstance(one, Reply) and one.finish == "stop"
    ]
    assert len(items) >= 35  # The grammar allows endless white space: a few are cut off.
    assert len({item.mood for item in items}) == 3


def test_plain_text_is_cut_at_the_limit_and_counted(address: str) -> None:
    (made,) = replies("llamacpp:tiny", f"{address}/v1", [ask(max_tokens=7, temperature=0.0)])
    assert isinstance(made, Reply)
    assert (made.usage.output, made.finish, made.model) == (7, "length", "tiny")
    assert made.usage.input > 20


def test_its_anthropic_wire_answers_too(address: str) -> None:
    made = replies("anthropic:tiny", address, [ask("anthropic:tiny", nth=nth) for nth in range(4)])
    for one in made:
        assert isinstance(one, Reply), one
        assert one.usage.output > 0
        assert one.text


def test_too_long_a_question_is_the_questions_fault(address: str) -> None:
    long = Line(role="user", content="where is my parcel " * 500)
    (made,) = replies("llamacpp:tiny", f"{address}/v1", [ask(lines=(long,))])
    assert isinstance(made, ModelError)
    assert made.trouble == "request"


def test_a_wrong_key_is_auth(address: str) -> None:
    (made,) = replies("llamacpp:tiny", f"{address}/v1", [ask()], key="wrong-key")
    assert isinstance(made, ModelError)
    assert made.trouble == "auth"
    assert "wrong-key" not in str(made)


def test_it_is_found_and_shows_nothing_without_its_key(address: str) -> None:
    assert models_at(vendor_of(ModelSpec(model="llamacpp:x", base_url=f"{address}/v1"), {})) == []
