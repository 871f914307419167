"""The real pages in Debian's Chromium: a server per module on a workspace of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import small

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "America/New_York",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The workspace behind the server."""
    return small.make(tmp_path_factory.mktemp("browser") / "desk")


@pytest.fixture(autouse=True)
def _own_drafts(folder):
    """A test begins with nothing begun: drafts outlive the browser."""
    yield
    shutil.rmtree(folder / ".desk" / "drafts", ignore_errors=True)


@pytest.fixture(scope="module")
def address(folder):
    """The address of a server that shows the workspace."""
    with serving(folder) as address:
        yield address


@contextmanager
def serving(*folders, **variables):
    """A server of its own that offers these workspaces; ``variables`` are laid over the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port)]
    command += ["--server.fileWatcherType", "none", "--", *map(str, folders)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(url, server):
    asked = urllib.request.Request(url, headers={"X-User": "Sara"})  # where only those are answered whom a proxy tells
    for _ in range(300):
        assert server.poll() is None, "the server ended before it began"
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer within a minute")
