"""How alike two days are, cause by cause: the covariance terms of the calendar regression.

Each term is a positive semi-definite kernel over day facts, with a prior variance in log units
(0.01 is an effect of about 10 %). Two days share an effect to the degree the kernel says. Kernels are functions of this
module with their numbers filled in, so that what is fitted can be written down (see ``written``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from staffing.forecast.day_level.days import NO_HOLIDAY, DayFacts
from staffing.forecast.day_level.remembered import remembered

YEAR_DAYS = 365.25
MONTH_WORKING_DAYS = 12  # days further from the month's start, or end, are all alike
Kernel = Callable[[DayFacts, DayFacts], np.ndarray]


@dataclass(frozen=True)
class Term:
    """One cause: ``group`` is the name under which the explanation shows it."""

    name: str
    group: str
    prior_variance: float
    kernel: Kernel


def _gap(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(a[:, None] - b[None, :])


def _same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.dtype == object:  # names: numbers are compared a hundred times as fast
        place = np.unique(np.concatenate([a, b]), return_inverse=True)[1]
        a, b = place[: len(a)], place[len(a) :]
    return (a[:, None] == b[None, :]).astype(float)


def _by_value(a: np.ndarray, b: np.ndarray, kernel: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """``kernel`` worked out on the distinct values alone: there are 366 dates of the year, and thousands of days."""
    values, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    return kernel(values)[place[: len(a)]].take(place[len(a) :], axis=1)


@remembered
def _constant(a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.ones((len(a), len(b)))


def _fading(days: float) -> Kernel:
    """A level that wanders and is forgotten over ``days`` (Ornstein–Uhlenbeck)."""
    return partial(_faded, days)


@remembered
def _faded(days: float, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.asarray(np.exp(-_gap(a.ordinal, b.ordinal) / days))


def _smooth(days: float) -> Kernel:
    return partial(_smoothed, days)


@remembered
def _smoothed(days: float, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * (_gap(a.ordinal, b.ordinal) / days) ** 2))


@remembered
def _weekday(a: DayFacts, b: DayFacts) -> np.ndarray:
    return _same(a.weekday, b.weekday)


def _drifting_weekday(days: float) -> Kernel:
    return partial(_drifted, days)


@remembered
def _drifted(days: float, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.asarray(_weekday(a, b) * np.exp(-_gap(a.ordinal, b.ordinal) / days))


@remembered
def _month(a: DayFacts, b: DayFacts) -> np.ndarray:
    """Days alike in their distance from the month's start, or from its end (pay days, bills, rent)."""
    start = _by_value(np.minimum(a.day_of_month, 16), np.minimum(b.day_of_month, 16), _near_date)
    return start + _by_value(np.minimum(a.days_to_month_end, 15), np.minimum(b.days_to_month_end, 15), _near_date)


def _near_date(date: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * (_gap(date, date) / 1.5) ** 2))


@remembered
def _working_day(a: DayFacts, b: DayFacts) -> np.ndarray:
    """Days but weekends alike in the working days since the month's start, or until its end, as pay days are."""
    counted = [
        (np.minimum(one.working_days_in, MONTH_WORKING_DAYS), np.minimum(one.working_days_left, MONTH_WORKING_DAYS))
        for one in (a, b)
    ]
    near = sum(np.exp(-0.5 * (_gap(x, y) / 0.7) ** 2) for x, y in zip(*counted, strict=True))
    return np.asarray(near * np.outer(~a.weekend, ~b.weekend))


def _year(days: float) -> Kernel:
    """Days alike in their date, within about ``days`` of each other, whatever the year."""
    return partial(_alike_in_date, days * 2 * np.pi / YEAR_DAYS)


@remembered
def _alike_in_date(scale: float, a: DayFacts, b: DayFacts) -> np.ndarray:
    return _by_value(
        a.year_angle,
        b.year_angle,
        lambda angle: np.exp(-2 * (np.sin((angle[:, None] - angle[None, :]) / 2) / scale) ** 2),
    )


@remembered
def _holiday(a: DayFacts, b: DayFacts) -> np.ndarray:
    near = (a.holiday_offset != NO_HOLIDAY)[:, None]
    return near * _same(a.holiday_offset, b.holiday_offset)


@remembered
def _holiday_weekday(a: DayFacts, b: DayFacts) -> np.ndarray:
    return _holiday(a, b) * _weekday(a, b)


@remembered
def _holiday_name(a: DayFacts, b: DayFacts) -> np.ndarray:
    return _holiday(a, b) * _same(a.holiday_name, b.holiday_name)


@remembered
def _kept(a: DayFacts, b: DayFacts) -> np.ndarray:
    """Days that many keep though they are no public holidays, all alike."""
    return np.outer(a.kept_name != "", b.kept_name != "").astype(float)


@remembered
def _kept_name(a: DayFacts, b: DayFacts) -> np.ndarray:
    return _kept(a, b) * _same(a.kept_name, b.kept_name)


def _on_the_day(kernel: Kernel) -> Kernel:
    return partial(_both_on, kernel)


