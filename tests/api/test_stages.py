"""The stages as functions: they say what a plan says, take what is one's own, and name what is wrong."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import staffing
from staffing import Forecast, StaffingError
from tests.api.conftest import WEEK


def test_stage_by_stage_is_the_plan(history, scenario, made):
    calls = staffing.fit(history, scenario).predict(start=WEEK)
    assert_frame_equal(calls.table, made.forecast.table)
    required = staffing.required_agents(calls, scenario)
    assert_frame_equal(required, made.requirements)
    roster = staffing.make_roster(required, scenario, start=WEEK)
    assert_frame_equal(roster.table, made.roster.table)
    found = staffing.evaluate(roster, calls, required, scenario, start=WEEK)
    assert found.totals == pytest.approx(made.evaluation.totals, nan_ok=True)
    assert staffing.broken_rules(roster, required, scenario, start=WEEK).empty


def test_a_forecast_takes_the_scenarios_share_of_the_calls(history, scenario):
    whole, fifth = (
        staffing.fit(history, scenario.with_changes(volume_factor=factor)).predict(start=WEEK) for factor in (1.0, 0.2)
    )
    assert fifth.table["calls"].sum() == pytest.approx(0.2 * whole.table["calls"].sum(), rel=1e-2)
    assert fifth.table["calls"].sum() == pytest.approx(
        staffing.fit(history, scenario).predict(scenario.with_changes(volume_factor=0.2), start=WEEK)
        .table["calls"].sum()
    )  # fmt: skip


def own(scenario, calls=30.0):
    starts = scenario.site.open_grid(WEEK, 7)
    return pd.DataFrame({"queue": "voice", "start": starts, "calls": calls, "aht_s": 240.0})


def test_a_week_without_people_and_without_history(scenario):
    calls = Forecast.from_frame(own(scenario), scenario)
    work = staffing.plan(None, scenario, forecast=calls, start=WEEK, people=False)
    assert not isinstance(work, staffing.Plan)
    expected = staffing.queueing.agents_needed(
        calls_per_hour=30.0, aht_s=240.0, patience_s=scenario.queue("voice").patience_s, threshold_s=20.0,
        service_level=0.8, abandonment=0.1,
    )  # fmt: skip
    assert set(work.requirements["agents"]) == {expected}


def test_a_forecast_without_handle_times_takes_those_of_the_queues_and_says_so(scenario):
    assumed = scenario.queue("voice").aht_s
    bare = Forecast.from_frame(own(scenario).drop(columns="aht_s"), scenario)
    assert_frame_equal(bare.table, Forecast.from_frame(own(scenario).assign(aht_s=assumed), scenario).table)
    assert f"assumed (voice {assumed:g} s)" in bare.notes[-1]


def test_a_requirement_of_ones_own_is_rostered(history, scenario):
    required = own(scenario)[["queue", "start"]].assign(agents=2.0, agents_scheduled=2.0)
    plan = staffing.plan(history, scenario, required=required, start="2026-11-23")
    assert_frame_equal(plan.requirements, required)
    present = plan.evaluation.intervals
    assert (present["required"] == 2.0).all()


def test_a_rule_that_is_broken_is_listed(scenario, made):
    late = made.roster.table.copy()
    shift = late.index[late["activity"] == "shift"][0]
    late.loc[shift, "end"] += pd.Timedelta(hours=1)
    broken = staffing.broken_rules(late, made.requirements, scenario, start=WEEK)
    assert list(broken.columns) == ["rule", "agent", "date", "what"]
    assert late.loc[shift, "agent"] in set(broken["agent"])


NAIVE = pd.DataFrame({"queue": "voice", "start": pd.to_datetime(["2026-11-23 08:00"]), "calls": 1.0, "aht_s": 60.0})


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda h, s: staffing.plan(h.frame, s), r"field 'history': must be a History, not DataFrame"),
        (lambda h, s: staffing.plan(None, s), r"field 'history': is None"),
        (lambda h, s: staffing.plan(h, {"queues": []}), r"field 'scenario': must be a Scenario, not dict"),
        (lambda h, s: staffing.plan(h, s, start="23.11.2026"), r"field 'start': must be a day"),
        (lambda h, s: staffing.plan(h, s, start=dt.datetime(2026, 11, 23, 8)), r"field 'start': must be a day"),
        (lambda h, s: staffing.plan(h, s, days=0), r"field 'days': must be a whole number"),
        (lambda h, s: staffing.fit(h, s, models="prophet"), r"field 'models': must be a list"),
        (lambda h, s: staffing.fit(h, s, models=["oracle"]), r"field 'models'.*not oracle"),
        (lambda h, s: staffing.fit(h, s, models=[object()]), r"field 'models'|object is no model"),
        (
            lambda h, s: Forecast.from_frame(NAIVE, s),
            r"column 'start'.*has no time zone.*tz_localize\('Europe/Berlin'\)",
        ),
        (lambda h, s: Forecast.from_frame(NAIVE.assign(start="2026-11-23"), s), r"column 'start'.*not instants"),
        (lambda h, s: Forecast.from_frame(NAIVE.drop(columns="calls"), s), r"lacks the column 'calls'"),
        (lambda h, s: Forecast.from_frame(own(s).assign(queue="fax"), s), r"unknown queue 'fax'"),
        (lambda h, s: Forecast.from_frame(own(s, np.nan), s), r"empty cell"),
        (lambda h, s: Forecast.from_frame(pd.concat([own(s), own(s).head(1)]), s), r"two rows for the same"),
        (lambda h, s: Forecast.from_frame(own(s), s, paths={"voice": np.ones((3, 2))}), r"field 'paths'"),
        (lambda h, s: staffing.required_agents(own(s), s), r"field 'forecast': must be a Forecast"),
        (lambda h, s: staffing.make_roster([1, 2], s, start=WEEK), r"field 'required': must be a DataFrame"),
        (lambda h, s: staffing.make_roster(own(s), s, start=WEEK), r"lacks the column 'agents'"),
        (
            lambda h, s: staffing.make_roster(
                own(s).assign(agents=1.0, agents_scheduled=1.0), s, start=WEEK + dt.timedelta(days=7)
            ),
            r"has no row for queue 'voice'",
        ),
        (
            lambda h, s: staffing.make_roster(
                own(s).assign(agents=1.0, agents_scheduled=1.0), s.with_changes(service_level_over="day"), start=WEEK
            ),
            r"field 'forecast': is needed",
        ),
        (lambda h, s: staffing.backtest(h, s, cutoffs="2026-11-02"), r"field 'cutoffs': must be a list"),
        (lambda h, s: staffing.backtest(h, s, cutoffs=["1999-01-01"]), r"field 'cutoffs': 1999-01-01 leaves nothing"),
    ],
)
def test_what_is_wrong_is_named(history, scenario, call, says):
    with pytest.raises(StaffingError, match=says):
        call(history, scenario)


def test_reprs_are_short(history, scenario, made):
    things = [
        history, scenario, made, made.forecast, made.roster, made.evaluation, staffing.compare([made]),
        staffing.fit(history, scenario), staffing.backtest(history, scenario, cutoffs=["2026-11-09"], days=7),
    ]  # fmt: skip
    for thing in things:
        assert 10 < len(repr(thing)) < 240, repr(thing)
