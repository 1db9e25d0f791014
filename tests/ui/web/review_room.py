"""A workspace with a bit of everything, and a visitor of its page, for the tests beside it."""

from __future__ import annotations

import hashlib
import itertools
import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from anchorset.core.case import Case, Context
from anchorset.core.finding import Finding
from anchorset.core.provenance import Observed, Step, Synthetic
from anchorset.core.run import Result, RunHead
from anchorset.pipeline.workspace import open_workspace
from anchorset.ui.web.door import Door

CONFIG = """\
name: made-up
dimensions:
  user_type: {new: first order, angry: third contact}
  policy: {delay: parcel late, damaged: broken}
review: {overlap: 0}
"""
HOSTILE = (
    '<script>alert(1)</script><svg onload="alert(2)"><img src=x onerror=alert(3)> [a](javascript:alert(4)) '
    "{{ 7*7 }} {% raw %} \u202eevil\u202c \x00 ${1+1} </textarea></script>"
)


def made(technique: str = "remix", **more: Any) -> Synthetic:
    return Synthetic(source="synthetic", technique=technique, label="synth", random_seed=7, run="r_1", **more)  # type: ignore[arg-type]


def build(folder: Path, *, texts: int = 12) -> None:
    """Writes a workspace: seeds, and candidates of every kind."""
    folder.mkdir(exist_ok=True)
    (folder / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "rubric.md").write_text("Approve what a customer would write.\n", encoding="utf-8")
    (folder / "docs").mkdir()
    document = "Refunds.\nA refund is paid within 30 days of the order, to the same card.\nNothing else."
    (folder / "docs" / "policy.md").write_text(document, encoding="utf-8")
    workspace = open_workspace(folder)
    seeds = [
        Case(
            kind="text", input=f"where is my late parcel number {n}", expected="refund approved" if n else None,
            metadata={"user_type": "new", "policy": "delay"},
            provenance=Observed(source="production", origin="logs.csv sha256:00", original_id=str(n)),
        )
        for n in range(6)
    ]  # fmt: skip
    workspace.append("seeds/a.jsonl", seeds)
    here = {"user_type": "angry", "policy": "delay"}
    flag = Finding(check="distance.band", version=1, says="flag", score=0.51, threshold=0.5, evidence="far from all")
    start = document.index("A refund")
    cases = [
        Case(
            kind="text", input="where is my late parcle number 3", expected="refund approved", metadata=here,
            provenance=made("mutation", parents=(seeds[3].id,), roots=(seeds[3].id,),
                            operators=(Step(operator="typo.swap", relation="invariant"),)),
            findings=(flag, Finding(check="format.length", version=1, says="pass")), status="passed",
        ),
        Case(
            kind="chat", status="passed", metadata={"user_type": "new", "policy": "damaged"}, provenance=made(),
            input=({"role": "user", "content": "it broke"}, {"role": "assistant", "content": "which order?"},
                   {"role": "user", "content": "the kettle"}),
            criteria=("asks for a photo",),
        ),
        Case(
            kind="record", input={"order": {"id": 7, "items": ["kettle", None, True]}}, provenance=made(),
            status="passed",
        ),
        Case(
            kind="trajectory", input=({"tool": "look_up", "ok": True}, {"tool": "refund", "usd": 12.5}),
            provenance=made(), status="passed",
        ),
        Case(
            kind="text", input="when is it paid?", expected="within 30 days", provenance=made("grounded"),
            status="passed",
            context=(Context(doc="policy.md", sha256=hashlib.sha256(document.encode()).hexdigest(), start=start,
                             end=start + 38, text=document[start : start + 38]),),
        ),
        Case(
            kind="text", input=HOSTILE, expected=HOSTILE, criteria=(HOSTILE,), provenance=made(persona=HOSTILE),
            status="passed",
        ),
        Case(kind="text", input="long " * 40_000, provenance=made(), status="passed"),
        *(
            Case(kind="text", input=f"parcel {n} is late and i am angry", expected="refund", metadata=here,
                 provenance=made("persona", persona="frustrated"), status="passed", difficulty="hard")
            for n in range(texts)
        ),
        Case(kind="text", input="not good", provenance=made(), status="rejected",
             findings=(Finding(check="format.length", version=1, says="reject"),)),
    ]  # fmt: skip
    workspace.append("candidates/r_1.jsonl", cases)
    head = RunHead(run="q_1", dataset="d@1", digest="0", target="bot", version="1", cases=4, started_at=workspace.now())
    workspace.append("runs/heads.jsonl", [head])
    workspace.append("runs/q_1.jsonl", [
        Result(run="q_1", case=one.id, content=one.content, target="bot", version="1", output=f"answer {n}",
               passed=n % 2 == 0, score=float(n % 2 == 0))
        for n, one in enumerate(seeds[1:5])
    ])  # fmt: skip
    workspace.close()


class Visitor:
    """Somebody with a browser, as far as HTTP goes."""

    def __init__(self, client: TestClient, door: Door) -> None:
        self.client = client
        self.door = door
        self.ids = itertools.count()
        self.token = ""

    def come_in(self, token: str) -> None:
        assert self.client.get(f"/?key={token}").status_code == 303
        page = self.client.get("/").text
        self.token = re.findall(r'anchorset-token" content="(\w+)"', page)[0]

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/api{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, *, status: int = 200, **body: Any) -> Any:
        if path in ("/decide", "/undo", "/grade"):
            body.setdefault("request", f"request-{next(self.ids):04d}")
        answer = self.client.post(f"/api{path}", json=body, headers={"x-anchorset-token": self.token})
        assert answer.status_code == status, answer.text
        return answer.json()

    def decide(self, case: dict[str, Any], decision: str, **more: Any) -> Any:
        return self.post("/decide", case=case["id"], content=case["content"], decision=decision, **more)
