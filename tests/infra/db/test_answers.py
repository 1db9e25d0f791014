from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anchorset.core.ask import Fault, Reply, Usage
from anchorset.infra.db.answers import StoredAnswers
from anchorset.infra.db.open import Store, forget, open_store


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Iterator[Store]:
    opened = new_store()
    yield opened
    opened.close()


def reply(text: str) -> Reply:
    return Reply(text=text, usage=Usage(input=10, output=5, cached=2), usd=0.001, model="m-1", seconds=0.2)


def test_a_reply_is_there_for_every_run_and_says_that_it_was_recalled(store) -> None:
    answers = StoredAnswers(store)
    answers.keep({"a_1": reply("one")}, run="r_1")
    found = answers.recall(["a_1", "a_2"], run="r_2")
    assert set(found) == {"a_1"}
    assert found["a_1"] == Reply(
        text="one", usage=Usage(input=10, output=5, cached=2), usd=0.001, model="m-1", seconds=0.2, recalled=True
    )


def test_a_fault_is_met_again_by_its_own_run_alone(store) -> None:
    answers = StoredAnswers(store)
    answers.keep({"a_1": Fault(cause="refused", message="no", text="I will not")}, run="r_1")
    assert answers.recall(["a_1"], run="r_2") == {}
    assert answers.recall(["a_1"], run="r_1")["a_1"] == Fault(cause="refused", message="no", text="I will not")


def test_a_reply_wins_over_an_earlier_fault_of_the_same_question(store) -> None:
    answers = StoredAnswers(store)
    answers.keep({"a_1": Fault(cause="timeout", message="slow")}, run="r_1")
    answers.keep({"a_1": reply("late")}, run="r_1")
    found = answers.recall(["a_1"], run="r_1")["a_1"]
    assert isinstance(found, Reply)


def test_what_was_answered_first_stays(store) -> None:
    answers = StoredAnswers(store)
    answers.keep({"a_1": reply("first")}, run="r_1")
    answers.keep({"a_1": reply("second")}, run="r_2")
    found = answers.recall(["a_1"], run="r_1")["a_1"]
    assert isinstance(found, Reply)
    assert found.text == "first"


def test_a_thousand_keys_are_recalled_at_once(store) -> None:
    answers = StoredAnswers(store)
    keys = [f"a_{n}" for n in range(1_203)]
    answers.keep({key: reply(key) for key in keys}, run="r_1")
    assert set(answers.recall(keys, run="r_1")) == set(keys)


def test_making_the_store_anew_keeps_what_was_paid_for(store) -> None:
    answers = StoredAnswers(store)
    answers.keep({"a_1": reply("one")}, run="r_1")
    with store.writing() as connection:
        forget(connection)
    assert "a_1" in answers.recall(["a_1"], run="r_1")


def test_what_was_kept_survives_the_end_of_the_process(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from anchorset.core.ask import Reply;"
        "from anchorset.infra.db.answers import StoredAnswers; from anchorset.infra.db.open import open_store;"
        "StoredAnswers(open_store(Path(sys.argv[1]))).keep({'a_1': Reply(text='kept')}, run='r'); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "store.db"], check=False)
    assert done.returncode == 9
    store = open_store(tmp_path / "store.db")
    assert "a_1" in StoredAnswers(store).recall(["a_1"], run="other")
    store.close()
