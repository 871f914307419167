"""The calendar regression fitted to days with events, and the level shifts that nothing else explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import day_terms, shift_term, young_weekday_term
from staffing.forecast.day_level.level_changes import LevelChange, as_today
from staffing.forecast.day_level.regression import Regression, fit_regression
from staffing.forecast.day_level.shifts import find_shifts
from staffing.forecast.day_level.weekdays import AWAY_DAYS
from staffing.forecast.events.effects import rough_terms

EVENT_SHIFT_DAYS = 10
YOUNG_WEEKS = 8
LASTING_DAYS = 6  # with fewer since, a shift is a break that may pass
SINCE_GAP_DAYS = 3  # from which on these, and not those before a gap, tell the level
SHIFTING_SHARE = 0.25  # of a kind's events, that must begin with a shift for it to be theirs


def calendar_regression(
    facts: DayFacts, log_total: np.ndarray, poisson: np.ndarray, events: Sequence[Event]
) -> tuple[Regression, tuple[float, ...]]:
    """The regression on known days, past ``events`` roughly allowed for, and the level shifts found.

    A shift that begins with an event is left to the event, if enough events of its kind begin with one.
    """
    terms = day_terms(len(facts), periods=facts.any_period, kept_days=facts.any_kept) + rough_terms(events)
    terms += tuple(young_weekday_term(day) for day in young_weekdays(facts.weekday))
    kernels = [term.kernel(facts, facts) for term in terms]
    regression = fit_regression(facts, log_total, poisson, terms, kernels=kernels)
    returns = _returns(facts)
    shifts = _unexplained(_lasting(find_shifts(regression, returns=returns), facts, returns), events)
    if shifts:
        moved = tuple(shift_term(day) for day in shifts)
        kernels += [term.kernel(facts, facts) for term in moved]
        regression = fit_regression(facts, log_total, poisson, terms + moved, kernels=kernels)
    return regression, shifts


def at_todays_level(regression: Regression, changes: Sequence[LevelChange]) -> Regression:
    """The regression fitted anew, without terms for the ``changes``, to days told as if at today's level."""
    terms = tuple(term for term in regression.terms if not term.name.startswith("shift "))
    told = regression.log_total + as_today(regression.facts, changes)
    return fit_regression(regression.facts, told, regression.poisson, terms)


def young_weekdays(weekday: np.ndarray) -> list[int]:
    """Weekdays known for YOUNG_WEEKS at most, where others are known for far longer."""
    seen = np.bincount(weekday, minlength=7)
    return [day for day in range(7) if 0 < seen[day] <= min(YOUNG_WEEKS, seen.max() / 3)]


def _returns(facts: DayFacts) -> list[float]:
    """The first days after gaps in the known days, once there are some since."""
    first = facts.ordinal[1:][np.diff(facts.ordinal) > AWAY_DAYS]
    return [day for day in first.tolist() if (facts.ordinal >= day).sum() >= SINCE_GAP_DAYS]


def _lasting(shifts: Sequence[float], facts: DayFacts, returns: Sequence[float]) -> list[float]:
    """Those that have lasted, or go with a gap; the others are left to `find_break`."""
    return [day for day in shifts if day in returns or (facts.ordinal >= day).sum() >= LASTING_DAYS]


def _unexplained(shifts: Sequence[float], events: Sequence[Event]) -> tuple[float, ...]:
    """Shifts that no kind of event accounts for: one special day in thirty beside a shift did not make it."""
    explained: set[float] = set()
    for kind in {event.kind for event in events}:
        starts = np.array([np.datetime64(e.start, "D").astype("int64") for e in events if e.kind == kind])
        near = np.abs(starts[:, None] - np.array(shifts)[None, :]) <= EVENT_SHIFT_DAYS
        if near.any(axis=1).mean() >= SHIFTING_SHARE:
            explained |= {day for day, beside in zip(shifts, near.any(axis=0), strict=True) if beside}
    return tuple(day for day in shifts if day not in explained)
