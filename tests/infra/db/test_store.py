"""The store's door: made once, brought forward, refused when newer, rows once, and every database error a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from anchorset.core.ask import Reply
from anchorset.core.case import Case
from anchorset.core.errors import MachineError
from anchorset.core.filter import Filter
from anchorset.core.finding import Finding
from anchorset.core.provenance import Synthetic
from anchorset.core.run import Result, RunHead
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import schema
from anchorset.infra.db.answers import StoredAnswers, carry_answers
from anchorset.infra.db.mirrors import marks, put_mark
from anchorset.infra.db.open import DERIVED, MIGRATIONS, Store, forget, meta, open_store, put_meta

MARK = {"offset": 1, "lines": 1, "crc": 1, "mtime_ns": 1}


def made(text: str, *, run: str = "r_1", says: str = "pass", status: str = "passed", **fields: object) -> Case:
    origin = Synthetic(source="synthetic", technique="remix", label="synth-remix-all", random_seed=7, run=run)
    found = Finding(check="format.length", version=1, says=says, evidence="too long")
    return Case(kind="text", input=text, provenance=origin, status=status, findings=(found,), **fields)


def kept(store: Store, *cases: Case, first_wins: bool = False) -> None:
    with store.writing() as connection:
        case_rows.put_cases(connection, cases, cell_of=lambda case: str(case.metadata.get("c")), first_wins=first_wins)


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Iterator[Store]:
    opened = new_store()
    yield opened
    opened.close()


def by_hand(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for one in statements:
            connection.execute(one)
        connection.commit()


def test_a_store_of_an_older_schema_is_brought_forward_and_asks_the_files_again(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    old = open_store(path)
    kept(old, made("one"))
    StoredAnswers(old).keep({"a_1": Reply(text="paid")}, run="r_1")
    with old.writing() as connection:
        put_mark(connection, "seeds/a.jsonl", MARK)
    old.close()
    by_hand(
        path, "DROP INDEX verdicts_revised", "ALTER TABLE verdicts DROP COLUMN revised",
        "UPDATE meta SET value = '2' WHERE key = 'version'",
    )  # fmt: skip
    new = open_store(path)
    with new.reading() as connection:
        assert meta(connection, "version") == str(len(MIGRATIONS))
        assert "revised" in {column["name"] for column in inspect(connection).get_columns("verdicts")}
        assert marks(connection) == {}
        assert case_rows.count(connection, Filter()) == 0
    assert set(StoredAnswers(new).recall(["a_1"], run="r_2")) == {"a_1"}
    new.close()


@pytest.mark.parametrize("version", ["999", "soon"])
def test_a_store_of_a_newer_schema_is_refused_and_left_alone(tmp_path: Path, version: str) -> None:
    path = tmp_path / "store.sqlite"
    open_store(path).close()
    by_hand(path, f"UPDATE meta SET value = '{version}' WHERE key = 'version'")
    with pytest.raises(MachineError) as caught:
        open_store(path)
    for part in (str(path), f"'{version}'", f"knows {len(MIGRATIONS)}", "Upgrade anchorset", "doctor --rebuild"):
        assert part in str(caught.value)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() == (version,)


def test_what_models_answered_goes_from_any_store_into_a_new_one(tmp_path: Path, store: Store) -> None:
    old = open_store(tmp_path / "old.sqlite")
    StoredAnswers(old).keep({f"a_{n}": Reply(text=str(n)) for n in range(1_201)}, run="r_1")
    old.close()
    by_hand(tmp_path / "old.sqlite", "UPDATE meta SET value = '999' WHERE key = 'version'")
    assert carry_answers(tmp_path / "old.sqlite", store) == 1_201
    assert set(StoredAnswers(store).recall(["a_1200"], run="r_9")) == {"a_1200"}
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(MachineError, match="damaged"):
        carry_answers(tmp_path / "broken.sqlite", store)


def test_forgetting_empties_all_that_the_files_say_and_nothing_else(store: Store) -> None:
    assert {table.name for table in schema.metadata.sorted_tables} - {table.name for table in DERIVED} == {
        "meta", "answers",
    }  # fmt: skip
    kept(store, made("one", says="flag"))
    with store.writing() as connection:
        put_meta(connection, "axes", "[]")
        forget(connection)
    with store.reading() as connection:
        assert all(not connection.execute(select(table)).all() for table in DERIVED)
        assert meta(connection, "axes") == "[]"


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fails() -> None:
        with store.writing() as connection:
            case_rows.put_cases(connection, [made("one")], cell_of=lambda _: "all")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with store.reading() as connection:
        assert case_rows.count(connection, Filter()) == 0


@given(texts=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["passed", "rejected"])), max_size=8))
@settings(max_examples=40)
def test_the_same_case_again_is_one_row_and_a_rejected_copy_never_wins(
    new_store: Callable[[], Store], texts: list[tuple[str, str]]
) -> None:
    store = new_store()
    for text, status in texts:
        kept(store, made(text, status=status), first_wins=True)
    with store.reading() as connection:
        found = {case.input: case.status for case in case_rows.full(connection, Filter())}
    assert found == {
        text: "passed" if (text, "passed") in texts else "rejected" for text in {text for text, _ in texts}
    }
    store.close()


@given(
    cells=st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from(["passed", "rejected"])), max_size=12),
    limit=st.integers(1, 5),
)
@settings(max_examples=30)
def test_pages_show_every_case_once_and_counts_agree_with_them(
    new_store: Callable[[], Store], cells: list[tuple[str, str]], limit: int
) -> None:
    store = new_store()
    kept(store, *(made(f"text {n}", status=s, metadata={"c": c}) for n, (c, s) in enumerate(cells)))
    with store.reading() as connection:
        for wanted in (Filter(), Filter(cell="x"), Filter(status="passed", cell="y")):
            total = case_rows.count(connection, wanted)
            pages = [case_rows.page(connection, wanted, limit=limit, offset=at) for at in range(0, total + 1, limit)]
            shown = [row.id for page in pages for row in page]
            assert len(shown) == len(set(shown)) == total
            assert sum(case_rows.counts(connection, wanted, ["cell", "status"]).values()) == total
    store.close()


def test_a_list_has_what_a_line_needs(store: Store) -> None:
    kept(store, made("where is it", says="flag", metadata={"c": "x"}, difficulty="hard"))
    with store.reading() as connection:
        (row,) = case_rows.page(connection, Filter(), limit=5)
    assert (row.bucket, row.cell, row.status, row.difficulty, row.flags, row.run, row.aside, row.text) == (
        "remix", "x", "passed", "hard", 1, "r_1", None, "where is it",
    )  # fmt: skip


@pytest.mark.parametrize("hostile", ["100%", "a_b", "x' OR 1=1 --", "\\", "ÄRGER", "\x00", "\u202e"])
def test_words_are_looked_for_as_they_are(store: Store, hostile: str) -> None:
    kept(store, made(f"say {hostile} twice"), made("say nothing of it"))
    with store.reading() as connection:
        found = case_rows.page(connection, Filter(text=hostile), limit=9)
        assert [row.text for row in found] == [f"say {hostile} twice".replace("\0", "\ufffd")]
        assert case_rows.ids_like(connection, "%") == []


def test_the_check_that_hit_finds_its_cases_and_a_new_judgement_takes_the_old_hit_away(store: Store) -> None:
    kept(store, made("one", says="reject", status="rejected"), made("two"))
    with store.reading() as connection:
        assert case_rows.count(connection, Filter(check="format.length")) == 1
        assert case_rows.checks_that_hit(connection) == {"format.length": {"reject": 1}}
    kept(store, made("one"))
    with store.reading() as connection:
        assert case_rows.count(connection, Filter(check="format.length")) == 0
        assert case_rows.count(connection, Filter(status="passed")) == 2


def test_the_first_result_of_a_case_and_repeat_stays(store: Store) -> None:
    def result(output: str) -> Result:
        return Result(
            run="q_1", case="c_1", content="51ab", target="t", version="1", output=output, passed=True, repeat=0,
            seconds=0.0,
        )  # fmt: skip

    for batch in ([result("first"), result("second")], [result("third")]):
        with store.writing() as connection:
            run_rows.put_results(connection, batch)
    with store.reading() as connection:
        assert [row.output for row in run_rows.results(connection, "q_1")] == ["first"]
        assert run_rows.done(connection, "q_1") == {("51ab", 0)}


def test_runs_that_began_in_one_second_stand_in_the_order_in_which_they_began(store: Store) -> None:
    begun = [
        RunHead(
            run=run, dataset="d@1.0.0", digest="sha256:00", target="t", version="1", evaluators=(), repeats=1, cases=1,
            started_at=at,
        )
        for run, at in (("q_9", "2026-01-01T00:00:01"), ("q_1", "2026-01-01T00:00:01"), ("q_5", "2026-01-01T00:00:00"))
    ]  # fmt: skip
    with store.writing() as connection:
        run_rows.put_heads(connection, begun)
        run_rows.put_heads(connection, begun[:1])
    with store.reading() as connection:
        assert [head.run for head in run_rows.heads(connection)] == ["q_5", "q_9", "q_1"]


def test_a_damaged_store_says_that_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(MachineError, match=r"damaged .* Nothing is lost.*doctor --rebuild"):
        open_store(path)
