"""What every test may use: made-up nouns, and the bundled embedder once a session."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Observed
from anchorset.infra.db.open import Store, forget, open_database
from anchorset.infra.llm.vendors import VENDORS
from postgresql_server import NoServerError, PostgresqlServer

for variable in [name for name in os.environ if name.startswith("PG")] + ["ANCHORSET_DATABASE"]:
    os.environ.pop(variable, None)  # No test uses a database of whoever runs it.
os.environ["ANCHORSET_NO_MODELS"] = "1"  # No test asks a model that is not on this machine.
for vendor in VENDORS:  # No test uses a key or an address of whoever runs it.
    for variable in (vendor.key, vendor.url_variable, "GOOGLE_API_KEY"):
        os.environ.pop(variable or "", None)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what goes on in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

LONG = ("test_browser.py", "test_produce_models.py", "test_kills.py", "test_accessible.py", "test_workspace.py")
"""Files that take longest. They go first, so that no worker is left alone with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


def seed(text: str, **fields: object) -> Case:
    """A real case that says `text`."""
    origin = Observed(source="production", origin="made-up.csv sha256:00", original_id="1")
    return Case(kind="text", input=text, provenance=origin, **fields)


@pytest.fixture(scope="session")
def make_seed():
    return seed


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    from anchorset.infra.embed.choose import open_embedder

    return open_embedder("static")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data, named by ANCHORSET_DATA; tests that need it are skipped without it."""
    folder = Path(os.environ.get("ANCHORSET_DATA", ""))
    if not os.environ.get("ANCHORSET_DATA") or not folder.is_dir():
        pytest.skip("ANCHORSET_DATA names no folder of real data")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A server of PostgreSQL, started once; what needs it is skipped where there is none."""
    try:
        server = PostgresqlServer()
    except NoServerError as why:
        pytest.skip(str(why))
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest) -> Iterator[Callable[[], Store]]:
    """Makes an empty store, of either kind; on PostgreSQL the one before is emptied for it."""
    if request.param == "sqlite":
        yield lambda: Store("sqlite://", "store")
        return
    store = open_database(request.getfixturevalue("postgresql").database(), "anchorset_test")

    def emptied() -> Store:
        with store.writing() as connection:
            forget(connection)
            connection.exec_driver_sql("DELETE FROM answers")
            connection.exec_driver_sql("DELETE FROM meta WHERE key <> 'version'")
        return store

    yield emptied
    store.close()
