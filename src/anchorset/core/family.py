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
    ("google-gemini", ("gemini", "gemma", "palm", "bard", "bison")),
    ("meta-llama", ("llama", "codellama", "vicuna", "alpaca", "tulu")),
    ("qwen", ("qwen", "qwq", "qvq", "tongyi")),
    (
        "mistral",
        ("mistral", "mixtral", "ministral", "codestral", "magistral", "devstral", "pixtral", "voxtral", "zephyr"),
    ),
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
    ("bigscience-bloom", ("bloom", "bloomz")),
    ("minimax", ("minimax", "abab")),
    ("allenai-olmo", ("olmo",)),
    ("huggingface-smollm", ("smollm",)),
    ("ai21-jamba", ("jamba",)),
    ("stability-stablelm", ("stablelm",)),
    ("internlm", ("internlm",)),
    ("baichuan", ("baichuan",)),
    ("baidu-ernie", ("ernie",)),
    ("tencent-hunyuan", ("hunyuan",)),
    ("bytedance-seed", ("doubao", "seed")),
    ("stepfun-step", ("stepfun",)),
    ("lg-exaone", ("exaone",)),
    ("upstage-solar", ("solar",)),
    ("databricks-dbrx", ("dbrx", "mpt")),
    ("snowflake-arctic", ("arctic",)),
    ("arcee", ("arcee",)),
    ("liquid-lfm", ("lfm",)),
    ("openbmb-minicpm", ("minicpm",)),
    ("eleuther", ("eleutherai", "pythia", "neox", "gptj")),
    ("reka", ("reka",)),
    ("inflection", ("inflection",)),
    ("writer-palmyra", ("palmyra",)),
    ("xiaomi-mimo", ("mimo",)),
    ("meituan-longcat", ("longcat",)),
)
"""Family -> the words that name it."""

_WORD = re.compile(r"[a-z]+|\d+")
_VENDORS = frozenset(("anthropic", "arcee", "cohere", "eleutherai", "inflection", "moonshot", "openai", "stepfun"))
"""Words that name a vendor: they count when no model is named, for an `openai:` endpoint serves anybody's models."""
_TUNED = frozenset(("nemotron", "tulu", "zephyr"))
"""Words for tunings of others' weights: the weights' own word wins where both are there."""
_WHOLE = frozenset(("nova", "titan", "palm", "bard", "falcon", "granite", "bloom", "mimo", "bison"))
"""Words that mean other things too: no part of a longer word counts."""
_BESIDE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "command": (frozenset(("cohere",)), frozenset(("a", "light", "medium", "nightly", "r", "text", "xlarge"))),
    "seed": (frozenset(("bytedance",)), frozenset(("oss",))),
    "solar": (frozenset(("upstage",)), frozenset(("mini", "pro", "10"))),
    "arctic": (frozenset(("snowflake",)), frozenset()),
}
"""Everyday words -> those of which one has to stand before, or after."""
_JOINED = frozenset(("o1", "o3", "o4", "gptj"))
"""Names that are split into letters and numbers: joined again they are one model's."""


def family_of(model: str | None, *, override: str | None = None) -> str | None:
    """The family of a model's name: `anthropic-claude`, `openai-gpt`, `google-gemini` …; None when no word tells.

    `override` is what the owner says (a fine-tune called otherwise) and wins when it is not empty.
    """
    if override and override.strip():
        return override.strip()
    if not model:
        return None
    # A path is read from its end: `meta-llama/…` says who publishes, the last part what it is. A server that speaks
    # like OpenAI's says nothing of what it serves.
    parts = [part for part in re.split(r"[/:]", model.casefold()) if part not in ("", "openai-compatible")]
    for part in reversed(parts):
        if found := _named(part):
            return found
    return None


def _named(part: str) -> str | None:
    """The family whose word stands last among the model words of this part, else a tuning's, else a vendor's."""
    words = _WORD.findall(part)
    words += [first + second for first, second in pairwise(words) if first + second in _JOINED]
    best: tuple[int, int, int, str] | None = None
    for family, names in FAMILIES:
        for name in names:
            places = [at for at in range(len(words)) if _says(words, at, name)]
            if places:
                weight = 0 if name in _VENDORS else 1 if name in _TUNED else 2
                found = (weight, places[-1], len(name), family)
                best = found if best is None or found[:3] > best[:3] else best
    return best[3] if best else None


def _says(words: list[str], at: int, name: str) -> bool:
    """Long names may be part of a word (`chatgpt`, `tinyllama`); short and everyday ones must be the word."""
    word = words[at]
    if name in _BESIDE:
        before, after = _BESIDE[name]
        near = words[at - 1 : at] and words[at - 1] in before, words[at + 1 : at + 2] and words[at + 1] in after
        return word == name and any(near)
    if word == name:
        return True
    if name in _WHOLE or len(name) < 4 or word == "ollama":
        return False
    return word.startswith(name) or (len(name) >= 5 and word.endswith(name))
