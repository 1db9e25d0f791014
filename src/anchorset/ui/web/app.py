"""The application: a function of a workspace and a door, so that it runs in a test as in a server.

What this module does not know: sockets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from anchorset.core.errors import AnchorsetError, MachineError
from anchorset.core.inert import visible
from anchorset.pipeline.workspace import Workspace
from anchorset.ui.web import api, reports
from anchorset.ui.web.api.refusals import REFUSALS
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.door import Door
from anchorset.ui.web.grading import GradingDesk
from anchorset.ui.web.guard import Guard
from anchorset.ui.web.made import Made
from anchorset.ui.web.many import ManyDesk
from anchorset.ui.web.people import PeopleDesk

HERE = Path(__file__).parent
PAGES = {
    "/": "queue", "/progress": "progress", "/cases": "cases", "/datasets": "datasets", "/datasets/{ref}": "dataset",
    "/runs": "runs", "/runs/{run}": "run", "/audit": "audit", "/trust": "trust", "/outcomes": "outcomes",
    "/adjudicate": "adjudicate", "/help/api": "api",
}  # fmt: skip
"""Path -> template. Names in a path are read by the page's own script."""


def application(workspace: Workspace, door: Door) -> Guard:
    """The whole application."""
    app = FastAPI(title="anchorset review", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.desk = Desk(workspace, team=door.local is None)
    app.state.many = ManyDesk(app.state.desk)
    app.state.grading = GradingDesk(app.state.desk)
    app.state.made = Made(app.state.desk)
    app.state.people = PeopleDesk(app.state.desk)
    app.include_router(api.router)
    app.include_router(reports.listing, prefix="/api", responses=REFUSALS)
    app.include_router(reports.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip

    def page(template: str, *, status: int = 200, **values: Any) -> Response:
        html = templates.get_template(f"{template}.html.j2").render(page=template, **values)
        return Response(html, status_code=status, media_type="text/html")

    def shown(request: Request) -> Response:
        key = request.query_params.get("key")
        if key is not None:
            return _came_in(door, request, key, page)
        session = request.scope["session"]
        if session is None:
            return page("login", status=401, local=door.local is not None, wrong=None)
        return page(
            PAGES[request.scope["route"].path], token=door.token(session), name=session.person.name,
            role=session.person.role, workspace=workspace.config.name,
            paths=_paths(app) if request.url.path == "/help/api" else [],
        )  # fmt: skip

    async def login(request: Request) -> Response:
        said = parse_qs((await request.body()).decode("utf-8", "replace"))
        return _came_in(door, request, (said.get("token") or [""])[0].strip(), page)

    def logout(request: Request) -> Response:
        answer = RedirectResponse("/", status_code=303)
        answer.delete_cookie(door.cookie)
        return answer

    for path in PAGES:
        app.add_api_route(path, shown, methods=["GET"], include_in_schema=False)
    app.add_api_route("/login", login, methods=["POST"], include_in_schema=False)
    app.add_api_route("/logout", logout, methods=["POST"], include_in_schema=False)
    app.add_exception_handler(AnchorsetError, _said)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _plain)
    return Guard(app, door)


def _came_in(door: Door, request: Request, token: str, page: Any) -> Response:
    address = request.client.host if request.client else ""
    cookie = door.enter(token, address=address)
    if cookie is None:
        waits = door.waits(address)
        wrong = "too many wrong tokens; wait a minute" if waits else "that token is not known here"
        answer: Response = page("login", status=429 if waits else 401, local=door.local is not None, wrong=wrong)
        if waits:
            answer.headers["retry-after"] = "60"
        return answer
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(door.cookie, cookie, httponly=True, samesite="strict", max_age=12 * 3600)
    return answer


def _paths(app: FastAPI) -> list[dict[str, Any]]:
    """The API in a few lines, from its own description."""
    return [
        {"method": method.upper(), "path": path, "says": said.get("description", "")}
        for path, methods in app.openapi()["paths"].items()
        for method, said in methods.items()
    ]


def _said(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": visible(str(error))}, status_code=503 if isinstance(error, MachineError) else 400)


def _unfit(request: Request, error: Exception) -> Response:
    """What is wrong with a request, without repeating what was sent."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": str(error)}
    where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    return JSONResponse({"error": visible(f"`{where}`: {first['msg']}")[:500]}, status_code=422)


def _plain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "something went wrong"
    return JSONResponse({"error": detail}, status_code=status)
