"""What looks odd against a queue's own past or its site, though nothing is surely wrong: where, and how sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, SiteCalendar

SHORTEST_AHT_S, LONGEST_AHT_S = 10.0, 7_200.0
NIGHT = (0, 5)  # hours in which a day site is closed
DAY_SITE_SHARE = 0.02  # of calls at night up to which a site is one of the day
# share of the weeks, of a shorter history of the days, with calls at night that make them usual
STEADY, LEAST_WEEKS = 0.5, 4
JUMP = 8.0  # times the level before
NEAR_DAYS = np.timedelta64(3, "D")  # of a file's first row
DAYS_EACH_SIDE = 7
WEEKS_EACH_SIDE = 4
TURNED = 0.6  # how much better a shifted weekday pattern must fit
NEARLY = 0.95
ALMOST = 0.02  # relative difference up to which two queues' calls are almost the same
MOST_LOOKED_AT = 40  # queues, the largest first
ENOUGH_ROWS = 400
BUSY_SHARE, BEYOND = 0.05, 1.2
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


Beginnings = Mapping[str, Sequence[tuple[np.datetime64, str]]]


def beginnings(queues: Sequence[pd.DataFrame]) -> dict[str, list[tuple[np.datetime64, str]]]:
    """Of each queue's rows, in order of time: the days on which the rows of another file begin, and that file."""
    told = {}
    for rows in queues:
        codes = pd.factorize(rows["file"])[0]
        at = np.flatnonzero(np.diff(codes)) + 1
        days = rows["start"].iloc[at].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
        told[str(rows["queue"].iloc[0])] = list(zip(days, rows["file"].iloc[at].astype(str), strict=True))
    return told


def odd_figures(
    frame: pd.DataFrame, interval_min: int, files: Beginnings | None = None, site: SiteCalendar | None = None
) -> list[str]:
    """Sentences on a HISTORY table with intervals of ``interval_min`` minutes; ``files`` are its ``beginnings``, and
    ``site`` tells the opening hours that are declared."""
    each = _largest(frame)
    found = []
    for queue, rows in each.items():
        night = partial(_night, site=site)
        looks: tuple[Callable[[pd.DataFrame, int], Iterator[str]], ...] = (_handle_time, _outcomes, _work, night)
        for look in looks:
            found += [f"Queue '{queue}': {told}" for told in look(rows, interval_min)]
        found += [f"Queue '{queue}': {told}" for told in _days(rows, (files or {}).get(queue, ()))]
    return [*found, *_twins(each)]


