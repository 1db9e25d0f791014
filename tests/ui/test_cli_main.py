from __future__ import annotations

import subprocess
import sys

import pytest

from anchorset.ui.cli.main import FILES, NOUNS, VERBS, WORKSPACE

NAMES = [verb.__name__ for verb, _ in VERBS]
INNER = [(name, command.callback.__name__) for app, name, _ in NOUNS for command in app.registered_commands]


def test_help_lists_every_verb_under_its_heading(anchorset) -> None:
    shown = anchorset("--help")
    assert shown.code == 0
    for heading in (FILES, WORKSPACE):
        listed = shown.out.split(f"{heading}:\n")[1].split("\n\n")[0].splitlines()
        names = [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "]
        assert names == [verb.__name__ for verb, group in VERBS if group == heading]
    assert all(f"  {name}" in shown.out.split("Nouns:\n")[1] for _, name, _ in NOUNS)


@pytest.mark.parametrize(("noun", "name"), INNER)
def test_every_command_of_a_noun_explains_itself_with_an_example(anchorset, noun: str, name: str) -> None:
    shown = anchorset(noun, name.rstrip("_"), "--help")
    assert shown.code == 0
    assert f"Example: anchorset {noun} {name.rstrip('_')}" in " ".join(shown.out.split())
    assert "--json" in shown.out


@pytest.mark.parametrize("verb", NAMES)
def test_every_verb_explains_itself_with_an_example(anchorset, verb: str) -> None:
    shown = anchorset(verb, "--help")
    assert shown.code == 0
    assert f"Example: anchorset {verb}" in " ".join(shown.out.split())
    assert "--json" in shown.out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['anchorset', '--help']\n"
        "from anchorset.ui.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pydantic', 'rich', 'jinja2', 'model2vec', 'anchorset.pipeline'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_version_is_the_package_s(anchorset) -> None:
    from importlib.metadata import version

    assert anchorset("--version").out == f"anchorset {version('anchorset')}\n"


def test_a_misspelt_verb_names_the_nearest_and_exits_2(anchorset) -> None:
    shown = anchorset("grwo")
    assert shown.code == 2
    assert "Did you mean 'grow'?" in shown.err


def test_an_interrupt_leaves_with_130(anchorset, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anchorset.pipeline.files.convert", interrupted)
    assert anchorset("convert", "a", "b").code == 130


def test_a_full_disk_is_a_sentence_and_exit_4(anchorset, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "cases.jsonl")

    monkeypatch.setattr("anchorset.pipeline.files.convert", full)
    shown = anchorset("convert", "a", "b")
    assert shown.code == 4
    assert shown.err.startswith("anchorset: cases.jsonl: No space left on device")


def test_a_bug_keeps_its_traceback(anchorset, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("anchorset.pipeline.files.convert", broken)
    with pytest.raises(ZeroDivisionError):
        anchorset("convert", "a", "b")
