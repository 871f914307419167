"""Rostered time cut into pieces, and the agents present in each interval.

All agents are laid end to end on one line of seconds, so that breaks are cut out of everybody's shifts by
one sorted sweep, whatever overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import AT_WORK, SHIFT
from staffing.domain.scenario import Scenario
from staffing.errors import TableError

ON_PHONE = AT_WORK
Ints = NDArray[np.int64]


def epoch_s(instants: pd.Series | pd.DatetimeIndex) -> Ints:
    """Whole seconds since 1970 (UTC) of tz-aware instants."""
    naive = pd.DatetimeIndex(instants).tz_convert("UTC").tz_localize(None)
    return np.asarray(naive.to_numpy().astype("datetime64[s]").astype(np.int64))


@dataclass(frozen=True)
class Timeline:
    """Roster rows on one line of seconds: agent after agent, with a gap between them."""

    start: Ints
    end: Ints
    is_shift: NDArray[np.bool_]
    is_work: NDArray[np.bool_]

    @property
    def is_away(self) -> NDArray[np.bool_]:
        """Breaks, lunch, training, absence: everything else than shifts and work."""
        return ~(self.is_shift | self.is_work)

    def in_order(self, rows: NDArray[np.bool_]) -> Ints:
        """Positions of ``rows`` by their start."""
        chosen = np.flatnonzero(rows)
        return chosen[np.argsort(self.start[chosen], kind="stable")]


def lay_out(roster: pd.DataFrame) -> Timeline:
    """Raises TableError for a row that does not end after it starts, and for overlapping shifts."""
    start, end = epoch_s(roster["start"]), epoch_s(roster["end"])
    if (end <= start).any():
        row = int(np.argmax(end <= start))
        raise TableError(
            f"'{roster['agent'].iloc[row]}' has a row that does not end after its start, {start_of(roster, row)}."
        )
    agent = pd.factorize(roster["agent"])[0].astype(np.int64)
    if len(start):
        agent *= int(end.max() - start.min()) + 1
        agent -= int(start.min())
    is_shift = (roster["activity"] == SHIFT).to_numpy(dtype=bool)
    is_work = roster["activity"].isin(ON_PHONE).to_numpy(dtype=bool) & ~is_shift
    line = Timeline(start + agent, end + agent, is_shift, is_work)
    _check_apart(line, is_shift, "has two shifts", roster)
    _check_apart(line, is_work, "works on two queues", roster)
    return line


def start_of(roster: pd.DataFrame, row: int) -> str:
    return str(roster["start"].iloc[row].strftime("%Y-%m-%d %H:%M"))


def _check_apart(line: Timeline, which: NDArray[np.bool_], what: str, roster: pd.DataFrame) -> None:
    rows = line.in_order(which)
    clash = line.start[rows[1:]] < line.end[rows[:-1]]
    if clash.any():
        row = int(rows[1:][clash][0])
        raise TableError(f"'{roster['agent'].iloc[row]}' {what} at once, {start_of(roster, row)}.")


def shift_numbers(line: Timeline) -> Ints:
    """The number of the shift each row belongs to, −1 outside any shift.

    Rows of activity ``shift`` that follow each other without a gap (a change of queue) are one shift.
    """
    rows = line.in_order(line.is_shift)
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = line.start[rows[1:]] != line.end[rows[:-1]]
    number = np.cumsum(begins) - 1
    row = np.searchsorted(line.start[rows], line.start, side="right") - 1
    inside = np.zeros(len(line.start), dtype=bool)
    inside[row >= 0] = line.start[row >= 0] < line.end[rows[row[row >= 0]]]
    numbers = np.full(len(line.start), -1, dtype=np.int64)
    numbers[inside] = number[row[inside]]
    return numbers


def cut(line: Timeline, roster: pd.DataFrame, unpaid: NDArray[np.bool_]) -> pd.DataFrame:
    """Rostered time in pieces within which nothing changes.

    Columns: ``row`` (position in ``roster`` of the row whose queue is served: the work row, or else the
    shift row), ``start_s``, ``end_s`` (epoch seconds), ``on_phone`` (no break, lunch or absence), ``paid``.
    ``unpaid`` marks roster rows nobody pays for.
    """
    edges = np.unique(np.concatenate([line.start, line.end]))
    left, right = edges[:-1], edges[1:]
    inside = _covering(line, line.is_shift, left) > 0
    left, right = left[inside], right[inside]
    row = _latest(line, line.is_shift, left)
    working = _covering(line, line.is_work, left) > 0
    row[working] = _latest(line, line.is_work, left[working])
    back = epoch_s(roster["start"])[row] - line.start[row]
    return pd.DataFrame(
        {
            "row": row,
            "start_s": left + back,
            "end_s": right + back,
            "on_phone": _covering(line, line.is_away, left) == 0,
            "paid": _covering(line, unpaid & line.is_away, left) == 0,
        }
    )


def _latest(line: Timeline, rows: NDArray[np.bool_], at: Ints) -> Ints:
    """The one of ``rows`` that started last before each point."""
    ordered = line.in_order(rows)
    return ordered[np.searchsorted(line.start[ordered], at, side="right") - 1]


def _covering(line: Timeline, rows: NDArray[np.bool_], at: Ints) -> Ints:
    """How many of the ``rows`` hold each point."""
    begun = np.searchsorted(np.sort(line.start[rows]), at, side="right")
    ended = np.searchsorted(np.sort(line.end[rows]), at, side="right")
    return np.asarray(begun - ended, dtype=np.int64)


def presence(pieces: pd.DataFrame, edges_s: Ints, agents: Ints | NDArray[np.float64]) -> NDArray[np.float64]:
    """Agents present on average between consecutive ``edges_s`` (epoch seconds, rising), each piece so often."""
    starts, ends = (pieces[name].to_numpy() - edges_s[0] for name in ("start_s", "end_s"))
    at = edges_s - edges_s[0]
    return np.asarray(np.diff(_since(starts, at, agents) - _since(ends, at, agents)) / np.diff(edges_s))


def _since(points: Ints, at: Ints, agents: Ints | NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds passed since every point that lies before ``at``, each times its ``agents``, added up."""
    order = np.argsort(points, kind="stable")
    before = np.searchsorted(points[order], at, side="right")
    counted = np.concatenate([[0], np.cumsum(agents[order])])
    totals = np.concatenate([[0], np.cumsum(agents[order] * points[order])])
    return np.asarray(counted[before] * at - totals[before])


def fill_queue(roster: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """The queue each shift and work row serves; may be left out where the scenario has but one. Raises TableError."""
    blank = roster["queue"].isna() | (roster["queue"] == "")
    if len(scenario.queues) == 1:
        return roster["queue"].mask(blank, scenario.queues[0].name)
    lost = blank & roster["activity"].isin(ON_PHONE)
    if lost.any():
        row = int(lost.to_numpy().argmax())
        raise TableError(
            f"the shift of '{roster['agent'].iloc[row]}' on {start_of(roster, row)} names no queue.",
            remedy=f"Name one of: {', '.join(queue.name for queue in scenario.queues)}.",
        )
    return roster["queue"]
