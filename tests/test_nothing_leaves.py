"""No test asks a model that is not on this machine, and none uses a key of whoever runs it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from anchorset.core.ask import Ask, Line
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.vendors import VENDORS

ENVIRON = {vendor.key: "made-up" for vendor in VENDORS if vendor.key}
REMOTE = [vendor.name for vendor in VENDORS if not vendor.local]


def test_no_key_and_no_address_of_the_environment_is_left() -> None:
    named = [name for vendor in VENDORS for name in (vendor.key, vendor.url_variable) if name]
    assert [name for name in [*named, "GOOGLE_API_KEY"] if name in os.environ] == []


@pytest.mark.parametrize("vendor", REMOTE)
@pytest.mark.enable_socket
def test_a_vendor_cannot_be_asked_even_with_a_key(vendor: str) -> None:
    async def asked() -> None:
        model = open_model(ModelSpec(model=f"{vendor}:any"), environ=ENVIRON)
        try:
            await model.reply(Ask(model=f"{vendor}:any", lines=(Line("user", "hello"),)), timeout=5)
        finally:
            await model.close()

    with pytest.raises(ModelError, match="ANCHORSET_NO_MODELS") as error:
        asyncio.run(asked())
    assert error.value.trouble == "auth"


def test_what_a_test_starts_is_under_the_switch_too() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from anchorset.infra.llm.vendors import forbidden; print(forbidden('x'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "ANCHORSET_NO_MODELS" in said.stdout
