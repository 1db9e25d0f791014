"""Several reviewers: nobody gets what another has open, two are asked blind, a third or an owner ends it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from review_room import CONFIG, Visitor, build
from starlette.testclient import TestClient
from test_api import cli

from anchorset.core.filter import Filter
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.review.reviewing import next_up
from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.review.second import asks_two
from anchorset.trust.report.people import agreement as as_trust_has_it
from anchorset.ui.web.app import application
from anchorset.ui.web.door import Door
from anchorset.ui.web.reviewers import Person, invite, load

Team = Callable[..., Visitor]


def team_of(room: Workspace) -> Team:
    """One server for all, and a token each."""
    door = Door(hosts=("127.0.0.1",), port=8000, reviewers=lambda: load(room.folder.hidden))
    app = application(room, door)

    def one(name: str, role: str = "reviewer") -> Visitor:
        token = invite(room.folder.hidden, name, role)
        client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
        client.headers["authorization"] = f"Bearer {token}"
        return Visitor(client, door)

    return one


def opened(folder: Path, review: str, texts: int = 40) -> Workspace:
    build(folder, texts=texts)
    config = CONFIG.replace("{overlap: 0}", f"{{{review}}}")
    (folder / "anchorset.yaml").write_text(config, encoding="utf-8")
    return open_workspace(folder)


@pytest.fixture
def room(tmp_path: Path) -> Any:
    workspace = opened(tmp_path / "ws", "overlap: 0, recheck: 0")
    yield workspace
    workspace.close()


@pytest.fixture
def both(tmp_path: Path) -> Any:
    workspace = opened(tmp_path / "ws", "overlap: 1, recheck: 0", texts=6)
    yield workspace
    workspace.close()


def rows(room: Workspace, name: str) -> list[dict[str, Any]]:
    file = room.path / "reviews" / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_what_one_has_open_the_other_does_not_get_until_it_is_free(room: Workspace) -> None:
    team = team_of(room)
    kim, zoe = team("kim"), team("zoe")
    first = kim.get("/next", page="k")["case"]
    second = kim.get("/next", page="k", beside=[first["id"]])["case"]
    assert zoe.get("/next", page="z")["case"]["id"] not in (first["id"], second["id"])
    assert kim.get("/next", page="k")["case"]["id"] == first["id"]  # what was loaded before is free, this one is not
    assert zoe.get("/next", page="z")["case"]["id"] == second["id"]
    kim.post("/leave", page="k")
    assert zoe.get("/next", page="z")["case"]["id"] == first["id"]
    zoe.post("/skip", case=first["id"])
    assert kim.get("/next", page="k")["case"]["id"] == first["id"]


def test_when_all_that_waits_is_open_elsewhere_it_is_said_so(room: Workspace) -> None:
    team = team_of(room)
    kim, zoe = team("kim"), team("zoe")
    asked = {"bucket": "mutation"}
    one = kim.get("/next", page="k", **asked)["case"]
    none = zoe.get("/next", page="z", **asked)
    assert (none["case"], none["left"], none["elsewhere"]) == (None, 1, 1)
    assert 500 < none["frees_in"] <= 600
    kim.decide(one, "approve")
    gone = zoe.get("/next", page="z", **asked)
    assert (gone["case"], gone["left"], gone["elsewhere"], gone["frees_in"]) == (None, 0, 0, None)


def test_a_page_that_is_told_to_hold_a_case_keeps_it(room: Workspace) -> None:
    team = team_of(room)
    kim, zoe = team("kim"), team("zoe")
    one = kim.get("/next", page="k")["case"]
    assert kim.post("/hold", page="other", cases=[one["id"]])["minutes"] == 10
    kim.post("/leave", page="k")
    assert zoe.get("/next", page="z")["case"]["id"] != one["id"]
    kim.post("/leave", page="other")
    assert zoe.get("/next", page="z")["case"]["id"] == one["id"]


def test_eight_at_once_decide_everything_and_nothing_twice(room: Workspace) -> None:
    team = team_of(room)
    people = [team(f"r{n}") for n in range(8)]
    waiting = len([case for case in room.cases(Filter(real=False, counting=True)) if case.status == "passed"])

    def work(one: Visitor) -> list[str]:
        done = []
        while True:
            found = one.get("/next", page="p")
            if found["case"] is None:
                return done
            one.decide(found["case"], "approve")
            done.append(found["case"]["id"])

    with ThreadPoolExecutor(8) as pool:
        decided = Counter(id for done in pool.map(work, people) for id in done)
    assert set(decided.values()) == {1}
    assert len(decided) >= waiting - 8  # who found the last ones open elsewhere has gone home
    mirrored = [row["case"] for n in range(8) for row in _rows_if(room, f"r{n}")]
    assert sorted(mirrored) == sorted(decided)


def _rows_if(room: Workspace, name: str) -> list[dict[str, Any]]:
    return rows(room, name) if (room.path / "reviews" / f"{name}.jsonl").exists() else []


def test_two_are_asked_blind_and_a_third_makes_a_majority(both: Workspace) -> None:
    team = team_of(both)
    kim, zoe, lee = team("kim"), team("zoe"), team("lee")
    one = kim.get("/next", bucket="mutation")["case"]
    kim.decide(one, "edit", changes={"expected": "asks first"})
    again = zoe.get("/next", bucket="mutation")
    told = next_up(both, "candidates", reviewer="zoe")
    assert told is not None
    assert (told.left, told.case.id) == (zoe.get("/next")["left"], one["id"])
    seen = again["case"]
    assert (seen["id"], seen["content"]) == (one["id"], one["content"])
    assert (seen["expected"], seen["reviews"], seen["status"]) == ("refund approved", [], "passed")
    assert (seen["hidden"], seen["findings"]) == (True, [])
    looked_up = zoe.get(f"/cases/{one['id']}", content=one["content"])
    assert (looked_up["reviews"], looked_up["findings"]) == ([], [])
    assert zoe.get(f"/cases/{one['id']}/near", content=one["content"])["approved"] == []
    zoe.decide(seen, "reject", reason="unrealistic")
    assert zoe.get(f"/cases/{one['id']}", content=one["content"])["findings"]  # after the own word

    (open_,) = lee.get("/disagreements")["disagreements"]
    assert (open_["case"], open_["words"], open_["mine"]) == (one["id"], None, False)
    (known,) = zoe.get("/disagreements")["disagreements"]
    assert [(word["reviewer"], word["decision"], word["reason"]) for word in known["words"]] == [
        ("kim", "edit", None), ("zoe", "reject", "unrealistic"),
    ]  # fmt: skip
    third = lee.get("/next", bucket="mutation")["case"]
    assert third["id"] == one["id"]
    lee.decide(third, "reject", reason="unrealistic")
    assert lee.get("/disagreements")["disagreements"] == []
    assert lee.get("/status")["rejected"] == 1
    both.rebuild()
    assert lee.get("/status")["rejected"] == 1
    lee.post("/undo")
    assert len(zoe.get("/disagreements")["disagreements"]) == 1


def test_an_owner_settles_and_is_no_evidence_of_agreement(both: Workspace) -> None:
    team = team_of(both)
    kim, zoe, ann = team("kim"), team("zoe"), team("ann", "owner")
    one = kim.get("/next", bucket="mutation")["case"]
    kim.decide(one, "approve")
    zoe.decide(zoe.get("/next", bucket="mutation")["case"], "reject", reason="off_policy")
    said = {"request": "settle-it-now", "content": one["content"], "decision": "approve"}
    assert "settled by an owner" in kim.post("/settle", status=400, **said)["error"]
    assert ann.get(f"/disagreements/{one['content']}")["words"] is None
    assert len(ann.get(f"/disagreements/{one['content']}", opened=True)["words"]) == 2
    before = ann.get("/people")["agreement"]
    ann.post("/settle", **said)
    ann.post("/settle", **said)
    assert len(rows(both, "ann")) == 1
    assert ann.get("/disagreements")["disagreements"] == []
    assert ann.get("/status")["approved"] == 1
    assert ann.get("/people")["agreement"] == before
    both.rebuild()
    assert ann.get("/status")["approved"] == 1
    ann.post("/undo")
    assert len(ann.get("/disagreements")["disagreements"]) == 1


def test_agreement_is_what_trust_and_the_command_line_say(both: Workspace) -> None:
    team = team_of(both)
    kim, zoe = team("kim"), team("zoe")
    for nth in range(12):
        for who, rejects in ((kim, nth % 3 == 0), (zoe, nth % 4 == 0)):
            found = who.get("/next")["case"]
            who.decide(found, "reject" if rejects else "approve", **({"reason": "other"} if rejects else {}))
    with both.store.reading() as connection:
        trusted = as_trust_has_it(said_rows.verdicts(connection), [])
    page, told = kim.get("/people"), cli(both, "review", "status")
    assert page["agreement"] == told["agreement"] == kim.get("/status")["agreement"]
    assert page["people"] == told["people"]
    assert page["agreement"]["n"] > 5
    assert page["agreement"]["alpha"]["value"] == pytest.approx(trusted.value, abs=1e-4)
    assert page["agreement"]["alpha"]["low"] == pytest.approx(trusted.low, abs=1e-4)
    (pair,) = page["agreement"]["pairs"]
    assert (pair["reviewers"], pair["n"]) == (["kim", "zoe"], page["agreement"]["n"])


def test_disagreements_and_settling_from_the_command_line(both: Workspace) -> None:
    (one, *_) = [case for case in both.cases(Filter(real=False)) if case.status == "passed"]
    cli(both, "review", "approve", one.id, "--reviewer", "kim")
    cli(both, "review", "reject", one.id, "--reason", "other", "--reviewer", "zoe")
    (blind,) = cli(both, "review", "disagreements")["disagreements"]
    assert (blind["case"], blind["words"]) == (one.id, None)
    (told,) = cli(both, "review", "disagreements", "--words")["disagreements"]
    assert [word["decision"] for word in told["words"]] == ["approve", "reject"]
    cli(both, "review", "settle", one.id, "--reject", "--reason", "other", "--reviewer", "ann")
    assert cli(both, "review", "disagreements")["disagreements"] == []
    assert cli(both, "review", "status")["rejected"] == 1


def test_a_disagreement_is_settled_by_what_it_should_have_been(both: Workspace) -> None:
    (one, *_) = [case for case in both.cases(Filter(real=False)) if case.status == "passed"]
    cli(both, "review", "approve", one.id, "--reviewer", "kim")
    cli(both, "review", "reject", one.id, "--reason", "other", "--reviewer", "zoe")
    for wrong in ("", "--reject --expected x", "--keep --reason other", "--expected x --reason other"):
        cli(both, "review", "settle", one.id, *wrong.split(), "--reviewer", "ann", code=2)
    told = cli(both, "review", "settle", one.id, "--expected", "refund refused", "--reviewer", "ann")
    assert told["decided"]["decision"]["decision"] == "edit"
    assert cli(both, "review", "disagreements")["disagreements"] == []
    assert cli(both, "review", "status")["edited"] == 1


def test_known_cases_come_again_unmarked_and_change_nothing(tmp_path: Path) -> None:
    room = opened(tmp_path / "ws", "overlap: 0, recheck: 0.5", texts=60)
    kim = team_of(room)("kim")
    first: dict[str, str] = {}
    again: list[str] = []
    after_another = False
    while len(again) < 4:
        found = kim.get("/next", page="k")
        one = found["case"]
        assert set(one) == set(kim.get(f"/cases/{one['id']}", content=one["content"]))
        assert (one["reviews"], one["status"]) == ([], "passed")
        if one["content"] in first:
            assert not after_another
            assert len(first) >= 30
            assert kim.get("/next", page="k")["case"]["id"] == one["id"]  # loading the page again draws nothing new
            if not again:  # the server is started anew between showing and deciding
                kim = team_of(room)("kim")
            again.append(one["content"])
            kim.decide(one, "reject", reason="unrealistic")
        else:
            first[one["content"]] = one["id"]
            kim.decide(one, "approve")
        after_another = one["content"] in again
    assert kim.get("/status")["approved"] == len(first)
    steady = kim.get("/people")["people"]["kim"]
    assert (steady["self_agreement"]["n"], steady["self_agreement"]["hits"], steady["decided"]) == (4, 0, len(first))
    kinds = Counter(row["says"] for row in rows(room, "kim"))
    assert kinds == {"verdict": len(first), "recheck": 4}
    room.rebuild()
    assert kim.get("/people")["people"]["kim"] == steady

    undone = kim.post("/undo")
    assert undone["undone"]["content"] == again[-1]
    assert undone["case"]["content"] == again[-1]
    assert kim.get("/people")["people"]["kim"]["self_agreement"]["n"] == 3
    kim.decide(undone["case"], "approve")
    assert kim.get("/people")["people"]["kim"]["self_agreement"]["hits"] == 1
    assert kim.get("/status")["approved"] == len(first)
    kim.post("/undo")
    assert kim.post("/undo")["undone"]["content"] == list(first)[-1]
    room.rebuild()
    assert kim.get("/status")["approved"] == len(first) - 1
    room.close()


def test_findings_are_hidden_until_the_decision_when_asked_for(room: Workspace) -> None:
    kim = team_of(room)("kim")
    assert kim.get("/me")["hide_suggestions"] is False
    hidden = kim.get("/next", bucket="mutation", hide=True)["case"]
    assert (hidden["hidden"], hidden["findings"], hidden["passed"]) == (True, [], 0)
    assert len(kim.get("/next", bucket="mutation")["case"]["findings"]) == 1


def test_who_reviews_alone_sees_findings_of_what_asks_for_two(both: Workspace) -> None:
    door = Door(hosts=("127.0.0.1",), port=8000, local=Person(name="kim", role="owner"), secret="s3cret")
    client = TestClient(application(both, door), base_url="http://127.0.0.1:8000", follow_redirects=False)
    kim = Visitor(client, door)
    kim.come_in("s3cret")
    one = kim.get("/next", bucket="mutation")["case"]
    assert asks_two(one["content"], 1)
    assert len(one["findings"]) == 1
    cli(both, "review", "approve", one["id"], "--reviewer", "zoe")
    again = kim.get("/next", bucket="mutation")["case"]
    assert (again["id"], again["findings"]) == (one["id"], [])
