"""Is the forecast worse than it was, where, and since when: the first thing to ask of kept promises.

Each queue's days are judged by their nearest promise. A day since which errors are larger is sought by Welch's test of
the log errors before and after it (Welch 1947, doi:10.1093/biomet/34.1-2.28), over all days and then over those of each
weekday; much is asked of it, as many days are tried.
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
COLUMNS = ("queue", "worse", "since", "before", "lately", "where")


def worsening(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per queue: COLUMNS.

    ``pairs`` has ``queue, start, day, ahead, actual, calls, event_day``. ``before`` and ``lately`` are WAPE: until and
    from the day ``since`` where errors have grown (``worse``), else before and in the last LATELY_DAYS. ``where`` names
    the weekday, hours or event days that most of the growth falls on; "" where it is spread.
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
        return [
            text(
                "No queue is forecast worse than it was. Errors of the last {days} days (before): {spans}.",
                days=digits(str(LATELY_DAYS)),
                spans=spans,
            )
        ]
    if not told:
        return [text("Too few promised days have come to say whether the forecast is worse than it was.")]
    return told


def _grown(row: Any) -> str:
    """One queue that is forecast worse."""
    named = {"queue": row.queue, "since": digits(str(row.since))}
    sizes = {"lately": _percent(row.lately), "before": _percent(row.before)}
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
    """One queue's days that had calls, oldest first."""

    day: np.ndarray
    actual: np.ndarray
    error: np.ndarray

    def wape(self, rows: slice) -> float:
        total = self.actual[rows].sum()
        return float(self.error[rows].sum() / total) if total > 0 else np.nan


def _of_queue(name: str, own: pd.DataFrame) -> dict[str, object]:
    sums = own.groupby("day")[["actual", "error"]].sum()
    sums = sums[sums["actual"] > 0]
    days = _Days(sums.index.to_numpy(), sums["actual"].to_numpy(), sums["error"].to_numpy())
    at = _since(days, (LEAST_BEFORE, LEAST_AFTER))
    if at is None:
        at = _since_of_weekdays(days)
    if at is not None:
        since = pd.Timestamp(days.day[at])
        told = {"worse": True, "since": since.date(), "where": _where(own, since)}
        return {"queue": name, **told, "before": days.wape(slice(0, at)), "lately": days.wape(slice(at, None))}
    late = int((days.day > days.day[-1] - np.timedelta64(LATELY_DAYS, "D")).sum()) if len(days.day) else 0
    split = len(days.day) - late
    spans = {"before": days.wape(slice(0, split)), "lately": days.wape(slice(split, None))}
    return {"queue": name, "worse": False, "since": None, **spans, "where": ""}


def _since(days: _Days, least: tuple[int, int]) -> int | None:
    """Place of the day from which errors are larger; None where none stands out. ``least`` days before and after it."""
    size = np.log(np.maximum(days.error / days.actual, LEAST_ERROR))
    best, surest = None, LEAST_SCORE
    for at in range(least[0], len(size) - least[1] + 1):
        ratio = days.wape(slice(at, None)) / max(days.wape(slice(0, at)), LEAST_ERROR)
        score = _score(size[:at], size[at:])
        if score > surest and ratio >= LEAST_RATIO:
            best, surest = at, score
    return best


def _score(before: np.ndarray, after: np.ndarray) -> float:
    """Normal score of Welch's test that ``after`` is larger."""
    from scipy.stats import norm, t

    parts = before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)
    spread = max(sum(parts), 1e-12)
    freedom = spread**2 / max(parts[0] ** 2 / (len(before) - 1) + parts[1] ** 2 / (len(after) - 1), 1e-24)
    return float(norm.isf(t.sf((after.mean() - before.mean()) / np.sqrt(spread), freedom)))


def _since_of_weekdays(days: _Days) -> int | None:
    """The earliest place from which one weekday's errors are larger; None where no weekday's are."""
    weekday = pd.DatetimeIndex(days.day).day_of_week.to_numpy()
    found = []
    for k in range(7):
        place = np.flatnonzero(weekday == k)
        at = _since(_Days(days.day[place], days.actual[place], days.error[place]), LEAST_WEEKDAYS)
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
