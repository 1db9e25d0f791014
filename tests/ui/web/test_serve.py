"""The socket that the page is served on."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from crowd import Alone
from review_room import build

from anchorset.ui.web.serve import _listen


@pytest.mark.enable_socket
def test_an_answer_never_waits_for_the_client_to_acknowledge_the_one_before() -> None:
    async def at_once() -> bool:
        found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            found.set_result(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        with _listen("127.0.0.1", 0) as listening:
            server = await asyncio.start_server(serve, sock=listening)
            _, writer = await asyncio.open_connection(*listening.getsockname())
            answer = await found
            writer.close()
            server.close()
            return answer

    assert asyncio.run(at_once())


def test_ctrl_c_in_the_moment_in_which_the_address_is_told_ends_it_without_a_complaint(tmp_path: Path) -> None:
    build(tmp_path / "ws")
    server = Alone(tmp_path / "ws")
    assert server.stop() == ""
    assert server.process.returncode == 0
