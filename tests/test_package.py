"""The wheel, in an environment and a folder that hold nothing else of ours."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def fresh(wheel, request):
    """The commands of an environment with the wheel, and with what it depends on from this one.

    It is made anew in the same place each time: kernels are kept by place, and only the first run compiles them.
    """
    home = request.config.cache.mkdir("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(home)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    places = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    (Path(places["purelib"]) / "others.pth").write_text(sysconfig.get_paths()["purelib"])
    return Path(places["scripts"])


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return tmp_path_factory.mktemp("empty")


ENVIRONMENT = {**os.environ, "PYTHONPATH": "", "STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}


def run(command, folder):
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=900)


def test_it_holds_pages_theme_examples_licences_and_types(wheel):
    with zipfile.ZipFile(wheel) as parts:
        names = set(parts.namelist())
        told = message_from_bytes(parts.read(next(name for name in names if name.endswith("METADATA"))))
    for name in (
        "py.typed", "ui/roster.py", "ui/icon.png", "bundled/app.py", "bundled/.streamlit/config.toml",
        "bundled/data/bank/workspace.toml", "bundled/data/bank/history/calls.csv", "bundled/data/bank/COPYING",
        "bundled/data/bank/LICENSE-DATA.md", "bundled/data/marketplace/workspace.toml", "store/starter/workspace.toml",
        "domain/presets/eu.toml",
    ):  # fmt: skip
        assert f"staffing/{name}" in names
    assert told["License-Expression"] == "MIT AND GPL-3.0-only"
    assert told.get_all("License-File") == ["LICENSE", "data/bank/COPYING", "data/bank/LICENSE-DATA.md"]
    assert [name for name in names if ".staffing/" in name or "/rosters/" in name or name.startswith("tests")] == []


def test_an_empty_folder_is_planned(fresh, empty):
    where = run([fresh / "python", "-c", "import staffing; print(staffing.__file__)"], empty)
    assert str(fresh.parent) in where.stdout
    laid = run([fresh / "staffing", "new", "bank", "--from", "bank"], empty)
    assert laid.returncode == 0, laid.stderr
    settings = empty / "bank" / "workspace.toml"
    settings.write_text(settings.read_text().replace("seconds = 60.0", "seconds = 1.0"))
    planned = run([fresh / "staffing", "plan", "bank", "--out", "out"], empty)
    assert planned.returncode == 0, planned.stderr
    assert (empty / "out" / "roster.xlsx").stat().st_size > 10_000


def test_the_pages_are_served_to_this_machine_alone(fresh, empty):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run([fresh / "staffing", "new", "shown", "--from", "bank"], empty)
    command = [fresh / "staffing", "app", "shown", "--port", str(port), "--no-browser"]
    log = empty / "log"
    with (
        log.open("w") as told,
        subprocess.Popen(command, cwd=empty, env=ENVIRONMENT, stdout=told, stderr=told) as server,
    ):
        try:
            assert _answer(f"http://127.0.0.1:{port}/_stcore/health", server, log) == b"ok"
            assert b"<!doctype html>" in _answer(f"http://127.0.0.1:{port}/", server, log).lower()
        finally:
            server.terminate()
    assert f"127.0.0.1:{port}" in log.read_text()
    assert "0.0.0.0" not in log.read_text()


def _answer(url, server, log):
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer within a minute:\n{log.read_text()}")
