"""Unloved shifts fall on those who had few: each costs more than the one before."""

from dataclasses import dataclass

from staffing.roster.case import DatedShift
from staffing.roster.limits.limit import TourLimit

FAR_CARRIED = 12  # unloved shifts after which the next costs no more than the last


@dataclass(frozen=True)
class Unevenness(TourLimit):
    """Each unloved shift of a person costs more than the one before: the first after `carried` others costs
    `price` times `carried`. Weekends, nights, late and undesired shifts count, once for each of the four.
    """

    weekend: tuple[bool, ...]
    carried: int
    price: float

    def label(self, shift: DatedShift) -> int:
        return int(shift.night) + int(shift.late) + int(shift.undesired)

    def step(self, memory: int, day: int, label: int | None) -> tuple[int, float]:
        added = 0 if label is None else label + self.weekend[day]
        dear = sum(self.carried + memory + k for k in range(added))
        return min(memory + added, FAR_CARRIED), self.price * dear
