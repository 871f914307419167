"""Callers who call again: those who hung up, and those whose question was not answered.

In steady state the calls that agents see are the first calls and the repeated ones,

    λ = λ₀ + r·P(abandon)·λ + q·(1 − P(abandon))·λ,

with r the share of abandoned callers who redial and q that of answered callers who must call again; redials
come late enough to be taken as new arrivals (Aguir, Karaesmen, Akşin & Chauvet 2004, "The impact of retrials
on call center performance"). λ(1 − …) grows with λ, so the fixed point is unique.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.chat import smallest_meeting
from staffing.queueing.checks import floats, positive, require
from staffing.queueing.erlang import Measures, measures

_HALVINGS = 100


@dataclass(frozen=True)
class Callers:
    """What callers do.

    patience_s : mean patience, > 0 or inf.
    redial_share : share of abandoned callers who call again, in [0, 1).
    resolution : first-contact resolution, share of answered calls that settle the matter, in [0, 1].
    repeat_share : share of unsettled callers who call again, in [0, 1); with resolution 0 it must leave
        some who do not.
    """

    patience_s: float = math.inf
    redial_share: float = 0.0
    resolution: float = 1.0
    repeat_share: float = 0.0

    def __post_init__(self) -> None:
        positive("patience_s", self.patience_s, endless=True)
        for field in ("redial_share", "repeat_share"):
            value = floats(field, getattr(self, field), "a share in [0, 1)")
            require(value < 1, field, value, "a share in [0, 1)")
        require(floats("resolution", self.resolution, "a share in [0, 1]") <= 1, "resolution", self.resolution,
                "a share in [0, 1]")  # fmt: skip

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
    first = float(floats("first_calls_per_hour", first_calls_per_hour, "a finite number of at least 0"))

    def seen(calls: float) -> Measures:
        return measures(
            calls_per_hour=calls, aht_s=aht_s, agents=agents, threshold_s=threshold_s, patience_s=callers.patience_s
        )

    if first == 0:
        return Repeated(0.0, seen(0.0))
    if math.isinf(callers.patience_s):
        calls = first * callers.calls_per_matter()
        if agents * 3600 <= calls * aht_s:
            raise InputError("callers without end of patience come faster than they are served.",
                             where=Where(field="agents"), remedy="Add agents or give a patience.")  # fmt: skip
        return Repeated(calls, seen(calls))
    low, high = first, first / (1 - max(callers.redial_share, callers.unsettled_share))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        lost = seen(middle).abandonment
        again = callers.redial_share * lost + callers.unsettled_share * (1 - lost)
        low, high = (middle, high) if first + again * middle > middle else (low, middle)
        if high - low <= 1e-13 * high:
            break
    return Repeated(high, seen(high))


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

    return smallest_meeting(good, int(smallest_agents(load, aht_s, callers.patience_s, threshold_s, targets)))
