"""The seed messages: where the file lies, and its rows. Written by the authors of anchorset; no customer's words."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import NotRequired, TypedDict


class Row(TypedDict):
    """One message with what a good bot would do about it."""

    id: str
    text: str
    expected: str
    """An action of `bots.Action`, never `fallback`."""
    user_type: str
    policy: str
    at: NotRequired[str]
    """ISO 8601, UTC; invented like the rest. The naive rows have none."""


def seeds_path() -> Path:
    """`seeds.jsonl` inside the installed package, one `Row` a line, oldest first."""
    return Path(str(files(__package__) / "seeds.jsonl"))


def seed_rows() -> list[Row]:
    """All rows of `seeds.jsonl`, in file order."""
    rows: list[Row] = [json.loads(line) for line in seeds_path().read_text(encoding="utf-8").splitlines()]
    return rows
