"""A stored workspace from the command line: in, planned, edited, published, out again."""

import datetime as dt
import json

import pytest

from staffing.store.lock import user
from staffing.store.sql import database
from staffing.store.sql.jobs import JobRecord, record
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


def test_a_back_up_comes_back_in_folders_and_in_the_database(run, small_workspace, tmp_path, monkeypatch):
    run("import", small_workspace, "--as", "stored")
    code, out, _ = run("backup", tmp_path / "all.tar.gz", small_workspace)
    assert (code, "desk, stored" in out) == (0, True)
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'other' / 'staffing.db'}")
    code, out, _ = run("restore", tmp_path / "all.tar.gz", tmp_path / "again", "--stored")
    assert (code, "stored@db" in out) == (0, True)
    base = Workspace.open(small_workspace).base
    for place in (tmp_path / "again" / "desk", tmp_path / "again" / "stored", "stored@db"):
        assert Workspace.open(place).base == base
    code, _, err = run("restore", tmp_path / "all.tar.gz", tmp_path / "again")
    assert (code, "not an empty folder" in err) == (2, True)
    code, _, err = run("backup", tmp_path / "x.tar.gz", tmp_path)
    assert (code, "no workspace" in err) == (2, True)


def test_roles_and_links_are_given_and_taken(run, small_workspace):
    code, out, _ = run("roles", small_workspace, "--give", "ada=planner")
    assert (code, "ada" in out, "admin" in out) == (0, True, True)
    code, _, err = run("roles", small_workspace, "--give", "ada=king")
    assert (code, "gives no role" in err) == (2, True)
    code, out, _ = run("roles", small_workspace, "--take", "ada", "--json")
    assert (code, "ada" in out) == (0, False)
    code, out, _ = run("link", small_workspace, "--agent", "Dan")
    assert (code, "/me/desk/" in out) == (0, True)
    assert run("link", small_workspace, "--agent", "Dan", "--revoke")[0] == 0
    assert run("link", small_workspace, "--agent", "Eve")[0] == 2
    assert run("link", small_workspace, "--api", "dashboard")[0] == 0
    assert run("link", small_workspace)[0] == 2


@pytest.mark.parametrize("kept", ["folder", "database"])
def test_the_audit_says_who_changed_what_wherever_the_workspace_is_kept(run, small_workspace, kept):
    place = small_workspace if kept == "folder" else "desk@db"
    if kept == "database":
        run("import", small_workspace)
    Workspace.open(place).save_scenario("busy", {"volume_factor": 1.2}, who="Ada")
    code, out, _ = run("audit", place, "--json")
    told = json.loads(out)[0]
    assert (code, told["what"], told["who"], told["before"]) == (0, "scenarios/busy.toml", user(), "")
    assert len(told["after"]) == 16
    code, out, _ = run("audit", place, "--days", "0")
    assert (code, "busy" in out) == (0, False)


def test_work_that_was_done_is_told(run):
    now = dt.datetime.now(dt.UTC)
    record(JobRecord("bank@db", now, "ada", "plan", 0.4, 12.25, "failed", "nobody is there."))
    record(JobRecord("bank@db", now - dt.timedelta(days=8), "ada", "forecast", 0.0, 3.0, "done"))
    code, out, _ = run("jobs", "--json")
    assert (code, json.loads(out)[0]["took_s"], len(json.loads(out))) == (0, 12.25, 1)
    code, out, _ = run("jobs", "--days", "30")
    assert (code, "failed nobody is there." in out, "forecast" in out) == (0, True, True)
