"""One workspace that people have reviewed and shipped, made once a session; tests work on copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from rehearsed import command, decide

from anchorset.pipeline.example import LOGS, MAPPING


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example: 104 candidates, nine in ten decided, a fourth of them rejected, shipped and run once. Copy it."""
    root = tmp_path_factory.mktemp("reviewed")
    command(root, "init", "ws", "--example", "refund-bot")
    folder = root / "ws"
    command(folder, "ingest", LOGS, "--map", MAPPING)
    command(folder, "produce", "--size", "120")
    command(folder, "review", "export", "waiting.csv")
    decide(folder)
    command(folder, "review", "import", "filled.csv", "--reviewer", "kim")
    command(folder, "ship", "refund-bot")
    return folder