@remembered
def _both_on(kernel: Kernel, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.asarray(kernel(a, b) * np.outer(a.holiday_offset == 0, b.holiday_offset == 0))


def _beside_the_day(kernel: Kernel) -> Kernel:
    return partial(_both_beside, kernel)


@remembered
def _both_beside(kernel: Kernel, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.asarray(kernel(a, b) * np.outer(a.holiday_offset != 0, b.holiday_offset != 0))


def _period(a: DayFacts, b: DayFacts) -> np.ndarray:
    return a.periods @ b.periods.T


def day_terms(history_days: int, *, periods: bool, kept_days: bool = False) -> tuple[Term, ...]:
    """The terms a history of ``history_days`` can support, with named ``periods`` in it, or days that many keep; the
    year's shape needs more than one year."""
    terms = [
        Term("constant", "level", 1.0, _constant),
        Term("trend", "level", 0.03, _smooth(365)),
        Term("level", "level", 0.01, _fading(60)),
        Term("carry", "level", 0.004, _fading(1.5)),
        Term("weekday", "weekday", 0.1, _weekday),
        Term("weekday_slow", "weekday", 0.003, _drifting_weekday(150)),
        Term("month", "day of month", 0.002, _month),
        Term("holiday", "holiday", 0.03, _holiday),
        Term("holiday_weekday", "holiday", 0.01, _holiday_weekday),
        Term("holiday_name", "holiday", 0.05, _holiday_name),
    ]
    if history_days > 400:
        terms += [Term("year", "season", 0.01, _year(50)), Term("year_days", "season", 0.003, _year(8))]
    if periods:
        terms.append(Term("period", "period", 0.02, _period))
    if kept_days:
        terms += [Term("kept", "holiday", 0.01, _kept), Term("kept_name", "holiday", 0.01, _kept_name)]
    return tuple(terms)


def second_opinion(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """``terms`` with the doubtful ones seen otherwise.

    Single dates of the year count for nothing; holidays, whose effects are large, are kept apart from the days beside
    them; the day of the month matters less, working days are counted too; the level wanders fast and slowly, and
    weekdays drift within weeks.
    """
    doubtful = {"level", "year_days", "month", "holiday", "holiday_weekday", "holiday_name"}
    return (
        *(term for term in terms if term.name not in doubtful),
        Term("level_fast", "level", 0.01, _fading(25)),
        Term("level_slow", "level", 0.01, _fading(250)),
        Term("weekday_fast", "weekday", 0.002, _drifting_weekday(40)),
        Term("month", "day of month", 0.0005, _month),
        Term("working_day", "day of month", 0.002, _working_day),
        Term("holiday", "holiday", 0.03, _on_the_day(_holiday)),
        Term("holiday_weekday", "holiday", 0.01, _on_the_day(_holiday_weekday)),
        Term("holiday_name", "holiday", 0.05, _on_the_day(_holiday_name)),
        Term("beside_holiday", "holiday", 0.005, _beside_the_day(_holiday)),
        Term("beside_holiday_name", "holiday", 0.005, _beside_the_day(_holiday_name)),
    )


def shift_term(first_day: float) -> Term:
    """A level that changed on ``first_day`` (ordinal) and stayed."""
    return Term(f"shift {first_day:.0f}", "level", 0.1, partial(_since, first_day))


def _since(first_day: float, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.outer(a.ordinal >= first_day, b.ordinal >= first_day).astype(float)


def handle_time_terms() -> tuple[Term, ...]:
    """Causes of a day's mean handle time, log units."""
    return (
        Term("constant", "level", 1.0, _constant),
        Term("trend", "level", 0.03, _smooth(365)),
        Term("level", "level", 0.005, _fading(60)),
        Term("weekday", "weekday", 0.003, _weekday),
        Term("holiday", "holiday", 0.0002, _holiday),
    )


def young_weekday_term(weekday: int) -> Term:
    """A weekday known for a few weeks only: what the others are alike in says little of it."""
    return Term(f"young weekday {weekday}", "weekday", 2.0, partial(_both_of, weekday))


def _both_of(weekday: int, a: DayFacts, b: DayFacts) -> np.ndarray:
    return np.outer(a.weekday == weekday, b.weekday == weekday).astype(float)


def shape_terms(*, periods: bool, kept_days: bool) -> tuple[Term, ...]:
    """Causes that bend the shape of the day; variances relative to the variance of the shape itself."""
    terms = [
        Term("constant", "level", 0.33, _constant),
        Term("slow", "level", 0.06, _fading(200)),
        Term("level", "level", 0.08, _fading(60)),
        Term("carry", "level", 0.04, _fading(5)),
        Term("weekday", "weekday", 0.33, _weekday),
        Term("weekday_slow", "weekday", 0.04, _drifting_weekday(90)),
        Term("month", "day of month", 0.02, _month),
        Term("holiday", "holiday", 0.16, _holiday),
        Term("holiday_weekday", "holiday", 0.08, _holiday_weekday),
        Term("holiday_name", "holiday", 0.08, _holiday_name),
    ]
    if periods:
        terms.append(Term("period", "period", 0.08, _period))
    if kept_days:
        terms += [Term("kept", "holiday", 0.04, _kept), Term("kept_name", "holiday", 0.04, _kept_name)]
    return tuple(terms)
