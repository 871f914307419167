"""How wide sample paths lie where history ends long before the first day forecast."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit
from tests.forecast.conftest import WEEK

DAILY = SiteCalendar(interval_min=1440)
QUICK = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=400)
LATER = (0, 14, 42, 120, 400)
KNOWN, AHEAD = 420, 28


def wandering(seed, a_day):
    """Known days of a queue whose level walks at random by ``a_day`` (log units); and all days' calls."""
    dates = pd.date_range("2024-01-01", periods=KNOWN + LATER[-1] + AHEAD, freq="D")
    rng = np.random.default_rng(seed)
    level = 1000.0 * WEEK[dates.day_of_week] * np.exp(np.cumsum(rng.normal(0, a_day, len(dates))))
    calls = rng.poisson(level).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    return rows[:KNOWN], dates, calls


def four_weeks(model, dates, later):
    """Sample paths of the sum of four weeks that begin ``later`` days after the first day not known."""
    made = model.predict(DAILY, (), dates[KNOWN + later].date(), AHEAD)
    return made.paths["voice"].sum(axis=1)


def test_ranges_grow_with_the_days_that_lie_between():
    rows, dates, _ = wandering(0, 0.004)
    model = fit(rows, DAILY, options=QUICK)
    widths = [np.log(four_weeks(model, dates, later)).std() for later in LATER]
    assert widths == sorted(widths)
    assert widths[2] > 1.2 * widths[0]
    assert widths[3] > 1.15 * widths[2]
    assert widths[4] > 1.15 * widths[3]


def test_a_level_that_walks_is_held_from_afar():
    """The oracle is the walk itself, on 24 histories; 80 % are asked for, and a walk is harder than a level that the
    history shows to stay. Ranges of days close by would hold a third."""
    held = {later: [] for later in LATER[2:]}
    for seed in range(24):
        rows, dates, calls = wandering(seed, 0.008)
        model = fit(rows, DAILY, options=QUICK)
        for later, found in held.items():
            drawn = four_weeks(model, dates, later)
            truth = calls[KNOWN + later : KNOWN + later + AHEAD].sum()
            found.append(np.quantile(drawn, 0.1) <= truth <= np.quantile(drawn, 0.9))
    assert min(np.mean(found) for found in held.values()) > 0.55


def test_weekends_of_a_queue_that_is_closed_then_do_not_lie_between():
    dates = pd.date_range("2024-01-01", periods=KNOWN, freq="D")
    worked = dates[dates.day_of_week < 5]
    calls = np.random.default_rng(0).poisson(300.0, len(worked)).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": worked.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    model = fit(rows, DAILY, options=QUICK)
    friday = worked[worked.day_of_week == 4][-1].date()
    model = fit(rows[rows["start"] < pd.Timestamp(friday + dt.timedelta(days=1), tz="UTC")], DAILY, options=QUICK)
    saturday, monday = (model.predict(DAILY, (), friday + dt.timedelta(days=k), 9 - k) for k in (1, 3))
    assert saturday.paths["voice"][:, 2:] == pytest.approx(monday.paths["voice"])
