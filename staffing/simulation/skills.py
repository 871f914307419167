"""Several queues and groups of agents who know some of them, simulated event by event.

A call asks the groups that know its queue in the queue's order, and of groups that stand alike takes the agent who
has been idle longest. An agent who is free takes the queues of the group in the group's order, and of queues that
stand alike the call that has waited longest. Callers who hang up may call again, and so may some who were answered.
Work that can wait may be put down when a break or the end of a shift comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from staffing.compiled import kernel
from staffing.errors import InputError
from staffing.simulation.calls import NEVER, Calls, Floats, Ints, Rows, Served, Windows, overrun_of
from staffing.simulation.events import AGENT, CALL, HUNG_UP, LATER, LINE, LINK, WAITING, skills
from staffing.simulation.moments import moments, next_of_each

MOST_AGAIN = 64  # times as many calls as came at first, before callers who never stop are refused


@dataclass(frozen=True)
class Routing:
    """Who takes whose calls. ``ask`` and ``take`` are queues × groups: a rank of at least 0, −1 where a group does not
    know a queue. A call goes to the group of lowest ``ask``; an agent takes the queue of lowest ``take``.

    ``put_down``, per queue: work in hand at a window's end is put down, and whoever is free next takes the rest of it
    before what came later; else, and where left out, it is finished.
    """

    ask: Ints
    take: Ints
    put_down: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Again:
    """Per call: seconds until the caller calls again after hanging up (``redial_s``) or after the answered contact's
    end (``repeat_s``); inf where he does not. A later call of his has the handle time of the first; its patience and
    what follows it are those of another call."""

    redial_s: Floats
    repeat_s: Floats


def serve_skills(
    queues: list[Calls], windows: Windows, group: Ints, routing: Routing, again: list[Again] | None = None,
    pace: Floats | None = None,
) -> tuple[list[Served], list[Calls]]:  # fmt: skip
    """Simulate the calls of several ``queues`` against ``windows``, each worked in a ``group`` (one per window).

    Returns what became of the calls of each queue, later ones of the same callers after them, and those later calls
    (in order of arrival, answered ones with the handle time that they took). ``overrun_s`` is the same in all: that of
    the people. A call takes an agent its handle time ``pace`` times over (agents × queues; left out, once). Raises
    InputError when callers never stop.
    """
    rows = windows.rows(group)
    pace = np.ones((windows.first.size - 1, len(queues))) if pace is None else pace
    served, later = play(queues, rows, windows.first, (routing, pace), again)
    overrun = overrun_of(rows, windows.first.size - 1)
    return [replace(one, overrun_s=overrun) for one in served], later


def play(
    queues: list[Calls], windows: Rows, first: Ints, how: tuple[Routing, Floats], again: list[Again] | None = None
) -> tuple[list[Served], list[Calls]]:
    """The same with windows as rows, whose ``overrun`` is filled; ``first`` window of each agent, and their number;
    ``how`` calls find people, and how long they take."""
    routing, pace = how
    total = sum(calls.arrival_s.size for calls in queues)
    capacity = total if again is None else 2 * total + 16
    while capacity <= 2 * (MOST_AGAIN * total + 16):
        calls, agents = _calls(queues, capacity), _agents(first, routing.take.shape[1])
        later, lines = _later(again, capacity), _lines(queues, routing)
        coming = next_of_each(first.size - 1), next_of_each(len(queues)), moments(2 * later.size)
        windows["overrun"] = 0.0
        made = skills(calls, later, windows, _order(windows), agents, pace, *lines, *coming)
        if made >= 0:
            return _read(calls[:made], [own.arrival_s.size for own in queues])
        capacity *= 2
    raise InputError("callers call again without end.", remedy="Lower redial_share, or raise resolution.")


def _calls(queues: list[Calls], capacity: int) -> Rows:
    rows, at = np.empty(capacity, CALL), 0
    for q, calls in enumerate(queues):
        _lay(rows[at:], calls.arrival_s, calls.handle_s, calls.patience_s, q)
        at += calls.arrival_s.size
    return rows


@kernel
def _lay(rows, arrival, handle, patience, queue):
    for i in range(arrival.size):
        row = rows[i]
        row.arrival, row.handle, row.patience, row.queue = arrival[i], handle[i], patience[i], queue
        row.by, row.follows, row.wait = WAITING, -1, 0.0


def _later(again: list[Again] | None, capacity: int) -> Rows:
    rows = np.zeros(0 if again is None else capacity, LATER)
    for name in ("redial", "repeat") if again else ():
        told = np.concatenate([getattr(one, f"{name}_s") for one in again or ()])
        rows[name][: told.size] = told
    return rows


def _order(windows: Rows) -> Ints:
    """Ends and starts of windows as they come, ends first; starts are numbered after all ends."""
    times = np.concatenate([windows["end"], windows["start"]])
    return np.lexsort((np.repeat([0, 1], windows.size), times)).astype(np.int64)


def _agents(first: Ints, groups: int) -> Rows:
    """The agents, and behind them a row for each group: the beginning and end of the ring of its idle."""
    count = first.size - 1
    rows = np.zeros(count + groups, AGENT)
    rows["window"][:count], rows["last"][:count], rows["in_hand"] = first[:-1], first[1:], -1
    rows["since"], rows["after"] = NEVER, np.arange(rows.size)
    rows["before"] = rows["after"]
    return rows


def _lines(queues: list[Calls], routing: Routing) -> tuple[Rows, Rows, Rows, Rows]:
    """Queues with the groups they ask, and groups with the queues they take."""
    asking, asked = _linked(routing.ask)
    taking, taken = _linked(routing.take.T)
    ends = np.cumsum([calls.arrival_s.size for calls in queues])
    asking["next"], asking["last"] = np.concatenate([[0], ends[:-1]]), ends
    asking["put_down"] = routing.put_down or False
    return asking, asked, taking, taken


def _linked(rank: Ints) -> tuple[Rows, Rows]:
    """A line for each row, and the links of all, each row's lowest rank first."""
    ordered = [known[np.argsort(row[known], kind="stable")] for row in rank for known in [np.flatnonzero(row >= 0)]]
    lines, links = np.zeros(len(rank), LINE), np.zeros(sum(own.size for own in ordered), LINK)
    ends = np.cumsum([0, *(own.size for own in ordered)])
    lines["head"], lines["tail"], lines["first"], lines["end"] = -1, -1, ends[:-1], ends[1:]
    for row, own, at in zip(rank, ordered, ends[:-1], strict=True):
        links["what"][at : at + own.size], links["rank"][at : at + own.size] = own, row[own]
    return lines, links


def _read(calls: Rows, sizes: list[int]) -> tuple[list[Served], list[Calls]]:
    """What became of each queue's calls, and those that came again."""
    wait, by, handle = np.empty(calls.size), np.empty(calls.size, np.int64), np.empty(calls.size)
    _told(calls, wait, by, handle)
    served, later, total = [], [], sum(sizes)
    for q, (size, end) in enumerate(zip(sizes, np.cumsum(sizes), strict=True)):
        new = total + np.flatnonzero(calls["queue"][total:] == q)
        own = np.concatenate([np.arange(end - size, end), new]) if new.size else slice(end - size, end)
        served.append(Served(wait[own], by[own] >= 0, by[own], np.zeros(0), handle[own]))
        later.append(Calls(*(calls[name][new] for name in ("arrival", "handle", "patience"))))
    return served, later


@kernel
def _told(calls, wait, by, handle):
    """How long each waited, by whom it was taken and how long that took; nobody is left to answer those who wait
    still."""
    for i in range(calls.size):
        left = calls[i].by == WAITING
        wait[i], by[i] = calls[i].patience if left else calls[i].wait, HUNG_UP if left else calls[i].by
        handle[i] = calls[i].handle
