"""What one model takes and what it does not: guessed from its name, corrected by the vendor's 400s.

A request that a vendor refuses for its form, not for its content, is sent again in the next form it may take, and all
later ones go out like that. Each lesson is learned once a model and process.
What this module does not know: how a request is written, and who sends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from anchorset.infra.llm.vendors import Structured, Vendor

Ladder = tuple[Structured, ...]
_LADDERS: dict[str, Ladder] = {"openai": ("schema", "object", "prompt"), "anthropic": ("schema", "tool", "prompt")}
LATEST, BEFORE = "2026-10-21", "2023-06-01"
"""Versions of Anthropic's API: the latest one takes no temperature from any model, the one before from older ones."""
ROOM_TO_THINK = 4096
"""Tokens that a model which thinks inside `max_tokens` gets on top: the owner's limit is about the answer."""

_REASONING = re.compile(r"(?:^|/)(?:o[1-9]\b|gpt-[5-9](?!.*-chat)|gpt-oss|codex)")
_CLAUDE = re.compile(r"claude-(?:[a-z]+-)?(\d)(?:[-.](\d{1,2}))?(?!\d)")
_NOT_TAKEN = re.compile(
    r"unsupported|not support|n't support|unrecogni[sz]ed|unknown|unexpected|extra inputs|extra fields|not permitted|"
    r"not allowed|not available|deprecated|only the default|not enabled|invalid (?:schema|parameter|value)|"
    r"not implemented|must be|should be|instead|cannot be"
)
_SHAPING = re.compile(
    r"response_format|json_schema|json_object|json mode|output_config|output_format|structured output|grammar|"
    r"guided|strict|invalid schema|tool_choice|tools\b|function call"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The form in which a model is asked."""

    structured: Structured = "schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the vendor calls the most tokens that it may write."""
    temperature: bool = True
    """Whether it takes one other than its own."""
    system: bool = True
    """Whether it knows instructions apart from the user's words."""
    thinks: bool = False
    """Whether it thinks within the limit of tokens."""
    version: str = LATEST
    """Of Anthropic's API, while no temperature is sent."""


def first_habits(vendor: Vendor, model: str) -> Habits:
    """What is known before anything was sent."""
    name = model.casefold()
    if vendor.wire == "anthropic":
        version = claude_version(name)
        # Structured outputs came with 4.5 (and Opus 4.1); from 4.7 on the only temperature is the model's own.
        schema = version is None or version >= (4, 5) or "opus-4-1" in name
        return Habits(
            structured="schema" if schema else "tool",
            temperature=version is not None and version < (4, 7),
            thinks=version is None or version >= (5, 0),
        )
    reasons = bool(_REASONING.search(name)) and "gpt-oss" not in name
    return Habits(
        structured=vendor.structured,
        limit="max_completion_tokens" if reasons or (vendor.name == "openai" and vendor.own) else "max_tokens",
        temperature=not reasons,
        thinks=reasons,
    )


def claude_version(model: str) -> tuple[int, int] | None:
    """(4, 5) of `claude-opus-4-5-20251101`; None when the name tells none."""
    found = _CLAUDE.search(model.casefold())
    return (int(found[1]), int(found[2] or 0)) if found else None


def learned(habits: Habits, vendor: Vendor, said: str, *, shaped: bool) -> Habits | None:
    """Other habits, after the vendor refused a request with the words `said`; None: it was not about the form.

    `shaped`: whether the request asked for a shape at all.
    """
    text = said.casefold()
    if not _NOT_TAKEN.search(text):
        return None
    if habits.temperature and "temperature" in text:
        return replace(habits, temperature=False)
    if habits.limit == "max_tokens" and "max_completion_tokens" in text:
        return replace(habits, limit="max_completion_tokens", thinks=True)
    if habits.limit == "max_completion_tokens" and "max_completion_tokens" in text and "too large" not in text:
        return replace(habits, limit="max_tokens")
    if habits.version == LATEST and "anthropic-version" in text:
        return replace(habits, version=BEFORE)
    if habits.system and re.search(
        r"system (?:role|message|prompt|instruction)|developer instruction|role.*system", text
    ):
        return replace(habits, system=False)
    if shaped and _SHAPING.search(text):
        ladder = _LADDERS[vendor.wire]
        at = ladder.index(habits.structured) if habits.structured in ladder else 0
        if at + 1 < len(ladder):
            return replace(habits, structured=ladder[at + 1])
    return None


def lessons(before: Habits, now: Habits) -> list[str]:
    """What had to be left out or changed, in words for people."""
    said = []
    if before.temperature and not now.temperature:
        said.append("takes no temperature; its own is used")
    if before.structured != now.structured:
        how = {
            "schema": "a JSON schema", "tool": "a forced tool", "object": "JSON without a schema",
            "prompt": "words in the prompt alone",
        }  # fmt: skip
        said.append(f"does not hold its answers to {how[before.structured]}; {how[now.structured]} is used")
    if before.system and not now.system:
        said.append("knows no system prompt; it goes in front of the user's words")
    return said
