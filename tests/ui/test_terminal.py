from __future__ import annotations

import pytest

from anchorset.ui.cli.terminal import say


@pytest.mark.parametrize("machine", [False, True])
def test_what_a_person_reads_moves_no_cursor(capsys: pytest.CaptureFixture[str], machine: bool) -> None:
    say("\x1b[31mred\u202e", machine=machine)
    shown = capsys.readouterr()
    assert (shown.err if machine else shown.out) == "[U+001B][31mred[U+202E]\n"
    assert (shown.out if machine else shown.err) == ""
