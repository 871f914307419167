"""What a simulation must know of each queue: its sample paths, shapes and promise on the period's intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.evaluation.timeline import epoch_s
from staffing.requirements.work_out import incoming_of
from staffing.service import is_live
from staffing.simulation.calls import NEVER, Floats, Ints
from staffing.simulation.drawing import name_key
from staffing.simulation.shapes import (
    PARTS,
    USUAL_CV,
    Shape,
    cv_from_intervals,
    empirical,
    endless,
    exponential,
    lognormal,
)
from staffing.simulation.shapes import patience as measured_patience
from staffing.simulation.tally import DEFINITIONS

ENOUGH = 100  # single calls, fewer than which tell no shape


@dataclass(frozen=True)
class Shapes:
    """Handle time (mean 1) and patience (in units of the mean) of each queue; queues left out have the usual ones."""

    handle: Mapping[str, Shape] = field(default_factory=dict)
    patience: Mapping[str, Shape] = field(default_factory=dict)

    @classmethod
    def of_history(cls, history: pd.DataFrame) -> Shapes:
        """Lognormal handle times with the spread that the intervals of a table HISTORY show."""
        if "aht_s" not in history:
            return cls()
        answered = history["answered"].fillna(history["calls"]) if "answered" in history else history["calls"]
        rows = history.assign(answered=answered).sort_values("start").groupby("queue")
        return cls({
            str(queue): lognormal(cv_from_intervals(own["aht_s"], own["answered"])) for queue, own in rows
        })  # fmt: skip

    def with_records(self, records: pd.DataFrame) -> Shapes:
        """Of queues with enough single calls (see ``store.call_records``), handle times as measured and patience by
        Kaplan & Meier instead."""
        handle, lasting = dict(self.handle), dict(self.patience)
        for queue, own in records.groupby("queue"):
            seconds = own["handle_s"][own["answered"] & (own["handle_s"] > 0)]
            if len(seconds) >= ENOUGH:
                handle[str(queue)] = empirical(seconds)
            if (~own["answered"]).sum() >= ENOUGH and own["wait_s"].sum() > 0:
                lasting[str(queue)] = measured_patience(own["wait_s"], ~own["answered"])
        return Shapes(handle, lasting)

    def table(self) -> pd.DataFrame:
        """``queue, of`` (handle or patience)``, share, value``: quantiles, and the tail's mean at share 1."""
        parts = [
            pd.DataFrame(
                {"queue": queue, "of": of, "share": np.arange(PARTS + 1) / PARTS, "value": [*one.knots, one.tail]}
            )
            for of, known in (("handle", self.handle), ("patience", self.patience))
            for queue, one in known.items()
        ]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["queue", "of", "share", "value"])

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> Shapes:
        """The same back from its table."""
        known: dict[str, dict[str, Shape]] = {"handle": {}, "patience": {}}
        for (queue, of), rows in table.groupby(["queue", "of"]):
            values = rows.sort_values("share")["value"].to_numpy(dtype=float)
            known[str(of)][str(queue)] = Shape(values[:-1], float(values[-1]))
        return cls(**known)

    def of(self, queue: Queue, scenario: Scenario) -> tuple[Shape, Shape]:
        """Of one queue; the scenario's own spread of handle times goes first."""
        cv = scenario.simulation.handle_cv
        usual = lognormal(USUAL_CV if cv is None else cv)
        handle = self.handle.get(queue.name, usual) if cv is None else usual
        return handle, self.patience.get(queue.name, exponential())