def _largest(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of the largest queues; a queue's rows lie together."""
    codes, names = pd.factorize(frame["queue"])
    borders = [0, *(np.flatnonzero(np.diff(codes)) + 1), len(codes)]
    each = {str(names[codes[first]]): frame.iloc[first:last] for first, last in pairwise(borders)}
    return dict(sorted(each.items(), key=lambda named: -named[1]["calls"].sum())[:MOST_LOOKED_AT])


def _at(rows: pd.DataFrame) -> str:
    return f"first: {rows['start'].iloc[0]:%Y-%m-%d %H:%M}"


def _handle_time(rows: pd.DataFrame, _: int) -> Iterator[str]:
    if "aht_s" not in rows:
        return
    odd = rows[(rows["aht_s"] < SHORTEST_AHT_S) | (rows["aht_s"] > LONGEST_AHT_S)]
    if len(odd):
        share = len(odd) / max(1, int(rows["aht_s"].notna().sum()))
        sure = "almost surely a wrong unit" if share > 0.5 else "perhaps single calls that went wrong"
        yield (
            f"handle time is below 10 s or above 2 h in {len(odd):,} intervals ({_at(odd)}: "
            f"{odd['aht_s'].iloc[0]:,.0f} s), "
            f"{sure}."
        )


def _outcomes(rows: pd.DataFrame, _: int) -> Iterator[str]:
    """More answered than offered: beyond what the interval before could have left over."""
    if "answered" in rows and rows["answered"].sum() > rows.loc[rows["answered"].notna(), "calls"].sum() * 1.01:
        odd = rows[rows["answered"] > rows["calls"]]
        yield (
            f"more calls are answered than came, in {len(odd):,} intervals ({_at(odd)}): 'calls' is hardly "
            f"those offered."
        )


def _work(rows: pd.DataFrame, interval_min: int) -> Iterator[str]:
    """Agents' time on calls beyond the time of those there."""
    agents = next((name for name in ("present", "scheduled") if name in rows), None)
    if agents is None or "aht_s" not in rows:
        return
    calls = rows["answered"] if "answered" in rows else rows["calls"]
    busy = calls * rows["aht_s"] / (interval_min * 60)
    odd = rows[(busy > BEYOND * rows[agents]) & (rows[agents] > 0)]
    if len(odd) > BUSY_SHARE * max(1, int(busy.notna().sum())):
        yield (
            f"calls took more of agents' time than those {agents} had, in {len(odd):,} intervals "
            f"({_at(odd)}); probably "
            "handle time or agents are of another unit or queue."
        )


def _night(rows: pd.DataFrame, interval_min: int, site: SiteCalendar | None) -> Iterator[str]:
    """A few calls at night, which are neither usual there nor in hours that are declared open."""
    if interval_min >= DAY_MIN:
        return
    hour = rows["start"].dt.hour
    night = rows[(hour >= NIGHT[0]) & (hour < NIGHT[1]) & (rows["calls"] > 0)]
    if site is not None and site.opening:
        night = night[~site.open_mask(pd.DatetimeIndex(night["start"]))]
    if not _usual(night, rows) and 0 < night["calls"].sum() < DAY_SITE_SHARE * rows["calls"].sum():
        yield (
            f"{night['calls'].sum():,.0f} calls came between 00:00 and 05:00 ({_at(night)}), though hardly "
            f"any do: perhaps "
            "another time zone, or times without AM and PM."
        )


def _usual(some: pd.DataFrame, rows: pd.DataFrame) -> bool:
    """Whether ``some`` of the rows come week after week, or day after day where there are few weeks."""
    days, known = (
        frame["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype(int) for frame in (some, rows)
    )
    span = 7 if known[-1] - known[0] >= 7 * LEAST_WEEKS else 1
    return len(np.unique(days // span)) >= STEADY * len(np.unique(known // span))


def _days(rows: pd.DataFrame, files: Sequence[tuple[np.datetime64, str]]) -> Iterator[str]:
    """A level that jumps, a weekday pattern that turns."""
    wall = rows["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    known = rows["calls"].notna().to_numpy()
    if not known.any():
        return
    days, at = np.unique(wall[known], return_inverse=True)
    totals = np.bincount(at, weights=rows["calls"].to_numpy()[known])
    yield from _jump(days, totals, files)
    yield from _turned(days, totals)


def _jump(days: np.ndarray, totals: np.ndarray, files: Sequence[tuple[np.datetime64, str]]) -> Iterator[str]:
    some = totals > 0
    days, totals = days[some], totals[some]
    if len(totals) < 2 * DAYS_EACH_SIDE:
        return
    windows = np.lib.stride_tricks.sliding_window_view(totals, DAYS_EACH_SIDE)
    level = np.median(windows, axis=1)
    before, after = level[:-DAYS_EACH_SIDE], level[DAYS_EACH_SIDE:]
    ratio = np.maximum(after / before, before / after)
    if ratio.max() >= JUMP:
        most = int(np.argmax(ratio))
        steps = np.abs(np.diff(np.log(totals[most : most + 2 * DAYS_EACH_SIDE])))
        day = days[most + 1 + int(np.argmax(steps))]
        begun = [file for first, file in files if abs(first - day) <= NEAR_DAYS]
        cause = f"the file {begun[0]} begins there, probably" if begun else "no file begins there: perhaps"
        yield (
            f"from {day} on a day has {after[most]:,.0f} calls where it had {before[most]:,.0f}; {cause} in another "
            "number style or unit, or of another queue."
        )


def _turned(days: np.ndarray, totals: np.ndarray) -> Iterator[str]:
    """The later weeks' weekday pattern fits the earlier one only when it is moved by some days."""
    weekday = (days.astype(np.int64) + 3) % 7
    half = len(days) // 2
    if min(half, len(days) - half) < 7 * WEEKS_EACH_SIDE or len(np.unique(weekday)) < 7:
        return
    first, second = (
        np.array([np.median(totals[part][weekday[part] == day]) for day in range(7)])
        for part in (slice(None, half), slice(half, None))
    )
    if np.std(first) <= 0.1 * np.mean(first) or np.std(second) <= 0.1 * np.mean(second):
        return
    fits = [float(np.corrcoef(first, np.roll(second, -shift))[0, 1]) for shift in range(7)]
    best = int(np.argmax(fits))
    if best and fits[best] > 0.9 and fits[best] - fits[0] > TURNED:
        yield (
            f"from about {days[half]} on, {WEEKDAYS[best]} looks like {WEEKDAYS[0]} did before: perhaps dates "
            f"of a file "
            "were read in another order, or days were moved."
        )


def _twins(each: dict[str, pd.DataFrame]) -> list[str]:
    """Pairs of queues with almost the same calls."""
    longest = max(each.values(), key=len)["start"]
    starts = longest.iloc[:: max(1, len(longest) // ENOUGH_ROWS)]
    calls = {queue: rows.set_index("start")["calls"].reindex(starts).to_numpy() for queue, rows in each.items()}
    found = []
    for one, other in combinations(calls, 2):
        a, b = calls[one], calls[other]
        both = (a > 0) & ~np.isnan(b)
        if both.sum() < 8 or len(np.unique(a[both])) <= 3:
            continue
        apart = np.abs(a[both] - b[both]) / a[both]
        if (apart <= ALMOST).mean() >= NEARLY:
            same = "the same" if (apart == 0).mean() >= NEARLY else "almost the same"
            sure = "probably" if same == "the same" else "perhaps"
            found.append(
                f"Queues '{one}' and '{other}' have {same} calls in almost every interval "
                f"(from {starts.iloc[0]:%Y-%m-%d} on): {sure} one queue was exported twice."
            )
    return found
