"""Results of other tools on a version: filed under it, compared on it, and taken in once."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest
from workspaces import command

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.provenance import Observed
from anchorset.infra.db.open import Store
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.ship.shipping import ship_version
from anchorset.pipeline.trust.results import compare_runs, import_results, runs_on
from anchorset.pipeline.workspace import Workspace

CONFIG = "name: shop\ndimensions:\n  policy: {delay: parcel late, remorse: changed their mind}\nmix: {seed: 100}\n"
WORDS = ("parcel", "refund", "shoes", "jacket", "courier", "voucher", "invoice", "exchange", "lamp", "carpet")


def asked(at: int) -> Case:
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id=str(at))
    text = " ".join(
        words for words in itertools.islice(itertools.cycle(WORDS[at % 10 :] + WORDS), at // 10, at // 10 + 4)
    )
    return Case(
        kind="text", input=f"{at}: {text}", expected="yes", metadata={"policy": "delay"}, provenance=origin,
    )  # fmt: skip


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[Workspace, Manifest]:
    (tmp_path / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    workspace = Workspace(Folder(tmp_path), Store("sqlite://", "memory"))
    workspace.append("seeds/seed-logs.jsonl", [asked(at) for at in range(12)])
    return workspace, ship_version(workspace, "shop").manifest


def results(path: Path, ids: list[str], **more: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case_id", "system", "passed", *more])
        table.writerows([id, system, "yes", *more.values()] for system in ("ours", "theirs") for id in ids)
    return path


def test_results_are_filed_under_the_dataset_that_is_named(
    shipped: tuple[Workspace, Manifest], tmp_path: Path
) -> None:  # fmt: skip
    workspace, manifest = shipped
    import_results(workspace, results(tmp_path / "mine.csv", list(manifest.rows)), ref="shop")
    assert {head.dataset for head, _ in runs_on(workspace, "shop").runs} == {manifest.ref}
    (verdict,) = compare_runs(workspace, "shop", baseline="ours", candidates=["theirs"])
    assert verdict.candidate == "theirs"


def test_the_dataset_that_is_named_wins_over_what_rows_say_aloud(
    shipped: tuple[Workspace, Manifest], tmp_path: Path
) -> None:  # fmt: skip
    workspace, manifest = shipped
    file = results(tmp_path / "mine.csv", list(manifest.rows), dataset="suite-7")
    found = import_results(workspace, file, ref="shop@1.0.0").imported
    assert {head.dataset for head in found.heads} == {manifest.ref}
    assert any("'suite-7'" in note and manifest.ref in note for note in found.notes)


def test_one_case_that_nobody_knows_does_not_stop_a_comparison(
    shipped: tuple[Workspace, Manifest], tmp_path: Path
) -> None:  # fmt: skip
    workspace, manifest = shipped
    import_results(workspace, results(tmp_path / "mine.csv", [*manifest.rows, "foreign-1"]), ref="shop")
    (verdict,) = compare_runs(workspace, "shop", baseline="ours", candidates=["theirs"])
    assert any("'foreign-1'" in note for note in verdict.notes)


def test_a_second_import_says_that_nothing_is_new(shipped: tuple[Workspace, Manifest], tmp_path: Path) -> None:
    workspace, manifest = shipped
    file = results(tmp_path / "mine.csv", list(manifest.rows))
    assert import_results(workspace, file, ref="shop").new == 24
    assert import_results(workspace, file, ref="shop").new == 0
    assert "new here: 0" in command(tmp_path, "results", "import", str(file), "--dataset", "shop")
