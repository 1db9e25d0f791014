"""Runs the command line in this process, as the entry point would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from anchorset.ui.cli.main import run


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def anchorset(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def call(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["anchorset", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            run()
        shown = capsys.readouterr()
        return Ran(left.value.code, shown.out, shown.err)

    return call
