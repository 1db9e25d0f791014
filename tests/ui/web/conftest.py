"""A workspace with a bit of everything, and the page over it in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from review_room import Visitor, build
from starlette.testclient import TestClient

from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.ui.web.app import application
from anchorset.ui.web.door import Door
from anchorset.ui.web.reviewers import Person


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Workspace]:
    build(tmp_path / "ws")
    workspace = open_workspace(tmp_path / "ws")
    yield workspace
    workspace.close()


@pytest.fixture
def visit(room: Workspace) -> Callable[..., Visitor]:
    """A visitor who has not come in yet."""

    def one(**more: Any) -> Visitor:
        given: dict[str, Any] = {
            "hosts": ("127.0.0.1",),
            "port": 8000,
            "local": Person(name="kim", role="owner"),
            "secret": "s3cret",
        }
        door = Door(**(given | more))
        client = TestClient(application(room, door), base_url="http://127.0.0.1:8000", follow_redirects=False)
        return Visitor(client, door)

    return one


@pytest.fixture
def kim(visit: Callable[..., Visitor]) -> Visitor:
    """The reviewer on this machine."""
    visitor = visit()
    visitor.come_in("s3cret")
    return visitor
