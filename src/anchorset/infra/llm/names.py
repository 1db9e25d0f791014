"""`provider:model`, taken apart. The provider is the first word; what follows may hold colons and slashes itself.

What this module does not know: which providers there are.
"""

from __future__ import annotations

from anchorset.core.errors import ConfigError
from anchorset.core.inert import short

WITHOUT_A_MODEL = ("none", "auto")
"""Settings that name no model: nothing is asked, or what is found here is."""


def taken_apart(name: str) -> tuple[str, str]:
    """The provider, in small letters, and its model as it is written. Raises ConfigError where one of them is missing.

    `ollama:qwen3:8b` is the provider `ollama` with the model `qwen3:8b`.
    """
    provider, colon, model = name.strip().partition(":")
    if not colon or not provider.strip() or not model.strip():
        raise ConfigError(
            f"the model {short(name, 80)!r} does not say who serves it; write `provider:model`, as in `openai:gpt-5`."
        )
    return provider.strip().casefold(), model.strip()


def model_of(name: str) -> str:
    """What the provider calls it: `gpt-5` of `openai:gpt-5`."""
    return taken_apart(name)[1]
