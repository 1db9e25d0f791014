"""What may take forever on a hostile answer: patterns, and schemas with patterns in them. Runs in workers only.

What this module does not know: cases and scores.
"""

from __future__ import annotations

import re
from typing import Any


def search(pattern: str, text: str, ignore_case: bool, whole: bool) -> bool:
    """Whether the pattern is found (`whole`: matches all of the text). Raises re.error."""
    compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return (compiled.fullmatch(text) if whole else compiled.search(text)) is not None


def complaint(schema: Any, value: Any) -> str | None:
    """What is wrong with the value, and where; None: nothing. References are looked up in the schema alone."""
    from jsonschema.validators import validator_for
    from referencing import Registry

    registry: Registry[Any] = Registry()
    validator = validator_for(schema)(schema, registry=registry)
    found = min(validator.iter_errors(value), key=lambda error: len(error.absolute_path), default=None)
    if found is None:
        return None
    place = ".".join(map(str, found.absolute_path)) or "the answer"
    return f"{place}: {found.message[:200]}"
