"""A week's roster handed on: which one, to whom, and what changed."""

from __future__ import annotations

import json
import shutil
import zipfile

import icalendar
import pandas as pd
import pytest

from tests.small import NEXT_WEEK


@pytest.fixture
def published(run, planned_workspace, tmp_path):
    """A workspace with a week published twice, and who has a shift less in the second version."""
    desk = tmp_path / "desk"
    shutil.copytree(planned_workspace, desk)
    assert run("roster", desk, "--week", NEXT_WEEK, "--draft", "--out", desk / "out")[0] == 0
    assert run("publish", desk, "--why", "first", "--by", "Sara", "--week", NEXT_WEEK)[0] == 0
    path = desk / "out" / "roster.parquet"
    table = pd.read_parquet(path)
    first = table[table["activity"] == "shift"].iloc[0]
    inside = (table["agent"] == first["agent"]) & (table["start"] >= first["start"]) & (table["end"] <= first["end"])
    table[~inside].to_parquet(path)
    words = ("--why", "one less", "--by", "Sara", "--week", NEXT_WEEK, "--anyway")
    assert run("publish", desk, *words, "--roster", path)[0] == 0
    return desk, str(first["agent"])


def test_what_is_published_is_exported_and_said(run, published, tmp_path):
    workspace, _ = published
    code, out, _ = run("export", workspace, "--week", NEXT_WEEK, "--out", tmp_path / "team.csv", "--json")
    told = json.loads(out)
    assert (code, told["state"], told["version"]) == (0, "published", 2)
    rows = pd.read_csv(tmp_path / "team.csv")
    assert set(rows["roster"]) == {"v2"}
    code, out, _ = run("export", workspace, "--week", NEXT_WEEK, "--version", 1, "--out", tmp_path / "old.csv")
    assert "Published version 1" in out
    assert len(pd.read_csv(tmp_path / "old.csv")) > len(rows)
    code, _, err = run("export", workspace, "--week", NEXT_WEEK, "--draft", "--out", tmp_path / "draft.csv")
    assert (code, "there is no draft" in err) == (2, True)


def test_a_calendar_cancels_what_the_version_before_held(run, published, tmp_path):
    workspace, gone = published
    path = tmp_path / "one.ics"
    assert run("export", workspace, "--week", NEXT_WEEK, "--agent", gone.upper(), "--out", path)[0] == 0
    states = [str(event["status"]) for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")]
    assert states.count("CANCELLED") == 1


def test_each_gets_a_file(run, published, tmp_path):
    workspace, _ = published
    code, out, _ = run("export", workspace, "--week", NEXT_WEEK, "--each", "pdf", "--out", tmp_path / "all.zip")
    assert code == 0
    names = zipfile.ZipFile(tmp_path / "all.zip").namelist()
    assert f"Written: {len(names)} files" in out
    assert all(name.endswith("-v2.pdf") for name in names)


def test_without_a_week_the_roster_at_hand_is_meant(run, published, tmp_path):
    code, out, _ = run("export", published[0], "--out", tmp_path / "a.csv")
    assert (code, f"Week of {NEXT_WEEK}: Published version 2" in out) == (0, True)


def test_a_roster_that_is_planned_and_not_kept_is_said(run, planned_workspace, tmp_path):
    code, out, _ = run("export", planned_workspace, "--out", tmp_path / "a.csv")
    assert (code, "Planned, neither kept nor published" in out) == (0, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--published", "--draft"), "exclude each other"),
        (("--agent", "Nobody"), "there is no agent 'Nobody'"),
        (("--agent", "x", "--each", "ics"), "--agent and --each exclude each other"),
        (("--each", "doc"), "'.doc' cannot be written. Choose .xlsx, .csv, .ics, .pdf"),
        (("--language", "xx"), "there is no language 'xx'"),
        (("--version", 7), "nothing is published"),
    ],
)
def test_what_cannot_be_meant_is_refused(run, planned_workspace, tmp_path, words, told):
    code, _, err = run("export", planned_workspace, "--out", tmp_path / "a.csv", *words)
    assert (code, told in err) == (2, True), err


def test_who_is_told_what(run, published):
    workspace, gone = published
    code, out, _ = run("changes", workspace, "--week", NEXT_WEEK)
    assert code == 0
    assert f"{gone}, your shifts have changed:" in out
    assert "no longer holds" in out
    code, out, _ = run("changes", workspace, "--week", NEXT_WEEK, "--language", "fa", "--json")
    assert "شیفت‌های شما تغییر کرد" in json.loads(out)["messages"][gone]
    code, _, err = run("changes", workspace, "--week", "2001-01-01")
    assert (code, "nothing is published" in err) == (2, True)


def test_a_jalali_day_names_the_week(run, published, tmp_path):
    from staffing.language import jalali

    workspace, _ = published
    code, out, _ = run(
        "export", workspace, "--week", jalali(pd.Timestamp(NEXT_WEEK).date()), "--out", tmp_path / "a.csv"
    )
    assert (code, f"Week of {NEXT_WEEK}" in out) == (0, True)


def test_a_publication_is_taken_back(run, published):
    workspace, gone = published
    words = ["publish", workspace, "--week", NEXT_WEEK, "--why", "a mistake", "--by", "Sara", "--json"]
    assert run(*words, "--back-to", 2)[0] == 2
    code, out, _ = run(*words, "--back-to", 1)
    told = json.loads(out)
    assert (code, told["version"], told["changed"]) == (0, 3, 1)
    code, out, _ = run("changes", workspace, "--week", NEXT_WEEK, "--json")
    assert (code, gone in out) == (0, True)
    code, _, err = run(*words, "--back-to", 1, "--roster", "x.parquet")
    assert (code, "two rosters" in err) == (2, True)
