"""A reviewed workspace and models that answer from a script, driven by the command line in this process."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from anchorset.core.filter import Filter
from anchorset.pipeline.workspace import open_workspace
from anchorset.qualify.judging.catalogue import DIFFICULTY, YES_NO
from anchorset.ui.cli.main import run as cli


class Ran(NamedTuple):
    out: str
    err: str


def command(folder: Path, *words: str, code: int = 0) -> Ran:
    """The command in this folder, which ends with `code`."""
    shown, said = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(shown), contextlib.redirect_stderr(said)
    ):  # fmt: skip
        patched.chdir(folder)
        patched.setattr(sys, "argv", ["anchorset", *words])
        with pytest.raises(SystemExit) as left:
            cli()
    assert left.value.code == code, (words, left.value.code, shown.getvalue(), said.getvalue())
    return Ran(shown.getvalue(), said.getvalue())


def answer(folder: Path, *words: str, code: int = 0) -> dict[str, Any]:
    """The machine form of what the command says."""
    found: dict[str, Any] = json.loads(command(folder, *words, "--json", code=code).out)
    return found


def decide(folder: Path) -> None:
    """The sheet `waiting.csv` decided: every fourth is unrealistic, every tenth is left open."""
    with (folder / "waiting.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        if at % 10 != 9:
            row["decision"], row["reason"] = ("reject", "unrealistic") if at % 4 == 0 else ("approve", "")
    with (folder / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


def configured(folder: Path, **given: object) -> None:
    """Writes these keys into the configuration, in place of what stands there."""
    file = folder / "anchorset.yaml"
    stands = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(stands | given, sort_keys=False), encoding="utf-8")


def scripted(folder: Path, name: str, entries: Iterable[dict[str, object]]) -> str:
    """The name of a model that answers by these entries."""
    (folder / name).write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return f"scripted:{name}"


def opinion(*, plausible: bool = True) -> dict[str, object]:
    """A judge's whole answer on a candidate: everything is fine, but for what is said here."""
    fine = {question.field: {"why": "as it should be", "ok": True} for question in YES_NO}
    field = next(question.field for question in YES_NO if question.code == "plausible.judge")
    return {**fine, field: {"why": "said so", "ok": plausible}, DIFFICULTY.field: {"why": "short", "level": "easy"}}


def judge_who_doubts(folder: Path, name: str, texts: Iterable[str]) -> str:
    """A judge that finds these texts implausible and all others fine."""
    doubts: list[dict[str, object]] = [
        {"match": f">\\n{re.escape(text)}\\n<", "json": opinion(plausible=False)} for text in texts
    ]
    return scripted(folder, name, [*doubts, {"match": ".", "json": opinion()}])


def texts(folder: Path, status: str) -> list[str]:
    """What the candidates of this status say that are one message."""
    room = open_workspace(folder)
    cases = room.cases(Filter(real=False, status=status, counting=True))
    room.close()
    return [case.input for case in cases if isinstance(case.input, str)]
