"""The addresses beside the pages: /healthz, /metrics, /api/v1 and /me."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from staffing import fonts
from staffing.errors import StaffingError
from staffing.server import api, metrics, personal
from staffing.store import links
from staffing.store.workspace import Workspace

FONTS = {font.name: font for font in (fonts.REGULAR, fonts.BOLD, fonts.DIGITS)}
#: Workspaces by the label that stands in an address.
FindPlaces = Callable[[], dict[str, str]]


def routes(places: FindPlaces, ready: Callable[[], bool]) -> list[Route]:
    """All of them; ``places`` says which workspaces there are, ``ready`` whether the first plan need not wait."""

    def found(request: Request, kind: links.Kind, secret: str) -> tuple[Workspace, links.Link] | None:
        """The workspace of the address and what the secret opens in it; a wrong one tells nothing of what there is."""
        place = places().get(request.path_params["workspace"])
        workspace = None if place is None else Workspace.open(place)
        link = None if workspace is None else links.opened(workspace.ground, kind, secret)
        return None if workspace is None or link is None else (workspace, link)

    def health(_request: Request) -> Response:
        if not ready():
            return JSONResponse({"status": "starting"}, 503)
        try:
            return JSONResponse({"status": "ok", "workspaces": len(places())})
        except StaffingError as error:
            return JSONResponse({"status": "failing", "error": str(error)}, 503)

    def font(request: Request) -> Response:
        """A bundled font; the name of none is the name of no file."""
        found = FONTS.get(request.path_params["name"])
        return PlainTextResponse("No such font.", 404) if found is None else FileResponse(found, media_type="font/ttf")

    def figures(_request: Request) -> Response:
        metrics.WORKSPACES.set(len(places()))
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    def asked(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        opened = found(request, "api", token.strip()) if scheme.lower() == "bearer" else None
        if opened is None:
            return _problem(401, "No such token for this workspace.")
        week = request.query_params.get("week", "")
        return JSONResponse(api.answer(opened[0], request.path_params["question"], week))

    def own(request: Request) -> Response:
        secret, _, ending = request.path_params["secret"].partition(".")
        opened = found(request, "person", secret)
        if opened is None or ending not in ("", "ics"):
            return HTMLResponse("<!doctype html><title>No such link</title><p>This link opens nothing (any more).", 404)
        workspace, link = opened
        today = dt.datetime.now(workspace.base.site.zone).date()
        quiet = {"cache-control": "no-store"}
        if ending == "ics":
            return Response(personal.feed(workspace, link.name, today), media_type="text/calendar", headers=quiet)
        return HTMLResponse(personal.page(workspace, link.name, today), headers=quiet)

    return [
        Route("/healthz", _answered(health)),
        Route("/fonts/{name}", _answered(font)),
        Route("/metrics", _answered(figures)),
        Route(f"/api/{api.VERSION}", _answered(_described)),
        Route(f"/api/{api.VERSION}/openapi.json", _answered(lambda _request: JSONResponse(api.described()))),
        Route(f"/api/{api.VERSION}/{{workspace}}/{{question}}", _answered(asked)),
        Route("/me/{workspace}/{secret}", _answered(own)),
    ]


def _answered(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """The handler beside the pages' own work, its errors as messages."""

    async def endpoint(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except StaffingError as error:
            return _problem(404, str(error))

    return endpoint


def _problem(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status)


def _described(_request: Request) -> Response:
    asked = {path: ways["get"]["summary"] for path, ways in api.described()["paths"].items()}
    rows = "".join(
        f"<tr><td><code>GET {html.escape(path)}?week=YYYY-MM-DD</code></td><td>{html.escape(summary)}</td></tr>"
        for path, summary in asked.items()
    )
    shown = html.escape(json.dumps(api.described(), indent=1))
    return HTMLResponse(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>staffing: read API</title><h1>Read API</h1>"
        "<p>Send a token: <code>Authorization: Bearer TOKEN</code>. A token is made with "
        f"<code>staffing link WORKSPACE --api NAME</code>.</p><table>{rows}</table><pre>{shown}</pre></html>"
    )
