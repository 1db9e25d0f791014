"""The misbehaving server on loopback, for every test of this room: `from server import model_server`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from server import ModelServer, model_server


@pytest.fixture
def server(socket_enabled: None) -> Iterator[ModelServer]:
    """One that behaves; `server.change(...)` makes it misbehave."""
    with model_server() as running:
        yield running
