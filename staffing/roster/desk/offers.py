"""Offers beside a roster: time off where too many are there, longer shifts where too few are, each with its price.

An offer shortens or lengthens one shift at one of its ends. The best one counts as accepted before the next is
looked for, so that together they say what they save. Contracts say for how much people may be asked: time off
within ``voluntary_hours``, longer shifts within ``max_hours``, and beyond them overtime.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.roster.case import Grid
from staffing.roster.desk.asking import Asking
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, requirement_slots
from staffing.roster.inputs.past import presence
from staffing.roster.inputs.presence import present
from staffing.roster.rules.people import Person, Worked, people_of

TIME_OFF, LONGER, OVERTIME = "time off", "longer shift", "overtime"
EPS = 1e-6


@dataclass(frozen=True)
class Offer:
    """From `start` to `end` a person is free or stays on; `pay` is money paid more, `saves` what is won in all."""

    kind: str
    agent: str
    start: pd.Timestamp
    end: pd.Timestamp
    pay: float
    saves: float

    @property
    def hours(self) -> float:
        return float((self.end - self.start).total_seconds()) / 3600

    def __str__(self) -> str:
        span = f"{self.start:%a %Y-%m-%d %H:%M}–{self.end:%H:%M}"
        return f"{self.kind} for {self.agent}, {span}: pay {self.pay:+,.2f}, saves {self.saves:,.2f}"


def offers(inputs: Inputs, table: pd.DataFrame, *, most: int = 20) -> list[Offer]:
    """Up to `most` offers to the people of a roster table, the best first; none twice for one shift."""
    desk = _Desk.of(inputs, table)
    shifts = [(person, shift) for person in people_of(table, inputs) for shift in person.shifts]
    first = [(desk.best(*shift), number) for number, shift in enumerate(shifts)]
    heap = [(-offer.saves, number) for offer, number in first if offer is not None]
    heapq.heapify(heap)
    taken: list[Offer] = []
    while heap and len(taken) < most:
        _, number = heapq.heappop(heap)
        offer = desk.best(*shifts[number])
        if offer is None:
            continue
        if heap and offer.saves < -heap[0][0] - EPS:  # what was accepted since has made it less good
            heapq.heappush(heap, (-offer.saves, number))
            continue
        desk.accept(*shifts[number], offer)
        taken.append(offer)
    return taken


@dataclass
class _Desk:
    """Cover as it stands while offers are accepted, and the hours offered so far, by sort and week."""

    inputs: Inputs
    grid: Grid
    queues: tuple[str, ...]
    need: NDArray[np.float64]
    wanted: NDArray[np.bool_]
    counts: NDArray[np.float64]
    asking: Asking

    @classmethod
    def of(cls, inputs: Inputs, table: pd.DataFrame) -> _Desk:
        grid, queues = grid_of(inputs), tuple(sorted(set(inputs.requirements["queue"])))
        need, wanted = requirement_slots(inputs, grid, queues)
        now = table[table["queue"].isna() | table["queue"].isin(queues)]
        return cls(
            inputs,
            grid,
            queues,
            need,
            wanted,
            present(now, grid, queues, inputs.agents) + presence(inputs, grid, queues),
            Asking(inputs),
        )

    def best(self, person: Person, shift: Worked) -> Offer | None:
        """The offer for a shift that saves most; None when none saves anything."""
        if shift.queue not in self.queues:
            return None
        found = [*self._time_off(person, shift), *self._overtime(person, shift)]
        best = max(found, key=lambda offer: (offer.saves, -offer.hours), default=None)
        return best if best is not None and best.saves > EPS else None

    def accept(self, person: Person, shift: Worked, offer: Offer) -> None:
        """Count the offer as taken."""
        row, slots = self._slots(shift, offer.start, offer.end)
        self.counts[row, slots] += -1 if offer.kind == TIME_OFF else 1
        self.asking.accept(person, shift, offer.hours, off=offer.kind == TIME_OFF)

    def _time_off(self, person: Person, shift: Worked) -> Iterator[Offer]:
        left_h = self.asking.time_off_h(person, shift)
        for length in self.asking.lengths(min(left_h * 60, shift.minutes / 2)):
            for start, end in ((shift.start, shift.start + length), (shift.end - length, shift.end)):
                unpaid = sum(_overlap_h(span.start, span.end, start, end) for span in shift.breaks)
                hours = length.total_seconds() / 3600 - unpaid
                yield self._offer(TIME_OFF, person, shift, (start, end), -self.asking.saved(person, hours))

    def _overtime(self, person: Person, shift: Worked) -> Iterator[Offer]:
        usual_h, most_h = self.asking.longer_h(person, shift)
        for length in self.asking.lengths(most_h * 60):
            hours = length.total_seconds() / 3600
            money = self.asking.pay(person, hours, usual_h)
            for start, end in ((shift.start - length, shift.start), (shift.end, shift.end + length)):
                if self.asking.may_work(person, shift, (start, end)):
                    kind = OVERTIME if hours > usual_h else LONGER
                    yield self._offer(kind, person, shift, (start, end), money)

    def _offer(
        self, kind: str, person: Person, shift: Worked, span: tuple[pd.Timestamp, pd.Timestamp], money: float
    ) -> Offer:
        row, slots = self._slots(shift, *span)
        change = -1 if kind == TIME_OFF else 1
        saves = self._cost(row, slots, 0) - self._cost(row, slots, change) - money
        return Offer(kind, person.agent.name, *span, money, saves)

    def _slots(self, shift: Worked, start: pd.Timestamp, end: pd.Timestamp) -> tuple[int, NDArray[np.int64]]:
        """Row of the shift's queue and the slots in which presence changes: none on a break."""
        first, last = self.grid.slot(pd.DatetimeIndex([start, end]))
        slots = np.arange(max(0, first), min(last, self.counts.shape[1]))
        for span in (*shift.breaks, *shift.sessions):
            begin, stop = self.grid.slot(pd.DatetimeIndex([span.start, span.end]))
            slots = slots[(slots < begin) | (slots >= stop)]
        return self.queues.index(str(shift.queue)), slots

    def _cost(self, row: int, slots: NDArray[np.int64], more: int) -> float:
        lacking = self.need[row, slots] - self.counts[row, slots] - more
        prices = self.inputs.prices
        price = np.where(lacking > 0, prices.shortage_hour * lacking, -prices.excess_hour * lacking)
        return float((price * self.wanted[row, slots]).sum()) * self.grid.slot_min / 60


def _overlap_h(start: pd.Timestamp, end: pd.Timestamp, low: pd.Timestamp, high: pd.Timestamp) -> float:
    return max(0.0, (min(end, high) - max(start, low)).total_seconds()) / 3600
