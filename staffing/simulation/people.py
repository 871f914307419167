"""Who is on the phone in each run: rostered windows less absence of whole people, lateness and work off the phone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.domain.scenario import Scenario
from staffing.simulation.calls import Floats, Ints, Rows
from staffing.simulation.drawing import name_key, stream, unit

OFF_PHONE_S = 1800.0  # planned work off the phone comes in pieces so long
MOST_PIECES = 16


@dataclass(frozen=True)
class People:
    """Rostered windows of people who serve one queue, or queues that share people.

    Attributes
    ----------
    names : of each agent.
    shift_of, agent_of, group_of, start_s, end_s, whole, at_work, rest_paid : per window, by agent and start; seconds
        from the period's start; ``whole``: the break after it is taken in full; ``at_work``: other paid work follows
        instead; ``rest_paid``: that break is paid.
    key, planned, unplanned : per shift: its stream; shares of its time on the phone worked off it, and of being absent.
    late_share, late_s : share of shifts begun late, and by how many seconds on average.
    """

    names: tuple[str, ...]
    shift_of: Ints
    agent_of: Ints
    group_of: Ints
    start_s: Floats
    end_s: Floats
    whole: NDArray[np.bool_]
    at_work: NDArray[np.bool_]
    rest_paid: NDArray[np.bool_]
    key: NDArray[np.uint64]
    planned: Floats
    unplanned: Floats
    late_share: float = 0.0
    late_s: float = 0.0

    @property
    def room(self) -> int:
        """The most windows a run can have."""
        return self.start_s.size + MOST_PIECES * self.key.size

    def present(self, seed: np.uint64, run: int, windows: Rows, first: Ints) -> int:
        """Fill ``windows`` and the position of each agent's ``first`` one for a run; returns how many there are."""
        follows = self.whole, self.at_work, self.rest_paid
        rostered = (self.shift_of, self.agent_of, self.group_of, self.start_s, self.end_s, *follows)
        shares = (self.key, self.planned, self.unplanned)
        return int(_present(seed, run, rostered, shares, (self.late_share, self.late_s), windows, first))


def people_of(pieces: pd.DataFrame, absent: pd.DataFrame, scenario: Scenario, begin_s: int) -> People:
    """From on-phone ``pieces`` (agent, shift, start_s, end_s, at_work, rest_paid, group: sorted), and per shift
    ``planned, unplanned``."""
    agents = pd.Index(pieces["agent"].unique())
    shifts = pd.Index(pieces["shift"].unique())
    days = pd.to_datetime(pieces.groupby("shift", sort=False)["start_s"].min() // 86400, unit="D").dt.date
    names = pieces.groupby("shift", sort=False)["agent"].first()
    options, shift, at_work = scenario.simulation, pieces["shift"].to_numpy(), pieces["at_work"].to_numpy(bool)
    return People(
        tuple(agents), shifts.get_indexer(shift), agents.get_indexer(pieces["agent"]),
        pieces["group"].to_numpy(np.int64),
        pieces["start_s"].to_numpy(float) - begin_s, pieces["end_s"].to_numpy(float) - begin_s,
        np.append(shift[1:] == shift[:-1], False) & options.breaks_in_full & ~at_work, at_work,
        pieces["rest_paid"].to_numpy(bool),
        np.array([name_key(name, day) for name, day in zip(names, days, strict=True)], np.uint64),
        absent.loc[shifts, "planned"].to_numpy(float), absent.loc[shifts, "unplanned"].to_numpy(float),
        options.late_share, options.late_min * 60.0,
    )  # fmt: skip


@kernel
def _present(seed, run, rostered, shares, late, windows, first):
    shift_of, agent_of = rostered[0], rostered[1]
    count, w, agent = 0, 0, -1
    pieces = np.empty(MOST_PIECES)
    while w < shift_of.size:
        last = w + 1
        while last < shift_of.size and shift_of[last] == shift_of[w]:
            last += 1
        while agent < agent_of[w]:
            agent += 1
            first[agent] = count
        count = _shift(seed, run, rostered, shares, late, (w, last), windows, count, pieces)
        w = last
    first[agent + 1 :] = count
    return count


@kernel
def _shift(seed, run, rostered, shares, late, span, windows, count, pieces):
    """The windows of one shift, behind the ``count`` there are; returns how many there are then."""
    shift_of, agent_of, group_of, start, end, whole, at_work, rest_paid = rostered
    key, planned, unplanned = shares
    s = shift_of[span[0]]
    x = stream(seed, run, key[s])
    if unit(x) < unplanned[s]:
        return count
    begin = start[span[0]]
    if unit(x + np.uint64(1)) < late[0]:
        begin -= late[1] * np.log(1.0 - unit(x + np.uint64(2)))
    total = 0.0
    for w in range(span[0], span[1]):
        total += max(end[w] - max(start[w], begin), 0.0)
    off, length = _off_phone(x, planned[s] * total, total, pieces)
    passed, piece = 0.0, 0
    for w in range(span[0], span[1]):
        at, stop = max(start[w], begin), end[w]
        while at < stop:
            until = stop
            if piece < off and pieces[piece] - passed < stop - at:
                until = at + max(pieces[piece] - passed, 0.0)
            if until > at:
                row = windows[count]
                row.start, row.end, row.agent, row.group = at, until, agent_of[w], group_of[w]
                row.whole, row.at_work = whole[w] and until == stop, at_work[w] or until < stop
                row.rest_paid = rest_paid[w] and until == stop
                count += 1
                passed += until - at
            if until == stop:
                break
            gone = min(pieces[piece] + length - passed, stop - until)
            passed += gone
            at = until + gone
            if passed >= pieces[piece] + length - 1e-6:
                piece += 1
    return count


@kernel
def _off_phone(x, off_s, total_s, pieces):
    """Fill ``pieces`` with beginnings, in seconds of time on the phone, of the pieces worked off it; returns how many
    there are and how long each is. On average they take ``off_s`` of ``total_s``, and none meets another."""
    length = min(OFF_PHONE_S, total_s)
    if length <= 0.0:
        return 0, 0.0
    count = int(off_s / length)
    count += unit(x + np.uint64(3)) < off_s / length - count
    count = min(count, min(int(total_s / length), MOST_PIECES))
    for k in range(count):
        pieces[k] = unit(x + np.uint64(4 + k)) * (total_s - count * length)
    pieces[:count].sort()
    for k in range(count):
        pieces[k] += k * length
    return count, length
