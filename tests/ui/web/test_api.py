"""Everything the page does, through the API: shown, decided, taken back, put off, graded, counted."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

import pytest
from review_room import Visitor

from anchorset.core.filter import Filter
from anchorset.pipeline.workspace import Workspace
from anchorset.ui.cli.main import run


def cli(room: Workspace, *words: str, code: int = 0) -> Any:
    """What a command says as JSON, when it ends with 0; that it ends with `code`."""
    shown = io.StringIO()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(shown):
        patched.setattr(sys, "argv", ["anchorset", *words, "-w", str(room.path), "--json"])
        with pytest.raises(SystemExit) as left:
            run()
    assert left.value.code == code
    return json.loads(shown.getvalue()) if code == 0 else None


def verdicts(room: Workspace) -> list[dict[str, Any]]:
    file = room.path / "reviews" / "kim.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def test_the_queue_begins_where_the_command_line_does_and_ends_empty(kim: Visitor, room: Workspace) -> None:
    seen = []
    while True:
        found = kim.get("/next")
        if found["case"] is None:
            break
        assert found["case"]["id"] == cli(room, "review", "next", "--reviewer", "kim")["case"]["id"]
        seen.append(found["case"]["id"])
        kim.decide(found["case"], "approve")
    assert len(seen) == len(set(seen)) == 19
    assert found["left"] == 0


def test_a_held_case_is_not_shown_twice(kim: Visitor) -> None:
    first = kim.get("/next")["case"]
    second = kim.get("/next", beside=[first["id"]])["case"]
    assert first["id"] != second["id"]


def test_approve_edit_and_reject_are_kept_with_who_and_why(kim: Visitor, room: Workspace) -> None:
    one, two, three = (kim.get("/next")["case"], None, None)
    kim.decide(one, "approve")
    two = kim.get("/next")["case"]
    said = kim.decide(two, "edit", changes={"expected": "asks when it was bought", "criteria": ["asks first"]})
    three = kim.get("/next")["case"]
    kim.decide(three, "reject", reason="unrealistic")
    assert [(v["case"], v["decision"]["decision"], v["decision"]["reason"]) for v in verdicts(room)] == [
        (one["id"], "approve", None), (two["id"], "edit", None), (three["id"], "reject", "unrealistic"),
    ]  # fmt: skip
    assert all(v["decision"]["reviewer"] == "kim" and v["decision"]["guideline"] for v in verdicts(room))
    (edited,) = room.cases(Filter(counting=True, status="edited"))
    assert (edited.id, edited.expected, edited.criteria) == (
        said["decided"]["now"],
        "asks when it was bought",
        ("asks first",),
    )


def test_the_same_request_again_changes_nothing(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    for _ in range(3):
        kim.decide(one, "approve", request="the-same-one")
    assert len(verdicts(room)) == 1
    kim.decide(one, "approve", request="another-one-of-the-same")  # as after a restart, which forgets requests
    assert len(verdicts(room)) == 1
    kim.post("/undo", request="undo-the-one")
    assert kim.post("/undo", request="undo-the-one")["repeated"]
    assert len(verdicts(room)) == 2
    kim.decide(one, "approve", request="decided-anew")
    assert len(verdicts(room)) == 3


def test_an_edit_sent_again_after_a_restart_changes_nothing(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    for request in ("before-the-restart", "after-the-restart"):
        kim.decide(one, "edit", changes={"criteria": ["asks first"]}, request=request)
    assert len(verdicts(room)) == 1


def test_undo_goes_back_to_the_first_and_shows_each_case(kim: Visitor, room: Workspace) -> None:
    decided = []
    for nth in range(6):
        one = kim.get("/next")["case"]
        decided.append(one["id"])
        given = {"changes": {"expected": "other"}} if nth % 2 else {"reason": "other"}
        kim.decide(one, "edit" if nth % 2 else "reject", **given)
    for id in reversed(decided):
        said = kim.post("/undo")
        assert said["case"]["id"] == said["undone"]["case"] == id
        assert said["case"]["expected"] != "other"
    assert "nothing" not in kim.post("/undo", status=400)["error"]
    assert kim.get("/status")["pending"] == 19
    room.rebuild()
    assert kim.get("/status")["pending"] == 19


def test_what_is_put_off_stays_undecided_and_comes_back(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    assert kim.post("/later", case=one["id"])["later"] == 1
    two = kim.get("/next")["case"]
    assert kim.post("/skip", case=two["id"])["skipped"] == 1
    third = kim.get("/next")
    assert third["case"]["id"] not in (one["id"], two["id"])
    assert third["left"] == 19
    assert kim.post("/back", what="later")["back"] == 1
    assert kim.get("/next")["case"]["id"] == one["id"]
    assert not verdicts(room)


def test_a_mark_for_later_outlives_the_server(kim: Visitor, visit: Any) -> None:
    one = kim.get("/next")["case"]
    kim.post("/later", case=one["id"])
    again = visit()
    again.come_in("s3cret")
    assert again.get("/next")["later"] == 1
    assert again.get("/next")["case"]["id"] != one["id"]


def test_what_was_edited_meanwhile_is_not_decided_unseen(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    cli(room, "review", "edit", one["id"], "--criterion", "something else", "--reviewer", "zoe")
    assert "was edited since it was shown" in kim.decide(one, "approve", status=400)["error"]


def test_what_another_process_decides_is_seen(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    cli(room, "review", "reject", one["id"], "--reason", "other", "--reviewer", "kim")
    assert kim.get("/next")["left"] == 18
    assert kim.get("/status")["rejected"] == 1
    cli(room, "review", "undo", one["id"], "--reviewer", "kim")
    assert kim.get("/next")["left"] == 19


def test_a_mutation_brings_its_diff_and_a_grounded_case_its_document(kim: Visitor) -> None:
    found = {one["bucket"]: kim.get(f"/cases/{one['id']}") for one in kim.get("/cases", limit=100)["cases"]}
    (parent,) = found["mutation"]["parents"]
    assert ["gone", "parcel"] in parent["diff"]
    assert ["new", "parcle"] in parent["diff"]
    assert [one["evidence"] for one in found["mutation"]["findings"]] == ["far from all"]
    (cited,) = found["grounded"]["cited"]
    assert cited["found"]
    assert cited["before"] == "Refunds.\n"
    assert cited["text"].startswith("A refund is paid")


def test_the_nearest_seeds_come_with_distances_and_the_parent_first(kim: Visitor) -> None:
    one = kim.get("/cases", bucket="mutation")["cases"][0]
    near = kim.get(f"/cases/{one['id']}/near")
    assert len(near["seeds"]) == 3
    assert near["seeds"][0]["distance"] <= near["seeds"][1]["distance"]
    assert near["approved"] == []
    other = kim.get("/next", bucket="persona")["case"]
    kim.decide(other, "approve")
    assert [found["id"] for found in kim.get(f"/cases/{one['id']}/near")["approved"]] == [other["id"]]
    kim.post("/undo")
    assert kim.get(f"/cases/{one['id']}/near")["approved"] == []


def test_numbers_equal_those_of_the_command_line_and_lead_to_their_cases(kim: Visitor, room: Workspace) -> None:
    for nth in range(12):
        one = kim.get("/next", bucket="persona")["case"]
        if nth % 3:
            kim.decide(one, "approve")
        else:
            kim.decide(one, "reject", reason="caricature")
    other = kim.get("/next")["case"]
    kim.decide(other, "edit", changes={"expected": "edited"})
    page, told = kim.get("/status"), cli(room, "review", "status")
    assert {name: page[name] for name in told} == told
    for axis, slices in told["by_axis"].items():
        for value, one in slices.items():
            assert kim.get("/cases", axis=f"{axis}={value}", decided=True)["total"] == one["kept"] + one["rejected"]
    for name, query in (("by_technique", "bucket"), ("by_cell", "cell"), ("by_persona", "persona")):
        for value, one in told[name].items():
            assert kim.get("/cases", **{query: value}, decided=True)["total"] == one["kept"] + one["rejected"]
    assert kim.get("/cases", reason="caricature")["total"] == told["reasons"]["caricature"]
    assert kim.get("/cases", reviewer="kim")["total"] == told["reviewers"]["kim"]


@pytest.mark.parametrize(
    "query",
    [{}, {"bucket": "persona"}, {"status": "rejected"}, {"check": "format.length"}, {"check": "distance.band"},
     {"persona": "frustrated"}, {"difficulty": "hard"}, {"text": "PARCEL 1"}, {"bucket": "seed", "text": "number 4"},
     {"cell": "user_type=angry,policy=delay"}],
)  # fmt: skip
def test_filters_find_what_the_command_line_finds(kim: Visitor, room: Workspace, query: dict[str, str]) -> None:
    words = [word for name, value in query.items() for word in (f"--{name}", value)]
    told, page = cli(room, "cases", "list", "--limit", "100", *words), kim.get("/cases", limit=100, **query)
    assert page["total"] == told["total"]
    assert [one["id"] for one in page["cases"]] == [one["id"] for one in told["cases"]]


def test_a_seed_gets_its_answer(kim: Visitor, room: Workspace) -> None:
    found = kim.get("/next", lane="seeds")
    assert found["left"] == 1
    kim.decide(found["case"], "edit", lane="seeds", changes={"criteria": ["says where it is"]})
    assert kim.get("/next", lane="seeds")["case"] is None
    assert kim.post("/undo", lane="seeds")["case"]["id"] == found["case"]["id"]
    assert kim.get("/next", lane="seeds")["left"] == 1


def test_answers_are_graded_blind_and_taken_back(kim: Visitor, room: Workspace) -> None:
    assert [one["run"] for one in kim.get("/runs")["runs"]] == ["q_1"]
    seen = []
    while (one := kim.get("/answers/next", run="q_1")["answer"]) is not None:
        assert "passed" not in one
        assert "score" not in json.dumps(one["output"])
        seen.append(one["name"])
        for request in ("first-time", "a-second-time"):
            said = {"run": "q_1", "case": one["case_id"], "content": one["content"], "repeat": 0, "passed": True}
            kim.post("/grade", **said, request=f"{request}-{len(seen)}")
    assert len(seen) == 4
    assert len(verdicts(room)) == 4
    assert kim.post("/undo", lane="answers", run="q_1")["answer"]["name"] == seen[-1]
    assert kim.get("/answers/next", run="q_1")["answer"]["name"] == seen[-1]
    kim.post("/grade", status=400, run="q_1", case="c_0", content="0", passed=True)


@pytest.mark.parametrize(
    ("path", "query"),
    [("/next", {"lane": "nonsense"}), ("/cases", {"limit": 0}), ("/cases", {"offset": -1}), ("/cases", {"limit": "a"}),
     ("/cases", {"status": "nonsense"}), ("/cases", {"bucket": "\x00"}), ("/cases/c_0", {}), ("/cases/%00/near", {}),
     ("/answers/next", {"run": "q_0"}), ("/nonsense", {}), ("/answers/next", {})],
)  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(kim: Visitor, path: str, query: dict[str, Any]) -> None:
    answer = kim.client.get(f"/api{path}", params=query)
    assert 400 <= answer.status_code < 500
    assert len(answer.json()["error"]) > 5


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"request": 1}', b'"\xff"', b"null", b"[" * 50_000,
     b'{"request":"12345678","case":"\\ud800"}'],
)  # fmt: skip
def test_a_broken_body_is_refused(kim: Visitor, body: bytes) -> None:
    headers = {"x-anchorset-token": kim.token, "content-type": "application/json"}
    assert kim.client.post("/api/decide", content=body, headers=headers).status_code in (400, 422)


@pytest.mark.parametrize(
    "changes",
    [{}, {"id": "c_1"}, {"input": 7}, {"input": []}, {"criteria": "text"}, {"provenance": None}, {"difficulty": "none"},
     {"expected": "\ud800"}, {"metadata": {"a": [1]}}, {"metadata": 3}],
)  # fmt: skip
def test_an_edit_that_cannot_be_is_refused_and_nothing_is_kept(kim: Visitor, room: Workspace, changes: Any) -> None:
    one = kim.get("/next")["case"]
    body = {"request": "12345678", "case": one["id"], "content": one["content"], "decision": "edit", "changes": changes}
    headers = {"x-anchorset-token": kim.token, "content-type": "application/json"}
    answer = kim.client.post("/api/decide", content=json.dumps(body), headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert not verdicts(room)


def test_a_rejection_without_a_reason_is_refused(kim: Visitor, room: Workspace) -> None:
    one = kim.get("/next")["case"]
    kim.decide(one, "reject", status=400)
    kim.decide(one, "reject", reason="because", status=422)
    assert not verdicts(room)


def test_the_description_of_the_api_names_every_route(kim: Visitor) -> None:
    paths = kim.client.get("/api/openapi.json").json()["paths"]
    assert {"/api/next", "/api/decide", "/api/undo", "/api/status", "/api/cases", "/api/grade"} <= set(paths)
    assert "/api/decide" in kim.client.get("/help/api").text
