"""Day totals out of interval counts: part-missing days made whole, closed days told from outages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.counts import NAMES, QueueCounts, weekday_of
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.idle_days import idle_note, idle_shares
from staffing.forecast.day_level.weekdays import SHUT_SHARE, SURE_CALLS, away_days, learn_weekdays

MIN_SHARE_SEEN = 0.3  # of a day's usual calls, below which its total is not guessed
RARE_ABSENCE = 0.1  # where more days than this have no rows, an absent day says nothing
MANY_HOLIDAYS, NEARLY_ALL = 4, 0.9
YEAR = np.timedelta64(364, "D")  # whole weeks
ONE_TIME_DAYS = 30  # days of one name that are one time of it: Nowruz has four


@dataclass(frozen=True)
class DayTotals:
    """Calls per day of one queue.

    Attributes
    ----------
    total : calls, NaN where missing, shut or out of order.
    shut : the day had rows, or should have had, and (nearly) no calls.
    usual : calls of a usual day of that weekday.
    closed_weekday : seven flags, learned from history or set by the calendar.
    older : days that count for nothing: of a weekday before it was last opened, and those of a gap.
    idle : per weekday, the share of its days that are at zero though the weekday is worked.
    in_part : days some of whose hours are missing, made whole.
    away : past dates on which a queue that is silent now was silent as well, before it came back.
    notes : what changed in the week, and what contradicts the declared hours.
    """

    dates: np.ndarray
    total: np.ndarray
    shut: np.ndarray
    usual: np.ndarray
    closed_weekday: np.ndarray
    older: np.ndarray
    idle: np.ndarray
    in_part: np.ndarray
    away: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> np.ndarray:
        return np.flatnonzero(np.isfinite(self.total))


def day_totals(counts: QueueCounts, ordinary: np.ndarray | None = None) -> DayTotals:
    """Totals of every day; a day with outage hours is scaled up by the share usually seen in the others.

    ``ordinary`` says which days are no holiday; all of them, if left out.
    """
    weekday = weekday_of(counts.dates)
    total = _whole_days(counts, weekday)
    seen = np.asarray(np.nan_to_num(total))
    open_day = np.asarray(counts.open.any(axis=1))
    usual_by_weekday = np.array([_usual(total[np.asarray((weekday == k) & (seen > 0))]) for k in range(7)])
    ordinary = np.ones(len(total), bool) if ordinary is None else ordinary
    week = learn_weekdays(counts, total, ordinary)
    closed, older = week.closed, week.gap | (np.arange(len(total)) < week.opened[weekday])
    usual = usual_by_weekday[weekday]
    sure = np.asarray(usual > SURE_CALLS)
    absent = np.isnan(counts.calls).all(axis=1) & ~closed[weekday]
    tells = ~absent | (absent.mean() < RARE_ABSENCE)
    shut = ~closed[weekday] & (~open_day | (tells & sure & (seen < SHUT_SHARE * usual)))
    if counts.unknown is not None:
        shut &= ~counts.unknown
    shut &= ~older
    recorded = ordinary & np.isfinite(counts.calls).any(axis=1)
    idle = idle_shares(weekday, shut & recorded & open_day, recorded & ~shut & ~older & ~closed[weekday])
    total = np.where(shut | older | closed[weekday], np.nan, total)
    return DayTotals(
        dates=counts.dates,
        total=total,
        shut=shut,
        usual=usual,
        closed_weekday=closed,
        older=older,
        idle=idle,
        in_part=np.asarray(np.isnan(np.where(counts.open, counts.calls, 0.0)).any(axis=1)),
        away=away_days(counts, seen),
        notes=(*week.notes, *idle_note(idle, NAMES)),
    )


def usual_calls(totals: DayTotals) -> np.ndarray:
    """Median calls of the last known days of each weekday; 0 where closed, or without any."""
    weekday = weekday_of(totals.dates)
    known = [totals.total[(weekday == k) & np.isfinite(totals.total)] for k in range(7)]
    return np.array([_usual(one) for one in known])


def _usual(totals: np.ndarray) -> float:
    return float(np.median(totals[-12:])) if len(totals) else 0.0


def _whole_days(counts: QueueCounts, weekday: np.ndarray) -> np.ndarray:
    calls = np.where(counts.open, counts.calls, 0.0)
    missing = np.isnan(calls)
    total = np.where(missing.all(axis=1) | ~counts.open.any(axis=1), np.nan, np.nansum(calls, axis=1))
    total[(missing | ~counts.open).all(axis=1)] = np.nan
    part = np.flatnonzero(missing.any(axis=1) & np.isfinite(total))
    for day in part:
        alike = calls[(weekday == weekday[day]) & ~missing.any(axis=1)]
        shape = alike.mean(axis=0) if len(alike) else np.nan_to_num(calls).mean(axis=0)
        share = shape[~missing[day]].sum() / max(shape.sum(), 1e-9)
        total[day] = total[day] / share if share >= MIN_SHARE_SEEN else np.nan
    return total


def expected_shut(facts: DayFacts, history: DayFacts, totals: DayTotals) -> np.ndarray:
    """Which future days are shut: closed weekdays, holidays that history shows shut, and days of the year on which a
    queue that is silent now was silent before.

    A holiday seen before is what it was last time. One never seen is taken as shut only where (nearly) all of many
    other holidays were: an open day planned as closed has nobody on the phones, the other way round costs hours.
    """
    met = met_holidays(history, totals)
    others_shut = met.sum() >= MANY_HOLIDAYS and totals.shut[met].mean() >= NEARLY_ALL
    out = totals.closed_weekday[facts.weekday] | np.isin(facts.dates - YEAR, totals.away)
    for day in np.flatnonzero((facts.holiday_offset == 0) & ~out):
        times = np.flatnonzero(met & (history.holiday_name == facts.holiday_name[day]))
        last = times[history.ordinal[times] > history.ordinal[times[-1]] - ONE_TIME_DAYS] if len(times) else times
        out[day] = totals.shut[last].mean() > 0.5 if len(last) else others_shut
    return out


def met_holidays(history: DayFacts, totals: DayTotals) -> np.ndarray:
    """Which days of ``history`` were holidays on weekdays that are worked, known to be shut or not."""
    known = totals.shut | np.isfinite(totals.total)
    return np.asarray((history.holiday_offset == 0) & ~totals.closed_weekday[history.weekday] & known)


def changed_holidays(facts: DayFacts, history: DayFacts, totals: DayTotals) -> np.ndarray:
    """Which of the days ``facts`` are holidays that were shut at some times and worked at others."""
    met = met_holidays(history, totals)
    shut, worked = (set(history.holiday_name[met & was]) for was in (totals.shut, ~totals.shut))
    return np.asarray((facts.holiday_offset == 0) & np.isin(facts.holiday_name.astype(str), sorted(shut & worked)))
