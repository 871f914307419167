"""The history that the forecast starts from, its summary, and its sum to coarser intervals."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, INTERVALS_MIN
from staffing.errors import InputError, Where
from staffing.tables import HISTORY

COUNTS = ("calls", "answered", "abandoned")
MEANS = ("aht_s", "wait_s")  # seconds per contact
AGENTS = ("scheduled", "planned_off", "present")


def _told(frame: pd.DataFrame, among: tuple[str, ...] = (*COUNTS, *MEANS, *AGENTS)) -> list[str]:
    """The columns of figures that a history has."""
    return [name for name in among if name in frame]


@dataclass(frozen=True)
class History:
    """Checked interval history.

    ``frame`` follows the table HISTORY: every open interval of each queue from its first to its last, NaN calls
    where the figure is missing, nothing where the site is closed; columns of figures that no file has are not there.
    ``notes`` say in plain sentences what was found
    and decided on the way in.
    """

    frame: pd.DataFrame
    interval_min: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        days, queues = self.frame["start"].dt.date, self.frame["queue"].nunique()
        if self.frame.empty:
            return "<History: nothing>"
        return (
            f"<History: {queues} {'queue' if queues == 1 else 'queues'}, {len(self.frame):,} intervals of "
            f"{self.interval_min} min, {days.iloc[0]} to {days.max()}>"
        )

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: equal for equal histories, whatever file they came from."""
        queue = self.frame["queue"].astype("category").cat.remove_unused_categories().cat
        instants = self.frame["start"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[s]")
        zone, told = (
            str(self.frame["start"].dt.tz),
            [name for name in _told(self.frame) if self.frame[name].notna().any()],
        )
        digest = hashlib.sha256(repr((self.interval_min, zone, queue.categories.tolist(), told)).encode())
        for values in (queue.codes.to_numpy("<i8"), instants.astype("<i8")):
            digest.update(values.tobytes())
        for column in told:
            numbers = self.frame[column].to_numpy(dtype="<f8")
            digest.update(np.where(np.isnan(numbers), np.nan, numbers + 0.0).tobytes())
        return digest.hexdigest()

    def before(self, instant: pd.Timestamp) -> History:
        """What was known at a local midnight. Raises InputError if nothing was."""
        past = self.frame["start"] < instant
        if not past.any():
            raise InputError(
                f"nothing is known before {instant:%Y-%m-%d}.", remedy="Choose a later day, or import older calls."
            )
        return self if past.all() else replace(self, frame=self.frame[past].reset_index(drop=True))

    def beyond(self, today: dt.date) -> tuple[str, ...]:
        """A note where figures are told of days after ``today``, which have not come yet."""
        last = self.frame["start"].max()
        if last.date() <= today:
            return ()
        return (
            f"History reaches to {last:%Y-%m-%d}, beyond today ({today}): what has not come is taken for calls that "
            "came. Leave those rows out, or check their dates.",
        )

    def aggregate(self, interval_min: int) -> History:
        """The same history in coarser intervals; see ``aggregate``."""
        if interval_min == self.interval_min:
            return self
        note = f"Intervals of {self.interval_min} minutes are summed to {interval_min} minutes."
        frame = aggregate(self.frame, interval_min, self.interval_min)
        return History(frame, interval_min, (*self.notes, note))

    def only(self, queue: str) -> History:
        """The history of one queue. Raises InputError naming the queues there are."""
        frame = self.frame[self.frame["queue"] == queue]
        if frame.empty:
            known = ", ".join(sorted(map(str, self.frame["queue"].unique()[:20])))
            raise InputError(
                f"the history has no queue '{queue}'.", where=Where(field="queue"), remedy=f"It has: {known}."
            )
        return History(frame.reset_index(drop=True), self.interval_min, self.notes)

    def summary(self) -> pd.DataFrame:
        """One row per queue: first_day, last_day, intervals, calls (total), missing (intervals without a figure),
        closed (share of the intervals from first to last in which the queue is closed, in [0, 1])."""
        groups = self.frame.groupby("queue", sort=True)
        first, last = groups["start"].min(), groups["start"].max()
        whole = _steps_between(first, last, self.interval_min) + 1
        return pd.DataFrame(
            {
                "first_day": first.dt.date,
                "last_day": last.dt.date,
                "intervals": groups.size(),
                "calls": groups["calls"].sum(min_count=1),
                "missing": groups["calls"].agg(lambda calls: int(calls.isna().sum())),
                "closed": (1 - groups.size() / whole).clip(0, 1),
            }
        ).reset_index()


def _steps_between(first: pd.Series, last: pd.Series, interval_min: int) -> pd.Series:
    """Intervals between instants; local days where the interval is a day, whatever their hours."""
    if interval_min == DAY_MIN:
        first, last = first.dt.tz_localize(None).dt.normalize(), last.dt.tz_localize(None).dt.normalize()
    return (last - first).dt.total_seconds() / 60 / interval_min


def aggregate(frame: pd.DataFrame, interval_min: int, from_min: int | None = None) -> pd.DataFrame:
    """A HISTORY table summed to coarser intervals of the local clock.

    Counts are summed, agents averaged, handle times weighted by the calls answered (all where those are not told),
    waits by all calls; where a part is missing the sum is.
    ``from_min`` is the interval of ``frame``; None takes the smallest step found in it.
    Raises InputError when ``interval_min`` is finer or not a multiple.
    """
    from_min = from_min or _smallest_step(frame)
    _check_coarser(interval_min, from_min)
    start = _floored(frame["start"], interval_min)
    parts, keys, counts = frame.assign(start=start), ["queue", "start"], _told(frame, COUNTS)
    sums = parts.groupby(keys, sort=True)[counts].sum(min_count=1)
    for column in counts:
        lacking = frame[column].isna().groupby([frame["queue"], start]).any()
        sums.loc[lacking.reindex(sums.index).to_numpy(), column] = np.nan
    for column in _told(frame, MEANS):
        sums[column] = _mean_by_contacts(parts, column, keys)
    for column in _told(frame, AGENTS):
        sums[column] = parts.groupby(keys, sort=True)[column].mean()
    return HISTORY.check(sums.reset_index())


def _mean_by_contacts(parts: pd.DataFrame, column: str, keys: list[str]) -> pd.Series:
    """Mean of ``column`` over the contacts that it is of, where it is told of any."""
    weight = parts["calls"]
    if column == "aht_s" and "answered" in parts:
        weight = parts["answered"].fillna(parts["calls"])
    calls = weight.where(parts[column].notna() & (weight > 0))
    sums = parts.assign(total=parts[column] * calls, weight=calls).groupby(keys, sort=True)[["total", "weight"]]
    added = sums.sum(min_count=1)
    return added["total"] / added["weight"]


def _floored(start: pd.Series, interval_min: int) -> pd.Series:
    """The coarser interval of each instant: on the local clock, each reading of a repeated hour on its own."""
    wall = start.dt.tz_localize(None)
    if interval_min == DAY_MIN:
        days = wall.dt.normalize()
        return days.dt.tz_localize(start.dt.tz, ambiguous=np.ones(len(days), dtype=bool), nonexistent="shift_forward")
    minutes = (wall - wall.dt.normalize()).dt.total_seconds() / 60 % interval_min
    return start - pd.to_timedelta(minutes, unit="min").astype("timedelta64[s]")


def _smallest_step(frame: pd.DataFrame) -> int:
    steps = frame.groupby("queue")["start"].diff().dt.total_seconds() / 60
    return int(steps[steps > 0].min()) if (steps > 0).any() else 1


def _check_coarser(interval_min: int, from_min: int) -> None:
    if interval_min not in INTERVALS_MIN:
        raise InputError(
            f"{interval_min} minutes is no planning interval.",
            where=Where(field="interval_min"),
            remedy=f"Choose one of {', '.join(map(str, INTERVALS_MIN))}.",
        )
    if interval_min % from_min:
        raise InputError(
            f"the history has intervals of {from_min} minutes and cannot be cut into {interval_min}.",
            where=Where(field="interval_min"),
            remedy=f"Plan in multiples of {from_min} minutes, or export the history in finer intervals.",
        )
