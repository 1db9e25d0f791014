"""Families are read from names as vendors, gateways and leaderboards write them."""

from __future__ import annotations

import pytest

from anchorset.core.family import family_of


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("anthropic:claude-opus-4-5", "anthropic-claude"),
        ("bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic-claude"),
        ("anthropic:messages:claude-3-haiku", "anthropic-claude"),
        ("openai:gpt-5", "openai-gpt"),
        ("openai:chat:gpt-4o-mini", "openai-gpt"),
        ("ChatGPT-0301", "openai-gpt"),
        ("GPT-4", "openai-gpt"),
        ("gpt4", "openai-gpt"),
        ("o3-mini", "openai-gpt"),
        ("o1", "openai-gpt"),
        ("text-davinci-003", "openai-gpt"),
        ("google/gemini-2.5-pro", "google-gemini"),
        ("gemma-3-27b-it", "google-gemini"),
        ("PaLM2", "google-gemini"),
        ("LLaMA2", "meta-llama"),
        ("meta-llama/Llama-3.1-70B-Instruct", "meta-llama"),
        ("openrouter:meta-llama/llama-3.3-70b", "meta-llama"),
        ("Qwen2.5-72B-Instruct", "qwen"),
        ("mistralai/Mixtral-8x7B", "mistral"),
        ("deepseek-chat", "deepseek"),
        ("deepseek-r1-distill-qwen-7b", "qwen"),
        ("DeepSeek-R1-Distill-Llama-70B", "meta-llama"),
        ("command-r-plus", "cohere"),
        ("Falcon", "tii-falcon"),
        ("grok-4", "xai-grok"),
        ("openai:llama-3.1-8b", "meta-llama"),
        ("openai:gpt-oss-120b", "openai-gpt"),
        ("ollama:llama3.2", "meta-llama"),
        ("ollama/phi3", "microsoft-phi"),
    ],
)
def test_names_as_people_write_them(model: str, family: str) -> None:
    assert family_of(model) == family


@pytest.mark.parametrize("model", [None, "", "rules", "current", "my-bot-2", "python:bots", "exact@1", "\x00", "::/"])
def test_a_name_that_says_nothing_has_no_family(model: str | None) -> None:
    assert family_of(model) is None


def test_what_the_owner_says_wins() -> None:
    assert family_of("our-tuned-7b", override="mistral") == "mistral"
    assert family_of("gpt-4", override=" ") == "openai-gpt"
