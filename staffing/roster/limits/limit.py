"""What a limit is: how high on each day, what each unit beyond it costs, and what most rules share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.case import DatedShift

WEEK = 7
DAY_MIN = 1440
NO_LIMIT = 10**6

Days = Sequence[DatedShift | None]


@dataclass(frozen=True)
class Limit:
    """A limit on each day of the horizon, and what each unit beyond it costs there; None forbids."""

    at: tuple[int, ...]
    price: tuple[float | None, ...]

    @classmethod
    def steady(cls, at: int, days: int, price: float | None = None) -> "Limit":
        """The same on all days."""
        return cls((at,) * days, (price,) * days)

    @cached_property
    def top(self) -> int:
        """The loosest limit that binds at all."""
        return max((at for at in self.at if at < NO_LIMIT), default=0)

    @property
    def binds(self) -> bool:
        return any(0 < at < NO_LIMIT or at == 0 for at in self.at)

    def charge(self, day: int, beyond: int) -> float | None:
        """Price of so many units beyond the limit of a day; None where that is forbidden."""
        if beyond <= 0:
            return 0.0
        price = self.price[day]
        return None if price is None else price * beyond


def together(*prices: float | None) -> float | None:
    """The prices together; None when one of them forbids."""
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None


class TourLimit:
    """A rule that sees only whether a day is worked, starts afresh and ends freely."""

    def label(self, shift: DatedShift) -> Any:
        return True

    def begin(self, past: Days) -> Any:
        return 0

    def finish(self, memory: Any) -> float | None:
        return 0.0


def run_of(past: Days, *, worked: bool) -> int:
    """Length of the run of worked (or free) days at the end of `past`."""
    run = 0
    for shift in reversed(past):
        if (shift is not None) != worked:
            break
        run += 1
    return run
