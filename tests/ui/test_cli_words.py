"""What the terminal says: nothing twice, nothing cut off without a word, and always the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from anchorset.core.case import Case
from anchorset.core.finding import Finding
from anchorset.core.ledger import Ledger, Short
from anchorset.core.provenance import Observed, Synthetic
from anchorset.produce.engine import Produced
from anchorset.produce.moves import Moved
from anchorset.ui.cli.case_words import whole
from anchorset.ui.cli.ledger import ledger_lines
from anchorset.ui.cli.made_words import lines as made_lines
from anchorset.ui.cli.review_words import shown_lines

CONFIG = "name: shop\ndimensions:\n  policy: {delay: parcel late, remorse: changed their mind}\n"
ASKED = ("when does the courier come", "which shop has a voucher", "can you find my jacket")
DIGEST = "09d5d4d9e6f1e1b947b5572199c2281fac07158fd8535d94c80b2237d519b046"


def case(**fields: object) -> Case:
    made = Synthetic(
        source="synthetic", technique="remix", label="synth-remix-policy=delay,user=angry_escalator", random_seed=7,
        parents=("c_700b5a8d9939c892", "c_90b9544d29427949"), roots=("c_700b5a8d9939c892", "c_90b9544d29427949"),
        persona="expert", run="r_1f7a0161ab08e56a",
    )  # fmt: skip
    return Case(**({"kind": "text", "input": "where is it", "provenance": made, "status": "passed"} | fields))


def produced(short: tuple[Short, ...], moved: tuple[Moved, ...] = ()) -> Produced:
    missing = sum(one.missing for one in short)
    ledger = Ledger(target=10, requested=10 - missing, passed=10 - missing, short=short)
    return Produced(passed=[], rejected=[], ledger=ledger, by_technique={"remix": ledger}, by_cell={}, moved=moved)


def test_equal_moves_and_gaps_are_said_once_with_their_sum() -> None:
    moves = tuple(
        Moved(cell="policy=delay", technique="remix", to="mutation", count=n, reason="tried all") for n in (3, 1, 2)
    )
    gaps = tuple(Short(cell="policy=delay", technique="remix", missing=n, reason="tried all") for n in (1, 4))
    said = ledger_lines(produced(gaps, moves))
    assert [line.strip() for line in said if "policy=delay" in line] == [
        "moved 6 in policy=delay from remix to mutation: tried all",
        "short 5 in policy=delay (remix): tried all",
    ]


def made(**fields: object):
    from anchorset.pipeline.produce.production import Made

    given = {"run": "r_1", "planned": None, "produced": None, "remembered": 0, "refreshed": {}, "set_findings": [],
             "seconds": 1.0}  # fmt: skip
    return Made(**(given | fields))


def test_what_is_stale_is_listed_to_five_and_the_rest_counted() -> None:
    said = made_lines(made(refreshed={f"c_{at}": "persona:novice has changed" for at in range(19)}))
    assert said[0] == "put aside as stale: 19"
    assert said[6] == "… and 14 more"


@pytest.mark.parametrize(
    ("technique", "says"), [("remix", "anchorset produce --more 5 --technique mutation"), ("mutation", "ask for fewer")]
)
def test_what_is_short_has_a_way_out_and_review_its_command(technique: str, says: str) -> None:
    gap = Short(cell="policy=delay", technique=technique, missing=5, reason="tried all")
    said = made_lines(made(produced=produced((gap,))))
    assert any("ingest more messages" in line and says in line for line in said)
    assert said[-1].endswith("next: anchorset review next")


def test_a_reviewer_sees_no_check_that_did_not_run_and_no_digest() -> None:
    from anchorset.pipeline.review.reviewing import Shown

    found = (
        Finding(check="grounding.quote", version=1, says="not_run", evidence="no context"),
        Finding(check="format.length", version=1, says="flag", evidence="long"),
        Finding(check="duplicate.exact", version=1, says="pass"),
    )
    said = "\n".join(shown_lines(Shown(case=case(findings=found), parents=[], left=1)))
    assert "grounding.quote" not in said
    assert "format.length" in said
    assert "1 check passed" in said
    assert "grounding.quote" in "\n".join(whole(case(findings=found)))


def test_where_a_case_comes_from_fits_a_terminal() -> None:
    seen = Observed(source="production", origin=f"logs.jsonl sha256:{DIGEST}", original_id="rb-001")
    for one in (case(), Case(kind="text", input="where is it", provenance=seen)):
        said = whole(one)
        assert max(map(len, said)) <= 110
        assert not any("{}" in line or DIGEST in line for line in said)
    assert any("sha256:09d5d4d9…" in line for line in said)


@pytest.fixture
def shop(tmp_path: Path, anchorset) -> Path:
    (tmp_path / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "logs.csv").write_text("text,policy\nwhere is my parcel,delay\n", encoding="utf-8")
    assert (
        anchorset("-w", tmp_path, "ingest", tmp_path / "logs.csv", "--map", "input=text,metadata.policy=policy").code
        == 0
    )
    return tmp_path


def test_a_tag_is_said_as_it_is_written(shop: Path, anchorset) -> None:
    (id,) = {word for word in anchorset("-w", shop, "cases", "list").out.split() if word.startswith("c_")}
    assert anchorset("-w", shop, "cases", "tag", id, "policy=remorse").out == f"{id}: policy=remorse\n"


def test_the_sheet_of_another_lane_names_its_lane_on_the_way_back(shop: Path, anchorset) -> None:
    out = shop / "seeds.csv"
    assert f"anchorset review import {out} --lane seeds`" in anchorset(
        "-w", shop, "review", "export", out, "--lane", "seeds"
    ).out  # fmt: skip


def test_answers_are_graded_on_a_sheet_and_review_next_says_so(shop: Path, anchorset) -> None:
    shown = anchorset("-w", shop, "review", "next", "--lane", "answers")
    assert shown.code == 2
    assert "review export answers.csv --lane answers --run" in shown.err


def test_the_same_log_under_another_mapping_is_said_with_the_way_out(shop: Path, anchorset) -> None:
    again = anchorset("-w", shop, "ingest", shop / "logs.csv", "--map", "input=text,metadata.topic=policy")
    assert "1 text is there already under other metadata" in again.out
    assert "delete the file in `seeds/`" in again.out
    same = anchorset("-w", shop, "ingest", shop / "logs.csv", "--map", "input=text,metadata.topic=policy")
    assert "there already under" not in same.out


def candidates_of(folder: Path, persona: str, n: int) -> None:
    """A production run of so many candidates in the voice of a persona, in the folder's mirrors."""
    from anchorset.core.filter import Filter
    from anchorset.core.said import ProductionRun
    from anchorset.pipeline.produce.refreshing import inputs_now
    from anchorset.pipeline.workspace import open_workspace

    room = open_workspace(folder)
    (seed,) = room.cases(Filter(real=True))
    origin = Synthetic(
        source="synthetic", technique="remix", label="synth-remix-all", persona=persona, parents=(seed.id,),
        roots=(seed.id,), random_seed=7, run="r_1",
    )  # fmt: skip
    at = "2026-01-01T00:00:00+00:00"
    run = ProductionRun(run="r_1", state="done", at=at, target=n, inputs=inputs_now(room))
    room.append("candidates/runs.jsonl", [run])
    room.append("candidates/r_1.jsonl", [case(input=text, provenance=origin) for text in ASKED[:n]])
    room.close()


def test_who_changes_a_persona_hears_what_went_stale_and_qualify_says_so_too(shop: Path, anchorset) -> None:
    assert anchorset("-w", shop, "personas", "add", "novice", "description=new here").code == 0
    candidates_of(shop, "novice", 3)
    said = anchorset("-w", shop, "personas", "update", "novice", "description=old here")
    assert "3 candidates are stale" in said.out
    assert "anchorset produce --refresh" in said.out
    again = anchorset("-w", shop, "qualify")
    assert "set.staleness: " in again.out
    assert "are stale, most often because persona:novice has changed" in again.out


def test_a_version_is_exported_as_parquet_and_read_back(tmp_path: Path, anchorset) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "in.csv").write_text("text,policy\nwhere is my parcel,delay\n=1+1,remorse\n", encoding="utf-8")
    for step in (("in.csv", "a.jsonl"), ("a.jsonl", "b.parquet"), ("b.parquet", "c.jsonl")):
        assert anchorset("convert", *(tmp_path / name for name in step)).code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "c.jsonl").read_bytes()
