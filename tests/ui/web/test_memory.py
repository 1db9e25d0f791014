"""What the page's process holds does not grow with what is decided."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from crowd import Client, Running, crowd
from review_room import build

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


def decided(one: Client, n: int, first: int) -> None:
    """Decides `n` cases, looking at each as the page does."""
    for nth in range(first, first + n):
        shown = one.ask("GET", "/next?bucket=persona")
        assert shown is not None, one.faults
        case = shown["case"]
        assert one.ask("GET", f"/cases/{case['id']}/near") is not None
        said = {"request": f"request-{nth:06d}", "case": case["id"], "content": case["content"], "decision": "approve"}
        assert one.ask("POST", "/decide", said) is not None, one.faults


def test_two_thousand_decisions_cost_no_memory(tmp_path: Path) -> None:
    folder = tmp_path / "ws"
    build(folder, texts=2_600)
    (one,) = crowd(folder, 1)
    server = Running(folder)
    one.port = server.port
    try:
        decided(one, 200, 0)
        before = server.megabytes()
        began = time.monotonic()
        decided(one, 1_800, 200)
        seconds, after = time.monotonic() - began, server.megabytes()
    finally:
        one.close()
        server.stop()
    sys.stderr.write(f"{before:.0f} MB after 200, {after:.0f} MB after 2,000; {seconds / 1800 * 1000:.0f} ms each\n")
    assert after < before * 1.15 + 10
