from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shipping_cases import made, seed, shop

from anchorset.core.case import Case
from anchorset.core.errors import InputError, MachineError, UsageError
from anchorset.core.lineage import with_clusters
from anchorset.ship.compared import compared
from anchorset.ship.leaks import leaks
from anchorset.ship.splits import split
from anchorset.ship.stage import Order, Shipped, proof, ship
from anchorset.ship.verify import stale, verify
from anchorset.ship.write import manifest_bytes, read_rows, sealed, write_version
from anchorset.ui.cli.dataset_words import version_lines

AT = "2026-11-25T12:00:00+00:00"
MIX = {"seed": 50.0, "mutation": 50.0}


def shipped(embedder, real: list[Case], candidates: list[Case], before=None, **order: object) -> Shipped:
    asked = Order(**({"name": "shop", "mix": MIX, "axes": ("policy",)} | order))
    return ship(real, candidates, order=asked, groups={}, embedder=embedder, before=before)


def written(embedder, folder: Path, real: list[Case], candidates: list[Case], **order: object):
    done = shipped(embedder, real, candidates, **order)
    return write_version(folder, done, made_at=AT)


def test_order_changes_nothing_and_the_same_again_makes_no_version(embedder, tmp_path: Path) -> None:
    real, candidates = shop(40, mutation=50)
    path, manifest = written(embedder, tmp_path, real, candidates)
    turned = shipped(embedder, real[::-1], candidates[::-1])
    assert turned.manifest.digest == manifest.digest
    again = shipped(embedder, real, candidates, before=(manifest, read_rows(path)))
    assert (again.is_new, again.diff.sentence()) == (False, "nothing changed")


def test_added_is_minor_changed_is_major_written_anew_is_patch(embedder, tmp_path: Path) -> None:
    real, candidates = shop(40, mutation=40)
    path, manifest = written(embedder, tmp_path, real[:30], candidates[:30])
    rows = read_rows(path)
    more = shipped(embedder, real, candidates, before=(manifest, rows))
    assert (more.manifest.version, more.diff.bump) == ("1.1.0", "minor")
    assert {case.id for case in rows} <= set(more.manifest.rows)
    was = {case.id: case.split for case in rows}
    assert all(case.split == was[case.id] for case in more.cases if case.id in was)
    edited = [case.revised(expected="refund") if case.id == real[0].id else case for case in real[:30]]
    changed = shipped(embedder, edited, candidates[:30], before=(manifest, rows))
    assert (changed.manifest.version, changed.diff.changed) == ("2.0.0", {real[0].id: ("expected",)})
    anew = [case.model_copy(update={"status": "edited"}) for case in candidates[:30]]
    assert shipped(embedder, real[:30], anew, before=(manifest, rows)).manifest.version == "1.0.1"


def test_no_cluster_and_no_near_duplicate_crosses_a_split(embedder) -> None:
    real, candidates = shop(60, mutation=120)
    done = shipped(embedder, real, candidates)
    sides: dict[str, set[str | None]] = {}
    for case in done.cases:
        sides.setdefault(case.cluster or "", set()).add(case.split)
    assert all(len(found) == 1 for found in sides.values())
    assert {case.split for case in done.cases} == {"eval", "holdout"}
    texts = {case.id: case.text for case in (*real, *candidates)}
    assert proof(done.cases, embedder=embedder, texts=texts) == []


def test_a_planted_leak_is_named_and_its_synthetic_row_goes(embedder) -> None:
    real, candidates = shop(40, mutation=40)
    planted = made(999, real[0], text=f"{real[1].text}!")  # a mutation of one seed that says what another says
    rows = with_clusters([real[0], real[1], planted], {})
    rows = [case.model_copy(update={"split": "eval" if case.id == real[1].id else "holdout"}) for case in rows]
    (leak, *_) = leaks(rows, embedder=embedder, texts={})
    assert {leak.first, leak.second} == {planted.id, real[1].id}
    assert planted.id in leak.sentence()
    for nth in range(20):  # whichever side they fall on
        done = shipped(embedder, real, [*candidates, planted], splits={"a": 50 + nth, "b": 50})
        sides = {case.id: case.split for case in done.cases}
        assert planted.id not in sides or sides.get(real[1].id, sides[planted.id]) == sides[planted.id]


