"""Who is let in: by the name asked for, the page that asks, and the sign-in; and what every answer carries."""

import pytest

from staffing.errors import InputError
from staffing.server.guard import Guard
from staffing.server.settings import ServerSettings
from tests.server.asgi import ask

SHARED = ServerSettings("0.0.0.0", ("localhost", "desk.example.org"), "X-User", ("10.0.0.2",))


async def inside(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": b"in"})


def test_every_answer_carries_the_headers_a_refusal_too():
    for answer in (
        ask(Guard(inside, ServerSettings()), "/"),
        ask(Guard(inside, ServerSettings()), "/", headers=[("host", "x")]),
    ):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "http" not in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501", "[::1]", "LOCALHOST:1"])
def test_its_own_names_are_known(host):
    assert ask(Guard(inside, ServerSettings()), "/", headers=[("host", host)]).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "localhost.evil.example", "", "127.0.0.1@evil", "x:y"]
)
def test_a_foreign_name_is_refused_even_with_its_own_origin(host):
    headers = [("host", host), ("origin", f"http://{host}")]
    assert ask(Guard(inside, ServerSettings()), "/", headers=headers).status == 421
    assert ask(Guard(inside, ServerSettings()), "/_stcore/stream", headers=headers, kind="websocket").status == 4403


def test_two_names_at_once_are_refused():
    assert ask(Guard(inside, ServerSettings()), "/", headers=[("host", "localhost"), ("host", "evil")]).status == 421


def test_a_page_of_another_site_opens_no_socket():
    own, foreign = [("origin", "http://localhost:8501")], [("origin", "http://evil.example")]
    assert ask(Guard(inside, ServerSettings()), "/_stcore/stream", headers=own, kind="websocket").status == 101
    assert ask(Guard(inside, ServerSettings()), "/_stcore/stream", headers=foreign, kind="websocket").status == 4403


def test_the_sign_in_is_believed_from_its_proxy_alone():
    guard, ada = Guard(inside, SHARED), [("x-user", "ada")]
    for kind, let_in, refused in (("http", 200, 403), ("websocket", 101, 4403)):
        assert ask(guard, "/", headers=ada, client="10.0.0.2", kind=kind).status == let_in
        assert ask(guard, "/", headers=ada, client="10.0.0.3", kind=kind).status == refused
        assert ask(guard, "/", client="10.0.0.2", kind=kind).status == refused
        assert ask(guard, "/", headers=[*ada, ("x-user", "root")], client="10.0.0.2", kind=kind).status == refused
        assert ask(guard, "/", headers=[("x-user", " ")], client="10.0.0.2", kind=kind).status == refused


def test_roles_too_are_believed_from_the_proxy_alone_and_no_other_header_moves_where_a_request_is_from():
    settings = ServerSettings("0.0.0.0", SHARED.hosts, "X-User", ("10.0.0.2",), role_header="X-Roles")
    guard, admin = Guard(inside, settings), [("x-roles", "admin")]
    assert ask(guard, "/", headers=[("x-user", "ada"), *admin], client="10.0.0.2").status == 200
    for path in ("/", "/healthz", "/me/desk/secret", "/api/v1/desk/published"):
        assert ask(guard, path, headers=admin, client="203.0.113.9").status == 403
    forged = [("x-user", "ada"), ("x-forwarded-for", "10.0.0.2"), ("forwarded", "for=10.0.0.2")]
    for kind, refused in (("http", 403), ("websocket", 4403)):
        assert ask(guard, "/", headers=forged, client="203.0.113.9", kind=kind).status == refused


def test_what_opens_by_its_own_secret_needs_no_sign_in_and_metrics_are_for_this_machine():
    guard = Guard(inside, SHARED)
    for path in ("/healthz", "/me/desk/secret", "/api/v1/desk/published"):
        assert ask(guard, path, client="203.0.113.9").status == 200
    assert ask(guard, "/metrics", client="203.0.113.9").status == 403
    assert ask(guard, "/_stcore/metrics", client="203.0.113.9").status == 403
    assert ask(guard, "/metrics", client="127.0.0.1").status == 200


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"STAFFING_ADDRESS": "0.0.0.0"}, "would let everybody in"),
        ({"STAFFING_ADDRESS": "192.168.1.5", "STAFFING_HOSTS": "desk"}, "would let everybody in"),
        ({"STAFFING_ADDRESS": "::", "STAFFING_USER_HEADER": "X-User"}, "nobody is named whose word is taken"),
        (
            {"STAFFING_ADDRESS": "0.0.0.0", "STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "10.0.0.2"},
            "no name is given",
        ),
        ({"STAFFING_ADDRESS": "somewhere"}, "no address"),
        ({"STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "proxy"}, "no address"),
    ],
)
def test_what_would_not_be_safe_does_not_start(told, says):
    with pytest.raises(InputError, match=says):
        ServerSettings.read(told)


def test_what_is_safe_starts():
    assert ServerSettings.read({}).local
    told = {"STAFFING_ADDRESS": "0.0.0.0", "STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "10.0.0.2"}
    shared = ServerSettings.read({**told, "STAFFING_HOSTS": "desk.example.org, desk"})
    assert (shared.local, shared.knows_host("desk:443"), shared.knows_host("evil")) == (False, True, False)
