"""A service level that the day or the week keeps as a whole: cheap intervals make up for dear ones.

Each interval has a curve: contacts in time against agents, as the evaluation measures them. The least staff
takes the steepest pieces of these curves; the roster gets the pieces themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.queueing.day import Curve, least_staff_together
from staffing.requirements.live import Incoming, live_staff
from staffing.service import Staffed, live

Floats = NDArray[np.float64]
_ENOUGH = 0.9999  # beyond this service level of an interval more agents gain nothing worth a piece
_HALVINGS = 10


def staff_together(incoming: Incoming, scenario: Scenario) -> Floats:
    """Fewest agents with which every day (or week) keeps the queue's service level. Raises InputError."""
    promise = Together.of(incoming, scenario)
    return promise.staff(promise.shares())


@dataclass(frozen=True)
class Together:
    """A queue's contacts, what each interval gives, and the intervals of each day or week by its first instant."""

    incoming: Incoming
    target: ServiceTarget
    curves: list[Curve]
    spans: dict[pd.Timestamp, NDArray[np.int64]]

    @classmethod
    def of(cls, incoming: Incoming, scenario: Scenario) -> Together:
        target = scenario.target(incoming.queue)
        return cls(incoming, target, _curves(incoming, target), _spans(incoming, target, scenario.site))

    def staff(self, shares: Floats) -> Floats:
        """Least staff that reaches ``shares``, one per day or week, each interval standing by itself."""
        agents = np.zeros(self.incoming.calls.size)
        for rows, share in zip(self.spans.values(), shares, strict=True):
            agents[rows] = least_staff_together([self.curves[i] for i in rows], float(share))
        return agents

    def shares(self) -> Floats:
        """The service levels to ask of intervals that stand by themselves: the promised one, or through time
        those with which each day or week just keeps the promise when its intervals follow each other.
        """
        promised = np.full(len(self.spans), _share(self.target))
        if self.incoming.queue.channel != "voice" or self.incoming.queue.model != "transient":
            return promised
        low, high = np.full(promised.size, 0.01), np.full(promised.size, max(_ENOUGH, promised[0]))
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            kept = self._kept(middle)
            low, high = np.where(kept, low, middle), np.where(kept, middle, high)
        while not (kept := self._kept(high)).all() and (high[~kept] < _ENOUGH).any():
            high = np.where(kept, high, np.minimum(high + 0.002, _ENOUGH))  # a day may suffer from the one before it
        return high

    def _kept(self, shares: Floats) -> NDArray[np.bool_]:
        """Whether each day or week keeps the promise with the staff of these shares, worked through time."""
        incoming = self.incoming
        interval_s = np.full(incoming.calls.size, incoming.interval_s)
        demand = Staffed(
            incoming.calls, incoming.aht_s, interval_s, self.staff(shares), incoming.start_s, incoming.patience_s
        )
        amounts = live(demand, incoming.queue, self.target)
        surplus = np.nan_to_num(amounts["in_time"] - _share(self.target) * amounts["base"])
        return np.array([surplus[rows].sum() >= -1e-9 for rows in self.spans.values()])


def _share(target: ServiceTarget) -> float:
    if target.service_level is None:  # excluded at birth of the target
        raise ValueError("a promise over the day needs a service level")
    return target.service_level


def _spans(incoming: Incoming, target: ServiceTarget, site: SiteCalendar) -> dict[pd.Timestamp, NDArray[np.int64]]:
    days = pd.Series(incoming.starts.tz_convert(site.zone).date)
    first = days if target.over == "day" else days.map(site.week_of)
    return {site.midnight(day): np.asarray(rows, np.int64) for day, rows in first.groupby(first).indices.items()}


def _curves(incoming: Incoming, target: ServiceTarget) -> list[Curve]:
    """What every interval gives, from the least staff it needs by itself to where more is no use."""
    least = np.maximum(incoming.minimum, incoming.calls > 0)
    alone = target.in_every_interval()
    if alone is not None:
        least = np.maximum(least, live_staff(incoming, alone))
    ample = ServiceTarget(
        service_level=max(_ENOUGH, _share(target)), threshold_s=target.threshold_s, definition=target.definition
    )
    count = np.maximum(live_staff(incoming, ample) - least, 0).astype(np.int64) + 1
    which = np.repeat(np.arange(count.size), count)
    first = np.cumsum(count) - count
    agents = least[which] + np.arange(which.size) - first[which]
    interval_s = np.full(which.size, incoming.interval_s)
    demand = Staffed(
        incoming.calls[which], incoming.aht_s[which], interval_s, agents, patience_s=incoming.patience_s[which]
    )
    amounts = live(demand, incoming.queue, target)
    in_time, base = (np.split(np.nan_to_num(amounts[name]), first[1:]) for name in ("in_time", "base"))
    return [Curve(int(n), *parts) for n, *parts in zip(least, in_time, base, strict=True)]
