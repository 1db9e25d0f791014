"""OpenTelemetry spans of model calls, by its conventions for generative AI, when the user has set OpenTelemetry up.

Without a tracer provider of the user's this costs two look-ups a call and imports nothing. No prompts and no answers go
into spans: names, settings, tokens and what went wrong. Conventions: opentelemetry.io/docs/specs/semconv/gen-ai.
What this module does not know: where spans are sent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anchorset.core.ask import Ask, Reply
from anchorset.core.errors import ModelError
from anchorset.infra.llm.vendors import Vendor

_PROVIDERS = {"google": "gcp.gemini", "mistral": "mistral_ai", "fireworks": "fireworks_ai", "together": "together_ai"}
"""Where the conventions have another word for a vendor than we."""


def active() -> bool:
    """Whether the user has set a tracer provider: whoever did has imported OpenTelemetry, so that we need not."""
    trace: Any = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return False
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider | trace.NoOpTracerProvider)


@contextmanager
def span(ask: Ask, vendor: Vendor, model: str) -> Iterator[Callable[[Reply], Reply]]:
    """A span around one call; what is yielded takes the reply, notes it and gives it back."""
    trace: Any = sys.modules["opentelemetry.trace"]
    host, _, port = (
        vendor.host.rpartition(":") if vendor.host[-1:].isdigit() and ":" in vendor.host else (vendor.host, "", "")
    )
    asked: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _PROVIDERS.get(vendor.name, vendor.name),
        "gen_ai.request.model": model,
        "gen_ai.output.type": "text" if ask.shape is None else "json",
        "server.address": host,
    }
    if port:
        asked["server.port"] = int(port)
    if ask.temperature is not None:
        asked["gen_ai.request.temperature"] = ask.temperature
    if ask.max_tokens is not None:
        asked["gen_ai.request.max_tokens"] = ask.max_tokens
    tracer = trace.get_tracer("anchorset")
    with tracer.start_as_current_span(
        f"chat {model}", kind=trace.SpanKind.CLIENT, attributes=asked,
        record_exception=False, set_status_on_exception=False,
    ) as one:  # fmt: skip

        def note(reply: Reply) -> Reply:
            one.set_attribute("gen_ai.usage.input_tokens", reply.usage.input)
            one.set_attribute("gen_ai.usage.output_tokens", reply.usage.output)
            one.set_attribute("gen_ai.response.finish_reasons", (reply.finish,))
            if reply.model is not None:
                one.set_attribute("gen_ai.response.model", reply.model)
            return reply

        try:
            yield note
        except BaseException as error:
            one.set_attribute("error.type", error.trouble if isinstance(error, ModelError) else type(error).__name__)
            one.set_status(trace.StatusCode.ERROR)
            raise
