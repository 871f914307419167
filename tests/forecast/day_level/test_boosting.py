"""The boosted trees: their inputs against pandas, and a pattern that no sum of effects can tell."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import forecast
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.known import ComingDays
from staffing.forecast.day_level.models.boosting import LEVEL_DAYS, WEEKS, _last_means, _weekday_means, fit_boosting

KNOWN, AHEAD = 500, 28


def facts_of(days):
    return describe(dates_between(dt.date(2023, 1, 2), days), SiteCalendar())


def coming(facts):
    """Days that trees forecast; they do not ask the calendar regression."""
    return ComingDays(facts, None)


@pytest.fixture(scope="module")
def series():
    """Weekends are quiet, but not in the first week of a month."""
    facts = facts_of(KNOWN + AHEAD)
    quiet = (facts.weekday >= 5) & (facts.day_of_month > 7)
    noise = np.random.default_rng(0).normal(0, 0.03, len(facts))
    return facts, 7.0 - 0.8 * quiet, 7.0 - 0.8 * quiet + noise


def test_means_know_the_days_before_only():
    facts = facts_of(100)
    y = np.random.default_rng(1).normal(size=100)
    means, levels = _weekday_means(facts.weekday, y), _last_means(y)
    for known in (1, 9, 60, 100):
        seen = pd.Series(y[:known])
        for place, weeks in enumerate(WEEKS):
            for day in range(7):
                same = seen[facts.weekday[:known] == day]
                assert means[known, place, day] == pytest.approx(same.tail(weeks).mean() if len(same) else seen.mean())
        assert levels[known] == pytest.approx([seen.tail(days).mean() for days in LEVEL_DAYS])


def test_it_sees_how_weekday_and_month_bend_each_other(series):
    facts, truth, told = series
    made = fit_boosting(facts[:KNOWN], told[:KNOWN], np.ones(KNOWN)).predict(coming(facts[KNOWN:]))
    plain = np.array([told[:KNOWN][facts.weekday[:KNOWN] == day][-8:].mean() for day in facts.weekday[KNOWN:]])
    assert np.abs(made - truth[KNOWN:]).mean() < 0.5 * np.abs(plain - truth[KNOWN:]).mean()


def test_the_same_history_gives_the_same_forecast(series):
    facts, _, told = series
    first, second = (fit_boosting(facts[:KNOWN], told[:KNOWN], np.ones(KNOWN)).predict(coming(facts)) for _ in range(2))
    assert (first == second).all()


def test_a_machine_that_cannot_load_the_library_does_without_and_says_so(monkeypatch):
    monkeypatch.setattr("staffing.forecast.day_level.models.boosting.loadable", lambda: False)
    days = pd.date_range("2024-01-01", periods=200, freq="D", tz="UTC")
    calls = 500 + np.random.default_rng(3).poisson(50, 200)
    history = pd.DataFrame({"queue": "desk", "start": days, "calls": calls.astype(float), "aht_s": np.nan})
    made = forecast(history, SiteCalendar(interval_min=1440), start=dt.date(2024, 7, 19), days=2)
    assert any("boosted trees are left out" in note for note in made.notes)
    assert made.table.calls.gt(0).all()
