"""Every command in the pages on files is run, and prints what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"```bash\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", ["ingest.md", "formats.md"])
def test_every_command_prints_what_the_page_shows(page, tmp_path):
    blocks = BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    assert blocks
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for commands, shown in blocks:
        done = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=tmp_path, env=os.environ | {"PATH": path, "COLUMNS": "200"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        for line in shown.splitlines():
            assert line in done.stdout, (line, done.stdout)
