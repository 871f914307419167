"""Handle time against worlds whose level, shape and spread are known."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit

OPENING = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-18:00")
HOURLY = SiteCalendar(interval_min=60, opening=OPENING)
OPTIONS = ForecastOptions(models=("regression", "weekday_mean"), paths=300)
DAYS = 280
SHAPE = 1 + 0.1 * np.sin(np.arange(24) / 24 * 2 * np.pi)


def world(log_level, shocks=0.0, per_call=0.0, days=DAYS, seed=0):
    """Hourly rows: calls whose days stray by ``shocks``, and handle times that stray with them, by a third as much."""
    rng = np.random.default_rng(seed)
    index = pd.date_range("2024-01-01", periods=24 * days, freq="h", tz="UTC")
    index = index[(index.day_of_week < 4) & (index.hour >= 8) & (index.hour < 18)]
    day = (index - index[0]).days
    z = rng.standard_normal(days)
    calls = rng.poisson(100 * np.exp(shocks * z[day])).astype(float)
    aht_s = 300 * np.exp(np.broadcast_to(log_level, days)[day] + shocks / 3 * z[day]) * SHAPE[index.hour]
    aht_s = aht_s * np.exp(per_call * rng.standard_normal(len(index)) / np.sqrt(np.maximum(calls, 1)))
    return pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": aht_s})


def made_of(rows, days=7):
    start = (rows.start.max() + pd.Timedelta("1D")).date()
    made = fit(rows, HOURLY, options=OPTIONS).predict(HOURLY, (), start, days)
    hour = made.table.start.dt.hour.to_numpy()
    return made, made.table.aht_s.to_numpy() / (300 * SHAPE[hour])


def test_level_and_shape_come_back_without_bias():
    _, ratio = made_of(world(0.0, per_call=0.5))
    assert ratio == pytest.approx(1.0, abs=0.04)  # forty weeks of a hundred calls: a hundredth by chance
    assert ratio.mean() == pytest.approx(1.0, abs=0.01)


def test_a_new_level_is_followed():
    step = np.where(np.arange(DAYS) >= DAYS - 42, np.log(1.2), 0.0)
    assert made_of(world(step, per_call=1.0))[1].mean() == pytest.approx(1.2, rel=0.02)


def test_a_few_long_days_raise_the_mean_by_what_they_are():
    long = np.where(np.arange(DAYS) % 10 == 3, np.log(1.6), 0.0)
    assert made_of(world(long))[1].mean() == pytest.approx(np.exp(long).mean(), rel=0.025)


def test_days_of_few_long_tailed_contacts_do_not_lean():
    """Single contacts stray three times their mean: the log of a day's mean would lie far below the mean's log."""
    ratios = []
    for seed in range(6):
        rows = world(0.0, seed=seed).assign(calls=2.0)
        rng = np.random.default_rng(seed + 70)
        rows["aht_s"] *= rng.gamma(2 / 9.0, 9.0 / 2, len(rows))
        told = (rows.calls * rows.aht_s).sum() / (rows.calls * 300 * SHAPE[rows.start.dt.hour]).sum()
        ratios.append(made_of(rows, days=28)[1].mean() / told)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)


def test_paths_stray_as_days_did_and_with_their_calls():
    made, _ = made_of(world(0.0, shocks=0.15, per_call=1.0), days=28)
    shape = (OPTIONS.paths, -1, 10)
    calls, aht_s = (paths["voice"].reshape(shape) for paths in (made.paths, made.aht_paths))
    days = np.log(aht_s.mean(axis=2))
    assert days.std(axis=0).mean() == pytest.approx(0.05, rel=0.3)
    together = [np.corrcoef(np.log(calls.sum(axis=2)[:, k]), days[:, k])[0, 1] for k in range(days.shape[1])]
    assert np.mean(together) > 0.8
    assert aht_s.mean(axis=0).ravel() == pytest.approx(made.table.aht_s.to_numpy(), rel=1e-3)


def test_chance_among_few_calls_is_not_taken_for_a_straying_day():
    made, _ = made_of(world(0.0, per_call=1.0))
    assert np.log(made.aht_paths["voice"]).std(axis=0).max() < 0.02


def test_without_past_handle_times_all_paths_have_the_given_one():
    rows = world(0.0).assign(aht_s=np.nan)
    start = (rows.start.max() + pd.Timedelta("1D")).date()
    options = ForecastOptions(models=("weekday_mean",), paths=20, aht_s={"voice": 222.0})
    made = fit(rows, HOURLY, options=options).predict(HOURLY, (), start, 3, aht_factors={"voice": 1.5})
    assert (made.aht_paths["voice"] == 333.0).all()


def test_three_weeks_are_their_mean_by_weekday_and_slot():
    rows = world(0.0, days=21)
    assert made_of(rows)[1] == pytest.approx(1.0, abs=0.06)
