"""A shape in words, for models that no vendor holds to a schema.

What this module does not know: which models these are.
"""

from __future__ import annotations

import orjson

from anchorset.core.ask import Shape


def in_words(lines: list[dict[str, str]], shape: Shape) -> list[dict[str, str]]:
    """The messages with the schema at the end of the last one of the user's, or as one more."""
    schema = orjson.dumps(shape.schema()).decode()
    said = f"Answer with one JSON object that follows this JSON schema, and with nothing else:\n{schema}"
    lines = [dict(line) for line in lines]
    if lines and lines[-1]["role"] == "user":
        lines[-1]["content"] += f"\n\n{said}"
    else:
        lines.append({"role": "user", "content": said})
    return lines
