"""Asks an ASGI application one thing, without a network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(app, path, *, headers=(), client="127.0.0.1", kind="http", query="") -> Answer:
    """The answer to a request for a path, or to the opening of a websocket (status 101 where it is let in)."""
    told = [(b"host", b"localhost:8501")] if not any(name == "host" for name, _ in headers) else []
    scope = {
        "type": kind,
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [*told, *((name.encode(), value.encode()) for name, value in headers)],
        "client": (client, 50000),
        "server": ("127.0.0.1", 8501),
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""} if kind == "http" else {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    # A browser test that ran before in this process leaves its loop running in the main thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, app(scope, receive, send)).result()
    if kind == "websocket":
        return Answer(101 if sent[0]["type"] == "websocket.accept" else sent[0]["code"], {}, b"")
    names = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], names, b"".join(message.get("body", b"") for message in sent[1:]))
