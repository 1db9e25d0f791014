"""The version of a target: two states that may answer differently never share one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from anchorset.core.errors import ConfigError


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=kim", "-c", "user.email=kim@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(workspace):
    git(workspace.folder, "init", "-q")
    git(workspace.folder, "add", "-A")
    git(workspace.folder, "commit", "-q", "-m", "first")
    return workspace


def version(workspace, **spec: object) -> str:
    given = {"python": "bots:echo", "version": "git"} | spec
    return workspace.target(**given).version


def test_a_given_version_is_taken_as_it_is(workspace) -> None:
    assert version(workspace, version="2026-11-01") == "2026-11-01"


def test_git_is_the_commit_and_dirty_with_changes(committed) -> None:
    clean = version(committed)
    assert len(clean) == 12
    (committed.folder / "bots.py").write_text("def echo(text): return 1\n")
    first = version(committed)
    (committed.folder / "bots.py").write_text("def echo(text): return 2\n")
    second = version(committed)
    (committed.folder / "new.txt").write_text("a file nobody added")
    third = version(committed)
    assert all(one.startswith(f"{clean}-dirty-") for one in (first, second, third))
    assert len({first, second, third}) == 3


def test_rows_that_our_own_commands_write_are_no_change_of_the_application(committed) -> None:
    clean = version(committed)
    for ours in ("runs", "reviews", "candidates", ".anchorset", "seeds", "datasets/bank/1.0.0", "__pycache__"):
        (committed.folder / ours).mkdir(parents=True)
        (committed.folder / ours / "rows.jsonl").write_text("{}\n")
    assert version(committed) == clean


def test_a_workspace_below_the_top_of_its_repository_sees_changes_above(committed) -> None:
    inner = committed.folder / "evals"
    inner.mkdir()
    (inner / "bots.py").write_text("def echo(text): return text\n")
    git(committed.folder, "add", "-A")
    git(committed.folder, "commit", "-q", "-m", "second")
    committed.folder = inner
    clean = version(committed)
    (inner.parent / "bots.py").write_text("def echo(text): return 3\n")
    assert version(committed).startswith(f"{clean}-dirty-")


def test_without_a_commit_git_is_refused_with_the_way_out(workspace) -> None:
    with pytest.raises(ConfigError, match=r"targets\.bot\.version` is 'git'.*commit the workspace"):
        version(workspace)
    git(workspace.folder, "init", "-q")
    with pytest.raises(ConfigError, match="no commit to name"):
        version(workspace)


def test_without_a_version_the_code_is_hashed_with_what_it_imports(workspace) -> None:
    (workspace.folder / "shop.py").write_text("from rules import DAYS\ndef bot(text): return DAYS\n")
    (workspace.folder / "rules.py").write_text("DAYS = 30\n")
    (workspace.folder / "other.py").write_text("# nobody imports this\n")
    first = version(workspace, python="shop:bot", version=None)
    (workspace.folder / "other.py").write_text("# still nobody\n")
    assert version(workspace, python="shop:bot", version=None) == first
    assert version(workspace, python="shop:bot", version=None, timeout_seconds=3, family="x") == first
    (workspace.folder / "rules.py").write_text("DAYS = 14\n")
    assert version(workspace, python="shop:bot", version=None) != first


def test_a_commands_version_is_its_script_not_its_interpreter(workspace) -> None:
    script = workspace.folder / "bot.sh"
    script.write_text("echo a\n")
    first = version(workspace, python=None, command=["sh", "bot.sh"], version=None)
    script.write_text("echo b\n")
    assert version(workspace, python=None, command=["sh", "bot.sh"], version=None) != first


def test_the_same_settings_elsewhere_are_the_same_version(workspace, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "bots.py").write_bytes((workspace.folder / "bots.py").read_bytes())
    first = version(workspace, version=None)
    workspace.folder = elsewhere
    assert version(workspace, version=None) == first
