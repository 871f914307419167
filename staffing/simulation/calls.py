"""One pool of agents and its calls, simulated in the order of arrival.

First come, first served lets a simulation skip events: each call takes the agent who is free first, and
the caller's patience is compared with that wait. Agents work in windows (shifts, between breaks); one who
takes a call before the window's end finishes it. Kiefer & Wolfowitz 1955 is the recursion behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel

Floats = NDArray[np.float64]
_NEVER = 1e300


@dataclass(frozen=True)
class Calls:
    """Calls in order of arrival: arrays of one length, seconds."""

    arrival_s: Floats
    handle_s: Floats
    patience_s: Floats


@dataclass(frozen=True)
class Windows:
    """When each agent takes calls: window w belongs to ``agent[w]``, from ``start_s`` to ``end_s``.

    Sorted by agent and start; windows of one agent do not overlap.
    """

    agent: NDArray[np.int64]
    start_s: Floats
    end_s: Floats

    @classmethod
    def of_headcounts(cls, agents: NDArray[np.int64], interval_s: float, *, stay_s: float = 0.0) -> Windows:
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
    """Per call: seconds in queue, whether it was answered, and (answered calls) by whom; −1 for nobody.

    ``overrun_s`` is the time each agent worked past the end of a window.
    """

    wait_s: Floats
    answered: NDArray[np.bool_]
    agent: NDArray[np.int64]
    overrun_s: Floats


def serve(calls: Calls, windows: Windows) -> Served:
    """Simulate ``calls`` against ``windows``; nothing is random here, the caller draws the calls."""
    agents = int(windows.agent.max(initial=-1)) + 1
    first = np.searchsorted(windows.agent, np.arange(agents + 1)).astype(np.int64)
    wait, by = np.empty(calls.arrival_s.size), np.empty(calls.arrival_s.size, np.int64)
    overrun = np.zeros(agents)
    _serve(calls.arrival_s, calls.handle_s, calls.patience_s, first, windows.start_s, windows.end_s, wait, by, overrun)
    return Served(wait, by >= 0, by, overrun)


@kernel
def _sink(free, who, i):
    """Let entry ``i`` of the heap sink to its place (earliest free on top)."""
    time, agent, size = free[i], who[i], free.size
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
def _serve(arrival, handle, patience, first, start, end, wait, by, overrun):
    agents = first.size - 1
    window = first[:-1].copy()
    free, who = np.empty(agents), np.arange(agents)
    for agent in range(agents):
        free[agent] = start[window[agent]] if first[agent] < first[agent + 1] else _NEVER
    for i in range(agents // 2, -1, -1):
        if i < agents:
            _sink(free, who, i)
    for call in range(arrival.size):
        begin, agent = _NEVER, -1
        while agents > 0 and free[0] < _NEVER:
            agent = who[0]
            begin = max(free[0], arrival[call])
            if begin < end[window[agent]]:
                break
            window[agent] += 1
            free[0] = max(free[0], start[window[agent]]) if window[agent] < first[agent + 1] else _NEVER
            _sink(free, who, 0)
            begin, agent = _NEVER, -1
        if begin - arrival[call] > patience[call] or agent < 0:
            wait[call], by[call] = patience[call], -1
            continue
        wait[call], by[call] = begin - arrival[call], agent
        free[0] = begin + handle[call]
        overrun[agent] += max(free[0] - end[window[agent]], 0.0)
        _sink(free, who, 0)