@dataclass(frozen=True)
class Horizon:
    """The period in intervals of one length, elapsed: where it begins (epoch seconds), and the day of each interval."""

    begin_s: int
    interval_s: float
    day_of: Ints
    days: tuple[dt.date, ...]

    @classmethod
    def of(cls, scenario: Scenario, start: dt.date, days: int) -> Horizon:
        begin, end = (scenario.site.midnight(start + dt.timedelta(days=shift)) for shift in (0, days))
        interval_s = scenario.site.interval_min * 60.0
        grid = pd.date_range(begin, end, freq=f"{scenario.site.interval_min}min", inclusive="left")
        dates = grid.tz_convert(scenario.site.zone).date
        day_of = np.array([(date - start).days for date in dates], dtype=np.int64)
        begins = int(epoch_s(pd.DatetimeIndex([begin]))[0])
        return cls(begins, interval_s, day_of, tuple(start + dt.timedelta(days=shift) for shift in range(days)))

    def place(self, starts: pd.Series | pd.DatetimeIndex) -> Ints:
        """Position of each start; outside the period too."""
        return np.asarray((epoch_s(starts) - self.begin_s) // int(self.interval_s), dtype=np.int64)


@dataclass(frozen=True)
class QueueTraffic:
    """One queue's contacts and promise.

    Attributes
    ----------
    counts : paths × intervals, whole contacts; ``slot``: the intervals' positions in the period.
    aht_s, patience_s : per interval, or paths × intervals.
    threshold_s, definition : when a contact is in time, the latter a position in DEFINITIONS.
    due_s : per position of the period, when work that came then is due; inf beyond the period (and for live queues).
    release_s : per position, when work that came then may begin; live contacts at once.
    day_of : day of each position, −1 where the queue is closed.
    certain : whether the forecast has no sample paths, so that only counting noise is drawn.
    """

    queue: Queue
    counts: NDArray[np.int64]
    slot: Ints
    aht_s: Floats
    patience_s: Floats
    handle: Shape
    patience: Shape
    key: np.uint64
    threshold_s: float
    definition: int
    due_s: Floats
    release_s: Floats
    day_of: Ints
    certain: bool = False

    @property
    def most(self) -> int:
        """The most contacts of any path."""
        return int(self.counts.sum(axis=1).max(initial=0))


@dataclass(frozen=True)
class Worlds:
    """A forecast: its table ``calls``, and per queue sample paths × intervals of contacts and of mean handle time, the
    latter maybe of no queue: handle times are then those of the table."""

    calls: pd.DataFrame
    paths: Mapping[str, NDArray[Any]]
    aht_paths: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def lines_of(worlds: Worlds, scenario: Scenario, span: Horizon, shapes: Shapes) -> list[QueueTraffic]:
    """A line of every queue that is forecast. Raises InputError where the forecast is of other days."""
    calls, paths = worlds.calls, worlds.paths
    lines = []
    for queue in scenario.queues:
        rows = calls[calls["queue"] == queue.name]
        if rows.empty:
            continue
        drawn = np.asarray(paths[queue.name]) if queue.name in paths else _around(rows, queue, scenario)
        line = _line(queue, rows, drawn, scenario, span, shapes)
        lines.append(replace(line, aht_s=_handle_times(line, rows, worlds, span), certain=queue.name not in paths))
    if not lines:
        raise InputError("there is nothing to simulate: no queue of the scenario is forecast.")
    return lines


def _handle_times(line: QueueTraffic, rows: pd.DataFrame, worlds: Worlds, span: Horizon) -> Floats:
    """Mean handle time of each interval, or of each path and interval."""
    drawn = worlds.aht_paths.get(line.queue.name)
    if drawn is None or len(drawn) != len(line.counts):
        return line.aht_s
    place = span.place(rows["start"])
    own = np.asarray(drawn, dtype=float)[:, (place >= 0) & (place < span.day_of.size)]
    return np.where(own > 0, own, line.aht_s)


def _around(rows: pd.DataFrame, queue: Queue, scenario: Scenario) -> NDArray[np.int64]:
    """Contacts of a forecast without sample paths: Poisson around its mean, in as many paths as the scenario runs."""
    rng = np.random.default_rng([scenario.seed, int(name_key(queue.name))])
    return rng.poisson(rows["calls"].to_numpy(dtype=float), (scenario.simulation.runs, len(rows)))


def _line(
    queue: Queue, rows: pd.DataFrame, paths: NDArray, scenario: Scenario, span: Horizon, shapes: Shapes
) -> QueueTraffic:  # fmt: skip
    place = span.place(rows["start"])
    inside = (place >= 0) & (place < span.day_of.size)
    if not inside.any():
        raise InputError(
            f"the forecast of {queue.name} begins on {rows['start'].iloc[0]:%Y-%m-%d}, the roster is of the week of "
            f"{span.days[0]}.",
            remedy="Forecast and roster the same week.",
        )
    incoming = incoming_of(rows, queue, scenario)
    counts = np.round(paths).astype(np.int64) * (incoming.is_open | (not is_live(queue)))
    handle, patience = shapes.of(queue, scenario)
    impatient = np.isfinite(incoming.patience_s).any() and is_live(queue)
    patience_s = np.where(np.isfinite(incoming.patience_s), incoming.patience_s, NEVER)
    opens = np.zeros(span.day_of.size, dtype=bool)
    opens[place[inside]] = incoming.is_open[inside]
    due_s, release_s = _deadlines(queue, opens, span)
    target = scenario.target(queue)
    definition = target.definition if is_live(queue) else "due"
    return QueueTraffic(
        queue, counts[:, inside], place[inside], incoming.aht_s[inside],
        patience_s[inside] if impatient else np.ones(int(inside.sum())), handle,
        patience if impatient else endless(), name_key(queue.name), target.threshold_s, DEFINITIONS.index(definition),
        due_s, release_s, np.where(opens | (not is_live(queue)), span.day_of, -1),
    )  # fmt: skip


def _deadlines(queue: Queue, opens: NDArray[np.bool_], span: Horizon) -> tuple[Floats, Floats]:
    """When work that came in each interval is due, and when it may begin; the deadline counts opening time only."""
    begin = np.arange(opens.size, dtype=float) * span.interval_s
    opening = np.flatnonzero(opens)
    if is_live(queue) or not opening.size:
        return np.full(opens.size, np.inf), begin
    taken_up = np.searchsorted(opening, np.arange(opens.size))
    last = taken_up + max(queue.deadline_min * 60 // int(span.interval_s) - 1, 0)
    known = last < opening.size
    due_s = np.where(known, (opening[np.minimum(last, opening.size - 1)] + 1) * span.interval_s, np.inf)
    release = np.where(taken_up < opening.size, opening[np.minimum(taken_up, opening.size - 1)], opens.size)
    return due_s, np.asarray(np.maximum(release * span.interval_s, begin), dtype=float)
