from __future__ import annotations

import subprocess
import sys

import anchorset


def test_every_public_name_is_there() -> None:
    for name in anchorset.__all__:
        assert getattr(anchorset, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(anchorset, "teleport")


def test_importing_the_package_does_no_work() -> None:
    code = "import sys, anchorset; assert not {'numpy', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
