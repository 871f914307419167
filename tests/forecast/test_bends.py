"""Sample paths against worlds whose raggedness and shared shocks are known."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit

HOURLY = SiteCalendar(interval_min=60)
OPTIONS = ForecastOptions(models=("regression", "weekday_mean"), paths=300)
FIRST = "2024-01-01"
DAYS = 280
HOURS = np.arange(24)
SATURDAY = 5


def shape(peak, width):
    made = np.exp(-0.5 * ((HOURS - peak) / width) ** 2)
    return made / made.sum()


WEEKDAY, WEEKEND = shape(11, 3), shape(17, 2)


def world(days=DAYS, tilt=0.15, weekend_tilt=0.4, dispersion=1.0, seed=0, outage=False):
    """Days × 24 counts: each day leans to its morning or evening by a random tilt, weekends more than weekdays."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(FIRST, periods=days, freq="D")
    late = dates.day_of_week >= SATURDAY
    plain = np.where(late[:, None], WEEKEND, WEEKDAY) * np.where(late, 300.0, 1500.0)[:, None]
    size = np.where(late, weekend_tilt, tilt) * rng.standard_normal(days)
    bent = plain * np.exp(size[:, None] * np.sin((HOURS - 12) / 24 * 2 * np.pi))
    bent *= (plain.sum(axis=1) / bent.sum(axis=1))[:, None] * np.exp(0.05 * rng.standard_normal(days))[:, None]
    rate = rng.gamma(bent / (dispersion - 1)) * (dispersion - 1) if dispersion > 1 else bent
    counts = rng.poisson(rate).astype(float)
    if outage:
        counts[60:200:35, 9:14] = 0.0
    return dates, counts


def rows_of(dates, counts, queue="voice"):
    start = pd.date_range(dates[0], periods=counts.size, freq="h", tz="UTC")
    return pd.DataFrame({"queue": queue, "start": start, "calls": counts.ravel(), "aht_s": 300.0})


def raggedness(days, shares):
    """Mean over days of the variance about the shape over the mean, each day by its own total."""
    expected = shares * days.sum(axis=-1, keepdims=True)
    return float(np.mean(((days - expected) ** 2).sum(axis=-1) / expected.sum(axis=-1)))


@pytest.mark.parametrize(("dispersion", "outage"), [(1.0, False), (1.0, True), (2.5, False)])
def test_paths_are_as_ragged_as_days_are_kind_by_kind(dispersion, outage):
    known = world(dispersion=dispersion, outage=outage)
    fresh_dates, fresh = world(days=4000, dispersion=dispersion, seed=1)
    made = fit(rows_of(*known), HOURLY, options=OPTIONS)
    made = made.predict(HOURLY, (), (known[0][-1] + pd.Timedelta("1D")).date(), 28)
    paths = made.paths["voice"].reshape(OPTIONS.paths, 28, 24)
    weekend = np.array([(known[0][-1] + pd.Timedelta(days=k + 1)).day_of_week >= SATURDAY for k in range(28)])
    for late, shares in ((False, WEEKDAY), (True, WEEKEND)):
        truth = raggedness(fresh[(fresh_dates.day_of_week >= SATURDAY) == late], shares)
        assert raggedness(paths[:, weekend == late], shares) == pytest.approx(truth, rel=0.25)


def test_bends_leave_a_path_its_day():
    dates, counts = world(tilt=0.6)
    baseline = fit(rows_of(dates, counts), HOURLY, options=OPTIONS)
    made = baseline.predict(HOURLY, (), (dates[-1] + pd.Timedelta("1D")).date(), 7)
    paths = made.paths["voice"].reshape(OPTIONS.paths, 7, 24)
    expected = made.table.calls.to_numpy().reshape(7, 24)
    assert paths.mean(axis=0).sum(axis=1) == pytest.approx(expected.sum(axis=1), rel=0.03)
    busy = expected > 20
    assert paths.mean(axis=0)[busy] == pytest.approx(expected[busy], rel=0.12)


def made_of_two(shared, own, seed=0):
    """Paths' day totals of two queues whose days move together by ``shared`` and each by itself by ``own``."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(FIRST, periods=400, freq="D")
    common = shared * rng.standard_normal(400)
    rows = []
    for queue, level in (("a", 4000.0), ("b", 2000.0)):
        calls = rng.poisson(level * np.exp(common + own * rng.standard_normal(400))).astype(float)
        start = dates.tz_localize("UTC")
        rows.append(pd.DataFrame({"queue": queue, "start": start, "calls": calls, "aht_s": np.nan}))
    daily = SiteCalendar(interval_min=1440)
    made = fit(pd.concat(rows), daily, options=OPTIONS).predict(daily, (), dt.date(2025, 2, 4), 28)
    return made.paths["a"], made.paths["b"]


def test_what_struck_queues_together_strikes_them_together_in_a_path():
    a, b = made_of_two(shared=0.2, own=0.05)
    together = [np.corrcoef(a[:, k], b[:, k])[0, 1] for k in range(28)]
    assert np.mean(together) > 0.8
    site = (a + b).std(axis=0).mean()
    assert site > 0.93 * (a.std(axis=0) + b.std(axis=0)).mean()


def test_queues_of_their_own_stay_their_own():
    a, b = made_of_two(shared=0.0, own=0.2)
    assert abs(np.mean([np.corrcoef(a[:, k], b[:, k])[0, 1] for k in range(28)])) < 0.25
