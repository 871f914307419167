"""Breaks of a mended roster: as published wherever moving one does not pay."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from staffing.roster.desk.mend import Mender, Trial, short_hours
from staffing.roster.desk.recombine import URGENCY
from staffing.roster.engine.day import choose_day
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.search import copy_state, load_state, put_in, take_out

MOVE_HOURS = 0.02  # of shortage that the move of a break must save
NODES = 20  # of the search for the places of a day
KEEPING_TURNS = 3  # in which breaks are put back: one may make room for another


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
    state, held, options = mender.state, mender.published, mender.case.options
    for i in np.flatnonzero((state.tours[:, day] == held.tours[:, day]) & (held.tours[:, day] >= 0)).tolist():
        first = int(options.start[state.tours[i, day]])
        span = slice(first, first + int(options.length[state.tours[i, day]]))
        take_out(i, state)
        state.served[i, span], state.offsets[i, day] = held.served[i, span], held.offsets[i, day]
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
    case, state, held, (i, day) = mender.case, mender.state, mender.published, at
    option = int(state.tours[i, day])
    start = int(case.options.start[option])
    span = slice(start, start + int(case.options.length[option]))
    was = state.served[i, span].copy(), state.offsets[i, day].copy()
    take_out(i, state)
    state.served[i, span], state.offsets[i, day] = held.served[i, span], held.offsets[i, day]
    put_in(i, state)
    then = short_hours(case, state.counts)
    if must or then <= short + 1e-9:
        return then
    take_out(i, state)
    state.served[i, span], state.offsets[i, day] = was
    put_in(i, state)
    return short
