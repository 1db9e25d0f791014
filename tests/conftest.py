"""What every test may use: made-up nouns, and the bundled embedder once a session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Observed
from anchorset.infra.llm.vendors import VENDORS

os.environ["ANCHORSET_NO_MODELS"] = "1"  # No test asks a model that is not on this machine.
for vendor in VENDORS:  # No test uses a key or an address of whoever runs it.
    for variable in (vendor.key, vendor.url_variable, "GOOGLE_API_KEY"):
        os.environ.pop(variable or "", None)
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


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
