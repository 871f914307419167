"""How risky a day is for what it is, against planted errors."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_risk import learn_risk

KNOWN = describe(dates_between(dt.date(2022, 1, 1), 500), SiteCalendar(country="US"))
TURN = (KNOWN.day_of_month <= 2) | (KNOWN.days_to_month_end <= 1)
PLAIN = (KNOWN.holiday_offset == 99) & ~TURN


def learned(scale, seed=5):
    """Three errors of each day, with this standard deviation."""
    day = np.repeat(np.arange(len(KNOWN)), 3)
    size = np.abs(np.random.default_rng(seed).normal(size=len(day)) * scale[day])
    return learn_risk(KNOWN, day, size, np.ones(len(day))).of(KNOWN)


@pytest.mark.parametrize("wild", [KNOWN.holiday_offset == 0, KNOWN.weekday == 5, TURN])
def test_days_that_err_more_for_what_they_are_are_riskier(wild):
    """Holidays, Saturdays, or the turns of months err three times as much as the others."""
    risk = learned(np.where(wild, 3.0, 1.0))
    assert risk[wild].mean() / risk[PLAIN & ~wild].mean() > 2.0


def test_days_that_err_alike_are_hardly_told_apart():
    risk = learned(np.ones(len(KNOWN)))[PLAIN]
    assert risk.max() / risk.min() < 1.25


def test_one_outage_makes_no_kind_of_day_risky():
    scale = np.ones(len(KNOWN))
    scale[460] = 40.0
    risk = learned(scale)
    assert risk[460] < 1.3 * np.median(risk[PLAIN])


@pytest.mark.parametrize("errors", [0, 30])
def test_without_errors_that_stray_the_rule_holds(errors):
    risk = learn_risk(KNOWN, np.arange(errors), np.zeros(errors), np.ones(errors)).of(KNOWN)
    assert risk[PLAIN] == pytest.approx(1.0)
    assert risk[(KNOWN.holiday_offset == 0) & ~TURN] == pytest.approx(1.5)
