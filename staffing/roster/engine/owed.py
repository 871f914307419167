"""Least shares of time in the bound: what a person owes to a skill has a price beside those of the slots.

Every slot that a class serves at a skill of which it owes a share is worth `extra` more, and that share of `extra` less
in every slot of the skill's hours, whatever is served in it (Lagrangian relaxation, as for presence in `dual`). A week
that keeps its shares is never dearer for it, but for the slots that may lack (less than an interval, and whole slots
only): these, `slack`, are as many as any week of the class can lack.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, Case, Cover, Options
from staffing.roster.engine.kernels import place_breaks
from staffing.roster.engine.shares import ROUNDING, WEEK
from staffing.roster.engine.workspace import Buffers


class Owed(NamedTuple):
    """Prices of shares (classes, rows, periods), changed in place; without classes where nobody owes any."""

    extra: NDArray[np.float64]  # under trial
    best_extra: NDArray[np.float64]
    gradient: NDArray[np.float64]
    direction: NDArray[np.float64]
    slack: NDArray[np.float64]  # slots
    scale: NDArray[np.float64]  # of steps: one by the slots that a price touches, or it would drown those of slots
    period: NDArray[np.int64]  # (slots,) week of the horizon, or one period where shifts run from week to week


def owed_of(case: Case) -> Owed:
    """Prices of nothing, to begin with."""
    share = case.cover.share[case.people.group]
    if not (share > 0).any():
        nothing = np.zeros((0, 0, 0))
        return Owed(*(nothing,) * 6, np.zeros(0, np.int64))
    weeks = [slice(*case.options.day_ptr[[day, min(day + WEEK, case.days)]]) for day in range(0, case.days, WEEK)]
    lacking, most = np.zeros((2, *share.shape, len(weeks)))
    for k, q in zip(*np.nonzero(share > 0), strict=True):
        for week, options in enumerate(weeks):
            hours = _hours(case, int(k), int(q), options)
            allowed = case.grid.interval_slots - 1 + _rounded_off(float(share[k, q]), hours)
            lacking[k, q, week], most[k, q, week] = allowed, len(hours) - 1
    period = _periods(case, weeks)
    if not period.any():
        lacking, most = (part.sum(axis=2, keepdims=True) for part in (lacking, most))
    extra, best, gradient, direction = (np.zeros(lacking.shape) for _ in range(4))
    return Owed(extra, best, gradient, direction, lacking, 1.0 / np.maximum(most, 1.0), period)


def _periods(case: Case, weeks: list[slice]) -> NDArray[np.int64]:
    """The week of each slot; 0 everywhere where a shift ends after another of the next week may have begun."""
    start, end = case.options.start, case.options.start + case.options.length
    period = np.zeros(case.grid.slots, np.int64)
    for number, (before, after) in enumerate(pairwise(weeks), start=1):
        if before.start == before.stop or after.start == after.stop or end[before].max() > start[after].min():
            return np.zeros(case.grid.slots, np.int64)
        period[start[after].min() :] = number
    return period


def _hours(case: Case, k: int, q: int, week: slice) -> NDArray[np.bool_]:
    """Whether someone of class `k` can be present in so many slots of a week while queue `q` is open."""
    options, opened = case.options, np.concatenate([[0], np.cumsum(case.cover.wanted[q])])
    reached, ends = np.ones(1, bool), options.day_ptr
    for first, last in pairwise(ends[(ends >= week.start) & (ends <= week.stop)].tolist()):
        own = np.flatnonzero(case.people.price[k, first:last] < BLOCKED) + first
        spans = {_span(options, opened, int(option)) for option in own} | {(0, 0)}
        more = np.zeros(max(high for _, high in spans) + 1, bool)
        for low, high in spans:
            more[low : high + 1] = True
        reached = np.convolve(reached, more) > 0
    return np.asarray(reached)


def _span(options: Options, opened: NDArray[np.int64], option: int) -> tuple[int, int]:
    """Least and most slots of a shift outside its breaks while a queue is open; `opened` sums its slots up."""
    start, length, template = options.start[option], options.length[option], options.template[option]
    breaks = int(options.break_len[options.break_ptr[template] : options.break_ptr[template + 1]].sum())
    inside = int(opened[start + length] - opened[start])
    return max(0, inside - breaks), min(inside, int(length) - breaks)


def _rounded_off(share: float, hours: NDArray[np.bool_]) -> float:
    """Slots by which a share rounded down to whole ones falls short of it at worst, over the weeks there can be."""
    exact = share * np.flatnonzero(hours)
    return float((exact - np.floor(exact + ROUNDING)).max(initial=0.0))


@kernel
def best_queue_owed(k: int, group: int, worth: NDArray[np.float64], cover: Cover, owed: Owed,
                    best: NDArray[np.float64], queue: NDArray[np.int64]) -> None:  # fmt: skip
    """The queue worth most to class `k` in each slot, and its worth, with what is owed priced."""
    for t in range(worth.shape[1]):
        best[t], price = -np.inf, 0.0
        for i in range(cover.group_ptr[group], cover.group_ptr[group + 1]):
            q = cover.group_queue[i]
            value = cover.amount[group, q] * worth[q, t]
            if cover.wanted[q, t]:
                value += owed.extra[k, q, owed.period[t]]
                price += owed.extra[k, q, owed.period[t]] * cover.share[group, q]
            if value > best[t]:
                best[t], queue[t] = value, q
        best[t] -= price
        for j in range(cover.marks.shape[1]):
            if cover.marks[group, j] >= 0:
                best[t] += worth[cover.marks[group, j], t]


@kernel
def take_owed(k: int, group: int, tour: NDArray[np.int32], agents: float, queue: NDArray[np.int64], cover: Cover,
              options: Options, ws: Buffers, owed: Owed) -> float:  # fmt: skip
    """Fill the gradient of what class `k` owes on a tour, breaks at the last valued worths; returns the price of its
    slack."""
    owed.gradient[k] = -agents * owed.slack[k]
    for option in tour:
        if option < 0:
            continue
        place_breaks(option, options, ws)
        start = options.start[option]
        _owe(k, group, start, start + options.length[option], agents, queue, cover, owed)
        first = options.break_ptr[options.template[option]]
        for b in range(first, options.break_ptr[options.template[option] + 1]):
            begin = start + ws.offsets[option, b - first]
            _owe(k, group, begin, begin + options.break_len[b], -agents, queue, cover, owed)
    return agents * (owed.extra[k] * owed.slack[k]).sum()


@kernel
def _owe(k: int, group: int, first: int, end: int, agents: float, queue: NDArray[np.int64], cover: Cover,
         owed: Owed) -> None:  # fmt: skip
    """Add the share of slots `first` to `end` that is owed to each queue, less what is served."""
    for t in range(first, end):
        for i in range(cover.group_ptr[group], cover.group_ptr[group + 1]):
            q = cover.group_queue[i]
            if cover.wanted[q, t] and cover.share[group, q] > 0.0:
                owed.gradient[k, q, owed.period[t]] += agents * (cover.share[group, q] - (queue[t] == q))
