"""A change of the hours of the day, as it is found and as a planner is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.counts import NAMES, clock

OPENED, CLOSED, HELD, UNSEEN = "opened", "closed", "held", "unseen"
TOGETHER = np.timedelta64(7, "D")  # changes of single weekdays within so many days are one


@dataclass(frozen=True)
class ChangedSlots:
    """Slots from ``first`` to ``last`` that changed on the day at ``place`` in history, on ``weekdays``.

    ``kind``: they opened, closed, or have no rows and are held open by the declared hours; ``rate``: their calls on a
    day on which they were worked; ``silent``: they have no rows, not zeros.
    """

    first: int
    last: int
    place: int
    kind: str
    rate: float
    weekdays: tuple[int, ...] = tuple(range(7))
    silent: bool = False

    @property
    def slots(self) -> slice:
        return slice(self.first, self.last + 1)

    def repeats(self, other: ChangedSlots) -> bool:
        """Whether ``other`` says the same of more weekdays."""
        overlap = self.first <= other.last and other.first <= self.last
        return overlap and self.kind == other.kind and set(self.weekdays) < set(other.weekdays)


@dataclass(frozen=True)
class HoursChange:
    """What ``found`` says by its ``day``."""

    found: ChangedSlots
    day: np.datetime64

    def note(self, slots: int) -> str:
        found = self.found
        hours = f"from {clock(found.first, slots)} to {clock(found.last + 1, slots)}"
        some = len(found.weekdays) < len(NAMES)
        where = f"on {', '.join(NAMES[day] for day in found.weekdays)} {hours}" if some else hours
        calls = f"{found.rate:.0f}"
        if found.kind == OPENED:
            return f"calls {where} only since {self.day}, {calls} a day; older days are told as if with these hours."
        if found.kind == UNSEEN:
            return (
                f"the opening hours say open {where}, but history has no rows there; forecast from the hours beside, "
                f"halved with every hour further on: {calls} calls a day."
            )
        if found.kind == HELD:
            return (
                f"no rows {where} since {self.day} ({calls} calls a day before), though the opening hours say open; "
                "these hours are forecast as before."
            )
        if found.silent:
            return (
                f"no rows {where} since {self.day} ({calls} calls a day before); these hours are taken as closed, on "
                "older days too. If they are not, import them."
            )
        return (
            f"no calls {where} since {self.day} ({calls} a day before); these hours are taken as closed, on older days "
            "too."
        )


def one_change_each(changes: Sequence[ChangedSlots], dates: np.ndarray) -> list[HoursChange]:
    """The changes by day, those of single weekdays that changed alike as one."""
    made: list[HoursChange] = []
    for found in changes:
        one = HoursChange(found, dates[found.place])
        for place, other in enumerate(made):
            if _alike(other.found, found) and abs(other.day - one.day) < TOGETHER:
                days, before = len(other.found.weekdays), other.found
                rate = (days * before.rate + found.rate) / (days + 1)
                both = replace(before, weekdays=(*before.weekdays, *found.weekdays), rate=rate)
                made[place] = HoursChange(both, min(other.day, one.day))
                break
        else:
            made.append(one)
    return made


def _alike(one: ChangedSlots, other: ChangedSlots) -> bool:
    apart = not set(one.weekdays) & set(other.weekdays)
    return apart and (one.slots, one.kind, one.silent) == (other.slots, other.kind, other.silent)
