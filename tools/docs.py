"""Writes the pages that are made from the code: docs/cli.md (from the help texts) and docs/checks.md (from the checks).

`python tools/docs.py` writes them; `--check` only says whether they are fresh.
"""

from __future__ import annotations

import inspect
import io
import os
import re
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

PART = re.compile(r"^(What it looks at|Why it matters|Example that fails|How to fix it):", re.MULTILINE)
ROOT = Path(__file__).parents[1]
os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100"}


def help_of(*words: str) -> str:
    from anchorset.ui.cli.main import run

    shown, given = io.StringIO(), sys.argv
    sys.argv = ["anchorset", *words, "--help"]
    try:
        with redirect_stdout(shown), suppress(SystemExit):
            run()
    finally:
        sys.argv = given
    return shown.getvalue().strip()


def cli() -> str:
    from anchorset.ui.cli.main import NOUNS, VERBS

    parts = ["# The command line", "", "Made by `make docs` from the help texts.", "", "```text", help_of(), "```"]
    for verb, _ in VERBS:
        parts += ["", f"## {verb.__name__}", "", "```text", help_of(verb.__name__), "```"]
    for app, noun, _ in NOUNS:
        if app.registered_callback is not None:
            parts += ["", f"## {noun}", "", "```text", help_of(noun), "```"]
        for command in app.registered_commands:
            name = command.name or command.callback.__name__
            parts += ["", f"## {noun} {name}", "", "```text", help_of(noun, name), "```"]
    return "\n".join(parts) + "\n"


def checks() -> str:
    from anchorset.qualify import sets
    from anchorset.qualify.catalogue import EVERY, JUDGED

    parts = [
        "# The checks", "",
        "Made by `make docs` from the checks. Every candidate carries one finding of each: pass, flag, reject or",
        "not_run, with the number that was compared, the threshold that was used, and what was seen. Those that a",
        "language model answers are there where `models.judge` names one and no check without a model had rejected.",
    ]  # fmt: skip
    for check in sorted((*EVERY, *JUDGED), key=lambda check: check.code):
        asked = " A language model answers it." if check in JUDGED else ""
        parts += ["", f"## `{check.code}`", "", f"Version {check.version}; on a hit: {check.on_hit}.{asked}", ""]
        parts.append(PART.sub(r"- **\1:**", inspect.cleandoc(type(check).__doc__ or "")))
    listed = inspect.cleandoc(sets.__doc__ or "").split("\n\n")[1]
    parts += ["", "## On the whole set", "", "```text", inspect.cleandoc(listed), "```"]
    return "\n".join(parts) + "\n"


def main() -> None:
    stale = []
    for name, text in (("cli.md", cli()), ("checks.md", checks())):
        path = ROOT / "docs" / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        sys.exit(f"stale: {', '.join(stale)}; run `make docs`")


if __name__ == "__main__":
    main()
