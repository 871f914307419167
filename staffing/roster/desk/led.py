"""Mending led by the prices of slots, as the engine leads a free roster, once every change has its price.

A bound is raised for the roster in which changes cost something; at its slot prices the crowd of all people meets the
need on average, and meets it exactly while the kink of each slot's price is sharpened. A change is made dearer after a
roster with more changes than are allowed, and cheaper after one with room, so that the best use of those allowed is
found (a Lagrangian price of the limit).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case
from staffing.roster.desk.mend import NO_GUIDE, Aim, Mender, Trial
from staffing.roster.desk.recombine import URGENCY
from staffing.roster.engine import dual
from staffing.roster.engine.price import roster_price
from staffing.roster.engine.search import load_state, sweep
from staffing.roster.engine.strategies.annealing import slopes
from staffing.roster.engine.workspace import Buffers

LED_SHARE = 0.9  # of the time left
ASCENT_SHARE = 0.3  # of it goes to the prices of slots
STEPS = 5  # of the ascent between two looks at the clock
STEERING = 0.5  # power of the changes made over those allowed, by which a change becomes dearer or cheaper
CHEAPEST, DEAREST = 0.6, 1.3  # times its price at once
CHUNK = 100  # people who answer between two looks at the clock
MOST_ANSWERING = 400  # people, others each time: so many have room for all changes, and answer soon enough


def led(mender: Mender, aim: Aim) -> Iterator[list[Trial]]:
    """Rosters within the changes allowed, one turn after the other, for a share of the time left.

    A change comes ever nearer to the price at which those allowed are used up.
    """
    now, change, best, turn = time.monotonic(), URGENCY, None, 0
    until = now + LED_SHARE * (aim.deadline - now)
    case = mender.at(URGENCY, change)
    mender.restarted(case)
    worth = _slot_prices(case, roster_price(case, mender.state), mender.ws, now + ASCENT_SHARE * (until - now))
    whole = True
    while whole:
        if best is not None:
            load_state(mender.state, best.state)
        whole = _sharpened(mender, case, worth, turn, until)
        trial = mender.taken()
        found = [one for one in (trial, mender.thinned(trial, aim)) if one.changed <= aim.most_changed]
        best = min([*found, *([best] if best else [])], key=lambda one: one.short_hours, default=None)
        yield found
        change *= _steered(trial.changed, aim.most_changed)
        case, turn = mender.at(URGENCY, change), turn + 1


def _slot_prices(case: Case, price: float, ws: Buffers, until: float) -> NDArray[np.float64]:
    """Prices of slots (rows, slots) that prove the best bound found until then; `price` is that of a known roster."""
    ascent, curve, size = dual.begin(case), dual.cover_curve(case.cover), case.class_size.astype(float)
    while time.monotonic() < until and ascent.control[1] >= dual.SMALLEST_STEP:
        dual.ascend(STEPS, price, ascent, curve, size, case.cover, case.people, case.options, case.automata, ws)
    return ascent.best_worth


def _steered(changed: int, most: int) -> float:
    """Times its price a change is to cost after a roster with so many changes, where `most` are allowed."""
    return min(max((changed / max(most, 1)) ** STEERING, CHEAPEST), DEAREST)


def _sharpened(mender: Mender, case: Case, worth: NDArray[np.float64], turn: int, until: float) -> bool:
    """People answer `worth`, its kink sharper step by step, then the true price of cover until nobody gains.

    The mender's state changes in place. Whether that came to its end before it was late.
    """
    state, rng = mender.state, mender.rng
    args = (case.cover, state, case.people, case.options, case.automata, mender.ws)
    who = rng.permutation(mender.everyone)[:MOST_ANSWERING]
    who = np.union1d(who, mender.everyone[mender.forced])

    def late() -> bool:
        return time.monotonic() > until

    def answered(guide: NDArray[np.float64], slope: float) -> float:
        now, order = math.inf, rng.permutation(who)
        for first in range(0, len(who), CHUNK):
            now = sweep(order[first : first + CHUNK], guide, slope, *args)
            if late():
                break
        return float(now)

    for slope in slopes(turn, len(who)):
        answered(worth, float(slope))
        if late():
            return False
    before, now = math.inf, answered(NO_GUIDE, 0.0)
    while now < before - 1e-9 and not late():
        before, now = now, answered(NO_GUIDE, 0.0)
    return not late()
