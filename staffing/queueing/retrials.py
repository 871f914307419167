"""Callers who call again: those who hung up, and those whose question was not answered.

In steady state the calls that agents see are the first calls and the repeated ones,

    λ = λ₀ + r·P(abandon)·λ + q·(1 − P(abandon))·λ,

with r the share of abandoned callers who redial and q that of answered callers who must call again; redials
come late enough to be taken as new arrivals (Aguir, Karaesmen, Akşin & Chauvet 2004, "The impact of retrials
on call center performance"). λ(1 − …) grows with λ, so the fixed point is unique.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.checks import Floats, floats, positive, require
from staffing.queueing.erlang import Measures, measures

_HALVINGS = 100


@dataclass(frozen=True)
class Callers:
    """What callers do.

    patience_s : mean patience, > 0 or inf.
    redial_share : share of abandoned callers who call again, in [0, 1).
    resolution : first-contact resolution, share of answered calls that settle the matter, in [0, 1].
    repeat_share : share of unsettled callers who call again, in [0, 1]; some of the answered must not.
    """

    patience_s: float = math.inf
    redial_share: float = 0.0
    resolution: float = 1.0
    repeat_share: float = 0.0

    def __post_init__(self) -> None:
        positive("patience_s", self.patience_s, endless=True)
        for field in ("redial_share", "resolution", "repeat_share"):
            value = floats(field, getattr(self, field), "a share in [0, 1]")
            require(value <= 1, field, value, "a share in [0, 1]")
        for field, share in (("redial_share", self.redial_share), ("repeat_share", self.unsettled_share)):
            require(np.asarray(share < 1), field, share, "such that some callers do not call again")

    @property
    def unsettled_share(self) -> float:
        """Share of answered calls that come back."""
        return (1 - self.resolution) * self.repeat_share

    def calls_per_matter(self) -> float:
        """Calls that one matter makes when everybody is answered: what better resolution saves."""
        return 1 / (1 - self.unsettled_share)


@dataclass(frozen=True)
class Repeated:
    """The calls that arrive in all, per hour, and the measures they see."""

    calls_per_hour: float
    measures: Measures


def with_repeats(
    callers: Callers, *, first_calls_per_hour: float, aht_s: float, agents: float, threshold_s: float = 20.0
) -> Repeated:
    """All calls that ``first_calls_per_hour`` lead to, and their service.

    Raises InputError where callers with endless patience return faster than they can be served.
    """
    calls = float(all_calls(callers, first_calls_per_hour, aht_s, agents))
    if math.isinf(callers.patience_s) and calls > 0 and agents * 3600 <= calls * aht_s:
        raise InputError("callers without end of patience come faster than they are served.",
                         where=Where(field="agents"), remedy="Add agents or give a patience.")  # fmt: skip
    found = measures(
        calls_per_hour=calls, aht_s=aht_s, agents=agents, threshold_s=threshold_s, patience_s=callers.patience_s
    )
    return Repeated(calls, found)


def all_calls(callers: Callers, first_calls_per_hour: ArrayLike, aht_s: ArrayLike, agents: ArrayLike) -> Floats:
    """Calls per hour, redials and repeats included, that first calls lead to; arguments broadcast.

    Callers with endless patience are all answered in the end, however many they are. Raises InputError.
    """
    first = floats("first_calls_per_hour", first_calls_per_hour, "a finite number of at least 0")
    shapes = np.broadcast_arrays(first, positive("aht_s", aht_s), floats("agents", agents, "at least 0"))
    first, aht, staff = (np.array(part) for part in shapes)
    if math.isinf(callers.patience_s):
        return np.asarray(first * callers.calls_per_matter())
    low, high = first.copy(), first / (1 - max(callers.redial_share, callers.unsettled_share))
    for _ in range(_HALVINGS):
        if np.all(high - low <= 1e-13 * high):
            break
        middle = 0.5 * (low + high)
        seen = measures(calls_per_hour=middle, aht_s=aht, agents=staff, patience_s=callers.patience_s)
        lost = np.where(middle > 0, seen.abandonment, 0.0)
        again = callers.redial_share * lost + callers.unsettled_share * (1 - lost)
        more = first + again * middle > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray(high)


def smallest_agents_with_repeats(
    callers: Callers, targets: Targets, *, first_calls_per_hour: float, aht_s: float, threshold_s: float = 20.0
) -> int:
    """Smallest whole number of agents whose service, redials and repeats included, meets ``targets``.

    Raises InputError, also for targets that cannot be met.
    """
    first = float(floats("first_calls_per_hour", first_calls_per_hour, "a finite number of at least 0"))
    if first == 0:
        return 0
    load = first * callers.calls_per_matter() * float(positive("aht_s", aht_s)) / 3600

    def good(agents: int) -> bool:
        if math.isinf(callers.patience_s) and agents <= load:
            return False
        found = with_repeats(callers, first_calls_per_hour=first, aht_s=aht_s, agents=agents, threshold_s=threshold_s)
        return targets.kept_by(found.measures)

    return _smallest_meeting(good, int(smallest_agents(load, aht_s, callers.patience_s, threshold_s, targets)))


def _smallest_meeting(good: Callable[[int], bool], guess: int) -> int:
    """Smallest number ≥ 1 for which ``good`` holds, which holds from some number on. Raises InputError."""
    low, high, step = 0, max(guess, 1), 1
    if good(high):
        while high - step > 0 and good(high - step):
            high, step = high - step, 2 * step
        low = max(high - step, 0)
    else:
        while not good(high):
            low, high, step = high, high + step, 2 * step
            if step > 2**24:
                raise InputError("no number of agents meets the targets.", remedy="Ease the targets.")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
