"""Abandonment and patience from history: what is planted comes out, by weekday and slot, and reaches the agents."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario
from staffing.evaluation.outlook import staffed_at
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.patience import week_patience
from staffing.planner.notes import not_in_history
from staffing.queueing import Targets, measures, smallest_agents
from staffing.requirements import requirements
from tests.forecast.conftest import make_history

SITE = SiteCalendar(interval_min=60)
MORNING_S, EVENING_S = 60.0, 240.0  # mean patience before and after noon


def lived(days=84, **told):
    """Waits of 20 s in the mean; callers hang up at the rate 1 / patience while they wait."""
    rows = make_history(days=days, level=20_000.0)
    patience_s = np.where(rows.start.dt.hour < 12, MORNING_S, EVENING_S)
    return rows.assign(**({"wait_s": 20.0, "abandoned": rows.calls * 20.0 / patience_s} | told))


def test_patience_is_time_waited_over_those_who_hung_up():
    made = week_patience("voice", lived(), SITE)
    assert made.patience_s[:, 10] == pytest.approx(MORNING_S, rel=0.05)
    assert made.patience_s[:, 15] == pytest.approx(EVENING_S, rel=0.05)
    assert made.abandonment[:, 10] == pytest.approx(20 / MORNING_S, rel=0.05)
    assert made.abandonment[:, 15] == pytest.approx(20 / EVENING_S, rel=0.05)


def test_quiet_slots_lean_on_all_others():
    made = week_patience("voice", lived(), SITE)
    assert MORNING_S < made.patience_s[6, 3] < EVENING_S


@pytest.mark.parametrize("told", [{"wait_s": np.nan}, {"wait_s": 0.0}, {"abandoned": 0.0}])
def test_patience_is_unknown_where_nobody_waited_or_hung_up(told):
    made = week_patience("voice", lived(**told), SITE)
    assert np.isnan(made.patience_s).all()
    assert np.isfinite(made.abandonment).all()


def test_history_without_abandoned_contacts_tells_nothing():
    assert week_patience("voice", lived(abandoned=np.nan), SITE) is None
    assert week_patience("voice", make_history(days=30), SITE) is None


def planned(rows, **queue):
    options = ForecastOptions(paths=20, models=("regression", "weekday_mean"))
    made = fit(rows, SITE, options=options).predict(SITE, [], dt.date(2024, 4, 1), 7)
    given = {"name": "voice", "patience_s": 120.0, "patience_from_history": True}
    scenario = Scenario.parse({"queues": [given | queue], "site": SITE.model_dump()})
    return made, requirements(made.table, scenario), scenario


@pytest.mark.parametrize("queue", [{}, {"redial_share": 0.2}, {"model": "transient"}])
def test_agents_and_their_service_follow_the_patience_of_each_interval(queue):
    made, needed, scenario = planned(lived(), **queue)
    fixed = planned(lived(), patience_from_history=False, **queue)[1]
    morning = (made.table.calls > 200) & (made.table.start.dt.hour < 12)
    evening = (made.table.calls > 200) & (made.table.start.dt.hour >= 12)
    assert needed.agents[morning].sum() < fixed.agents[morning].sum()
    assert needed.agents[evening].sum() > fixed.agents[evening].sum()
    seen = staffed_at(made.table, needed, scenario)
    if not queue:
        load = made.table.calls * made.table.aht_s / 3600
        target = scenario.service
        targets = Targets(service_level=target.service_level, abandonment=target.abandonment)
        patience_s = made.table.patience_s
        expected = smallest_agents(load, made.table.aht_s, patience_s, target.threshold_s, targets)
        assert needed.agents.tolist() == expected.tolist()
        alone = measures(calls_per_hour=made.table.calls, aht_s=made.table.aht_s, agents=needed.agents,
                         patience_s=patience_s)  # fmt: skip
        assert seen.lost.to_numpy() == pytest.approx(made.table.calls * alone.abandonment)


def test_where_history_cannot_tell_the_queues_own_stands_in_and_it_is_said():
    made, needed, scenario = planned(make_history(days=84))
    fixed = planned(make_history(days=84), patience_from_history=False)
    assert needed.equals(fixed[1])
    assert not_in_history(made, scenario)[0].startswith("voice: patience is the given one; history lacks 'abandoned'")
    assert not_in_history(fixed[0], fixed[2]) == ()
    assert not_in_history(planned(lived())[0], scenario) == ()


def test_waits_are_read_and_weighted_by_contacts(tmp_path):
    from staffing.history import read_history

    path = tmp_path / "calls.csv"
    stamps = pd.date_range("2024-01-01 08:00", periods=8, freq="30min")
    told = {"calls": [10, 30] * 4, "abandoned": 1, "Average wait": ["0:10", "0:20"] * 4}
    pd.DataFrame({"timestamp": stamps, **told}).to_csv(path, index=False)
    history = read_history(path, SiteCalendar(interval_min=30))
    assert history.frame["wait_s"].tolist() == [10.0, 20.0] * 4
    assert history.aggregate(60).frame["wait_s"].tolist() == [17.5] * 4
