"""Planted breaks: sudden, up and back again, growing; what a change does to forecasts, notes and ranges."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.day_level.level_changes import LevelChange, as_today, going_back, level_notes, missed
from tests.forecast.conftest import WEEK

DAILY = SiteCalendar(interval_min=1440)
OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=400)
KNOWN, AHEAD = 330, 28
DATES = pd.date_range("2025-01-06", periods=KNOWN + AHEAD, freq="D")
AGE = KNOWN - 1 - np.arange(KNOWN + AHEAD)  # days before the last known one; negative ahead


def made_of(log_level, seed=0, noise=0.04):
    """Bias of four weeks' forecast where the level is ``log_level`` by day; the notes; and paths over the forecast."""
    rng = np.random.default_rng(seed)
    expected = 1000.0 * WEEK[DATES.day_of_week] * np.exp(log_level)
    calls = rng.poisson(expected * np.exp(noise * rng.standard_normal(KNOWN + AHEAD))).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": DATES.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})[:KNOWN]
    made = fit(rows, DAILY, options=OPTIONS).predict(DAILY, (), DATES[KNOWN].date(), AHEAD)
    bias = made.table.calls.sum() / expected[KNOWN:].sum() - 1
    return bias, " ".join(made.notes), made.paths["voice"] / made.table.calls.to_numpy()


@pytest.mark.parametrize("size", [np.log(1.4), np.log(0.6)])
@pytest.mark.parametrize("weeks", [1, 2, 6])
def test_a_sudden_change_is_followed_and_said_with_date_size_and_both_ends(size, weeks):
    bias, notes, _ = made_of(np.where(7 * weeks > AGE, size, 0.0))
    assert abs(bias) < 0.03
    assert f"the level changed on {DATES[KNOWN - 7 * weeks].date()}" in notes
    told = notes.split("the level changed on ")[1]
    usual = 1000 * WEEK.mean() * np.exp(size)
    lasting, returned = (float(text.split(" ")[0].replace(",", "").rstrip(".;")) for text in told.split("about ")[1:3])
    assert lasting == pytest.approx(usual, rel=0.06)
    assert returned == pytest.approx(1000 * WEEK.mean(), rel=0.08)


@pytest.mark.parametrize("weeks", [2, 4])
def test_an_episode_that_is_over_bends_nothing(weeks):
    since = 7 * weeks <= AGE
    bias, _, _ = made_of(np.where(since & (7 * weeks + 21 > AGE), np.log(1.5), 0.0))
    assert abs(bias) < 0.04


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1.6, 0.5])
def test_an_episode_is_told_with_its_end_and_without_levels_that_never_were(size, seed):
    bias, notes, _ = made_of(np.where((AGE < 60) & (AGE >= 40), np.log(size), 0.0), seed=seed, noise=0.06)
    assert abs(bias) < 0.04
    assert f"from {DATES[KNOWN - 60].date()} to {DATES[KNOWN - 41].date()} (20 days) and has come back" in notes
    assert "if it returns" not in notes


@pytest.mark.parametrize("seed", range(4))
def test_up_and_back_within_weeks_is_found(seed):
    bias, notes, _ = made_of(np.where((AGE < 30) & (AGE >= 8), np.log(1.4), 0.0), seed=seed, noise=0.06)
    assert abs(bias) < 0.05
    assert "has come back" in notes


def test_growth_of_weeks_is_carried_on_damped_and_said():
    bias, notes, paths = made_of(0.03 * np.maximum(56 - AGE, 0) / 7)
    assert -0.06 < bias < 0.04
    assert "the level grows by" in notes
    steady = made_of(np.zeros(KNOWN + AHEAD))[2]
    assert paths[:, -7:].std() > 1.2 * steady[:, -7:].std()


def test_a_level_that_only_wanders_has_neither_step_nor_growth():
    for seed in range(6):
        bias, notes, _ = made_of(np.zeros(KNOWN + AHEAD), seed=seed)
        assert "level" not in notes
        assert abs(bias) < 0.02


def test_a_young_change_leaves_the_old_level_in_the_spread():
    young, old = (made_of(np.where(days > AGE, np.log(1.5), 0.0))[2][:, -7:] for days in (7, 90))
    assert np.quantile(young, 0.05) < 0.8 < np.quantile(old, 0.05)


def test_notes_pair_what_was_taken_back_and_tell_the_last_lasting_change_by_levels_that_were():
    lasting, up, down = (
        LevelChange(10.0, 0.3, 90, 135.0),
        LevelChange(40.0, 0.5, 60, 135.0),
        LevelChange(50.0, -0.48, 50, 135.0),
    )
    (first, episode) = level_notes([lasting, up, down], 0.0)
    assert "by +35% (90 days of it so far)" in first
    assert "about 135 a day; if it returns, about 98" in first  # 135 / exp(0.3 + 0.02)
    assert "+65% off its usual from 1970-02-10 to 1970-02-19 (10 days) and has come back" in episode
    assert level_notes([lasting, up, down], 45.0) == [episode]
    passed, again = level_notes([lasting, LevelChange(40.0, 0.2, 60, 135.0)], 0.0)
    assert "by +35%, 30 days before it changed again" in passed
    assert "if it returns, about 111" in again


class Days:
    """What the pure functions ask of days."""

    ordinal = np.arange(10.0)

    def __len__(self):
        return 10


def test_older_days_are_moved_by_every_change_after_them():
    changes = (LevelChange(3.0, 0.2, 7, 1.0), LevelChange(6.0, -0.5, 4, 1.0))
    assert as_today(Days(), changes).tolist() == pytest.approx([-0.3] * 3 + [-0.5] * 3 + [0.0] * 4)


def test_a_forecast_misses_the_changes_after_its_origin():
    changes = (LevelChange(3.0, 0.2, 7, 1.0),)
    assert missed(np.array([[1.0], [4.0]]), np.array([2.0, 5.0]), changes).tolist() == [[0.0, 0.2], [0.0, 0.0]]


def test_some_paths_go_back_and_the_further_ahead_the_more():
    moved = going_back(Days(), -1.0, (LevelChange(-5.0, 0.4, 4, 1.0),), np.array([0.0, 0.9]))
    assert (np.diff(moved[0]) < 0).all()
    assert -0.4 < moved[0, -1] < 0
    assert not moved[1].any()
