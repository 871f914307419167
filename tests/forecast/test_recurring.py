"""Days that come back after a year have the shape that their older days had."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar, SpecialDays
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.profile import fit_shape
from staffing.forecast.recurring import NamedDays, Recurring, named

FIRST = dt.date(2024, 1, 1)
HOURS = np.arange(24)
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.5, 0.4])
RAMADAN = (("2024-03-11", "2024-04-09"), ("2025-03-01", "2025-03-29"), ("2026-02-18", "2026-03-19"))
SUMMER = (("2024-07-01", "2024-08-15"), ("2025-07-01", "2025-08-15"), ("2026-07-01", "2026-08-15"))
FEAST = tuple((day, day) for day in ("2024-02-20", "2025-02-20", "2026-02-20"))


def bell(peak, width):
    shape = np.exp(-0.5 * ((HOURS - peak) / width) ** 2)
    return shape / shape.sum()


USUAL, EVENING = bell(13, 3.5), 0.4 * bell(13, 3.5) + 0.6 * bell(21, 2.5)


def days_of(times, kind, until):
    special = [SpecialDays(name="theirs", start=start, end=end, kind=kind) for start, end in times]
    facts = describe(dates_between(FIRST, (until - FIRST).days), SiteCalendar(interval_min=60, special_days=special))
    inside = np.zeros(len(facts), dtype=bool)
    for start, end in times:
        inside |= (facts.dates >= np.datetime64(start)) & (facts.dates <= np.datetime64(end))
    return facts, inside


def drawn(facts, shares, level=500.0, seed=1):
    return np.random.default_rng(seed).poisson(level * WEEK[facts.weekday][:, None] * shares).astype(float)


def off(made, truth):
    """Share of the calls that falls elsewhere than it should."""
    return 0.5 * np.abs(made - truth).sum(axis=1).mean()


@pytest.mark.parametrize(
    ("times", "kind", "cutoff", "most"),
    [
        (RAMADAN, "period", dt.date(2026, 2, 15), 0.04),
        (RAMADAN[1:], "period", dt.date(2026, 2, 18), 0.04),
        (RAMADAN, "period", dt.date(2026, 2, 19), 0.04),  # one day of it is known
        (RAMADAN, "period", dt.date(2026, 2, 25), 0.04),
        (SUMMER, "period", dt.date(2026, 6, 28), 0.04),
        (FEAST, "holiday", dt.date(2026, 2, 15), 0.12),
    ],
)
@pytest.mark.parametrize("level", [100.0, 500.0])
def test_what_comes_back_after_a_year_has_its_own_shape(times, kind, cutoff, most, level):
    facts, inside = days_of(times, kind, cutoff + dt.timedelta(days=14))
    truth = np.where(inside[:, None], EVENING, USUAL)
    known = (cutoff - FIRST).days
    made = fit_shape(drawn(facts[:known], truth[:known], level), facts[:known]).shares(facts[known:])
    ahead, coming = truth[known:], inside[known:]
    more = 2.0 if level < 500 else 1.0
    assert off(made[coming], ahead[coming]) < more * most
    assert off(made[~coming], ahead[~coming]) < more * 0.03 if (~coming).any() else True
    assert made.sum(axis=1) == pytest.approx(1.0)


def test_days_of_a_name_that_are_like_all_others_change_nothing():
    """Noise is not taken for a shape, so that a period without one costs nothing."""
    facts, _ = days_of((*RAMADAN, *SUMMER), "period", dt.date(2026, 3, 1))
    plain = describe(facts.dates, SiteCalendar(interval_min=60))
    known = len(facts) - 14
    calls = drawn(facts, np.tile(USUAL, (len(facts), 1)), 200.0)[:known]
    told, untold = (fit_shape(calls, one[:known]).shares(one[known:]) for one in (facts, plain))
    truth = np.tile(USUAL, (14, 1))
    assert off(told, truth) < off(untold, truth) + 0.005


@pytest.mark.parametrize("changed", [dt.date(2025, 3, 10), dt.date(2025, 6, 2), dt.date(2026, 1, 5)])
def test_a_period_is_held_against_the_hours_of_its_time(changed):
    """Open from 9 to 17, since then from 8 to 20; afternoons are twice as busy as mornings in the period.

    What it does after 17 is not known, so that only a part of it can be told.
    """
    facts, inside = days_of(RAMADAN, "period", dt.date(2026, 3, 1))
    early, late = (np.isin(HOURS, range(*hours)).astype(float) for hours in ((9, 17), (8, 20)))
    hours = np.where((facts.dates >= np.datetime64(changed))[:, None], late, early)
    truth = hours * np.where(inside[:, None] & (HOURS >= 13), 2.0, 1.0)
    truth /= truth.sum(axis=1, keepdims=True)
    known = len(facts) - 11
    made = fit_shape(drawn(facts[:known], truth[:known]), facts[:known]).shares(facts[known:])
    assert (made[:, late == 0] < 1e-9).all()
    assert off(made, truth[known:]) < 0.8 * off(np.tile(late / 12, (11, 1)), truth[known:])


def test_a_departure_is_the_difference_to_the_days_around():
    """Counts without noise: the effect is known exactly, and taking it from a day leaves the usual one."""
    facts, inside = days_of(RAMADAN, "period", dt.date(2026, 2, 1))
    drift = np.linspace(0.0, 0.3, len(facts))[:, None]
    shares = (1 - drift) * USUAL + drift * bell(10, 3.0)
    calls = 1000.0 * np.where(inside[:, None], shares + EVENING - USUAL, shares)
    found = NamedDays.of(calls, facts, len(facts) - 300).periods()
    assert found.names == ("period theirs",)
    assert found.effects[0] == pytest.approx(EVENING - USUAL, abs=0.003)
    assert found.effects.sum() == pytest.approx(0.0, abs=1e-12)
    assert found.taken_from(calls, facts)[inside] == pytest.approx(1000.0 * shares[inside], abs=4.0)
    assert found.taken_from(calls, facts).sum(axis=1) == pytest.approx(1000.0)
    assert not named(facts, ["period another"]).any()
    assert not Recurring.none(24).of(facts).any()
