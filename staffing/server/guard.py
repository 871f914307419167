"""What every request passes first: the name it asks for, who it is from, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from staffing.server.metrics import REQUESTS
from staffing.server.settings import ServerSettings

#: Everything comes from this server. The pages draw charts by compiled expressions and style themselves inline.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
#: Paths that a proxy's sign-in does not stand before: they open by a secret of their own, or tell nothing of anybody.
OPEN = ("/healthz", "/me/", "/api/")
#: What only this machine may ask for.
INNER = ("/metrics", "/_stcore/metrics")


class Guard:
    """ASGI middleware. Refuses foreign names (421), foreign origins and unknown users (403) before anything else runs.

    The header that names a user is taken from the proxies of the settings alone; whoever else sends it is refused.
    """

    def __init__(self, app: Any, settings: ServerSettings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        problem = self._problem(scope)
        if problem is not None:
            await _refuse(scope, receive, send, problem)
            return
        await self.app(scope, receive, _with_headers(scope, send) if scope["type"] == "http" else send)

    def _problem(self, scope: Any) -> tuple[int, str] | None:
        told = [value for name, value in scope["headers"] if name == b"host"]
        if len(told) != 1 or not self.settings.knows_host(told[0].decode("latin-1")):
            return 421, "This server does not go by that name."
        origin = _header(scope, "origin")
        if scope["type"] == "websocket" and origin and not self.settings.knows_host(urlsplit(origin).netloc):
            return 403, "A page of another site may not open this."
        if scope["path"].startswith(INNER) and _client(scope) not in ("127.0.0.1", "::1", *self.settings.proxies):
            return 403, "Only this machine may ask for this."
        return self._unknown_user(scope)

    def _unknown_user(self, scope: Any) -> tuple[int, str] | None:
        header, roles = self.settings.user_header, self.settings.role_header
        if not header:
            return None
        told = _told(scope, header)
        trusted = _client(scope) in self.settings.proxies
        if (told or (roles and _told(scope, roles))) and not trusted:
            return 403, "Who you are is taken from the sign-in alone."
        if scope["path"].startswith((*OPEN, *INNER)):
            return None
        if len(told) != 1 or not told[0].strip():
            return 403, "Sign in first."
        return None


def _told(scope: Any, header: str) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == header.lower().encode()]


def _header(scope: Any, name: str) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name.encode()), "")


def _client(scope: Any) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _with_headers(scope: Any, send: Any) -> Any:
    """Send with our headers; what the pages' library sets of the same name gives way."""

    async def wrapped(message: Any) -> None:
        if message["type"] == "http.response.start":
            REQUESTS.labels(_kind(scope["path"]), str(message["status"])).inc()
            own = {name for name, _ in HEADERS}
            message["headers"] = [*(pair for pair in message["headers"] if pair[0].lower() not in own), *HEADERS]
        await send(message)

    return wrapped


def _kind(path: str) -> str:
    first = path.split("/")[1] if "/" in path else ""
    return first if first in ("api", "me", "healthz", "metrics", "_stcore", "static") else "page"


async def _refuse(scope: Any, receive: Any, send: Any, problem: tuple[int, str]) -> None:
    status, text = problem
    REQUESTS.labels("refused", str(status)).inc()
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": text})
        return
    headers: Iterable[tuple[bytes, bytes]] = ((b"content-type", b"text/plain; charset=utf-8"), *HEADERS)
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": text.encode()})
