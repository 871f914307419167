"""Signing in at a real OpenID Connect provider of the tests' own: who comes in, as whom, with which roles, how long."""

import time
from contextlib import contextmanager

import httpx2
import pytest
from oidc_provider_mock import User, run_server_in_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from staffing.errors import InputError
from staffing.server import sign_in
from staffing.server.guard import Guard
from staffing.server.settings import Provider, ServerSettings

ADA = {"email": "ada@example.org", "email_verified": True, "roles": ["planner", "bank=publisher", "everything else"]}
PEOPLE = (
    User(sub="ada", claims=ADA),
    User(sub="eve", claims={"email": "ada@example.org", "email_verified": False}),
    User(sub="nobody", claims={}),
    User(sub="odd", claims={"email": "o,d=d\u06cc%40@example.org", "roles": "viewer"}),
)


@pytest.fixture(scope="module")
def issuer():
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@contextmanager
def desk(issuer: str):
    """A browser at pages that say who they take it to be."""
    settings = ServerSettings(provider=Provider(issuer, "desk", "secret", role_claim="roles"))

    async def told(request):
        return JSONResponse({name: request.headers.getlist(name) for name in (sign_in.USER, sign_in.ROLES)})

    async def socket(websocket):
        await websocket.accept()
        await websocket.send_json(dict(websocket.headers))
        await websocket.close()

    pages = [Route("/", told), Route("/roster", told), Route("/healthz", told), WebSocketRoute("/stream", socket)]
    before = [Middleware(Guard, settings=settings), *sign_in.middleware(settings)]
    app = Starlette(routes=[*pages, *sign_in.routes(settings)], middleware=before)
    with TestClient(app, base_url="http://localhost:8501", follow_redirects=False) as browser:
        yield browser


def authorized(browser: TestClient, sub: str, path: str = "/"):
    """Go where the desk sends a stranger, sign in there, come back: the desk's answer."""
    sent = browser.get(path)
    assert sent.status_code == 303
    asked = browser.get(sent.headers["location"])
    given = httpx2.post(asked.headers["location"], data={"sub": sub})
    assert given.status_code in (302, 303)
    return browser.get(given.headers["location"])


def test_a_stranger_is_sent_to_the_provider_and_comes_back_to_the_page_asked_for(issuer):
    with desk(issuer) as browser:
        answer = authorized(browser, "ada", "/roster?week=2026-11-28")
        assert (answer.status_code, answer.headers["location"]) == (303, "/roster?week=2026-11-28")
        told = browser.get("/roster").json()
        assert told == {sign_in.USER: ["ada@example.org"], sign_in.ROLES: ["planner,bank=publisher,everything else"]}


def test_what_a_browser_says_of_itself_is_dropped(issuer):
    with desk(issuer) as browser:
        authorized(browser, "odd")
        forged = {sign_in.USER: "root", sign_in.ROLES.lower(): "admin"}
        told = browser.get("/", headers=forged).json()
        assert told == {sign_in.USER: ["o%2Cd%3Dd%DB%8C%2540@example.org"], sign_in.ROLES: ["viewer"]}
    with desk(issuer) as stranger:
        assert stranger.get("/healthz", headers=forged).json() == {sign_in.USER: [], sign_in.ROLES: []}


def test_sockets_open_for_the_signed_in_alone(issuer):
    with desk(issuer) as browser:
        with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("ws://localhost:8501/stream"):
            pass
        assert refused.value.code == 4403
        authorized(browser, "ada")
        with browser.websocket_connect("ws://localhost:8501/stream") as socket:
            assert socket.receive_json()[sign_in.USER.lower()] == "ada@example.org"


@pytest.mark.parametrize(("sub", "says"), [("eve", "does not vouch"), ("nobody", "tells no email")])
def test_who_is_not_vouched_for_stays_outside(issuer, sub, says):
    with desk(issuer) as browser:
        answer = authorized(browser, sub)
        assert (answer.status_code, says in answer.text) == (403, True)
        assert browser.get("/").status_code == 303


def test_an_answer_that_nobody_asked_for_signs_nobody_in(issuer):
    with desk(issuer) as browser, desk(issuer) as other:
        sent = browser.get(browser.get("/").headers["location"])
        code = httpx2.post(sent.headers["location"], data={"sub": "ada"}).headers["location"]
        for who, address in ((other, code), (browser, code.replace("state=", "state=x")), (browser, "/signed-in")):
            answer = who.get(address)
            assert (answer.status_code, "did not succeed" in answer.text) == (403, True)
            assert who.get("/").status_code == 303


def test_a_provider_that_is_away_is_said_and_tried_again():
    with desk("http://localhost:9") as browser:
        answer = browser.get(browser.get("/").headers["location"])
        assert (answer.status_code, "cannot be reached now" in answer.text) == (503, True)


def test_signing_out_ends_it_and_so_does_time(issuer, monkeypatch):
    with desk(issuer) as browser:
        authorized(browser, "ada")
        assert browser.get("/").status_code == 200
        assert "signed out" in browser.get("/sign-out").text
        assert browser.get("/").status_code == 303
        authorized(browser, "ada")
        now = time.time()
        monkeypatch.setattr(sign_in.time, "time", lambda: now + sign_in.LASTS_S + 1)
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_nobody_is_sent_elsewhere_after_signing_in(issuer, target):
    with desk(issuer) as browser:
        asked = browser.get("/sign-in", params={"next": target})
        given = httpx2.post(asked.headers["location"], data={"sub": "ada"})
        assert browser.get(given.headers["location"]).headers["location"] == "/"


def test_a_session_cookie_of_another_run_opens_nothing(issuer):
    with desk(issuer) as browser, desk(issuer) as other:
        authorized(browser, "ada")
        other.cookies.set("staffing-session", browser.cookies["staffing-session"])
        assert other.get("/").status_code == 303


def test_what_the_environment_says_of_a_provider(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    told = {
        "STAFFING_OIDC_ISSUER": "https://id.example.org/realms/desk/",
        "STAFFING_OIDC_CLIENT_ID": "desk",
        "STAFFING_OIDC_CLIENT_SECRET_FILE": str(secret),
        "STAFFING_ADDRESS": "0.0.0.0",
        "STAFFING_HOSTS": "desk.example.org",
    }
    settings = ServerSettings.read({**told, "STAFFING_OIDC_ROLE_CLAIM": "roles"})
    assert settings.provider.discovery == "https://id.example.org/realms/desk/.well-known/openid-configuration"
    assert (settings.provider.client_secret, settings.provider.user_claim) == ("hush", "email")
    assert settings.gives_roles
    assert "hush" not in repr(settings)
    for change, says in (
        ({"STAFFING_OIDC_ISSUER": "http://id.example.org"}, "no https address"),
        ({"STAFFING_OIDC_CLIENT_ID": ""}, "STAFFING_OIDC_CLIENT_ID"),
        ({"STAFFING_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "none")}, "STAFFING_OIDC_CLIENT_SECRET_FILE"),
        ({"STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "10.0.0.2"}, "two sign-ins"),
    ):
        with pytest.raises(InputError, match=says):
            ServerSettings.read({**told, **change})
