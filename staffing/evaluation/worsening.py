"""Is the forecast worse than it was, where, and since when: the first thing to ask of kept promises.

Each queue's days are judged by their nearest promise. A day since which errors are larger is sought in two ways, over
all days and then over those of each weekday and of two side by side; much is asked of both, as many days are tried. The
errors of intervals, summed by day, are held against those before by Welch's test of their logs (Welch 1947,
doi:10.1093/biomet/34.1-2.28). In a small queue they are mostly counting noise, which hides days that stray as a whole:
so the squares of what whole days are off by, those of outages cut, are held against those before by the ratio of their
means, with fewer degrees of freedom the more the days before swing and the longer they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from staffing.language import digits, marked, text

LEAST_BEFORE, LEAST_AFTER = 14, 7  # days with calls
LEAST_WEEKDAYS = 8, 4  # the same of one weekday
LEAST_SCORE = 5.0  # normal score; many days are tried, and a nightly alarm must not cry wolf
LEAST_TOTALS_SCORE = 4.1  # the same of totals: fewer days are tried in vain, as their score allows for how they swing
CUT = 4.0  # usual errors; days that are off by more count as this
MOST_LASTING = 0.6  # correlation from one day to the next that is allowed for
LEAST_RATIO = 1.25
LATELY_DAYS = 28
MOSTLY = 0.3  # of what errors grew by that falls on a place beyond its share of contacts
BLOCK_HOURS = 4
LEAST_ERROR = 0.002  # of a day's calls: errors below it are alike
ON_EVENTS = marked("on event days")
ON_WEEKDAYS = (
    marked("on Mondays"),
    marked("on Tuesdays"),
    marked("on Wednesdays"),
    marked("on Thursdays"),
    marked("on Fridays"),
    marked("on Saturdays"),
    marked("on Sundays"),
)
INTERVALS, TOTALS = "intervals", "day totals"
COLUMNS = ("queue", "worse", "since", "before", "lately", "where", "errors_of")


def worsening(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per queue: COLUMNS.

    ``pairs`` has ``queue, start, day, ahead, actual, calls, event_day``. ``before`` and ``lately`` are WAPE: until and
    from the day ``since`` where errors have grown (``worse``), else before and in the last LATELY_DAYS. ``where`` names
    the weekday, hours or event days that most of the growth falls on; "" where it is spread. ``errors_of`` tells what
    the two WAPE are of: intervals, or day totals where only those show it.
    """
    nearest = pairs.sort_values("ahead", kind="stable").drop_duplicates(["queue", "start"])
    nearest = nearest.assign(error=(nearest["actual"] - nearest["calls"]).abs())
    rows = [_of_queue(str(name), own) for name, own in nearest.groupby("queue", sort=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def sentences(found: pd.DataFrame) -> list[str]:
    """What ``worsening`` found, in the spoken language, the worst first; that nothing is worse, where nothing is."""
    worse = found[found["worse"].astype(bool)]  # of no queue, the column holds objects
    worse = worse.assign(ratio=worse["lately"] / worse["before"]).sort_values("ratio", ascending=False)
    told = [_grown(row) for row in worse.itertuples()]
    known = found.dropna(subset=["before", "lately"])
    if not told and len(known):
        spans = ", ".join(f"{row.queue} {_percent(row.lately)} ({_percent(row.before)})" for row in known.itertuples())
        calm = text(
            "No queue is forecast worse than it was. Errors of the last {days} days (before): {spans}.",
            days=digits(str(LATELY_DAYS)),
            spans=spans,
        )
        larger = ", ".join(known.loc[known["lately"] >= LEAST_RATIO * known["before"], "queue"])
        return [calm, *([text("{queues}: errors are larger, by what chance may do.", queues=larger)] * bool(larger))]
    if not told:
        return [text("Too few promised days have come to say whether the forecast is worse than it was.")]
    return told


def _grown(row: Any) -> str:
    """One queue that is forecast worse."""
    named = {"queue": row.queue, "since": digits(str(row.since))}
    sizes = {"lately": _percent(row.lately), "before": _percent(row.before)}
    if row.errors_of == TOTALS:
        totals = text(
            "{queue}: worse since {since}: whole days are off by {lately} of contacts, {before} before.",
            **named,
            **sizes,
        )
        return f"{totals} {text('Mostly {where}.', where=_said(row.where))}" if row.where else totals
    if not row.where:
        return text("{queue}: worse since {since}: errors are {lately} of contacts, {before} before.", **named, **sizes)
    return text(
        "{queue}: worse since {since}: errors are {lately} of contacts, {before} before; mostly {where}.",
        where=_said(row.where),
        **named,
        **sizes,
    )


def _said(where: str) -> str:
    """A place as ``_where`` names it, in the spoken language."""
    hours = where.removeprefix("from ").split(" to ")
    if len(hours) == 2:
        return text("from {first} to {last}", first=digits(hours[0]), last=digits(hours[1]))
    return text(where)


def _percent(share: float) -> str:
    return digits(f"{share:.1%}")


@dataclass(frozen=True)
class _Days:
    """One queue's days that had calls, oldest first: contacts that came, sums of the absolute errors of their
    intervals, and what the whole day was off by, without sign."""

    day: np.ndarray
    actual: np.ndarray
    error: np.ndarray
    off: np.ndarray

    @classmethod
    def of(cls, own: pd.DataFrame) -> _Days:
        sums = own.groupby("day")[["actual", "calls", "error"]].sum()
        sums = sums[sums["actual"] > 0]
        actual, calls, error = (sums[name].to_numpy(float) for name in ("actual", "calls", "error"))
        return cls(sums.index.to_numpy(), actual, error, np.abs(actual - calls))

    def __len__(self) -> int:
        return len(self.day)

    def at(self, place: np.ndarray) -> _Days:
        """The days at these places alone."""
        return _Days(self.day[place], self.actual[place], self.error[place], self.off[place])

    def wape(self, rows: slice, errors_of: str) -> float:
        total, error = self.actual[rows].sum(), self.off if errors_of == TOTALS else self.error
        return float(error[rows].sum() / total) if total > 0 else np.nan


def _of_queue(name: str, own: pd.DataFrame) -> dict[str, object]:
    days = _Days.of(own)
    at, errors_of = _grown_at(days)
    if at is not None:
        since = pd.Timestamp(days.day[at])
        told = {"worse": True, "since": since.date(), "where": _where(own, since), "errors_of": errors_of}
        spans = {"before": slice(0, at), "lately": slice(at, None)}
        return {"queue": name, **told} | {part: days.wape(span, errors_of) for part, span in spans.items()}
    late = int((days.day > days.day[-1] - np.timedelta64(LATELY_DAYS, "D")).sum()) if len(days) else 0
    split = len(days) - late
    spans = {"before": slice(0, split), "lately": slice(split, None)}
    told = {"worse": False, "since": None, "where": "", "errors_of": INTERVALS}
    return {"queue": name, **told} | {part: days.wape(span, INTERVALS) for part, span in spans.items()}


def _grown_at(days: _Days) -> tuple[int | None, str]:
    """Place of the day from which errors are larger, None where none stands out; and what errors."""
    least = LEAST_BEFORE, LEAST_AFTER
    for errors_of in (INTERVALS, TOTALS):
        if (at := _since(days, least, errors_of)) is not None:
            return at, errors_of
    for errors_of in (INTERVALS, TOTALS):
        if (at := _since_of_weekdays(days, errors_of)) is not None:
            return at, errors_of
    return None, INTERVALS


def _since(days: _Days, least: tuple[int, int], errors_of: str) -> int | None:
    """Place of the day from which errors are larger; None where none stands out. ``least`` days before and after it."""
    best, surest = None, LEAST_TOTALS_SCORE if errors_of == TOTALS else LEAST_SCORE
    logs, off = (np.log(np.maximum(e / days.actual, LEAST_ERROR)) for e in (days.error, days.off))
    for at in range(least[0], len(days) - least[1] + 1):
        parts = days.wape(slice(0, at), errors_of), days.wape(slice(at, None), errors_of)
        if parts[1] < LEAST_RATIO * max(parts[0], LEAST_ERROR):
            continue
        score = _totals_score(np.exp(off), at) if errors_of == TOTALS else _score(logs[:at], logs[at:])
        if score > surest:
            best, surest = at, score
    return best


def _totals_score(off: np.ndarray, at: int) -> float:
    """Normal score of the variance ratio that days from ``at`` on are ``off`` (share of contacts) by more."""
    from scipy.stats import f, norm

    usual = 1.4826 * max(float(np.median(off[:at])), LEAST_ERROR)
    squares = np.minimum(off / usual, CUT) ** 2
    before, after = squares[:at], squares[at:]
    apart = before - before.mean()
    lasting = float(np.clip(apart[1:] @ apart[:-1] / max(apart @ apart, 1e-12), 0.0, MOST_LASTING))
    swing = max(float(before.var()) / (2 * before.mean() ** 2), 1.0) * (1 + lasting) / (1 - lasting)
    chance = f.sf(after.mean() / before.mean(), len(after) / swing, len(before) / swing)
    return float(norm.isf(max(float(chance), 1e-300)))


def _score(before: np.ndarray, after: np.ndarray) -> float:
    """Normal score of Welch's test that ``after`` is larger."""
    from scipy.stats import norm, t

    parts = before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)
    spread = max(sum(parts), 1e-12)
    freedom = spread**2 / max(parts[0] ** 2 / (len(before) - 1) + parts[1] ** 2 / (len(after) - 1), 1e-24)
    return float(norm.isf(t.sf((after.mean() - before.mean()) / np.sqrt(spread), freedom)))


def _since_of_weekdays(days: _Days, errors_of: str) -> int | None:
    """The earliest place from which errors of one weekday are larger, those of totals also of two weekdays side by
    side; None where none are."""
    weekday = pd.DatetimeIndex(days.day).day_of_week.to_numpy()
    singles, pairs = [[k] for k in range(7)], [[k, (k + 1) % 7] for k in range(7)]
    found = list[int]()
    for some in singles + pairs * (errors_of == TOTALS):
        place = np.flatnonzero(np.isin(weekday, some))
        least = (LEAST_WEEKDAYS[0] * len(some), LEAST_WEEKDAYS[1] * len(some))
        at = _since(days.at(place), least, errors_of)
        if at is not None:
            found.append(int(place[at]))
    return min(found, default=None)


def _where(own: pd.DataFrame, since: pd.Timestamp) -> str:
    """The place that the growth of errors falls on far beyond its share of contacts; "" where there is none."""
    late = (own["day"] >= since).to_numpy()
    days = own.loc[late, "day"].nunique(), own.loc[~late, "day"].nunique()
    hour = own["start"].dt.hour.to_numpy() // BLOCK_HOURS * BLOCK_HOURS
    cuts = [own["event_day"].map({True: ON_EVENTS, False: None})]
    cuts.append(own["day"].dt.day_of_week.map(lambda day: ON_WEEKDAYS[day]))
    if own["start"].dt.hour.nunique() > 1:
        cuts.append(pd.Series([f"from {h:02d}:00 to {h + BLOCK_HOURS:02d}:00" for h in hour], index=own.index))
    whole = own.loc[late, "error"].sum() / days[0] - own.loc[~late, "error"].sum() / days[1]
    found, most = "", MOSTLY
    for places in cuts:
        names = places.dropna().unique()
        since_then, before = (own.loc[rows, "error"].groupby(places[rows]).sum() for rows in (late, ~late))
        grown = since_then.reindex(names, fill_value=0.0) / days[0] - before.reindex(names, fill_value=0.0) / days[1]
        contacts = own.loc[late, "actual"].groupby(places[late]).sum().reindex(names, fill_value=0.0)
        beyond = grown / whole - contacts / own.loc[late, "actual"].sum()
        if len(beyond) and whole > 0 and beyond.max() > most:
            most, found = float(beyond.max()), str(beyond.idxmax())
    return found
