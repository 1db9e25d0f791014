"""Killed at any moment and started again, every verb ends as if nothing had happened."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from workspaces import command, example, filled, fingerprint, in_store, kill_after

STAGES: dict[str, Sequence[str]] = {
    "produce": ("produce", "--size", "200"),
    "qualify": ("qualify", "--all"),
    "import": ("review", "import", "filled.csv", "--reviewer", "kim"),
    "ship": ("ship", "refund-bot"),
    "run": ("run", "refund-bot", "--target", "current", "--repeats", "3"),
}


class Stage(NamedTuple):
    """A verb between two workspaces."""

    before: Path
    seconds: float
    """How long the verb took undisturbed."""
    mirrors: dict[str, list[str]]
    """What it left."""
    store: dict[str, object]


class Stages:
    """Every verb, run once undisturbed, one on top of the other; no further than is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = example(root / "ws")
        self._found: dict[str, Stage] = {}

    def __getitem__(self, verb: str) -> Stage:
        for name in list(STAGES)[len(self._found) :]:
            if verb in self._found:
                break
            self._found[name] = self._undisturbed(name)
        return self._found[verb]

    def _undisturbed(self, name: str) -> Stage:
        folder, before = self._folder, self._root / f"before-{name}"
        if name == "import":
            filled(folder)
        shutil.copytree(folder, before)
        begun = time.monotonic()
        command(folder, *STAGES[name])
        return Stage(before, time.monotonic() - begun, fingerprint(folder), in_store(folder))


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("kills"))


def _killed_and_again(stage: Stage, words: Sequence[str], folder: Path, moments: Sequence[float]) -> None:
    for nth, moment in enumerate(moments):
        again = folder / str(nth)
        shutil.copytree(stage.before, again)
        kill_after(again, moment * stage.seconds, *words)
        command(again, *words)
        assert fingerprint(again) == stage.mirrors, moment
        assert in_store(again) == stage.store, moment
        command(again, "doctor", "--rebuild")
        assert in_store(again) == stage.store, moment
        shutil.rmtree(again)


def test_a_production_run_killed_once_ends_as_if_it_had_not_been(stages: Stages, tmp_path: Path) -> None:
    _killed_and_again(stages["produce"], STAGES["produce"], tmp_path, [0.75])


@pytest.mark.slow
@pytest.mark.parametrize("verb", STAGES)
def test_a_verb_killed_at_ten_random_moments_ends_as_if_it_had_not_been(
    stages: Stages, verb: str, tmp_path: Path
) -> None:
    drawn = random.Random(verb)
    _killed_and_again(stages[verb], STAGES[verb], tmp_path, [drawn.uniform(0.2, 1.0) for _ in range(10)])


@pytest.mark.slow
def test_killed_again_and_again_it_still_ends(stages: Stages, tmp_path: Path) -> None:
    stage, again = stages["produce"], tmp_path / "again"
    shutil.copytree(stage.before, again)
    for moment in (0.6, 0.75, 0.9):
        kill_after(again, moment * stage.seconds, *STAGES["produce"])
    command(again, *STAGES["produce"])
    assert fingerprint(again) == stage.mirrors
