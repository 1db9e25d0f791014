"""The path as a whole, on the bundled example: what goes in comes out accounted for."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from anchorset.core.case import Case
from anchorset.core.provenance import Synthetic
from anchorset.examples.refund_bot.seeds import seed_rows
from anchorset.pipeline import files

MAPPING = "id=id,input=text,expected=expected,metadata.user_type=user_type,metadata.policy=policy"


def logs(path: Path, shuffled: int | None = None) -> Path:
    rows = [dict(row) for row in seed_rows()]
    if shuffled is not None:
        random.Random(shuffled).shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> files.Grown:
    folder = tmp_path_factory.mktemp("grown")
    return files.grow(logs(folder / "logs.csv"), size=150, mapping=MAPPING, out=folder / "cases.jsonl")


def test_every_row_and_every_attempt_is_accounted_for(grown: files.Grown) -> None:
    counts = grown.taken.counts
    assert counts.read == len(seed_rows()) == counts.kept + counts.folded + counts.grouped + counts.refused
    ledger = grown.made.ledger
    assert ledger.passed == len(grown.made.passed)
    assert ledger.rejected == len(grown.made.rejected)
    assert sum(part.requested for part in grown.made.by_technique.values()) == ledger.requested
    assert sum(part.passed for part in grown.made.by_cell.values()) == ledger.passed
    assert ledger.target == 150
    assert ledger.passed + sum(short.missing for short in ledger.short) == 150


def test_what_is_written_is_what_was_made(grown: files.Grown, tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    again = files.grow(logs(tmp_path / "logs.csv"), size=150, mapping=MAPPING, out=out)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines == [case.line() for case in again.cases]
    assert [Case.read(line, where="out") for line in lines] == again.cases


def test_the_same_input_and_seed_give_the_same_bytes_and_another_seed_does_not(
    grown: files.Grown, tmp_path: Path
) -> None:
    path = logs(tmp_path / "logs.csv")
    again = files.grow(path, size=150, mapping=MAPPING)
    assert [case.line() for case in again.cases] == [case.line() for case in grown.cases]
    other = files.grow(path, size=150, mapping=MAPPING, random_seed=8)
    assert {case.id for case in other.made.passed} != {case.id for case in grown.made.passed}


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    # Unscrubbed, because placeholders are numbered as they appear.
    one, other = (
        files.grow(logs(tmp_path / f"{n}.csv", shuffled=n), size=150, mapping=MAPPING, scrub=False) for n in (1, 2)
    )
    assert [case.content for case in one.made.passed] == [case.content for case in other.made.passed]
    assert {case.id: case.cluster for case in one.cases} == {case.id: case.cluster for case in other.cases}


def test_every_candidate_has_full_lineage_to_seeds_in_the_file(grown: files.Grown) -> None:
    seeds = {case.id: case for case in grown.cases[: grown.n_seeds]}
    for case in grown.made.passed:
        origin = case.provenance
        assert isinstance(origin, Synthetic)
        assert origin.roots
        assert set(origin.roots) <= set(seeds)
        assert origin.operators
        assert origin.run == grown.made.passed[0].provenance.run
        assert case.metadata.items() >= seeds[origin.parents[0]].metadata.items()
        assert case.status == "passed"
        assert case.difficulty is not None


def test_the_expected_answer_stays_only_where_every_operator_is_invariant(grown: files.Grown) -> None:
    seeds = {case.id: case for case in grown.cases}
    mutations = [case for case in grown.made.passed if case.bucket == "mutation"]
    kept = [case for case in mutations if files.relation_of(case) == "invariant"]
    assert kept
    assert all(case.expected == seeds[case.provenance.parents[0]].expected for case in kept)


def test_clusters_stay_small_and_hold_a_case_with_its_roots(grown: files.Grown) -> None:
    by_id = {case.id: case for case in grown.cases}
    for case in grown.cases[grown.n_seeds :]:
        assert {by_id[root].cluster for root in case.roots} == {case.cluster}
    biggest = Counter(case.cluster for case in grown.cases).most_common(1)[0][1]
    assert biggest <= 0.1 * len(grown.cases)


def test_no_private_detail_survives_into_any_case(grown: files.Grown) -> None:
    written = "\n".join(case.line() for case in grown.cases)
    for row in seed_rows():
        for word in row["text"].split():
            if "@" in word:
                assert word.strip(".,!?()") not in written


def test_a_set_in_a_costume_is_drifted_and_the_leaked_word_named(grown: files.Grown, tmp_path: Path) -> None:
    from anchorset.examples.refund_bot.naive import naive_rows

    naive = tmp_path / "naive.jsonl"
    naive.write_text("\n".join(json.dumps({"text": row["text"]}) for row in naive_rows()) + "\n")
    report = files.audit(logs(tmp_path / "logs.csv"), naive, html=tmp_path / "audit.html")
    assert report.verdict == "drifted"
    leaked = next(signal for signal in report.signals if signal.name == "terms.leaked")
    assert leaked.status == "fail"
    assert "'refund'" in leaked.why
    assert "refund" in (tmp_path / "audit.html").read_text(encoding="utf-8")


def test_only_the_synthetic_cases_of_a_grown_file_are_audited(grown: files.Grown, tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    files.grow(logs(tmp_path / "logs.csv"), size=60, mapping=MAPPING, out=out)
    synthetic = files.side(out, None, is_real=False)
    real = files.side(out, None, is_real=True)
    assert len(real.texts) == grown.n_seeds
    assert not set(real.texts) & set(synthetic.texts)
    assert any("left out" in note for note in synthetic.notes)


def test_dedup_keeps_one_of_each_and_writes_them(tmp_path: Path) -> None:
    path, out = tmp_path / "logs.txt", tmp_path / "distinct.jsonl"
    path.write_text("where is my parcel today\nwhere is my parcle today\ni want my money back now\n")
    done = files.dedup(path, out=out)
    assert [case.text for case in done.kept] == ["where is my parcel today", "i want my money back now"]
    assert len(out.read_text().splitlines()) == 2


def test_convert_there_and_back_loses_nothing(grown: files.Grown, tmp_path: Path) -> None:
    from anchorset.infra.formats.case_files import RECORDS, write_cases

    first, there, back = tmp_path / "a.jsonl", tmp_path / "b.json", tmp_path / "c.jsonl"
    write_cases(grown.cases, first, RECORDS)
    files.convert(first, there, to="promptfoo")
    files.convert(there, back, from_="promptfoo")
    assert back.read_bytes() == first.read_bytes()
