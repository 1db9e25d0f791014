"""One process that serves the page until it is told to stop.

What this module does not know: what the page shows.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from ipaddress import ip_address

from anchorset.core.errors import MachineError, UsageError
from anchorset.pipeline.workspace import Workspace
from anchorset.ui.web.door import Door
from anchorset.ui.web.reviewers import Person, load

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    workspace: Workspace, *, host: str, port: int, browse: bool, reviewer: str, tell: Callable[[str], None]
) -> None:  # fmt: skip
    """Serves until Ctrl-C. Raises UsageError (others could come in and nobody was invited), MachineError (the port)."""
    import uvicorn

    from anchorset.ui.web.app import application

    alone = _is_loopback(host)
    if not alone and not load(workspace.folder.hidden).people:
        raise UsageError(
            f"`--host` is {host!r}, so that others could reach the page, and nobody has a token; invite each reviewer "
            "with `anchorset review invite NAME`, or leave `--host` out"
        )
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    door = _door(workspace, host, port, reviewer if alone else None)
    app = application(workspace, door)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{port}/" + (f"?key={door.secret}" if alone else "")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none", http="h11",
        loop="asyncio", timeout_graceful_shutdown=3, timeout_keep_alive=30,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # A request gives Python's lock up at each look into the store; what works in the background hands it back so soon.
    sys.setswitchinterval(0.0005)
    # From here on Ctrl-C ends the server, even before it has begun, instead of whatever is just being done.
    before = signal.signal(signal.SIGINT, lambda *_: setattr(server, "should_exit", True))
    whose = f"{reviewer} decides" if alone else f"{len(load(workspace.folder.hidden).people)} reviewers are invited"
    try:
        tell(f"{whose}; the page is at {address}\nCtrl-C ends it. What was decided is kept at once.")
        sys.stdout.flush()
        if browse and _has_display():
            threading.Timer(0.4, _open, [address]).start()
        server.run(sockets=[listening])
    finally:
        signal.signal(signal.SIGINT, before)
        listening.close()
        workspace.close()
    tell("the page is closed")


def _door(workspace: Workspace, host: str, port: int, alone: str | None) -> Door:
    if alone is not None:
        return Door(hosts=LOOPBACK, port=port, local=Person(name=alone, role="owner"))
    hidden, here = workspace.folder.hidden, socket.gethostname().lower()
    names = {*LOOPBACK, host.lower(), here, f"{here}.local", socket.getfqdn().lower()}
    return Door(hosts=names, port=port, reviewers=lambda: load(hidden), numbers=True)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # asyncio sends at once (TCP_NODELAY) only where the protocol is named; else each answer waits 40 ms for an ACK
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)  # from here on whoever comes early waits instead of being refused
    except OSError as error:
        raise MachineError(
            f"{host} port {port} cannot be listened on: {error.strerror or error}. Leave `--port` out for a free one."
        ) from None
    listening.set_inheritable(True)
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
