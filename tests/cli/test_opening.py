"""Commands that begin: what is laid, and how the pages are served."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from staffing.cli import opening
from staffing.store.bundled import bundled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def begun(monkeypatch):
    """What would have been run, instead of running it."""
    commands = []
    monkeypatch.setattr(opening, "_become", lambda command, folder: commands.append((command, folder)))
    return commands


def test_a_new_workspace_can_be_checked(run, tmp_path):
    code, out, _ = run("new", tmp_path / "mine", "--from", "marketplace", "--json")
    told = json.loads(out)
    assert (code, told["from"]) == (0, "marketplace")
    assert str(tmp_path / "mine" / "workspace.toml") in told["written"]
    assert "staffing plan" in run("new", tmp_path / "other", "--from", "bank")[1]


def test_an_empty_one_says_what_comes_next(run, tmp_path):
    code, out, _ = run("new", tmp_path / "mine")
    assert code == 0
    assert str(tmp_path / "mine" / "history") in out
    code, _, err = run("check", tmp_path / "mine")
    assert (code, "holds no history" in err) == (2, True)


@pytest.mark.parametrize("words", [("new", "{}"), ("new", "{}/x", "--from", "nothing"), ("app", "{}")])
def test_what_cannot_be_is_refused(run, tmp_path, words, begun):
    (tmp_path / "notes").write_text("")
    code, _, err = run(*(word.format(tmp_path) for word in words))
    assert code == 2
    assert "Traceback" not in err
    assert not begun


def test_every_setting_of_the_pages_is_passed_on(run, small_workspace, begun):
    run("app", small_workspace, "--port", "8600")
    [(command, folder)] = begun
    flags = dict(word[2:].split("=", 1) for word in command if word.startswith("--") and "=" in word)
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert flags["server.address"] == "127.0.0.1"
    assert flags["server.port"] == "8600"
    for section in ("server", "client", "browser"):
        for key, value in config[section].items():
            if (section, key) != ("server", "headless"):
                assert flags[f"{section}.{key}"] == (str(value).lower() if isinstance(value, bool) else str(value))
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert command[-2:] == ["--", str(small_workspace.resolve())]
    assert folder == bundled() == ROOT


def test_no_browser_is_opened_when_not_asked_for(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    assert opening.served(8501, "127.0.0.1", browser=True)["server.headless"] is False
    assert opening.served(8501, "127.0.0.1", browser=False)["server.headless"] is True
