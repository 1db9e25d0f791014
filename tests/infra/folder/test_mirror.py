from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import MachineError
from anchorset.infra.folder.lock import hold
from anchorset.infra.folder.mirror import Mark, append, grown, tail, untouched

LINES = st.lists(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\n\r")), max_size=5)


def read(path: Path, mark: Mark | None = None) -> tuple[list[str], Mark]:
    lines: list[str] = []
    for some, after in tail(path, mark or Mark()):
        lines += [line.decode() for line in some]
        mark = after
    assert mark is not None
    return lines, mark


@given(batches=st.lists(LINES, min_size=1, max_size=5))
def test_what_was_appended_is_what_is_read_from_any_mark(tmp_path_factory: pytest.TempPathFactory, batches) -> None:
    path = tmp_path_factory.mktemp("mirror") / "a.jsonl"
    mark, marks = Mark(), []
    for lines in batches:
        marks.append((mark, sum(map(len, batches[: len(marks)]))))
        mark = append(path, lines, mark)
    everything = [line for lines in batches for line in lines]
    for before, n in marks:
        found, after = read(path, before)
        assert found == everything[n:]
        assert (after.offset, after.lines, after.crc) == (mark.offset, mark.lines, mark.crc)


def test_a_torn_line_does_not_count_and_is_cut_off_by_the_next_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    mark = append(path, ["one"], Mark())
    with path.open("ab") as file:
        file.write(b'{"tor')
    assert read(path) == (["one"], read(path)[1])
    assert grown(path, mark)
    append(path, ["two"], mark)
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_rewritten_file_is_told_from_one_that_grew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    mark = append(path, ["one", "two"], Mark())
    assert untouched(path, mark)
    assert not untouched(path, Mark())
    path.write_bytes(b"one\ntwo\nthree\n")
    assert grown(path, mark)
    path.write_bytes(b"one\nTwo\nthree\n")
    assert not grown(path, mark)
    path.write_bytes(b"one\n")
    assert not grown(path, mark)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root to mount a small disk")
def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no permission to mount")
    try:
        path = disk / "a.jsonl"
        mark = append(path, ["one"], Mark())
        with pytest.raises(MachineError, match=r"No space left.*unharmed"):
            append(path, ["x" * 100_000], mark)
        assert path.read_bytes() == b"one\n"
        assert append(path, ["two"], mark).lines == 2
    finally:
        subprocess.run(["umount", disk], check=True)


def _holding(path: Path, held, done) -> None:
    with hold(path, "anchorset produce"):
        held.set()
        done.wait(30)


def test_a_lock_names_its_holder_and_goes_with_the_process(tmp_path: Path) -> None:
    path = tmp_path / "produce.lock"
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_holding, args=(path, held, done))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(MachineError, match=rf"`anchorset produce` \(process {other.pid}\)"), hold(path, "me"):
            pass
    finally:
        other.kill()  # no chance to tidy up
        other.join()
    with hold(path, "me"):
        pass
