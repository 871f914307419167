"""A change of the hours of the day, as it is found and as a planner is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.counts import NAMES, clock
from staffing.forecast.day_level.weekdays import LONG_WEEKS

OPENED, RETURNED, CLOSED, HELD, UNSEEN = "opened", "returned", "closed", "held", "unseen"
TOGETHER = np.timedelta64(7, "D")  # changes of single weekdays within so many days are one
NEWS_DAYS = {OPENED: 14 * LONG_WEEKS, RETURNED: 7 * LONG_WEEKS}  # longer ago, these are none


@dataclass(frozen=True)
class ChangedSlots:
    """Slots from ``first`` to ``last`` that changed on the day at ``place`` in history, on ``weekdays``.

    ``kind``: they opened, returned after a silence, closed, or have no rows and are held open by the declared hours;
    ``rate``: their calls on a day on which they were worked; ``silent``: they have no rows, not zeros; ``shut``: first
    and one past the last place of the days before they opened, or of each silence; ``over``: they are quiet again.
    """

    first: int
    last: int
    place: int
    kind: str
    rate: float
    weekdays: tuple[int, ...] = tuple(range(7))
    silent: bool = False
    shut: tuple[tuple[int, int], ...] = ()
    over: bool = False

    @property
    def slots(self) -> slice:
        return slice(self.first, self.last + 1)

    def was_shut(self, days: int) -> np.ndarray:
        """Flags of the ``days`` of history."""
        out = np.zeros(days, dtype=bool)
        for first, end in self.shut:
            out[first:end] = True
        return out

    def repeats(self, other: ChangedSlots) -> bool:
        """Whether ``other`` says the same of more weekdays."""
        overlap = self.first <= other.last and other.first <= self.last
        return overlap and self.kind == other.kind and set(self.weekdays) < set(other.weekdays)


@dataclass(frozen=True)
class HoursChange:
    """What ``found`` says by its ``day``, and by the day since when hours that returned had been ``gone``."""

    found: ChangedSlots
    day: np.datetime64
    gone: np.datetime64

    def is_news(self, last: np.datetime64, most_days: int) -> bool:
        """Whether it is said of a history until ``last``, at most for so many days; hours that opened and are quiet
        again are not, hours never seen always."""
        found, days = self.found, (last - self.day).astype(int)
        return not found.over and (found.kind == UNSEEN or days < NEWS_DAYS.get(found.kind, most_days))

    def note(self, slots: int) -> str:
        found = self.found
        first, end = clock(found.first, slots), clock(found.last + 1, slots)
        weekdays = ", ".join(NAMES[day] for day in found.weekdays)
        some = len(found.weekdays) < len(NAMES)
        where = f"on {weekdays} from {first} to {end}" if some else f"from {first} to {end}"
        calls = f"{found.rate:.0f}"
        if found.kind == OPENED:
            return f"calls {where} only since {self.day}, {calls} a day; older days are told as if with these hours."
        if found.kind == RETURNED:
            return (
                f"calls {where} are back since {self.day}, after none since {self.gone}; the days between are told as "
                "if with these hours."
            )
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
        one = HoursChange(found, dates[found.place], dates[found.shut[-1][0] if found.shut else found.place])
        for place, other in enumerate(made):
            if _alike(other.found, found) and abs(other.day - one.day) < TOGETHER:
                days, before = len(other.found.weekdays), other.found
                rate = (days * before.rate + found.rate) / (days + 1)
                both = replace(before, weekdays=(*before.weekdays, *found.weekdays), rate=rate)
                made[place] = HoursChange(both, min(other.day, one.day), min(other.gone, one.gone))
                break
        else:
            made.append(one)
    return made


def _alike(one: ChangedSlots, other: ChangedSlots) -> bool:
    apart = not set(one.weekdays) & set(other.weekdays)
    return apart and (one.slots, one.kind, one.silent, one.over) == (other.slots, other.kind, other.silent, other.over)
