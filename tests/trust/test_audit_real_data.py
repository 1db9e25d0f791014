"""The operating curve on public data, in small; the whole curve: `tools/audit_curve.py`."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from anchorset.trust.audit.audit import audit


@pytest.fixture(scope="module")
def curve() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_curve", Path(__file__).parents[2] / "tools" / "audit_curve.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verdicts(curve: ModuleType, folder: Path, name: str, size: int, draws: int, embedder) -> list[str]:
    real, other = curve.SETS[name](folder)
    sides = [curve.drawn(real, other, size, random.Random(at)) for at in range(draws)]
    return [audit(*pair, embedder=embedder, random_seed=at).verdict for at, pair in enumerate(sides)]


@pytest.mark.parametrize("name", ["banking77", "multidogo", "snips", "taskmaster"])
def test_halves_of_one_real_crowd_are_healthy(name: str, curve: ModuleType, data: Path, embedder):
    assert verdicts(curve, data, name, 150, 10, embedder).count("healthy") >= 8


@pytest.mark.parametrize("name", ["written_evals", "passages_gpt4"])
def test_human_against_model_text_is_drifted(name: str, curve: ModuleType, data: Path, embedder):
    assert verdicts(curve, data, name, 100, 5, embedder).count("drifted") >= 4


@pytest.mark.slow
@pytest.mark.parametrize("size", [150, 1000])
def test_a_hundred_halves_are_healthy_at_least_95_times(size: int, curve: ModuleType, data: Path, embedder):
    assert verdicts(curve, data, "banking77", size, 100, embedder).count("healthy") >= 95
