"""Production in batches: files of requests and of results, endpoints on loopback; the dataset is that of a live run."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_desk import Desk, Live, batch_desk, result
from batch_rooms import JUDGE, ORDER, WRITER, copied, ended, lines, live, without_cost, written
from workspaces import command, fingerprint, kill_after

from anchorset.core.batch import SentBatch
from anchorset.core.config import ModelSpec
from anchorset.core.errors import InputError, MachineError, ModelError, NothingKeptError, UsageError
from anchorset.infra.db.answers import StoredAnswers
from anchorset.infra.llm.vendors import vendor_of
from anchorset.infra.llm.wire.batch import batch_line
from anchorset.pipeline.example import LOGS, MAPPING
from anchorset.pipeline.indexing import BATCHES
from anchorset.pipeline.produce import batching
from anchorset.pipeline.produce.batching import Stand, batches, export, import_files, open_run, stand
from anchorset.pipeline.produce.production import Order
from anchorset.pipeline.produce.sending import collect, submit
from anchorset.pipeline.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with some of its seeds."""
    home = tmp_path_factory.mktemp("batching") / "ws"
    command(home.parent, "init", home.name, "--example", "refund-bot")
    rows = (home / LOGS).read_text(encoding="utf-8").splitlines()
    (home / "some.jsonl").write_text("\n".join(rows[::4]) + "\n", encoding="utf-8")
    command(home, "ingest", "some.jsonl", "--map", MAPPING)
    return home


@pytest.fixture
def room(seeded: Path, tmp_path: Path) -> Iterator[Workspace]:
    workspace = copied(seeded, tmp_path / "ws")
    yield workspace
    workspace.close()


