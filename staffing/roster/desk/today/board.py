"""The rest of a day under search: who is present where, what it is worth, and what one person more or less adds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.desk.today.seats import NOBODY, Room, Seat, add, presence_of
from staffing.roster.desk.today.worth import Worth

Floats = NDArray[np.float64]


@dataclass
class DayBoard:
    """Seats that change and `others` (rows, slots) who do not; counts follow every change. People whose handle times
    differ count in parts, and presence is worth what lies between whole numbers of people."""

    room: Room
    worth: Worth
    seats: list[Seat]
    others: Floats
    gap: int  # slots of work between two breaks
    width: int  # slots of an interval
    least_spell: int  # slots at another queue, at a stretch
    counts: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.counts = self.others + presence_of(self.seats, *self.others.shape)

    @property
    def offset(self) -> int:
        """The first slot at which an interval begins."""
        return -self.room.first % self.width

    def put(self, number: int, seat: Seat) -> None:
        """One seat in place of another."""
        add(self.counts, self.seats[number], -1)
        self.seats[number] = seat
        add(self.counts, seat, 1)

    def marginal(self, number: int, price: Floats) -> Floats:
        """(rows, slots) what the person adds wherever present at a price of `worth`, everybody else as they are."""
        seat = self.seats[number]
        add(self.counts, seat, -1)
        amounts = np.concatenate([seat.amounts, np.ones(len(self.counts) - len(seat.amounts))])[:, None]
        without = np.minimum(self.counts, self.worth.most - amounts)
        add(self.counts, seat, 1)
        return np.where(self.worth.open, read_at(price, without + amounts) - read_at(price, without), 0.0)

    def money(self, price: Floats) -> float:
        """What all presence is worth at a price of `worth`."""
        return float(self._of(price).sum())

    def service(self) -> tuple[Floats, Floats]:
        """(queues,) contacts answered in time, and those they are a share of."""
        rows = slice(0, len(self.worth.queues))
        return self._of(self.worth.in_time).sum(axis=1)[rows], self._of(self.worth.base).sum(axis=1)[rows]

    def short_hours(self) -> float:
        """Agent-hours below the requirement of the queues."""
        rows = slice(0, len(self.worth.queues))
        missing = np.where(self.worth.open, np.maximum(self.worth.need - self.counts, 0.0), 0.0)[rows]
        return float(missing.sum()) * self.room.grid.slot_min / 60

    def _of(self, table: Floats) -> Floats:
        return read_at(table, np.minimum(self.counts, self.worth.most))


def read_at(table: Floats, present: Floats) -> Floats:
    """(rows, slots) what a table of whole numbers of people says of so many present, straight between them."""
    whole = present.astype(np.int64)
    part, found = present - whole, np.take_along_axis(table, whole[..., None], axis=2)[..., 0]
    if part.any():
        after = np.take_along_axis(table, np.minimum(whole + 1, table.shape[2] - 1)[..., None], axis=2)[..., 0]
        found = found + part * (after - found)
    return np.asarray(found)


def at_queue(seat: Seat, gains: Floats) -> Floats:
    """(slots,) what presence at the queue served adds, minimums counted in; 0 outside the shift."""
    slots = np.flatnonzero(seat.serves != NOBODY)
    found = np.zeros(gains.shape[1])
    found[slots] = gains[seat.serves[slots], slots]
    return found + _marks(seat, gains) * (seat.serves != NOBODY)


def elsewhere(seat: Seat, row: int, gains: Floats) -> Floats:
    """(slots,) what presence at another queue adds, minimums counted in."""
    return np.asarray(gains[row] + _marks(seat, gains))


def _marks(seat: Seat, gains: Floats) -> Floats:
    return np.asarray(gains[list(seat.marks)].sum(axis=0)) if seat.marks else np.zeros(gains.shape[1])
