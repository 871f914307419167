import datetime as dt

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.ui import views

BERLIN = SiteCalendar(timezone="Europe/Berlin", interval_min=60)


def at(*moments: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(moments).tz_localize("Europe/Berlin")


def roster() -> pd.DataFrame:
    rows = [
        ("Ada", "2026-11-23 08:00", "2026-11-23 17:00", "shift", "voice"),
        ("Ada", "2026-11-23 12:00", "2026-11-23 13:00", "lunch", None),
        ("Bob", "2026-11-23 22:00", "2026-11-24 06:00", "shift", "voice"),
        ("Bob", "2026-11-24 01:00", "2026-11-24 02:00", "work", "chat"),
        ("Ada", "2026-11-25 08:00", "2026-11-25 12:00", "shift", "voice"),
        ("Ada", "2026-11-25 12:00", "2026-11-25 16:00", "shift", "chat"),
    ]
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
    return table.assign(start=at(*table["start"]), end=at(*table["end"]))


def test_weekdays_follow_the_planning_week():
    assert views.weekdays(SiteCalendar(week_start="saturday")) == ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]


def test_the_week_grid_names_every_agent_and_joins_pieces_of_one_shift():
    grid = views.week_grid(roster(), BERLIN, dt.date(2026, 11, 23), ["Ada", "Bob", "Cyd"])
    assert list(grid.columns)[:3] == ["Mon 23 Nov", "Tue 24 Nov", "Wed 25 Nov"]
    assert grid.loc["Ada"].tolist()[:3] == ["08:00–17:00", "·", "08:00–16:00"]
    assert grid.loc["Bob"].tolist()[:2] == ["22:00–06:00", "·"]
    assert set(grid.loc["Cyd"]) == {"·"}


def test_a_day_shows_shifts_across_midnight_whole_and_names_the_other_queue():
    day = views.gantt(roster(), BERLIN, dt.date(2026, 11, 23))
    assert day["agent"].tolist() == ["Ada", "Ada", "Bob", "Bob"]
    assert day["activity"].tolist() == ["shift", "lunch", "shift", "chat"]
    assert day["label"].tolist() == ["08:00–17:00", "12:00–13:00", "22:00–06:00", "01:00–02:00"]


def test_gaps_are_runs_within_a_day():
    start = at("2026-11-23 08:00", "2026-11-23 09:00", "2026-11-23 10:00", "2026-11-23 17:00", "2026-11-24 08:00")
    frame = pd.DataFrame({"queue": "voice", "start": start, "calls": [1.0, np.nan, np.nan, np.nan, np.nan]})
    gaps = views.gaps(frame, 60, BERLIN)
    assert gaps["intervals"].tolist() == [2, 1, 1]
    assert gaps["to"].iloc[0] == pd.Timestamp("2026-11-23 11:00")
    assert views.gaps(frame.head(1), 60, BERLIN).empty


def test_the_weeks_before_are_laid_on_the_planned_one():
    start = at("2026-11-16 08:00", "2026-11-16 09:00")
    frame = pd.DataFrame({"queue": "voice", "start": start, "calls": [10.0, 12.0]})
    past = views.before_the_week(frame, BERLIN, dt.date(2026, 11, 23), ("voice",))
    assert past["start"].tolist() == list(at("2026-11-23 08:00", "2026-11-23 09:00"))
    assert set(past["of"]) == {"actual, week before"}
    assert views.before_the_week(frame, BERLIN, dt.date(2027, 3, 1), ("voice",)).empty


def test_net_agents_in_words():
    intervals = pd.DataFrame({"start": at("2026-11-23 08:00", "2026-11-23 09:00"), "net": [-2.4, 0.3]})
    cells = views.net_cells(intervals, BERLIN)
    assert cells["text"].tolist() == ["−2", ""]
    assert cells["clock"].tolist() == ["08:00", "09:00"]
