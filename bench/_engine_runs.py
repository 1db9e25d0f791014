"""One run of one engine against a running server, in a process of its own; prints {"seconds", "lost"}.

python bench/_engine_runs.py WHO BASE_URL N IN_FLIGHT FOLDER
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

WHO, URL, N, IN_FLIGHT, FOLDER = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5])
PROMPT = "Write 3 messages of customers of an online shop, number {n}: where is it, refund, broken. " + "Brief. " * 30
ITEM = {
    "type": "object", "additionalProperties": False, "required": ["text", "tone"],
    "properties": {"text": {"type": "string"}, "tone": {"type": "string"}},
}  # fmt: skip
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["items"],
    "properties": {"items": {"type": "array", "items": ITEM}},
}  # fmt: skip


def done(begun: tuple[float, float], lost: int) -> None:
    seconds, cpu = time.monotonic() - begun[0], time.process_time() - begun[1]
    print(json.dumps({"seconds": seconds, "cpu": cpu, "lost": lost}), flush=True)


def now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def anchorset() -> None:
    from pydantic import BaseModel

    from anchorset.core.ask import Ask, Line, Reply, Shape, Usage
    from anchorset.core.config import ModelSpec
    from anchorset.infra.db.answers import StoredAnswers
    from anchorset.infra.db.open import open_store
    from anchorset.infra.llm.door import open_model
    from anchorset.infra.llm.engine import Engine, Limits
    from anchorset.infra.llm.prices import usd

    class Message(BaseModel):
        text: str
        tone: str

    name, shape = "openai:gpt-4o-mini", Shape(Message, many=True)
    spec = ModelSpec(model=name, base_url=URL, max_in_flight=IN_FLIGHT)
    usd(name, Usage(input=1))  # the price list is read, as other imports are, before the clock runs
    asks = [Ask(model=name, lines=(Line("user", PROMPT.format(n=n)),), shape=shape, wanted=3) for n in range(N)]

    answers = StoredAnswers(open_store(FOLDER / "store.db"))
    model = open_model(spec)  # brings aiohttp in, which `raw` too has before the clock runs; nothing is sent yet

    async def run() -> list[Any]:
        engine = Engine(
            {name: model}, answers, run="r_bench", usd=usd,
            limits=Limits(in_flight=IN_FLIGHT),
        )  # fmt: skip
        came = await engine.answer(asks)
        await engine.close()
        return came

    begun = now()
    came = asyncio.run(run())
    done(begun, sum(not isinstance(one, Reply) or len(one.items) < 3 for one in came))


def raw() -> None:
    """The floor: aiohttp alone, nothing asked again, nothing kept."""
    import aiohttp

    form = {"type": "json_schema", "json_schema": {"name": "messages", "schema": SCHEMA, "strict": True}}
    numbers, lost = iter(range(N)), 0

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal lost
        for n in numbers:
            lines = [{"role": "user", "content": PROMPT.format(n=n)}]
            body = {"model": "gpt-4o-mini", "messages": lines, "response_format": form}
            try:
                async with session.post(f"{URL}/chat/completions", json=body) as response:
                    json.loads((await response.json())["choices"][0]["message"]["content"])
            except Exception:
                lost += 1

    async def run() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(work(session) for _ in range(IN_FLIGHT)))

    begun = now()
    asyncio.run(run())
    done(begun, lost)


def openai() -> None:
    from openai import AsyncOpenAI

    form: Any = {"type": "json_schema", "json_schema": {"name": "messages", "schema": SCHEMA, "strict": True}}

    async def run() -> int:
        client, places, lost = AsyncOpenAI(base_url=URL, api_key="x"), asyncio.Semaphore(IN_FLIGHT), 0

        async def one(n: int) -> None:
            nonlocal lost
            async with places:
                try:
                    made = await client.chat.completions.create(
                        model="gpt-4o-mini", messages=[{"role": "user", "content": PROMPT.format(n=n)}],
                        response_format=form,
                    )  # fmt: skip
                    json.loads(made.choices[0].message.content or "")
                except Exception:
                    lost += 1

        await asyncio.gather(*(one(n) for n in range(N)))
        return lost

    begun = now()
    lost = asyncio.run(run())
    done(begun, lost)


def datadesigner() -> None:
    import data_designer.config as dd
    import pandas as pd
    from data_designer.interface import DataDesigner

    provider = dd.ModelProvider(name="here", endpoint=URL, provider_type="openai", api_key="x")
    model = dd.ModelConfig(
        alias="m", model="gpt-4o-mini", provider="here", skip_health_check=True,
        inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=IN_FLIGHT, max_tokens=1000),
    )  # fmt: skip
    designer = DataDesigner(artifact_path=str(FOLDER), model_providers=[provider])
    builder = dd.DataDesignerConfigBuilder(model_configs=[model])
    rows = FOLDER / "rows.parquet"
    pd.DataFrame({"n": [str(n) for n in range(N)]}).to_parquet(rows)
    builder.with_seed_dataset(dd.LocalFileSeedSource(path=str(rows)))
    builder.add_column(
        dd.LLMStructuredColumnConfig(
            name="out", model_alias="m", prompt=PROMPT.replace("{n}", "{{ n }}"), output_format=SCHEMA
        )
    )
    begun = now()
    made = designer.create(builder, num_records=N, dataset_name="bench").load_dataset()
    done(begun, N - int(made["out"].notna().sum()))


def distilabel() -> None:
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    with Pipeline(name="bench", cache_dir=str(FOLDER)) as pipeline:
        rows = LoadDataFromDicts(
            data=[{"instruction": PROMPT.format(n=n)} for n in range(N)], batch_size=IN_FLIGHT, name="rows"
        )
        model = OpenAILLM(model="gpt-4o-mini", base_url=URL, api_key="x", generation_kwargs={"max_new_tokens": 1000})
        rows >> TextGeneration(llm=model, input_batch_size=IN_FLIGHT, name="text")
    begun = now()
    made = pipeline.run(use_cache=False)["default"]["train"]
    done(begun, sum(not row["generation"] for row in made))


RUNS = {"anchorset": anchorset, "raw": raw, "openai": openai, "datadesigner": datadesigner, "distilabel": distilabel}

if __name__ == "__main__":
    RUNS[WHO]()
