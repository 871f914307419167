"""Day shapes against values worked out by hand."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.demand import Event
from staffing.forecast.events.shapes import SHAPES, growth, response_basis, usual_size

FIRST = dt.date(2024, 5, 6)
DATES = np.datetime64(FIRST) + np.arange(-4, 10)


def shape(name, days=1):
    end = None if days == 1 else FIRST + dt.timedelta(days=days - 1)
    event = Event(name="e", kind="k", start=FIRST, end=end)
    return response_basis(event, DATES)[:, SHAPES.index(name)].round(3).tolist()


def test_a_pulse_holds_on_its_days_only():
    assert shape("pulse", 3) == [0] * 4 + [1, 1, 1] + [0] * 7


def test_an_event_without_an_end_lasts_one_day():
    assert shape("pulse") == [0] * 4 + [1] + [0] * 9


def test_a_decay_halves_every_half_life_from_day_one():
    assert shape("decay 3")[4:11] == pytest.approx([1, 0.794, 0.63, 0.5, 0.397, 0.315, 0.25], abs=1e-3)


def test_a_fade_begins_after_the_last_day():
    assert shape("fade 2", 3)[3:9] == pytest.approx([0, 1, 1, 1, 0.707, 0.5], abs=1e-3)


def test_a_step_stays_and_a_ramp_takes_a_week():
    assert shape("step") == [0] * 4 + [1] * 10
    assert shape("ramp")[3:] == pytest.approx([0, *(np.arange(1, 8) / 7), 1, 1, 1], abs=1e-3)


def test_what_comes_late_rises_to_its_peak_and_falls():
    late = shape("late 5")
    assert late[:4] == [0] * 4
    assert late[9] == 1  # five days after the first
    assert late[7] == late[11] == pytest.approx(np.exp(-0.5 * (2 / 1.9) ** 2), abs=1e-3)


def test_weekdays_are_told_by_events_of_a_week_or_more():
    tuesdays = [0] * 14
    tuesdays[5] = tuesdays[12] = 1  # the first day is a Monday
    assert shape("weekday 1", 9) == tuesdays
    assert shape("weekday 1", 6) == [0] * 14


def test_before_and_after_lie_outside_the_event():
    assert shape("before", 2)[:5] == [0, 0.25, 0.5, 1, 0]
    assert shape("after", 2)[4:9] == [0, 0, 1, 0.5, 0.25]


def sized(size):
    return Event(name="e", kind="k", start=FIRST, size=size)


def test_growth_is_a_power_of_size_over_the_usual():
    usual = usual_size([sized(2.0), sized(8.0), sized(None), sized(0.0)])
    assert usual == pytest.approx(4.0)
    assert growth(sized(16.0), usual, 0.5) == pytest.approx(2.0)
    assert growth(sized(None), usual, 0.5) == 1.0
    assert growth(sized(0.0), usual, 0.0) == 0.0
    assert growth(sized(16.0), None, 0.5) == 1.0
