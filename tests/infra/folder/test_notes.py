"""Notes on people: one small file each, whatever they are called; what cannot be read is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from anchorset.core.errors import MachineError
from anchorset.infra.folder.notes import read_note, write_note


@pytest.mark.parametrize("name", ["kim", "../../etc/passwd", "a/b\\c", "\u202eevil", "CON", "é" * 300])
def test_a_note_comes_back_and_lies_in_its_folder_whatever_the_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "notes"
    assert read_note(folder, name) is None
    write_note(folder, name, {"later": ["r_1"]})
    write_note(folder, name, None)
    write_note(folder, name, {"later": ["r_2"]})
    assert read_note(folder, name) == {"later": ["r_2"]}
    assert len(list(folder.iterdir())) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == list(folder.iterdir())


def test_a_torn_note_is_none_and_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    write_note(tmp_path / "notes", "kim", [1])
    (path,) = (tmp_path / "notes").iterdir()
    path.write_text('{"later": [', encoding="utf-8")
    assert read_note(tmp_path / "notes", "kim") is None
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(MachineError, match="cannot be written"):
        write_note(tmp_path / "file", "kim", [1])
