"""A sick call becomes a mended roster through one function; nothing is written until it has succeeded."""

import datetime as dt
import time

import pytest

from staffing.errors import Cancelled, InputError
from staffing.planner import Mending, Planner
from staffing.planner.mending import MendTask
from staffing.roster.run import ENDED_NOTE
from staffing.store.absences import Absence
from staffing.store.workspace import Workspace
from staffing.work import worker

MONDAY = dt.date(2026, 11, 23)
AWAY = Absence("Dan", MONDAY, MONDAY + dt.timedelta(days=4), "called in")


@pytest.fixture(scope="module")
def desk(planned_workspace):
    """The workspace, its planner, and a plan of the week."""
    workspace = Workspace.open(planned_workspace)
    planner = Planner.open(workspace)
    return workspace, planner, planner.plan(workspace.base, start=MONDAY)


def days_of(table, agent, site):
    return set(table[table["agent"] == agent]["start"].dt.tz_convert(site.zone).dt.date)


def test_those_away_are_off_those_kept_stay_and_no_stage_is_worked_out_again(desk):
    workspace, planner, made = desk
    site, table = workspace.base.site, made.roster.table
    stages = list(planner.cache.made)
    found = planner.mend(made, table, Mending((AWAY,), keep=(("Ada", None),)))
    assert days_of(table, "Dan", site)
    assert not days_of(found.roster.table, "Dan", site)
    assert set(found.changes[found.changes["forced"]]["agent"]) == {"Dan"}
    assert "Ada" not in set(found.changes["agent"])
    assert planner.cache.made == stages


class Endless(MendTask):
    """Mends, and never comes to its end."""

    def __call__(self, line):
        super().__call__(line)
        while True:
            time.sleep(1)


def test_the_last_complete_roster_is_taken_where_time_runs_out(desk, monkeypatch):
    workspace, planner, made = desk
    monkeypatch.setattr(worker, "LEAST_OVERRUN_S", 0.2)
    monkeypatch.setattr("staffing.planner.planner.MendTask", Endless)
    found = planner.mend(made, made.roster.table, Mending((AWAY,), seconds=1.0))
    assert ENDED_NOTE in found.roster.notes
    assert not days_of(found.roster.table, "Dan", workspace.base.site)
    assert set(found.changes[found.changes["forced"]]["agent"]) == {"Dan"}


def test_what_fails_or_is_stopped_leaves_no_absence_behind(desk):
    workspace, planner, made = desk

    def stop(_stage, _share):
        raise Cancelled

    with pytest.raises(Cancelled):
        planner.mend(made, made.roster.table, Mending((AWAY,)), progress=stop)
    with pytest.raises(InputError, match="no agent 'Zoe'"):
        planner.mend(made, made.roster.table, Mending((Absence("Zoe", MONDAY, MONDAY),)))
    assert not (workspace.folder / "absences.csv").exists()
