"""The bundled bank: real calls, summed without loss, under their own licence."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from staffing.store.workspace import Workspace

ROOT = Path(__file__).parents[2]
BANK = ROOT / "data" / "bank"
SOURCE = ROOT.parent / "shared" / "data" / "na_bank_2003_5min.parquet"


@pytest.fixture(scope="module")
def calls():
    return pd.read_csv(BANK / "history" / "calls.csv", parse_dates=["timestamp"])


def test_every_open_day_has_all_its_half_hours(calls):
    days = calls["timestamp"].dt.normalize()
    assert days.nunique() == 164
    assert (calls.groupby(days).size() == 28).all()
    assert set(days.dt.day_name()) == {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
    assert calls["timestamp"].dt.strftime("%H:%M").agg(["min", "max"]).tolist() == ["07:00", "20:30"]


def test_absent_days_are_absent_not_zero(calls):
    weekdays = pd.bdate_range("2003-03-03", "2003-10-24")
    absent = weekdays.difference(calls["timestamp"].dt.normalize().unique())
    assert [f"{day:%m-%d}" for day in absent] == ["04-04", "04-07", "05-26", "07-04", "09-01", "10-14"]
    assert (calls["calls"] > 0).all()
    closed = Workspace.open(BANK).scenario().site.closed_dates
    assert [f"{day:%m-%d}" for day in absent.date if day not in closed] == ["04-04", "04-07", "10-14"]
    assert not set(closed) & set(calls["timestamp"].dt.date)


@pytest.mark.skipif(not SOURCE.is_file(), reason="needs the shared data folder beside the repository")
def test_the_sums_are_the_source_s(calls):
    source = pd.read_parquet(SOURCE)
    summed: dict[str, int] = {}
    for moment, count in zip(source["timestamp"], source["calls"], strict=True):
        if moment.hour < 21:
            start = moment.replace(minute=moment.minute // 30 * 30)
            summed[str(start)] = summed.get(str(start), 0) + int(count)
    assert dict(zip(calls["timestamp"].astype(str), calls["calls"], strict=True)) == summed


def test_the_read_me_tells_the_counts(calls):
    text = (BANK / "README.md").read_text()
    assert f"{calls['calls'].sum():,} calls" in text
    assert f"{len(calls):,} half-hours" in text


def test_the_calls_carry_their_own_licence():
    text = (BANK / "LICENSE-DATA.md").read_text()
    assert "robjhyndman/fpp3-package" in text
    assert "GNU General Public License, version 3" in text
    assert "Version 3, 29 June 2007" in (BANK / "COPYING").read_text()[:200]


def test_the_week_to_plan_follows_the_history(calls):
    scenario = Workspace.open(BANK).scenario()
    last = calls["timestamp"].max().date()
    monday = scenario.site.week_of(last) + dt.timedelta(days=7)
    assert monday == dt.date(2003, 10, 27)
    assert all(event.start > last for event in scenario.events), "no made-up event may claim a trace in real calls"
    assert all(event.effect is not None for event in scenario.events)


def test_sixty_people_and_a_launch_that_can_move():
    workspace = Workspace.open(BANK)
    base, launch, later = (workspace.scenario(name) for name in ("base", "launch", "launch-later"))
    assert len(base.agents) == 60
    starts = [scenario.event("online-statements").start.day for scenario in (launch, later)]
    assert starts == [27, 29]
    assert not base.event("online-statements").enabled
    assert launch.event("online-statements").enabled
    assert later.event("online-statements").enabled
    assert workspace.scenario("better-service").service.service_level == 0.9
