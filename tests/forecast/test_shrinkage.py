"""Shrinkage from past attendance: shares put in come out, by weekday and slot, and reach the requirement."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.shrinkage import week_shrinkage
from staffing.requirements import requirements
from tests.forecast.conftest import make_history

SITE = SiteCalendar(interval_min=60)
MONDAY, MEETING, SICK = 0, 10, 0.08


def attended(days=84, **lost):
    """20 agents scheduled; on Mondays at ten 30 % are in a meeting; 8 % of the others are missing, always."""
    rows = make_history(days=days, queue="voice")
    meets = (rows.start.dt.weekday == MONDAY) & (rows.start.dt.hour == MEETING)
    off = np.where(meets, 6.0, 0.0)
    told = {"scheduled": 20.0, "planned_off": off, "present": (20.0 - off) * (1 - SICK)} | lost
    return rows.assign(**told)


def test_shares_come_out_by_weekday_and_slot():
    made = week_shrinkage("voice", attended(), SITE)
    assert made.planned[MONDAY, MEETING] == pytest.approx(0.3, abs=0.12)
    others = np.delete(made.planned[:, MEETING], MONDAY)
    assert made.planned[MONDAY, MEETING] > 2 * others.max()
    assert made.planned[:, MEETING + 1].max() < 0.02
    assert made.unplanned == pytest.approx(SICK)


def test_without_planned_absence_all_is_unplanned():
    made = week_shrinkage("voice", attended(planned_off=np.nan, present=15.0), SITE)
    assert (made.planned == 0).all()
    assert made.unplanned == pytest.approx(0.25)


@pytest.mark.parametrize(
    "lost", [{"scheduled": np.nan}, {"planned_off": np.nan, "present": np.nan}, {"scheduled": 0.0}]
)
def test_history_without_attendance_tells_nothing(lost):
    assert week_shrinkage("voice", attended(**lost), SITE) is None
    assert week_shrinkage("voice", make_history(days=30), SITE) is None


def planned(rows, from_history):
    options = ForecastOptions(paths=20, models=("regression", "weekday_mean"))
    made = fit(rows, SITE, options=options).predict(SITE, [], dt.date(2024, 4, 1), 7).table
    data = {"queues": [{"name": "voice"}], "site": SITE.model_dump()}
    lost = {"planned": 0.1, "unplanned": 0.1, "from_history": from_history}
    return made, requirements(made, Scenario.parse({**data, "shrinkage": lost}))


def test_the_requirement_follows_the_history_where_the_scenario_asks_for_it():
    made, needed = planned(attended(), from_history=True)
    left = (1 - made.planned_shrinkage) * (1 - made.unplanned_shrinkage)
    assert needed.agents_scheduled.to_numpy() == pytest.approx(needed.agents / left.to_numpy())
    usual = planned(attended(), from_history=False)[1]
    assert usual.agents_scheduled.to_numpy() == pytest.approx(usual.agents / 0.81)


def test_without_attendance_the_scenario_stands_in():
    made, needed = planned(make_history(days=84, queue="voice"), from_history=True)
    assert "planned_shrinkage" not in made
    assert needed.agents_scheduled.to_numpy() == pytest.approx(needed.agents / 0.81)


def test_attendance_is_read_and_averaged(tmp_path):
    from staffing.history import read_history

    starts = pd.date_range("2024-01-01", periods=48 * 14, freq="30min")
    present = np.tile([8.0, 9.0], len(starts) // 2)
    frame = pd.DataFrame({"timestamp": starts, "calls": 5, "Agents scheduled": 10, "Agents present": present})
    frame.to_csv(tmp_path / "calls.csv", index=False)
    hours = read_history(tmp_path / "calls.csv", SITE).aggregate(60).frame
    assert (hours.scheduled == 10).all()
    assert (hours.present == 8.5).all()
    assert "planned_off" not in hours  # not told
