"""Who is let in, and who is not: strangers' names, stolen forms, guessed tokens; and nothing a case holds is markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from review_room import HOSTILE, Visitor

from anchorset.core.errors import InputError, UsageError
from anchorset.pipeline.workspace import Workspace
from anchorset.ui.web.door import HOURS, TRIES, Door
from anchorset.ui.web.reviewers import FILE, Person, invite, load


def decision(kim: Visitor) -> dict[str, Any]:
    one = kim.get("/next")["case"]
    return {"request": "12345678", "case": one["id"], "content": one["content"], "decision": "approve"}


def said(room: Workspace) -> bool:
    return (room.path / "reviews" / "kim.jsonl").exists()


def test_nobody_comes_in_without_the_secret(visit: Any) -> None:
    stranger = visit()
    for path in ("/", "/progress", "/cases", "/help/api", "/?key=wrong", "/?key=", "/?key=%00"):
        answer = stranger.client.get(path)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    for path in ("/api/next", "/api/cases", "/api/me", "/api/status", "/api/openapi.json", "/api/runs"):
        assert stranger.client.get(path).status_code == 401


def test_the_secret_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(visit: Any) -> None:
    answer = visit().client.get("/?key=s3cret")
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "s3cret" not in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example:8000", "", "127.0.0.1:9", "10.0.0.1:8000"]
)
def test_a_name_that_is_not_ours_is_refused(kim: Visitor, host: str) -> None:
    for path in ("/", "/api/next", "/static/queue.js"):
        assert kim.client.get(path, headers={"host": host}).status_code == 421


def test_a_stolen_form_is_refused(kim: Visitor, room: Workspace) -> None:
    body = decision(kim)
    good = {"x-anchorset-token": kim.token}
    for headers in (
        {}, {"x-anchorset-token": "0" * 64}, {"x-anchorset-token": ""},
        {**good, "origin": "http://evil.example"}, {**good, "origin": "null"}, {**good, "sec-fetch-site": "cross-site"},
        {**good, "sec-fetch-site": "same-site"}, {**good, "origin": "http://127.0.0.1:9000"},
    ):  # fmt: skip
        assert kim.client.post("/api/decide", json=body, headers=headers).status_code == 403, headers
    as_form = {"content-type": "text/plain", "origin": "http://evil.example"}
    assert kim.client.post("/api/decide", content=json.dumps(body), headers=as_form).status_code == 403
    assert not said(room)
    own = {**good, "origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert kim.client.post("/api/decide", json=body, headers=own).status_code == 200


def test_a_program_sends_its_token_and_needs_no_form(visit: Any, room: Workspace) -> None:
    program = visit()
    headers = {"authorization": "Bearer s3cret"}
    one = program.client.get("/api/next", headers=headers).json()["case"]
    body = {"request": "12345678", "case": one["id"], "content": one["content"], "decision": "approve"}
    assert program.client.post("/api/decide", json=body, headers={"authorization": "Bearer no"}).status_code == 401
    assert program.client.post("/api/decide", json=body, headers=headers).status_code == 200
    assert said(room)


@pytest.mark.parametrize("path", ["/", "/api/next", "/static/queue.js", "/api/nonsense", "/nonsense"])
def test_every_answer_forbids_what_is_not_ours(kim: Visitor, path: str) -> None:
    headers = kim.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_hold_no_script_and_no_style_of_their_own(kim: Visitor) -> None:
    for path in ("/", "/progress", "/cases", "/help/api"):
        page = kim.client.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page


def test_a_page_weighs_little(kim: Visitor) -> None:
    there = Path(__file__).parents[3] / "src" / "anchorset" / "ui" / "web" / "static"
    # All that any page could load, together.
    assert sum(path.stat().st_size for path in there.iterdir()) + len(kim.client.get("/").content) < 200_000


def test_a_body_that_is_too_large_is_refused(kim: Visitor) -> None:
    headers = {"x-anchorset-token": kim.token, "content-type": "application/json"}
    assert kim.client.post("/api/decide", content=b" " * 5_000_000, headers=headers).status_code == 413

    def parts() -> Any:
        for _ in range(60):
            yield b" " * 100_000

    assert kim.client.post("/api/decide", content=parts(), headers=headers).status_code == 422


def test_hostile_text_is_json_in_which_nothing_is_hidden(kim: Visitor) -> None:
    (line,) = kim.get("/cases", text="onerror")["cases"]
    answer = kim.client.get(f"/api/cases/{line['id']}")
    assert answer.headers["content-type"] == "application/json"
    shown = answer.json()
    for text in (shown["turns"][0]["text"], shown["expected"], shown["criteria"][0], shown["persona"]):
        assert "[U+202E]evil[U+202C] [U+0000]" in text
        assert "{{ 7*7 }}" in text
    assert shown["raw"]["input"] == HOSTILE


def test_a_long_text_is_cut_until_the_whole_is_asked_for(kim: Visitor) -> None:
    (line,) = kim.get("/cases", text="long long")["cases"]
    assert len(line["text"]) <= 300
    cut = kim.get(f"/cases/{line['id']}")
    assert cut["cut"]
    assert cut["raw"] is None
    assert len(json.dumps(cut)) < 20_000
    assert len(kim.get(f"/cases/{line['id']}", whole=True)["turns"][0]["text"]) == 200_000


def test_tokens_are_kept_as_hashes_and_are_good_until_the_next_invitation(room: Workspace) -> None:
    hidden = room.folder.hidden
    first = invite(hidden, "zoe", "reviewer")
    assert first not in (hidden / FILE).read_text(encoding="utf-8")
    assert (hidden / FILE).stat().st_mode & 0o077 == 0
    assert load(hidden).by_token(first) == Person(name="zoe", role="reviewer")
    second = invite(hidden, "zoe", "owner")
    assert load(hidden).by_token(first) is None
    assert load(hidden).by_token(second) == Person(name="zoe", role="owner")
    for name, role in (("", "owner"), ("a\nb", "owner"), ("zoe", "king"), ("x" * 101, "owner")):
        with pytest.raises(UsageError):
            invite(hidden, name, role)
    (hidden / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        load(hidden)


def test_reviewers_decide_under_their_own_names(visit: Any, room: Workspace) -> None:
    hidden = room.folder.hidden
    tokens = {name: invite(hidden, name, "reviewer") for name in ("zoe", "max")}
    for name, token in tokens.items():
        visitor = visit(local=None, reviewers=lambda: load(hidden), numbers=True)
        answer = visitor.client.post("/login", data={"token": token}, headers={"origin": "http://127.0.0.1:8000"})
        assert answer.status_code == 303
        visitor.come_in(token)
        assert visitor.get("/me") == {**visitor.get("/me"), "name": name, "role": "reviewer"}
        visitor.decide(visitor.get("/next")["case"], "approve")
        assert (room.path / "reviews" / f"{name}.jsonl").exists()


def test_who_is_no_longer_invited_is_out(visit: Any, room: Workspace) -> None:
    hidden = room.folder.hidden
    token = invite(hidden, "zoe", "reviewer")
    visitor = visit(local=None, reviewers=lambda: load(hidden), numbers=True)
    visitor.come_in(token)
    kept = json.loads((hidden / FILE).read_text(encoding="utf-8"))
    (hidden / FILE).write_text(json.dumps({**kept, "people": {}}), encoding="utf-8")
    assert visitor.client.get("/api/next").status_code == 401


def test_guessing_has_to_wait(visit: Any, room: Workspace) -> None:
    hidden = room.folder.hidden
    token, now = invite(hidden, "zoe", "reviewer"), [0.0]
    visitor = visit(local=None, reviewers=lambda: load(hidden), numbers=True, clock=lambda: now[0])
    for nth in range(TRIES + 2):
        answer = visitor.client.post("/login", data={"token": f"wrong{nth}"})
        assert answer.status_code == (401 if nth < TRIES - 1 else 429)
    assert visitor.client.post("/login", data={"token": token}).status_code == 429
    now[0] += 61
    assert visitor.client.post("/login", data={"token": token}).status_code == 303


def test_a_session_ends_and_cannot_be_made_up() -> None:
    now = [0.0]
    door = Door(hosts=("localhost",), port=1, local=Person(name="kim", role="owner"), clock=lambda: now[0])
    cookie = door.enter(door.secret, address="")
    assert cookie is not None
    assert door.session(cookie) is not None
    body, _, signed = cookie.partition(".")
    for forged in ("", ".", body, f"{body}.", f"{body}x.{signed}", f"{body}.{signed[:-1]}0é", f".{signed}"):
        assert door.session(forged) is None
    assert Door(hosts=(), port=1, local=Person(name="kim", role="owner")).session(cookie) is None
    now[0] = HOURS * 3600 + 1
    assert door.session(cookie) is None
