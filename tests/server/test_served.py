"""The server as it is started: what it answers to its own, to strangers, and to who is not signed in."""

import base64
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from staffing.store import rights
from staffing.store.workspace import Workspace
from tests import small


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A server with a sign-in by header, on this machine."""
    folder = small.make(tmp_path_factory.mktemp("served") / "desk")
    rights.give(Workspace.open(folder).ground, "ada", rights.Role.planner)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    environment = {**os.environ, "STAFFING_USER_HEADER": "X-User", "STAFFING_PROXIES": "127.0.0.1"}
    command = [sys.executable, "-m", "staffing", "app", str(folder), "--port", str(number), "--no-browser"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(1500):
                assert server.poll() is None
                with contextlib.suppress(OSError):
                    if ask(number, "/healthz").status == 200:
                        break
                time.sleep(0.2)
            yield number
        finally:
            server.terminate()


def ask(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


def handshake(port, **headers):
    key = base64.b64encode(os.urandom(16)).decode()
    told = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": key}
    return ask(port, "/_stcore/stream", **told, **headers).status


def test_it_is_healthy_and_its_answers_carry_the_headers(port):
    assert '"status":"ok"' in ask(port, "/healthz").text
    page = ask(port, "/", X_User="ada")
    assert page.status == 200
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert page.getheader(name)
    assert "staffing_requests_total" in ask(port, "/metrics").text


def test_strangers_are_refused_before_anything_runs(port):
    assert ask(port, "/", Host="evil.example", Origin="http://evil.example", X_User="ada").status == 421
    assert ask(port, "/").status == 403
    assert ask(port, "/", X_Forwarded_For="10.9.9.9", X_User="ada").status == 200  # who is connected counts
    assert ask(port, "/api/v1/desk/published").status == 401
    assert ask(port, "/me/desk/guess").status == 404


def test_a_socket_opens_for_the_signed_in_on_its_own_pages_alone(port):
    own = f"http://127.0.0.1:{port}"
    assert handshake(port, X_User="ada", Origin=own) == 101
    assert handshake(port, Origin=own) == 403
    assert handshake(port, X_User="ada", Origin="http://evil.example") == 403
    assert handshake(port, X_User="ada", Origin="http://evil.example", Host="evil.example") == 403
