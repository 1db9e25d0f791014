"""The family of a model, from its name: who trained it decides whose mistakes it shares.

Models of one family like the same answers, so a judge is not asked about its own. The name is read as words, vendor
prefixes and versions included (`openrouter:meta-llama/llama-3.3-70b`, `bedrock/us.anthropic.claude-opus-4`); where
several families are named, as in a distilled `deepseek-r1-distill-qwen-7b`, the one whose weights it is wins.
What this module does not know: which models exist, and what they cost.
"""

from __future__ import annotations

import re
from itertools import pairwise

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("anthropic-claude", ("claude", "anthropic")),
    ("openai-gpt", ("gpt", "chatgpt", "o1", "o3", "o4", "davinci", "codex", "openai")),
    ("google-gemini", ("gemini", "gemma", "palm", "bard")),
    ("meta-llama", ("llama", "codellama", "vicuna", "alpaca")),
    ("qwen", ("qwen", "qwq")),
    ("mistral", ("mistral", "mixtral", "ministral", "codestral", "magistral", "devstral", "pixtral")),
    ("deepseek", ("deepseek",)),
    ("cohere", ("command", "aya", "cohere")),
    ("xai-grok", ("grok",)),
    ("amazon-nova", ("nova", "titan")),
    ("microsoft-phi", ("phi",)),
    ("moonshot-kimi", ("kimi", "moonshot")),
    ("zhipu-glm", ("glm", "chatglm")),
    ("tii-falcon", ("falcon",)),
    ("ibm-granite", ("granite",)),
    ("01-yi", ("yi",)),
    ("nvidia-nemotron", ("nemotron",)),
    ("bigscience-bloom", ("bloom",)),
    ("minimax", ("minimax", "abab")),
)
"""Family -> the words that name it."""

_WORD = re.compile(r"[a-z]+|\d+")
_VENDORS = frozenset(("anthropic", "cohere", "moonshot", "openai"))
"""Words that name a vendor: they count when no model is named, for an `openai:` endpoint serves anybody's models."""


def family_of(model: str | None, *, override: str | None = None) -> str | None:
    """The family of a model's name: `anthropic-claude`, `openai-gpt`, `google-gemini` …; None when no word tells.

    `override` is what the owner says (a fine-tune called otherwise) and wins when it is not empty.
    """
    if override and override.strip():
        return override.strip()
    if not model:
        return None
    # A path is read from its end: `meta-llama/…` says who publishes, the last part what it is.
    parts = [part for part in re.split(r"[/:]", model.casefold()) if part]
    for part in reversed(parts):
        if found := _named(part):
            return found
    return None


def _named(part: str) -> str | None:
    """The family whose word stands last among the model words of this part, else a vendor's."""
    words = _WORD.findall(part)
    # `o3` is split into letter and number: joined again it is one model's name, and `o` alone is nothing.
    words += [first + second for first, second in pairwise(words) if first == "o"]
    best: tuple[bool, int, str] | None = None
    for family, names in FAMILIES:
        for name in names:
            places = [at for at, word in enumerate(words) if _says(word, name)]
            if places:
                found = (name not in _VENDORS, places[-1], family)
                best = found if best is None or found[:2] > best[:2] else best
    return best[2] if best else None


def _says(word: str, name: str) -> bool:
    """Long names may be part of a word (`chatgpt`, `codellama`); short ones must be the word."""
    return word == name or (len(name) >= 4 and word.startswith(name))
