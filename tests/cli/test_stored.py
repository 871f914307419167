"""A stored workspace from the command line: in, planned, edited, published, out again."""

import pytest

from staffing.store.sql import database
from staffing.store.workspace import Workspace
from tests import small


@pytest.fixture(autouse=True)
def _database(tmp_path, monkeypatch):
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
    yield
    database.opened.cache_clear()


def test_a_stored_workspace_goes_the_whole_road(run, small_workspace, tmp_path):
    code, out, _ = run("import", small_workspace)
    assert (code, "desk@db" in out) == (0, True)
    code, out, err = run("roster", "desk@db", "--draft", "--seconds", "2", "--out", tmp_path / "out")
    assert code == 0, err
    code, out, err = run("publish", "desk@db", "--why", "first", "--by", "Ada")
    assert (code, "version 1" in out) == (0, True), err
    code, out, _ = run("published", "desk@db")
    assert (code, "Ada" in out, small.NEXT_WEEK in out) == (0, True, True)
    code, out, _ = run("export-workspace", "desk@db", tmp_path / "again")
    assert code == 0
    again = Workspace.open(tmp_path / "again")
    assert [entry.who for entry in again.rosters.journal()] == ["Ada"]
    assert again.base == Workspace.open(small_workspace).base
    code, out, _ = run("db", "check")
    assert (code, "desk" in out, "in step" in out) == (0, True, True)
    assert run("db", "upgrade")[0] == 0


def test_what_is_not_there_is_said_with_what_is(run, small_workspace, tmp_path):
    code, _, err = run("plan", "nothing@db")
    assert (code, "no stored workspace 'nothing'" in err) == (2, True)
    code, out, _ = run("db", "check")
    assert (code, "empty" in out or database.HEAD in out) == (0, True)
    run("import", small_workspace)
    code, _, err = run("plan", "nothing@db")
    assert (code, "Known: desk" in err) == (2, True)
    code, _, err = run("export-workspace", "desk", tmp_path / "x")
    assert (code, "no stored workspace" in err) == (2, True)
    code, _, err = run("import", small_workspace, "--as", "../x")
    assert (code, "no name" in err) == (2, True)
