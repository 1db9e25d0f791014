from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anchorset.core.errors import ConfigError, InputError
from anchorset.infra.folder.config_file import explained, read_config
from anchorset.infra.folder.scaffold import Answers, config_text


def written(folder: Path, text: str) -> Path:
    path = folder / "anchorset.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\nsise: 10\n", "anchorset.yaml line 2: `sise` is no key we know; did you mean 'size'?"),
        ("name: a\ngrid:\n  axis: [x]\n", "anchorset.yaml line 3: `grid.axis` is no key we know; did you mean 'axes'?"),
        ("name: a\nsize: none\n", 'anchorset.yaml line 2: `size` is "none"'),
        ("owner: b\n", "anchorset.yaml line 1: `name` is missing"),
        ("name: a\nname: b\n", "anchorset.yaml line 2: `name` is given twice"),
        ("name: a\n  b: [\n", "anchorset.yaml line 2"),
        ("name: ../../etc\n", "anchorset.yaml line 1: `name`"),
        ("name: a\ngrid: {axes: [colour]}\n", "`grid.axes` names 'colour', which is no dimension"),
        ("name: a\ntargets:\n  t: {python: 'a:b', command: [c]}\n", "anchorset.yaml line 3: `targets.t`"),
        ("name: a\ntargets:\n  t: {python: 'a:b', version: 1.10}\n", "put it in quotes"),
        ("name: a\nchecks: {duplicate.near: {on_hit: delete}}\n", "`checks.duplicate.near.on_hit`"),
        ("name: a\nmix: {seed: -1}\n", "`mix.seed`"),
        ("name: !!python/object/apply:os.system ['true']\n", "anchorset.yaml line 1"),
        ("- a\n", "anchorset.yaml line 1"),
    ],
)
def test_every_fault_names_the_file_the_line_and_the_way_out(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(written(tmp_path, text))
    assert said in str(caught.value)


def test_several_faults_are_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(written(tmp_path, "name: a\nsize: x\nownr: b\ntrust: {max_drop: 7}\n"))
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        f"anchorset.yaml line {line}" for line in (2, 3, 4)
    ]


def test_aliases_cannot_make_a_small_file_endless(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    with pytest.raises(ConfigError, match="aliases"):
        read_config(written(tmp_path, bomb))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        read_config(tmp_path / "anchorset.yaml")


def test_no_is_norwegian_and_a_date_is_text(tmp_path: Path) -> None:
    config = read_config(
        written(tmp_path, "name: a\nlanguage: no\ntargets: {t: {python: 'a:b', version: 2026-11-01}}\n")
    ).config
    assert config.language == "no"
    assert config.targets["t"].version == "2026-11-01"


def test_short_forms_are_the_long_ones(tmp_path: Path) -> None:
    text = (
        "name: a\nmodels: {judge: openai:gpt-5}\ndimensions: {tone: {calm: at ease, angry: }}\n"
        "evaluators: [exact, {contains: {any: [x]}}]\n"
    )
    config = read_config(written(tmp_path, text)).config
    assert config.models.judge.model == "openai:gpt-5"
    assert config.dimensions["tone"]["calm"].about == "at ease"
    assert config.dimensions["tone"]["angry"].about == ""
    assert [one.name for one in config.evaluators] == ["exact", "contains"]
    assert config.axes == ("tone",)


def test_every_setting_is_explained_with_its_line_or_as_a_default(tmp_path: Path) -> None:
    file = read_config(written(tmp_path, "name: a\nmutation:\n  per_root: 3\nmodels: {generator: x:y}\n"))
    rows = {key: (value, origin) for key, value, origin in explained(file)}
    assert rows["mutation.per_root"] == ("3", "anchorset.yaml:3")
    assert rows["models.generator.model"] == ('"x:y"', "anchorset.yaml:4")
    assert rows["size"] == ("1000", "default")
    assert rows["models.judge.model"] == ('"none"', "default")


@pytest.mark.parametrize("hostile", ["a: b # c", "yes", "{{ x }}", "x\ny", "'\"", "- [", "ünï 😀", "1.10", "null", "%"])
def test_what_the_owner_says_comes_back_whatever_it_is(tmp_path: Path, hostile: str) -> None:
    answers = Answers(
        name="shop", owner=hostile, context=hostile, dimensions={f"axis{hostile}": [hostile, "b"]}, model="none"
    )
    config = read_config(written(tmp_path, config_text(answers))).config
    assert config.owner == hostile
    assert config.context.strip() == hostile.strip()
    assert list(config.dimensions) == [f"axis{hostile}"]
    assert list(config.dimensions[f"axis{hostile}"]) == [hostile, "b"]


def test_the_commented_parts_of_a_new_configuration_are_valid_when_uncommented(tmp_path: Path) -> None:
    text = config_text(Answers(name="shop"))
    lines = [line[2:] if line.startswith(("# ", "#  ")) and ": " in line + " " else line for line in text.splitlines()]
    loaded = yaml.safe_load("\n".join(lines[1:]).replace("What every", "# What every"))
    assert {"dimensions", "personas", "targets", "constraints", "checks"} <= set(loaded)
    config = read_config(written(tmp_path, "\n".join(lines[1:]))).config
    assert set(config.targets) == {"current", "next"}
