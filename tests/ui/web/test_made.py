"""Versions, runs, audit, trust, the packet and outcomes over the API; and the documents, each under its own policy."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from made_room import build
from review_room import HOSTILE, Visitor
from starlette.testclient import TestClient

from anchorset.core.filter import Filter
from anchorset.pipeline.ship.datasets import read_manifest
from anchorset.pipeline.ship.report import report, verified
from anchorset.pipeline.ship.shipping import verify_version
from anchorset.pipeline.trust.outcomes import outcomes_of
from anchorset.pipeline.trust.results import compare_runs
from anchorset.pipeline.trust.trusting import trust_report
from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.trust.compare.compare import machine as compared
from anchorset.trust.report.words import machine
from anchorset.ui.web.app import application
from anchorset.ui.web.door import Door
from anchorset.ui.web.reviewers import Person

FIRST, SECOND = "shop@1.0.0", "shop@1.1.0"
OUTCOME: dict[str, Any] = {
    "request": "outcome-0001", "dataset": FIRST, "candidate": "next", "decision": "reject", "reasons": ["off_policy"],
    "verdict": "BLOCK",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("made") / "ws"
    build(folder).close()
    return folder


@pytest.fixture
def room(shipped: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(shipped, tmp_path / "ws")
    workspace = open_workspace(tmp_path / "ws")
    hour = itertools.count(10)
    workspace.now = lambda: f"2026-03-09T{next(hour):02}:00:00+00:00"
    yield workspace
    workspace.close()


@pytest.fixture
def come(room: Workspace) -> Callable[..., Visitor]:
    def one(role: str = "owner", **more: Any) -> Visitor:
        person = Person(name="kim", role=role, **more)  # type: ignore[arg-type]
        door = Door(hosts=("127.0.0.1",), port=8000, local=person, secret="s3cret")
        client = TestClient(application(room, door), base_url="http://127.0.0.1:8000", follow_redirects=False)
        visitor = Visitor(client, door)
        visitor.come_in("s3cret")
        return visitor

    return one


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_the_api_says_of_versions_runs_and_trust_what_the_commands_say(
    come: Callable[..., Visitor], room: Workspace
) -> None:
    room.now = lambda: "2026-03-09T10:00:00+00:00"
    kim = come()
    assert kim.get("/datasets")["datasets"] == plain(
        [report(read_manifest(room.folder, one)) for one in (FIRST, SECOND)]
    )
    shown = kim.get(f"/datasets/{FIRST}")
    wanted = plain(report(read_manifest(room.folder, FIRST)))
    assert {name: shown[name] for name in wanted} == wanted
    assert sum(n for splits in shown["crossed"].values() for n in splits.values()) == wanted["rows"]
    assert kim.get(f"/datasets/{FIRST}/verify") == plain(verified(verify_version(room, FIRST)))
    assert kim.get(f"/datasets/{SECOND}/diff", against=FIRST)["added"] != []
    compare = kim.get("/compare", dataset=FIRST, baseline="current", candidate="next")
    wanted = plain(compared(compare_runs(room, FIRST, baseline="current", candidates=["next"])))
    assert {name: compare[name] for name in wanted} == wanted
    trust = kim.get("/trust", dataset=FIRST)
    wanted = plain(machine(trust_report(room, FIRST)))
    assert {name: trust[name] for name in wanted} == wanted


def test_a_run_is_split_by_bucket_and_shows_real_failures_first(come: Callable[..., Visitor]) -> None:
    kim = come()
    run = kim.get("/runs/q_next")
    assert run["name"] == "next"
    assert [one["name"] for one in run["others"]] == ["current"]
    assert sum(n for said in run["by_bucket"].values() for n in said.values()) == run["head"]["cases"]
    assert run["causes"] == {"timeout": 1}
    rows = kim.get("/runs/q_next/results", limit=100)["results"]
    kinds = [(one["what"], one["line"]["bucket"] == "seed") for one in rows]
    assert kinds[0] == ("failed", True)
    order = ("failed", "error", "not_judged", "passed")
    assert kinds == sorted(kinds, key=lambda one: (order.index(one[0]), not one[1]))
    errors = kim.get("/runs/q_next/results", what="error")
    assert errors["total"] == 1
    assert errors["results"][0]["error"] == "no answer in 5 s"
    assert kim.client.get("/api/runs/q_none").status_code == 400


def test_pictures_are_documents_that_nothing_can_run_in(come: Callable[..., Visitor]) -> None:
    kim = come()
    drawn = [*kim.get("/trust", dataset=FIRST)["drawn"], *kim.get(f"/datasets/{FIRST}/audit")["drawn"]]
    assert len(drawn) > 8
    for one in drawn:
        answer = kim.client.get(f"/api/pictures/{one['name']}")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        root = ElementTree.fromstring(answer.text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert float(root.attrib["width"]) == one["width"]
        assert one["says"]
    assert kim.client.get("/api/pictures/0000").status_code == 404


@pytest.mark.parametrize("path", [
    f"/packet/{FIRST}", f"/reports/trust/{FIRST}", f"/reports/audit/{FIRST}",
    f"/reports/compare/{FIRST}?baseline=current&candidate=next",
])  # fmt: skip
def test_whole_reports_come_under_their_own_strict_policy(come: Callable[..., Visitor], path: str) -> None:
    kim = come()
    answer = kim.client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert "\u202e" not in answer.text
    kim.client.cookies.clear()
    assert kim.client.get(path).status_code == 401


def test_only_reports_of_our_own_making_are_served_from_disk_and_in_a_sandbox(
    come: Callable[..., Visitor], room: Workspace
) -> None:
    from anchorset.infra.html.page import page

    whole = page(title="<b>Trust</b>", verdict="v", tone="good", lead="l", sections=[])
    (room.path / "trust.html").write_text(whole, encoding="utf-8")
    (room.path / "evil.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    (room.path.parent / "outside.html").write_text(whole, encoding="utf-8")
    (room.path / "link.html").symlink_to(room.path.parent / "outside.html")
    (room.path / ".anchorset" / "hidden.html").write_text(whole, encoding="utf-8")
    kim = come()
    assert [one["path"] for one in kim.get("/reports")["reports"]] == ["trust.html"]
    answer = kim.client.get("/reports/file", params={"path": "trust.html"})
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    for path in (
        "evil.html",
        "link.html",
        "../outside.html",
        ".anchorset/hidden.html",
        "anchorset.yaml",
        "/etc/passwd",
    ):
        assert kim.client.get("/reports/file", params={"path": path}).status_code == 404, path
    assert "default-src 'none'; script-src 'self'" in kim.client.get("/trust").headers["content-security-policy"]


def test_files_of_a_version_are_kept_and_never_shown(come: Callable[..., Visitor], room: Workspace) -> None:
    kim = come()
    answer = kim.client.get(f"/api/datasets/{FIRST}/files/cases.jsonl")
    assert answer.content == (room.folder.datasets / "shop" / "1.0.0" / "cases.jsonl").read_bytes()
    assert answer.headers["content-disposition"] == f'attachment; filename="{FIRST}-cases.jsonl"'
    assert answer.headers["content-type"] == "application/octet-stream"
    for name in ("..%2F1.1.0%2Fcard.md", "nothing", "cases.jsonl%00"):
        assert kim.client.get(f"/api/datasets/{FIRST}/files/{name}").status_code in (400, 404)
    for ref in ("none@1.0.0", "..", "shop@../1.0.0", "shop@9.9.9"):
        assert kim.client.get(f"/api/datasets/{ref}").status_code in (400, 404)


def test_attacks_are_not_shown_to_those_who_may_not_see_them(come: Callable[..., Visitor]) -> None:
    guest = come("reviewer")
    may = come("reviewer", redteam=True)
    for path in (f"/datasets/{FIRST}/cases", "/runs/q_next/results"):
        query = {"bucket": "redteam"}
        assert guest.get(path, **query)["total"] == 0
        assert may.get(path, **query)["total"] > 0
    assert "ignore all rules" not in guest.client.get(f"/packet/{FIRST}").text
    assert "ignore all rules" in may.client.get(f"/packet/{FIRST}").text
    assert guest.client.get(f"/api/datasets/{FIRST}/files/cases.jsonl").status_code == 403
    assert guest.get(f"/datasets/{FIRST}/packet")["hidden"] == ["redteam"]


def test_an_outcome_is_recorded_once_by_owners_and_read_by_all(come: Callable[..., Visitor], room: Workspace) -> None:
    guest, kim = come("reviewer", redteam=True), come()
    assert "only an owner" in guest.post("/outcomes", status=403, **OUTCOME)["error"]
    guest.post("/outcomes/production", status=403, request="later-0001", dataset=FIRST, candidate="next",
               production="worse")  # fmt: skip
    lost = kim.get("/compare", dataset=FIRST, baseline="current", candidate="next")["flips"]["seed"]["lost"]
    (before,) = room.cases(Filter(ids=(lost[0],), counting=True))
    for _ in range(2):
        done = kim.post("/outcomes", **OUTCOME, cases=lost[:2], promote="regression")
        assert set(done["promoted"]) == set(lost[:2])
    (row,) = guest.get("/outcomes")["outcomes"]
    assert (row["candidate"], row["reviewer"], row["confirmed"]) == ("next", "kim", None)
    bare = kim.post("/outcomes", status=400, **{**OUTCOME, "request": "outcome-2", "reasons": []})
    assert "no reason" in bare["error"]
    case = kim.get(f"/cases/{lost[0]}")
    assert case["bucket"] == "regression"
    (record,) = room.cases(Filter(ids=(lost[0],), counting=True))
    assert record.tags == ("protects:failure", f"outcome:reject:next:{FIRST}")
    assert record.provenance.model_dump() == {**before.provenance.model_dump(), "source": "regression"}


def test_what_production_said_is_added_later_and_the_decision_stays_its_makers(
    come: Callable[..., Visitor], room: Workspace
) -> None:
    from anchorset.pipeline.trust.outcomes import add_production

    kim = come()
    kim.post("/outcomes", **OUTCOME)
    add_production(room, FIRST, candidate="next", production="worse", reviewer="zoe", note="refunds doubled")
    (row,) = kim.get("/outcomes")["outcomes"]
    assert (row["decided_by"], row["reviewer"], row["production"], row["confirmed"]) == ("kim", "zoe", "worse", True)
    said = kim.post("/outcomes/production", request="later-0002", dataset=FIRST, candidate="next", production="same")
    assert said["outcome"]["confirmed"] is False
    before = outcomes_of(room)
    room.rebuild()
    assert outcomes_of(room) == before
    assert len(before) == 1
    missing = kim.post("/outcomes/production", status=400, request="later-0003", dataset=FIRST, candidate="nxt",
                       production="same")  # fmt: skip
    assert "next" in missing["error"]


def test_the_packet_shows_pairs_by_a_stated_rule_and_all_that_was_said(come: Callable[..., Visitor]) -> None:
    kim = come()
    found = kim.get(f"/datasets/{FIRST}/packet")
    assert found == kim.get(f"/datasets/{FIRST}/packet")
    made = [one for one in found["pairs"] if one["synthetic"]]
    assert len(made) <= 100
    assert all(one["real"] is not None for one in made)
    parents = [one for one in made if one["parent"]]
    assert parents
    assert max(one["distance"] for one in parents) < 0.5
    assert [one["name"] for one in found["stages"]][0::1][:2] == ["ingest", "map"]
    assert [one["name"] for one in found["stages"]][-1] == "trust"
    kinds = {one["kind"] for one in found["timeline"]}
    assert {"production", "decisions", "quarantine", "shipped", "run"} <= kinds
    (line,) = [one for one in found["timeline"] if one["kind"] == "decisions"]
    assert (line["who"], line["what"]) == ("kim", "decisions: approved 41, rejected 1")
    assert found["reasons"] == {"caricature": 1}
    assert [one["reason"] for one in found["refused"]] == ["caricature"]
    text = kim.client.get(f"/packet/{FIRST}").text
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "@page { size: A4" in text
    assert f'<a href="/datasets/{FIRST}">' in text
