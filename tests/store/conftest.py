"""Databases of the tests' own: SQLite, and a PostgreSQL server."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import pytest

from staffing.errors import InputError
from staffing.store.sql import database
from tests.store.postgres import Server


@pytest.fixture(scope="session")
def server():
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
    folder.chmod(0o755)
    try:
        own = Server(folder / "server")
        yield own
        own.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch):
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'db' / 'staffing.db'}"
    else:
        own = request.getfixturevalue("server")
        address = own.database(f"t{abs(hash(request.node.nodeid)) % 10**9}")
    monkeypatch.setenv(database.VARIABLE, address)
    monkeypatch.setenv("STAFFING_BULK_FOLDER", str(tmp_path / "bulk"))
    yield address
    with contextlib.suppress(InputError):
        database.opened(address).dispose()
    database.opened.cache_clear()
