"""Sick calls: kept in a file, added to the granted days off."""

import datetime as dt

import pytest

from staffing.domain.workforce import Agent
from staffing.errors import InputError
from staffing.store.absences import Absence, absences_of, add_absences, with_absences
from staffing.store.ground import FolderGround
from staffing.store.workspace import Workspace

DAY = dt.date(2026, 11, 24)


def test_they_are_written_once_and_read_back(tmp_path):
    ground = FolderGround(tmp_path)
    assert absences_of(ground.read("absences.csv")) == ()
    away = Absence("Dan", DAY, DAY + dt.timedelta(days=1), "flu")
    for fresh in ([away], [away, Absence("Ada", DAY, DAY)], [away]):
        with ground.change() as change:
            add_absences(change, fresh)
    assert absences_of(ground.read("absences.csv")) == (away, Absence("Ada", DAY, DAY))


def test_days_already_off_stay_as_they_are():
    agent = Agent.parse({"name": "Dan", "contract": "full", "time_off": [str(DAY)]})
    (away,) = with_absences((agent,), [Absence("Dan", DAY, DAY + dt.timedelta(days=2))])
    assert [away.can_work(DAY + dt.timedelta(days=k)) for k in range(4)] == [False, False, False, True]
    Agent.parse(away.model_dump())  # no day off twice


def test_the_workspace_knows_them_and_names_what_is_wrong(small_workspace):
    path = small_workspace / "absences.csv"
    path.write_text("agent,first,last,reason\nDan,2026-11-24,,flu\n", encoding="utf-8")
    dan = next(agent for agent in Workspace.open(small_workspace).base.agents if agent.name == "Dan")
    assert not dan.can_work(DAY)
    path.write_text("agent,first,last,reason\nEve,2026-11-24,,\n", encoding="utf-8")
    with pytest.raises(InputError, match="no agent 'Eve'"):
        _ = Workspace.open(small_workspace).base
    path.write_text("agent,first\nDan,soon\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        absences_of(path.read_bytes())
