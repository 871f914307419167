"""Signing in at an OpenID Connect provider: who has not is sent there, and every request tells who is at work."""

from __future__ import annotations

import html
import json
import logging
import secrets
import time
from typing import Any
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from staffing.errors import InputError
from staffing.server.guard import INNER, OPEN
from staffing.server.settings import Provider, ServerSettings

log = logging.getLogger("staffing.server")
LASTS_S = 12 * 3600
SIGN_IN, BACK, SIGN_OUT = "/sign-in", "/signed-in", "/sign-out"
#: Headers in which the pages are told who is at work; whatever a browser sends under these names is dropped.
USER, ROLES, UNTIL = "X-Staffing-User", "X-Staffing-Roles", "X-Staffing-Until"
PERSON = "person"


class SignedIn:
    """ASGI middleware behind the session's: lets in who is signed in, sends others to the provider."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        own = {name.lower().encode() for name in (USER, ROLES, UNTIL)}
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in own]
        person = _person(scope)
        if person is None and not scope["path"].startswith((*OPEN, *INNER, SIGN_IN, BACK)):
            await _send_away(scope, receive, send)
            return
        told = [] if person is None else list(zip((USER, ROLES, UNTIL), map(str, person), strict=True))
        scope["headers"] = [*headers, *((name.lower().encode(), value.encode()) for name, value in told)]
        await self.app(scope, receive, send)


def middleware(settings: ServerSettings) -> list[Middleware]:
    """What stands before the pages where the desk signs users in itself; nothing where it does not.

    The session is a signed cookie of this run of the server: after a restart everybody signs in anew.
    """
    if settings.provider is None:
        return []
    session = Middleware(
        SessionMiddleware,
        secret_key=secrets.token_urlsafe(32),
        session_cookie="staffing-session",
        max_age=LASTS_S,
        same_site="lax",
        https_only=not settings.local,
    )
    return [session, Middleware(SignedIn)]


def routes(settings: ServerSettings) -> list[Route]:
    """To the provider, back from it, and out."""
    if settings.provider is None:
        return []
    provider, scheme, client = settings.provider, "http" if settings.local else "https", _client(settings.provider)
    failures = _failures()

    async def to_provider(request: Request) -> Response:
        request.session["next"] = _inside(request.query_params.get("next", "/"))
        back = f"{scheme}://{request.headers['host']}{BACK}"
        try:
            answer: Response = await client.authorize_redirect(request, back)
        except failures as error:
            return _failed(503, "The sign-in cannot be reached now. Try again in a moment.", error)
        return answer

    async def back(request: Request) -> Response:
        try:
            token = await client.authorize_access_token(request)
            user, held = _told(provider, token["userinfo"])
        except failures as error:
            return _failed(403, "The sign-in did not succeed.", error)
        target = _inside(request.session.get("next", "/"))
        request.session.clear()
        request.session[PERSON] = [user, held, int(time.time()) + LASTS_S]
        return RedirectResponse(target, 303)

    async def out(request: Request) -> Response:
        request.session.clear()
        return HTMLResponse(_page("You are signed out.", SIGN_IN, "Sign in"))

    return [Route(SIGN_IN, to_provider), Route(BACK, back), Route(SIGN_OUT, out)]


def _client(provider: Provider) -> Any:
    """The provider's client. Raises InputError where the library for it is not installed."""
    try:
        from authlib.integrations.starlette_client import OAuth
    except ImportError as error:
        remedy = "Install it with: pip install 'staffing[sign-in]'"
        raise InputError(f"signing in takes a library that is missing ({error}).", remedy=remedy) from None
    return OAuth().register(
        "provider",
        server_metadata_url=provider.discovery,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


def _failures() -> tuple[type[Exception], ...]:
    """What a provider that is away, wrong or forged makes its library raise."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    return (AuthlibBaseError, JoseError, httpx2.HTTPError, InputError, KeyError, ValueError)


def _told(provider: Provider, claims: Any) -> tuple[str, str]:
    """The user and (separated by commas) the roles that the provider's claims give. Raises InputError."""
    user = str(claims.get(provider.user_claim) or "").strip()
    if not user or any(ord(letter) < 32 for letter in user):
        raise InputError(f"the provider tells no {provider.user_claim} of you.")
    if provider.user_claim == "email" and claims.get("email_verified") is False:
        raise InputError(f"the provider does not vouch for {user}.")
    given = claims.get(provider.role_claim) if provider.role_claim else None
    roles = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return quote(user, safe="@+ "), ",".join(quote(str(role), safe="=@+ ") for role in roles)


def _person(scope: Any) -> list[Any] | None:
    person = scope.get("session", {}).get(PERSON)
    return person if isinstance(person, list) and len(person) == 3 and person[2] > time.time() else None


async def _send_away(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": "Sign in first."})
        return
    asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    await RedirectResponse(f"{SIGN_IN}?next={quote(asked, safe='')}", 303)(scope, receive, send)


def _inside(target: str) -> str:
    """A path of this server, whatever was asked for."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"


def _failed(status: int, text: str, error: Exception) -> Response:
    log.warning("%s", json.dumps({"sign-in": text, "error": type(error).__name__}))
    told = f"{text} {error}" if isinstance(error, InputError) else text
    return HTMLResponse(_page(told, SIGN_IN, "Sign in"), status)


def _page(text: str, href: str, link: str) -> str:
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        "<title>staffing</title><style>body{font:16px system-ui;margin:4rem auto;max-width:30rem}</style>"
        f"<h1>staffing</h1><p>{html.escape(text)}</p><p><a href='{href}'>{link}</a></p></html>"
    )
