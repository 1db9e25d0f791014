"""What a case gives the application under test. Said once, for every kind of target.

`extra` and `metadata` reach a template that names them and nothing else: they hold labels and expected tools, and an
application that was shown them would be shown its own solution.
What this module does not know: how the application is called.
"""

from __future__ import annotations

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.infra.formats.case_format import input_json, messages_in
from anchorset.infra.formats.messages import to_openai

OFFERED = ("input", "messages", "system", "context", "metadata", "extra")
"""The variables of a template."""


def asked(case: Case) -> JsonValue:
    """The input: a text as a string, a chat as messages (OpenAI form), a record or trajectory as its JSON value."""
    asked: JsonValue = input_json(case)
    return asked


def offered(case: Case) -> dict[str, JsonValue]:
    """The variables a template may use. `messages`: the chat, or the input as one turn of the user."""
    record = case.model_dump()
    return {
        "input": asked(case),
        "messages": messages(case),
        "system": case.system,
        "context": list(record["context"]),
        "metadata": record["metadata"],
        "extra": record["extra"],
    }


def told(case: Case) -> dict[str, JsonValue]:
    """The object a command reads: what is asked, and no label that says what is expected."""
    record = case.model_dump()
    return {
        "input": asked(case),
        "messages": messages(case),
        "system": case.system,
        "context": list(record["context"]),
        "tools": list(record["tools"]),
    }


def messages(case: Case) -> list[JsonValue]:
    """The turns in the OpenAI form, without the system prompt; any other input is one turn of the user."""
    return list(to_openai(messages_in(case)))
