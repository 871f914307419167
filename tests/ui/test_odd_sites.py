"""Sites at the edges: every page says something sensible of each, and none fails."""

import csv
import datetime as dt
import shutil

import pandas as pd
import pytest

from staffing.planner import Planner
from staffing.store.workspace import Workspace
from staffing.ui import workspaces
from tests import small
from tests.ui.desk import go, metric, opened, shown

PAGES = ("home", "history", "events", "forecast", "staffing", "roster", "goals", "compare", "erlang", "setup")
WEEK = dt.date.fromisoformat(small.NEXT_WEEK)
LONG = "سیده فاطمه‌زهرا حسینی‌نژاد قره‌باغی شمیرانی اصل بختیاری‌زادهٔ نایینی {number}"


@pytest.fixture
def site(small_workspace, monkeypatch):
    """The small workspace, to be bent; the pages offer it alone."""
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    return small_workspace


def people(folder, names):
    """Everybody like Ada, under these names."""
    rows = ["agent,team,contract,skills", *(f"{name},شمال,full,voice" for name in names)]
    (folder / "agents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def ada(planned_workspace):
    """A week of one person, to be worked by others too."""
    workspace = Workspace.open(planned_workspace)
    table = Planner.open(workspace).plan(workspace.scenario("base"), start=WEEK).roster.table
    return table[table["agent"] == "Ada"]


def everybody_as_ada(folder, ada):
    workspace = Workspace.open(folder)
    names = [agent.name for agent in workspace.scenario("base").agents]
    workspace.rosters.keep(pd.concat([ada.assign(agent=name) for name in names], ignore_index=True))


def walked(**address):
    """What each page says."""
    app = opened("home", **address)
    said = {"home": shown(app)}
    for page in PAGES[1:]:
        said[page] = shown(go(app, page))
        assert app.title, page
    return app, said


def test_long_persian_names(site, ada):
    names = [LONG.format(number=k) for k in range(4)]
    people(site, names)
    everybody_as_ada(site, ada)
    _, said = walked()
    assert "for 4 people" in said["roster"]


def test_three_hundred_people(site, ada):
    people(site, [f"P{k:03d}" for k in range(300)])
    everybody_as_ada(site, ada)
    _, said = walked()
    assert "for 300 people" in said["roster"]


def test_one_person(site, ada):
    people(site, ["سارا"])
    everybody_as_ada(site, ada)
    _, said = walked()
    assert "for one person" in said["roster"]


def test_forty_queues(site):
    queues = [f"q{k:02d}" for k in range(40)]
    text = small.WORKSPACE.replace('[[queues]]\nname = "voice"\naht_s = 300.0\npatience_s = 120.0\n', "")
    blocks = "".join(f'\n[[queues]]\nname = "{name}"\naht_s = 300.0\npatience_s = 120.0\n' for name in queues)
    (site / "workspace.toml").write_text(text + blocks, encoding="utf-8")
    (site / "agents.csv").write_text("agent,contract,skills\nAda,full," + ";".join(queues) + "\n", encoding="utf-8")
    (site / "events.csv").unlink()
    (site / "scenarios" / "launch.toml").unlink()
    with (site / "history" / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "queue", "calls"])
        for k in range(21):
            day = small.LAST - dt.timedelta(days=20 - k)
            if day.weekday() < 5:
                rows = [(f"{day} {h:02d}:00", name, small.calls_at(day, h)) for h in range(8, 18) for name in queues]
                writer.writerows(rows)
    app, _ = walked()
    go(app, "history")
    assert metric(app, "Contacts").value != "0"


def test_no_events(site):
    (site / "events.csv").unlink()
    (site / "scenarios" / "launch.toml").unlink()
    _, said = walked()
    assert "No event" in said["events"] or "no event" in said["events"]


def test_no_history(site):
    shutil.rmtree(site / "history")
    _, said = walked()
    for page in set(PAGES) - {"erlang", "setup"}:
        assert "has no history yet" in said[page], page


def test_a_week_without_opening(site):
    closed = ", ".join(f'"{WEEK + dt.timedelta(days=k)}"' for k in range(7))
    text = small.WORKSPACE.replace('week_start = "monday"', f'week_start = "monday"\nclosed_dates = [{closed}]')
    (site / "workspace.toml").write_text(text, encoding="utf-8")
    _, said = walked(week=small.NEXT_WEEK)
    for page in ("home", "forecast", "staffing"):
        assert "closed on every day" in said[page], page


def test_the_forecast_says_that_calls_outside_the_hours_are_left_out(site):
    with (site / "history" / "calls.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-20 19:00,voice,500,300\n")
    assert "outside opening hours are left out" in shown(opened("forecast"))