@pytest.fixture
def desk(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with batch_desk() as running:
        for vendor, address in (("OPENAI", running.openai), ("ANTHROPIC", running.anthropic)):
            monkeypatch.setenv(f"{vendor}_API_KEY", "sk-made-up")
            monkeypatch.setenv(f"{vendor}_BASE_URL", address)
        yield running


def test_answers_in_any_order_in_part_and_with_errors_make_the_dataset_of_a_live_run(
    seeded: Path, tmp_path: Path
) -> None:
    one_by_one = copied(seeded, tmp_path / "live", judge=JUDGE)
    made = live(one_by_one, {})
    assert made.produced is not None
    assert made.produced.ledger.passed == ORDER.more

    room, rng = copied(seeded, tmp_path / "batch", judge=JUDGE), random.Random(7)
    done = export(room, tmp_path / "requests.jsonl", ORDER)
    assert [one.path.name for one in done.files] == ["requests.jsonl"]
    vendors = {name: vendor_of(ModelSpec(model=name), {}) for name in (WRITER, JUDGE)}
    now: Stand | None = done.stand
    answered: Counter[str] = Counter()
    failed = lost = 0
    while now is not None and not now.over:
        rows = []
        for ask in now.open:
            how = rng.random()
            failed, lost = failed + (0.1 < how <= 0.15), lost + (how <= 0.1)
            answered[ask.key] += how > 0.15
            if how > 0.1:
                rows.append(result(batch_line(ask, vendors[ask.model]), "answered" if how > 0.15 else "failed"))
        rng.shuffle(rows)
        if rows:
            now = import_files(room, [written(tmp_path / "responses.jsonl", rows)]).stand
    assert without_cost(tmp_path / "batch") == without_cost(tmp_path / "live")
    assert failed > 0
    assert lost > 0
    assert set(answered.values()) == {1}, "nothing is asked for twice that had an answer"
    there, here = ended(tmp_path / "live")["usd"], ended(tmp_path / "batch")["usd"]
    assert here == pytest.approx(there / 2)


def test_a_generator_and_a_judge_have_a_file_each_in_the_shape_of_their_vendors(seeded: Path, tmp_path: Path) -> None:
    room = copied(seeded, tmp_path / "ws", judge=JUDGE)
    done = export(room, tmp_path / "r.jsonl", Order(more=40))
    assert [(one.path.name, one.model) for one in done.files] == [("r.jsonl", WRITER), ("r.judge.jsonl", JUDGE)]
    first, second = ([json.loads(line) for line in one.path.read_text().splitlines()] for one in done.files)
    assert {tuple(line) for line in first} == {("custom_id", "method", "url", "body")}
    assert {tuple(line) for line in second} == {("custom_id", "params")}
    keys = [line["custom_id"] for line in first + second]
    assert len(keys) == len(set(keys)) == len(done.stand.open)
    made = done.stand.made.produced
    assert made is not None
    assert made.stopped == "batch"
    assert set(made.ledger.pending_by) == {"batch"}


def test_a_gap_does_not_keep_the_judge_from_what_comes_after_it(seeded: Path, tmp_path: Path) -> None:
    room = copied(seeded, tmp_path / "ws", judge=JUDGE)
    rows = lines(export(room, tmp_path / "r.jsonl", ORDER))
    now = import_files(room, [written(tmp_path / "a.jsonl", [result(line) for line in rows[1:]])]).stand
    assert now is not None
    asked = Counter(ask.model for ask in now.open)
    assert asked[WRITER] == 1
    assert asked[JUDGE] > (len(rows) - 1) / 2
    made = now.made.produced
    assert made is not None
    assert made.passed == made.rejected == [], "what comes after a gap is asked about and not judged"
    room.close()


def test_importing_twice_changes_nothing_and_costs_nothing(room: Workspace, tmp_path: Path) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    file = written(tmp_path / "a.jsonl", [result(line) for line in lines(done)[:-1]])
    first = import_files(room, [file])
    before, spent = fingerprint(room.path), StoredAnswers(room.store).spent(done.stand.made.run or "")
    again = import_files(room, [file, file])
    assert (first.came.taken, first.came.known) == (len(lines(done)) - 1, 0)
    assert (again.came.taken, again.came.known) == (0, 2 * first.came.taken)
    assert fingerprint(room.path) == before
    assert StoredAnswers(room.store).spent(done.stand.made.run or "") == spent
    assert spent.answers == first.came.taken


@pytest.mark.slow
def test_a_kill_in_the_middle_of_an_import_loses_nothing(seeded: Path, tmp_path: Path) -> None:
    room = copied(seeded, tmp_path / "calm")
    file = written(tmp_path / "a.jsonl", [result(line) for line in lines(export(room, tmp_path / "r.jsonl", ORDER))])
    room.close()
    shutil.copytree(tmp_path / "calm", tmp_path / "killed")
    for seconds in (0.7, 1.4, 2.5):
        kill_after(tmp_path / "killed", seconds, "batch", "import", str(file))
    for name in ("calm", "killed"):
        again = open_workspace(tmp_path / name)
        if open_run(again):
            import_files(again, [file])
        again.close()
    assert fingerprint(tmp_path / "killed") == fingerprint(tmp_path / "calm")


def test_an_import_that_breaks_off_keeps_what_was_read(
    room: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [result(line) for line in lines(export(room, tmp_path / "r.jsonl", ORDER))]
    file = written(tmp_path / "a.jsonl", rows)
    monkeypatch.setattr(batching, "AT_ONCE", 2)
    keep, calls = StoredAnswers.keep, []

    def breaks(self: StoredAnswers, answers: Any, *, run: str) -> None:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(run)
        keep(self, answers, run=run)

    with monkeypatch.context() as patch:
        patch.setattr(StoredAnswers, "keep", breaks)
        with pytest.raises(KeyboardInterrupt):
            import_files(room, [file])
    again = import_files(room, [file]).came
    assert (again.known, again.taken) == (4, len(rows) - 4)


def test_what_cannot_be_used_is_counted_and_said(room: Workspace, tmp_path: Path) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    first, second, third, fourth, *_ = lines(done)
    empty = result(fourth)
    empty["response"]["body"]["choices"][0]["message"]["content"] = "  "
    rows = [result(first), result(first), result(second, "failed"), result(third, "expired"), empty]
    file = written(tmp_path / "a.jsonl", [*rows, result({**first, "custom_id": "a_of_somebody"}), {"hello": 1}])
    with file.open("ab") as more:
        more.write(b"\xff\xfe\n\n{cut off")
    came = import_files(room, [file]).came
    assert came.report() == {
        "lines": 9, "taken": 1, "refused": 0, "again": {"malformed": 1, "overloaded": 1, "timeout": 1}, "known": 1,
        "unknown": 1, "unread": 3,
    }  # fmt: skip
    assert "a.jsonl line 7" in came.examples[0]
    left = {line["custom_id"] for line in lines(export(room, tmp_path / "r.jsonl"))}
    assert first["custom_id"] not in left
    assert {second["custom_id"], third["custom_id"], fourth["custom_id"]} <= left


def test_a_file_of_requests_or_none_at_all_is_refused(room: Workspace, tmp_path: Path) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    with pytest.raises(NothingKeptError, match="not that of the requests"):
        import_files(room, [done.files[0].path])
    with pytest.raises(NothingKeptError, match="there is no line"):
        import_files(room, [written(tmp_path / "empty.jsonl", [])])
    for name in (tmp_path / "nowhere.jsonl", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            import_files(room, [name])


def test_a_refusal_is_kept_for_the_run_and_not_asked_for_again(room: Workspace, tmp_path: Path) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    rows = lines(done)
    refused = result(rows[0], "refused")
    bad = result(rows[1])
    bad["response"] = {"status_code": 400, "body": {"error": {"message": "bad request"}}}
    came = import_files(room, [written(tmp_path / "a.jsonl", [refused, bad, *map(result, rows[2:])])])
    assert came.came.refused == 2
    assert came.stand is not None
    assert came.stand.made.produced is not None
    assert came.stand.made.produced.ledger.failed_by["refused"] > 0
    assert not {rows[0]["custom_id"], rows[1]["custom_id"]} & {ask.key for ask in came.stand.open}


def test_answers_come_home_to_a_copy_that_has_forgotten_its_questions(room: Workspace, tmp_path: Path) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    (room.folder.hidden / batching.ASKED).unlink()
    came = import_files(room, [written(tmp_path / "a.jsonl", [result(line) for line in lines(done)])]).came
    assert (came.taken, came.unknown) == (len(lines(done)), 0)


def test_a_run_that_was_begun_in_a_batch_goes_on_live_and_asks_only_the_rest(
    seeded: Path, tmp_path: Path, room: Workspace
) -> None:
    done = export(room, tmp_path / "r.jsonl", ORDER)
    rows = lines(done)[::2]
    import_files(room, [written(tmp_path / "a.jsonl", [result(line) for line in rows])])
    models: dict[str, Live] = {}
    made = live(room, models)
    assert made.run == done.stand.made.run
    assert made.produced is not None
    assert made.produced.stopped is None
    assert not {line["custom_id"] for line in rows} & set(models[WRITER].asked)
    other = copied(seeded, tmp_path / "live")
    live(other, {})
    assert without_cost(tmp_path / "ws") == without_cost(tmp_path / "live")


def test_without_options_the_open_run_goes_on_and_with_others_it_is_over(room: Workspace, tmp_path: Path) -> None:
    first = stand(room, ORDER, random_seed=11)
    assert stand(room).made.run == first.made.run
    other = stand(room, Order(technique="prompted", more=9))
    assert other.made.run not in (None, first.made.run)
    assert any("another order" in note for note in room.notes)


@pytest.mark.parametrize(
    ("writer", "says"),
    [("none", "no language model"), ("scripted:demo", "has no batches"), ("pydantic-ai:x:y", "has no batches")],
)
def test_models_without_batches_are_refused_before_anything_is_made(
    seeded: Path, tmp_path: Path, writer: str, says: str
) -> None:
    room = copied(seeded, tmp_path / "ws", writer=writer)
    with pytest.raises(UsageError, match=says):
        export(room, tmp_path / "r.jsonl", ORDER)
    assert open_run(room) is None
    assert not (tmp_path / "r.jsonl").exists()


@pytest.mark.parametrize(("writer", "judge"), [(WRITER, JUDGE), pytest.param(JUDGE, WRITER, marks=pytest.mark.slow)])
def test_batches_are_sent_collected_and_gone_on_with_until_the_run_is_over(
    seeded: Path, tmp_path: Path, desk: Desk, writer: str, judge: str
) -> None:
    room = copied(seeded, tmp_path / "ws", writer=writer, judge=judge)
    stand(room, Order(technique="prompted", more=12))
    for _ in range(30):
        sent = submit(room, agree=None)
        if sent.stand.over:
            break
        found = collect(room)
        assert [look.batch.state for look in found.looks] == ["ended"] * len(sent.sent)
        if found.stand is not None and found.stand.over:
            break
    assert open_run(room) is None
    assert ended(room.path)["ledger"]["passed"] == 12
    assert set(desk.asked.values()) == {1}
    assert {one.state for one in batches(room)} == {"ended"}


def test_what_is_out_is_not_sent_again_and_a_running_batch_says_how_far_it_is(room: Workspace, desk: Desk) -> None:
    stand(room, ORDER)
    desk.status = "running"
    (one,) = submit(room, agree=None).sent
    again = submit(room, agree=None)
    assert (again.sent, again.stand.out) == ((), len(one.keys))
    (look,) = collect(room).looks
    assert (look.batch.state, look.done, look.total, look.came) == ("sent", 0, len(one.keys), None)
    assert set(desk.asked.values()) == {1}
    assert "sk-made-up" not in (room.path / BATCHES).read_text(encoding="utf-8")
    room.rebuild()
    assert [kept.handle["id"] for kept in batches(room)] == ["batch_1"]


@pytest.mark.parametrize("status", ["ended", "cancelled"])
def test_what_a_batch_left_out_is_open_again(room: Workspace, desk: Desk, status: str) -> None:
    stand(room, ORDER)
    desk.status, desk.how = status, {0: "expired", 1: "failed", 2: "lost"}
    (one,) = submit(room, agree=None).sent
    found = collect(room)
    (look,) = found.looks
    assert look.came is not None
    assert (look.came.taken, look.missing) == (len(one.keys) - 3, 1)
    assert dict(look.came.again) == {"timeout": 1, "overloaded": 1}
    assert found.stand is not None
    assert set(one.keys[:3]) <= {ask.key for ask in found.stand.open}
    assert look.batch.came == {"taken": len(one.keys) - 3, "again": 3}
    assert collect(room).looks == ()


def test_a_batch_that_the_vendor_did_not_take_is_said_and_its_questions_are_open_again(
    room: Workspace, desk: Desk
) -> None:
    stand(room, ORDER)
    desk.status = "failed"
    (one,) = submit(room, agree=None).sent
    (look,) = collect(room).looks
    assert look.batch.state == "failed"
    assert "line 1 is bad" in look.batch.why
    desk.status = "ended"
    assert submit(room, agree=None).sent[0].keys == one.keys


def test_a_vendor_that_is_down_leaves_no_batch_behind(room: Workspace, desk: Desk) -> None:
    stand(room, ORDER)
    desk.breaks = True
    with pytest.raises(ModelError, match="cannot answer now"):
        submit(room, agree=None)
    assert [one.state for one in batches(room)] == ["failed"]
    desk.breaks = False
    assert len(submit(room, agree=None).sent) == 1
    desk.breaks = True
    (look,) = collect(room).looks
    assert "cannot answer now" in look.trouble
    desk.breaks = False
    assert collect(room).looks[0].batch.state == "ended"


def test_a_batch_that_broke_off_while_it_was_sent_is_said(room: Workspace, desk: Desk) -> None:
    run = stand(room, ORDER).made.run or ""
    lost = SentBatch(id="s_1", state="sending", run=run, model=WRITER, at="2026-01-01T00:00:00+00:00", keys=("a_1",))
    room.append(BATCHES, [lost])
    assert "broke off" in collect(room).notes[0]
    assert "broke off" in submit(room, agree=None).notes[0]
    assert collect(room).notes == ()


def test_the_budget_holds_for_what_is_out_too(room: Workspace, desk: Desk) -> None:
    stand(room, ORDER)
    with pytest.raises(MachineError, match="budget"):
        submit(room, agree=None, budget_usd=0.0)
    assert not desk.asked
    desk.status = "running"
    sent = submit(room, agree=None, budget_usd=0.005)
    (one,) = sent.sent
    assert one.usd_most is not None
    assert 0 < one.usd_most <= 0.005
    assert sent.left > 0
    with pytest.raises(MachineError, match="are out"):
        submit(room, agree=None, budget_usd=0.005)
    more = submit(room, agree=None, budget_usd=1.0)
    assert len(more.sent[0].keys) == sent.left


def test_nothing_leaves_the_machine_without_a_yes(room: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
    stand(room, ORDER)
    asked: list[str] = []
    with pytest.raises(UsageError, match="nobody agreed"):
        submit(room, agree=lambda question: bool(asked.append(question)))
    assert "api.openai.com" in asked[0]
    assert "at half the price" in asked[0]
    assert batches(room) == []
