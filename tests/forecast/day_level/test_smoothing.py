"""Exponential smoothing, every past origin at once."""

import numpy as np
import pytest

from staffing.forecast.day_level.models.smoothing import RATES, fit_smoothing


def test_surprises_are_what_came_less_the_forecast_of_the_evening_before():
    rng = np.random.default_rng(3)
    weekday = np.arange(60) % 7
    targets = rng.normal(5.0, 0.2, (60, 2))
    smoothing = fit_smoothing(weekday, targets)
    made = smoothing.surprises(weekday, targets)
    for day in (0, 17, 59):
        said = smoothing.from_origin(day, weekday[day : day + 1])[0]
        assert made[day] == pytest.approx(np.repeat(targets[day], len(RATES)) - said)
