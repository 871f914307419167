"""Covariances that are kept are those that would be worked out, of these days and no others."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.day_level import remembered
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.kernels import day_terms, second_opinion


def facts(first="2025-01-01", days=500):
    return describe(dates_between(dt.date.fromisoformat(first), days), SiteCalendar(country="US"))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(remembered, "_kept", type(remembered._kept)())


def test_kept_or_not_a_kernel_says_the_same():
    one, same, other = facts(), facts(), facts("2025-01-02")
    for term in second_opinion(day_terms(500, periods=False)):
        first = term.kernel(one, one).copy()
        remembered._kept.clear()
        assert np.array_equal(first, term.kernel(same, same)), term.name
        assert np.array_equal(term.kernel(one, other), term.kernel(other, one).T), term.name


def test_equal_days_share_a_kernel_and_others_do_not():
    term = next(term for term in day_terms(500, periods=False) if term.name == "holiday_name")
    kept = term.kernel(facts(), facts())
    assert term.kernel(facts(), facts()) is kept
    renamed = facts()
    renamed.holiday_name[renamed.holiday_name == "New Year's Day"] = "Year's Eve"
    assert not np.array_equal(term.kernel(renamed, facts()), kept)
    assert term.kernel(facts("2025-01-03"), facts()) is not kept
    with pytest.raises(ValueError, match="read-only"):
        kept[0, 0] = 2.0


def test_the_oldest_go(monkeypatch):
    monkeypatch.setattr(remembered, "KEPT_BYTES", 3 * 500 * 500 * 8)
    for term in day_terms(500, periods=False):
        term.kernel(facts(), facts())
    assert sum(each.nbytes for each in remembered._kept.values()) <= remembered.KEPT_BYTES
    assert len(remembered._kept) == 3
