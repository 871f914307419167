"""Breaks of a mended roster: as published wherever moving one does not pay."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staffing.roster.desk.mend import Mender, Trial, short_hours
from staffing.roster.desk.recombine import URGENCY
from staffing.roster.engine.day import choose_day
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.search import copy_state, load_state, put_in, take_out

MOVE_HOURS = 0.02  # of shortage that the move of a break must save
NODES = 20  # of the search for the places of a day
KEEPING_TURNS = 3  # in which breaks are put back: one may make room for another

#: Slots of a shift, the queue served in each, and when breaks begin.
Breaks = tuple[slice, NDArray[np.int8], NDArray[np.int32]]


def breaks_placed(mender: Mender, trial: Trial, seconds: float) -> Trial:
    """The same shifts with breaks as published but where moving one pays, all of a day placed together.

    A day stays as it was where more would stay short.
    """
    case, state, end_s = mender.case, mender.state, time.monotonic() + seconds
    load_state(state, trial.state)
    cover = case.cover
    urgent = replace(case, cover=cover._replace(short=cover.short * URGENCY))
    moving = MOVE_HOURS * float(urgent.cover.short.max()) * 60 / case.grid.slot_min
    for day in range(case.days if len(case.options.break_len) else 0):
        kept, short = copy_state(state), short_hours(case, state.counts)
        _put_back(mender, day)
        for queue in np.unique(cover.group_queue).tolist():
            if (left_s := end_s - time.monotonic()) > 0:
                choose_day(urgent, state, day, queue, Effort(left_s, NODES), keep_shifts=True, moving=moving)
        if short_hours(case, state.counts) > short + 1e-9:
            load_state(state, kept)
    return mender.trial()


def _put_back(mender: Mender, day: int) -> None:
    """A day's breaks and queues as published in all shifts that stay."""
    tours, held = mender.state.tours[:, day], mender.published.tours[:, day]
    for i in np.flatnonzero((tours == held) & (held >= 0)).tolist():
        _at_published(mender, (i, day))


def _at_published(mender: Mender, at: tuple[int, int]) -> Breaks:
    """Breaks and queues of a person's day as published; returns what they were. The shift is the published one."""
    state, held, options, (i, day) = mender.state, mender.published, mender.case.options, at
    first = int(options.start[state.tours[i, day]])
    span = slice(first, first + int(options.length[state.tours[i, day]]))
    was = span, state.served[i, span].copy(), state.offsets[i, day].copy()
    _set(mender, at, (span, held.served[i, span], held.offsets[i, day]))
    return was


def _set(mender: Mender, at: tuple[int, int], breaks: Breaks) -> None:
    state, (i, day), (span, served, offsets) = mender.state, at, breaks
    take_out(i, state)
    state.served[i, span], state.offsets[i, day] = served, offsets
    put_in(i, state)


def breaks_kept(mender: Mender, trial: Trial, begun: np.ndarray) -> Trial:
    """Breaks put back to where they were published in shifts that stay: in those `begun` (agents, days), and in
    others where no more stays short."""
    load_state(mender.state, trial.state)
    held, now, short = mender.published, mender.state, trial.short_hours
    for _ in range(KEEPING_TURNS):
        stays = (now.tours == held.tours) & (held.tours >= 0)
        moved = stays & ((now.offsets != held.offsets).any(axis=2) | begun)
        before = short
        for i, day in np.argwhere(moved).tolist():
            short = _day_put_back(mender, (i, day), short, must=bool(begun[i, day]))
        if short == before:
            break
    return mender.trial()


def _day_put_back(mender: Mender, at: tuple[int, int], short: float, *, must: bool) -> float:
    """Breaks and queues of a person's day as published, unless more stays short; returns what stays short."""
    was = _at_published(mender, at)
    then = short_hours(mender.case, mender.state.counts)
    if must or then <= short + 1e-9:
        return then
    _set(mender, at, was)
    return short