def test_a_leak_through_a_parent_that_is_no_row_is_found(embedder) -> None:
    parent, twin = seed(1, text="my blue kettle arrived broken"), seed(2, text="my blue kettle arrived broken!")
    child = made(1, parent, text="something else altogether happened to the parcel")
    rows = [twin.model_copy(update={"split": "eval"}), child.model_copy(update={"split": "holdout"})]
    (leak,) = leaks(rows, embedder=embedder, texts={parent.id: parent.text})
    assert leak.through == parent.id


def test_one_cluster_may_not_be_the_version() -> None:
    real = [seed(at) for at in range(30)]
    crowd = [made(at, real[0]) for at in range(10)]
    rows = with_clusters([*real, *crowd], {})
    with pytest.raises(InputError, match="has 11 of 40 rows"):
        split(rows, {"eval": 80, "holdout": 20}, before={})


@pytest.mark.parametrize("shares", [{}, {"eval": 0.0}, {"eval": -1.0, "holdout": 2.0}])
def test_splits_that_are_none_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="eval=80,holdout=20"):
        split([seed(1)], shares, before={})


def test_every_touched_byte_is_noticed_and_its_row_named(embedder, tmp_path: Path) -> None:
    real, candidates = shop(30, mutation=30)
    path, manifest = written(embedder, tmp_path, real, candidates)
    assert verify(path, embedder=embedder) == []
    for name in ("cases.jsonl", "manifest.json", "card.md", "croissant.json"):
        file = path / name
        data = file.read_bytes()
        file.chmod(0o644)
        for at in range(0, len(data), max(1, len(data) // 15)):
            touched = bytearray(data)
            touched[at] ^= 1
            file.write_bytes(bytes(touched))
            found = verify(path, embedder=embedder)
            assert found, (name, at)
            assert {one.file for one in found} == {name}, (name, at, found)
            if name == "cases.jsonl" and len(data.splitlines()) == len(bytes(touched).splitlines()):
                line = data[:at].count(b"\n") + 1
                assert f"line {line} ({list(manifest.rows)[line - 1]})" == found[0].row
        file.write_bytes(data)
    assert verify(path, embedder=embedder) == []


def test_a_changed_row_is_to_be_restored_and_gets_no_other_advice(embedder, tmp_path: Path) -> None:
    real, candidates = shop(30, mutation=30)
    path, _ = written(embedder, tmp_path, real, candidates)
    file = path / "cases.jsonl"
    data = file.read_bytes()
    file.chmod(0o644)
    for was, now in ((b'"expected":"track"', b'"expected":"trick"'), (b'"content":"', b'"content":"0')):
        file.write_bytes(data.replace(was, now, 1))
        assert verify(path, embedder=embedder)[0].what == "was changed; restore it from git"
    file.write_bytes(data[1:])
    assert verify(path, embedder=embedder)[0].what == "was changed and is no JSON any more; restore it from git"


def test_what_is_taken_out_for_a_leak_is_told_from_what_stays(embedder) -> None:
    real, candidates = shop(40, mutation=40)
    planted = made(999, real[0], text=f"{real[1].text}!")
    taken = [
        (id, why)
        for nth in range(20)
        for id, why in shipped(embedder, real, [*candidates, planted], splits={"a": 50 + nth, "b": 50}).leaked
    ]
    assert taken
    assert all(why.startswith(f"{id}, which is alike c_") for id, why in taken)


def test_the_bucket_table_shows_what_was_declared_for_all_that_is_generated(embedder, tmp_path: Path) -> None:
    real, candidates = shop(40, remix=40)
    mix = {"seed": 50.0, "generated": 50.0}
    _, manifest = written(embedder, tmp_path, real, candidates, mix=mix)
    (row,) = [line.split() for line in version_lines(manifest) if line.lstrip().startswith("remix")]
    assert " ".join(row) == "remix 40 50 % 50 % (all of generated)"


def test_a_case_that_nobody_rated_is_not_unidentified(embedder, tmp_path: Path) -> None:
    path, _ = written(embedder, tmp_path, *shop(20, mutation=20))
    assert "| difficulty not rated | 40 |" in (path / "card.md").read_text(encoding="utf-8")


def test_a_row_taken_out_or_put_in_and_a_moved_folder_are_noticed(embedder, tmp_path: Path) -> None:
    path, _ = written(embedder, tmp_path, *shop(20, mutation=20))
    file = path / "cases.jsonl"
    file.chmod(0o644)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    assert any("lines" in one.what for one in verify(path, embedder=embedder))
    file.write_bytes(b"".join([*lines, lines[0]]))
    assert any("lines" in one.what for one in verify(path, embedder=embedder))
    file.write_bytes(b"".join(lines))
    moved = path.with_name("9.9.9")
    shutil.copytree(path, moved)
    assert any("lies in shop/9.9.9" in one.what for one in verify(moved, embedder=embedder))
    (path / "notes.txt").write_text("mine")
    assert [one.file for one in verify(path, embedder=embedder)] == ["notes.txt"]


def test_stale_is_no_tampering(embedder, tmp_path: Path) -> None:
    path, manifest = written(embedder, tmp_path, *shop(20, mutation=20), lock={"seeds": "1", "rubric": "2"})
    assert stale(manifest, {"seeds": "1", "rubric": "2"}) == []
    assert stale(manifest, {"seeds": "9", "rubric": "2"}) == ["seeds has changed since"]
    assert verify(path, embedder=embedder) == []


def test_a_version_is_never_written_over_and_a_crash_leaves_no_half_of_one(embedder, tmp_path: Path) -> None:
    done = shipped(embedder, *shop(20, mutation=20))
    (tmp_path / "shop" / ".1.0.0.4711").mkdir(parents=True)  # what a crash left
    path, _ = write_version(tmp_path, done, made_at=AT)
    assert [one.name for one in path.parent.iterdir()] == ["1.0.0"]
    assert oct((path / "cases.jsonl").stat().st_mode & 0o777) == "0o444"
    with pytest.raises(UsageError, match="never written over"):
        write_version(tmp_path, done, made_at=AT)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root to mount a small disk")
def test_a_full_disk_makes_no_version(embedder, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no permission to mount")
    try:
        with pytest.raises(MachineError, match="No version was made"):
            written(embedder, disk, *shop(40, mutation=40))
        assert not list((disk / "shop").iterdir())
    finally:
        subprocess.run(["umount", disk], check=True)


def test_hostile_text_does_nothing_on_the_card(embedder, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> [x](javascript:1) | `code`\n# heading"
    real, candidates = shop(20, mutation=20)
    real = [seed(at, metadata={"policy": evil}) for at in range(20)]
    done = shipped(embedder, real, candidates, owner=evil, licence=evil, mix={"seed": 1.0})
    path, _ = write_version(tmp_path, done, made_at=AT, about=evil)
    card = (path / "card.md").read_text(encoding="utf-8")
    assert "<script" not in card
    assert "[x](" not in card
    assert card.count("\n# ") == 0
    json.loads((path / "croissant.json").read_text(encoding="utf-8"))


def test_unreviewed_rows_stand_in_capitals(embedder, tmp_path: Path) -> None:
    real, candidates = shop(20, mutation=20)
    waiting = [case.model_copy(update={"status": "passed"}) for case in candidates]
    path, manifest = written(embedder, tmp_path, real, waiting, allow_unreviewed=True)
    assert manifest.unreviewed == 20
    assert "**20 OF 40 ROWS ARE UNREVIEWED.**" in (path / "card.md").read_text(encoding="utf-8")


def test_a_difference_is_told_by_bucket_and_axis() -> None:
    one, two, three = seed(1), seed(2), seed(3)
    found = compared([one, two], [two.revised(expected="ask"), three])
    assert (found.added, found.removed, found.bump) == ((three.id,), (one.id,), "major")
    assert found.by_bucket == {"seed": {"added": 1, "removed": 1, "changed": 1}}
    assert found.by_axis["policy"]["damaged"] == {"added": 1, "removed": 1, "changed": 0}
    assert "1 changed (expected 1)" in found.sentence()


def test_another_bucket_is_a_change_and_no_new_spelling() -> None:
    before = seed(1)
    again = before.provenance.model_copy(update={"source": "regression"})
    after = before.model_copy(update={"provenance": again})
    assert (compared([before], [after]).bump, compared([before], [after]).changed) == (
        "major",
        {before.id: ("bucket",)},
    )


def test_a_real_case_is_not_counted_as_unreviewed(embedder) -> None:
    real, candidates = shop(20, mutation=20)
    real = [case.model_copy(update={"status": "passed"}) for case in real]
    assert shipped(embedder, real, candidates).manifest.unreviewed == 0


@pytest.mark.parametrize(
    ("was", "now"),
    [(b"\n ", b"\n\t"), (b"}\n", b"}\n\n"), (b'"name"', b'"name": "x",\n "name"'), (b'"seal": "', b'"seal": "0')],
)
def test_a_manifest_that_says_the_same_in_other_bytes_is_noticed(
    embedder, tmp_path: Path, was: bytes, now: bytes
) -> None:
    path, _ = written(embedder, tmp_path, *shop(20, mutation=20))
    file = path / "manifest.json"
    file.chmod(0o644)
    head, found, tail = file.read_bytes().rpartition(was)
    assert found
    file.write_bytes(head + now + tail)
    assert [one.file for one in verify(path, embedder=embedder)] == ["manifest.json"]


def test_totals_that_the_rows_do_not_give_are_named(embedder, tmp_path: Path) -> None:
    path, manifest = written(embedder, tmp_path, *shop(20, mutation=20))
    file = path / "manifest.json"
    file.chmod(0o644)
    claimed = {"sampled": 3, "unreviewed": 0, "clusters": manifest.clusters, "by_bucket": {"seed": 40}}
    file.write_bytes(manifest_bytes(sealed(manifest.model_copy(update=claimed))))
    said = " ".join(one.what for one in verify(path, embedder=embedder))
    assert "`sampled` is 3, the rows give 0" in said
    assert "`by_bucket`" in said


def test_every_field_that_croissant_names_is_in_the_rows(embedder, tmp_path: Path) -> None:
    real, candidates = shop(20, mutation=20)
    real = [seed(at, metadata={"policy": "delay", "odd axis['x']": "1"}) for at in range(20)]
    path, _ = written(embedder, tmp_path, real, candidates)
    described = json.loads((path / "croissant.json").read_text(encoding="utf-8"))
    (cases,) = [one for one in described["recordSet"] if one["name"] == "cases"]
    rows = [json.loads(line) for line in (path / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {}
    for field in cases["field"]:
        source = field["source"]
        inside = source.get("transform", {}).get("jsonPath", "").removeprefix("$.")
        columns = [row[source["extract"]["column"]] for row in rows]
        found[field["name"]] = {column.get(inside) for column in columns} if inside else set(columns)
    assert {"input", "expected", "split", "provenance.technique", "metadata.policy"} <= set(found)
    assert found["split"] == {one["splits/name"] for one in described["recordSet"][0]["data"]}
    assert found["provenance.technique"] == {None, "mutation"}
    assert not any("odd axis" in name for name in found)  # it would be read as a path


def test_croissant_leaves_out_a_field_that_is_text_in_some_rows_only(embedder, tmp_path: Path) -> None:
    chat = seed(1)
    chat = Case(kind="chat", input=[{"role": "user", "content": "hello there"}], provenance=chat.provenance)
    path, _ = written(embedder, tmp_path, [chat, *shop(20)[0]], [], mix={"seed": 1.0})
    described = json.loads((path / "croissant.json").read_text(encoding="utf-8"))
    assert "cases/input" not in {field["@id"] for field in described["recordSet"][1]["field"]}


@pytest.mark.parametrize("name", ["../evil", "a/b", "*", "", ".", "..", "x" * 65, "a\nb", "a\n", "-x", "C:x"])
def test_a_name_that_leads_elsewhere_is_refused(embedder, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        shipped(embedder, *shop(20, mutation=20), name=name)
