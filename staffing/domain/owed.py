"""What a contract owes in a week, counted day by day: leave, days that are never worked, joining and leaving."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.domain.workforce import Contract

EPS = 1e-9


@dataclass(frozen=True)
class PersonDay:
    """One day of one person.

    works : it belongs to the days the person works at all: by weekday and rotation.
    employed : the person is employed on it.
    granted_h : hours of leave; None: none, infinite: the whole day, also where the site is closed.
    planned_h : paid hours of the shift that a rotation names for it; None where it names none.
    part_off : share of the day, in [0, 1], that is off as such: half days of leave, hours the site is closed on a day
        it usually opens longer.
    """

    works: bool
    employed: bool = True
    granted_h: float | None = None
    planned_h: float | None = None
    part_off: float = 0.0

    @property
    def is_leave(self) -> bool:
        """Whether the whole day is granted off."""
        return self.part_off >= 1 or (self.granted_h is not None and math.isinf(self.granted_h))


def owed(contract: Contract, week: Sequence[PersonDay]) -> tuple[int, int]:
    """Least paid minutes and days of a week.

    Those of the contract for as many of the person's days as are employed, less what the leave on them is worth (see
    `Contract.leave_day`), of whole days no more than a week has. Leave on other days is worth nothing. Nothing is owed
    where no day is left to work.
    """
    pattern = [day for day in week if day.works]
    here = [day for day in pattern if day.employed]
    leave = [day for day in here if day.is_leave]
    if len(leave) == len(here):
        return 0, 0
    share = len(here) / len(pattern)
    usual = min(contract.min_days or contract.max_days, len(pattern))
    worths = sorted((_worth_h(contract, day, usual) for day in leave), reverse=True)[:usual]
    for day in here:
        if not day.is_leave:
            worth = _worth_h(contract, day, usual)
            worths.append(min((day.granted_h or 0.0) + day.part_off * worth, worth))
    minutes = int(60 * max(0.0, contract.min_hours * share - sum(worths)) + EPS)
    return minutes, max(0, math.floor(contract.min_days * share + EPS) - len(leave))


def _worth_h(contract: Contract, day: PersonDay, usual: int) -> float:
    """Hours that a whole day of leave takes off."""
    if isinstance(contract.leave_day, float):
        return contract.leave_day
    if contract.leave_day == "planned" and day.planned_h is not None:
        return day.planned_h
    return contract.min_hours / usual
