"""One pool of agents and its calls, simulated in the order of arrival.

First come, first served lets a simulation skip events: each call takes the agent who has been free longest, or
is free first, and the caller's patience is compared with that wait (the recursion of Kiefer & Wolfowitz 1955).
Agents work in windows (shifts, between breaks); one who takes a call before the window's end finishes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel, part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[Any]  # of a structured type
NEVER = 1e300

#: ``overrun``: seconds worked past the window's end; ``at_work``: what follows it is other paid work, not a break;
#: ``rest_paid``: what follows is a paid break.
WINDOW = np.dtype([
    ("start", "f8"), ("end", "f8"), ("overrun", "f8"), ("agent", "i8"), ("group", "i8"), ("whole", "?"),
    ("at_work", "?"), ("rest_paid", "?"),
], align=True)  # fmt: skip


@dataclass(frozen=True)
class Calls:
    """Calls in order of arrival: arrays of one length, seconds."""

    arrival_s: Floats
    handle_s: Floats
    patience_s: Floats


@dataclass(frozen=True)
class Windows:
    """When each agent takes calls: window w belongs to ``agent[w]``, from ``start_s`` to ``end_s``.

    Sorted by agent and start; windows of one agent do not overlap. ``whole`` tells whether the break after a window
    is taken in full when a call runs into it (the agent comes back that much later), or ends when it was to end;
    left out, no break is. ``at_work`` tells whether other paid work follows, a meeting or another queue: a call that
    runs into it is no overrun; left out, breaks and ends of shifts follow.
    """

    agent: Ints
    start_s: Floats
    end_s: Floats
    whole: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    at_work: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    @property
    def first(self) -> Ints:
        """Position of each agent's first window, and the number of windows."""
        agents = int(self.agent.max(initial=-1)) + 1
        return np.searchsorted(self.agent, np.arange(agents + 1)).astype(np.int64)

    def rows(self, group: Ints | int = 0) -> Rows:
        """One row per window, each worked in a ``group``."""
        rows = np.zeros(self.agent.size, WINDOW)
        rows["start"], rows["end"], rows["agent"], rows["group"] = self.start_s, self.end_s, self.agent, group
        rows["whole"] = self.whole if self.whole.size else False
        rows["at_work"] = self.at_work if self.at_work.size else False
        return rows

    @classmethod
    def of_headcounts(cls, agents: Ints, interval_s: float, *, stay_s: float = 0.0) -> Windows:
        """Windows that put ``agents[i]`` agents on the phone in interval i, the longest-serving staying on.

        Those of the last interval stay ``stay_s`` longer.
        """
        who, start, end = [], [], []
        for agent in range(int(agents.max(initial=0))):
            on = np.concatenate([[False], agents > agent, [False]])
            begins, ends = np.flatnonzero(on[1:] & ~on[:-1]), np.flatnonzero(~on[1:] & on[:-1])
            who.append(np.full(begins.size, agent))
            start.append(begins * interval_s)
            end.append(np.where(ends == agents.size, ends * interval_s + stay_s, ends * interval_s))
        if not who:
            return cls(np.empty(0, np.int64), np.empty(0), np.empty(0))
        return cls(np.concatenate(who), np.concatenate(start).astype(float), np.concatenate(end).astype(float))


@dataclass(frozen=True)
class Served:
    """Per call: seconds in queue, whether it was answered, (answered calls) by whom, −1 for nobody, and the seconds it
    took them.

    ``overrun_s`` is the time each agent worked past the end of a window: until the call's end where the break is taken
    in full, else until the next window begins.
    """

    wait_s: Floats
    answered: NDArray[np.bool_]
    agent: Ints
    overrun_s: Floats
    handle_s: Floats


def serve(calls: Calls, windows: Windows, pace: Floats | None = None) -> Served:
    """Simulate ``calls`` against ``windows``; nothing is random here, the caller draws the calls.

    A call takes an agent its handle time ``pace`` times over (per agent; left out, once).
    """
    first = windows.first
    pace = np.ones(first.size - 1) if pace is None else pace
    wait, by = np.empty(calls.arrival_s.size), np.empty(calls.arrival_s.size, np.int64)
    rows = windows.rows()
    pool(calls.arrival_s, calls.handle_s, calls.patience_s, first, pace, rows, wait, by)
    return Served(wait, by >= 0, by, overrun_of(rows, first.size - 1), taken(calls.handle_s, by, pace))


def taken(handle_s: Floats, by: Ints, pace: Floats) -> Floats:
    """Seconds that calls take, by those whom they are answered by (−1: nobody) at the ``pace`` of each agent."""
    return handle_s if (pace == 1).all() else handle_s * np.where(by >= 0, pace[by], 1.0)


def overrun_of(windows: Rows, agents: int) -> Floats:
    """Each agent's overrun."""
    return np.bincount(windows["agent"], windows["overrun"], agents).astype(float)


@part
def past_end(w, last, done, windows):
    """Seconds worked past the end of window ``w`` (of windows up to ``last``) by a call finished at ``done``.

    A break that is taken in full is not used up by the call; of others the part that the call takes was worked. Paid
    work that begins later is no overrun.
    """
    if windows[w].whole:
        return done - windows[w].end
    over = 0.0
    while w < last and done > windows[w].end:
        until = done if w + 1 == last else min(done, windows[w + 1].start)
        over += 0.0 if windows[w].at_work else until - windows[w].end
        w += 1
    return over


@part
def sink(free, who, i, size):
    """Let entry ``i`` of the heap sink to its place (earliest on top)."""
    time, agent = free[i], who[i]
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and free[child + 1] < free[child]:
            child += 1
        if free[child] >= time:
            break
        free[i], who[i] = free[child], who[child]
        i = child
    free[i], who[i] = time, agent


@kernel
def pool(arrival, handle, patience, first, pace, windows, wait, by):
    """Fills ``wait`` and ``by`` (the agent, or −1), and adds to the overrun of windows."""
    agents = first.size - 1
    window = first[:-1].copy()
    free, who = np.empty(max(agents, 0)), np.arange(max(agents, 0))
    for agent in range(agents):
        free[agent] = windows[window[agent]].start if first[agent] < first[agent + 1] else NEVER
    for i in range(agents // 2, -1, -1):
        if i < agents:
            sink(free, who, i, agents)
    for call in range(arrival.size):
        begin, agent = NEVER, -1
        while agents > 0 and free[0] < NEVER:
            agent = who[0]
            w = window[agent]
            begin = max(free[0], arrival[call])
            if begin < windows[w].end:
                break
            window[agent] += 1
            if w + 1 < first[agent + 1]:
                late = max(free[0] - windows[w].end, 0.0) if windows[w].whole else 0.0
                free[0] = max(free[0], windows[w + 1].start + late)
            else:
                free[0] = NEVER
            sink(free, who, 0, agents)
            begin, agent = NEVER, -1
        if agent < 0 or begin - arrival[call] > patience[call]:
            wait[call], by[call] = patience[call], -1
            continue
        wait[call], by[call] = begin - arrival[call], agent
        free[0] = begin + handle[call] * pace[agent]
        w = window[agent]
        if free[0] > windows[w].end:
            windows[w].overrun += past_end(w, first[agent + 1], free[0], windows)
        sink(free, who, 0, agents)
