"""Requests made up from the API's own description: none breaks the server, and every answer is one it describes."""

from __future__ import annotations

import random
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from review_room import build
from schemathesis import checks

from anchorset.core.filter import Filter
from anchorset.pipeline.workspace import open_workspace
from anchorset.ui.web.app import application
from anchorset.ui.web.door import Door
from anchorset.ui.web.reviewers import Person

HOST, SECRET = "127.0.0.1:8000", "s3cret"
LOOKED_AT = [
    checks.not_a_server_error, checks.status_code_conformance, checks.response_schema_conformance,
    checks.content_type_conformance,
]  # fmt: skip


class Api:
    """The API of one workspace, and names that it knows."""

    def __init__(self, folder: Path) -> None:
        build(folder)
        self.workspace = open_workspace(folder)
        cases = self.workspace.cases(Filter())
        self.known: dict[str, list[Any]] = {
            "case": [case.id for case in cases], "content": [case.content for case in cases], "run": ["q_1", "r_1"],
        }  # fmt: skip
        self.known["id"] = self.known["also"] = self.known["case"]
        door = Door(hosts=("127.0.0.1",), port=8000, local=Person(name="kim", role="owner"), secret=SECRET)
        self.headers = {"authorization": f"Bearer {SECRET}", "host": HOST}
        self.application = application(self.workspace, door)

    @cached_property
    def schema(self) -> Any:
        return schemathesis.openapi.from_asgi("/api/openapi.json", self.application, headers=self.headers)

    def lived_in(self, case: Any, dice: random.Random) -> Any:
        """The request, with names that exist in it as often as not: made up alone it gets no further."""
        for place in (case.path_parameters, case.query, case.body):
            for name in list(place) if isinstance(place, dict) else ():
                if name in self.known and dice.random() < 0.6:
                    value = dice.choice(self.known[name])
                    place[name] = [value] if isinstance(place[name], list) else value
        return case

    def ask(self, operation: Any, *, examples: int) -> list[str]:
        """What is wrong with the answers to so many requests."""
        dice = random.Random(f"{operation.method} {operation.path}")
        wrong: list[str] = []

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def each(case: Any) -> None:
            answer = self.lived_in(case, dice).call(base_url=f"http://{HOST}", headers=self.headers)
            try:
                case.validate_response(answer, checks=LOOKED_AT)
            except BaseException as error:
                wrong.append(f"{case.method} {case.path} {answer.status_code} {answer.text[:300]}: {error}"[:1500])

        each()
        return wrong


@pytest.fixture
def api(tmp_path: Path):
    made = Api(tmp_path / "ws")
    yield made
    made.workspace.close()


def test_no_request_breaks_the_server_and_no_answer_is_unheard_of(api: Api) -> None:
    wrong = [one for found in api.schema.get_all_operations() for one in api.ask(found.ok(), examples=6)]
    assert wrong == []


@pytest.mark.slow
def test_nor_do_many(api: Api) -> None:
    wrong = [one for found in api.schema.get_all_operations() for one in api.ask(found.ok(), examples=150)]
    assert wrong == []


@pytest.mark.parametrize(
    "value", ['"\\ud800"', '{"a": "\\udfff x"}', "NaN", "[Infinity]", '"\\u0000"', '"\\ud83d\\ude00"']
)
def test_what_json_can_spell_and_no_file_hold_is_refused(api: Api, value: str) -> None:
    from starlette.testclient import TestClient

    client = TestClient(api.application, base_url=f"http://{HOST}", raise_server_exceptions=False)
    fits = value in ('"\\u0000"', '"\\ud83d\\ude00"')
    for path, field in (("/api/decide", "changes"), ("/api/metadata", "metadata")):
        said = (
            f'{{"request": "request-1", "case": "{api.known["case"][0]}", "content": "{api.known["content"][0]}", '
            f'"decision": "edit", "{field}": {{"expected": {value}}}}}'
        )
        if path == "/api/metadata":
            said = f'{{"request": "request-2", "case": "{api.known["case"][0]}", "metadata": {{"x": {value}}}}}'
        answer = client.post(path, content=said, headers={**api.headers, "content-type": "application/json"})
        assert answer.status_code == (200 if fits else 422), (path, value, answer.text)
