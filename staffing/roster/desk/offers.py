"""Offers beside a roster: time off where too many are there, longer shifts where too few are, each with its price.

An offer shortens or lengthens one shift at one of its ends. The best one counts as accepted before the next is
looked for, so that together they say what they save. Contracts say for how much people may be asked: time off
within ``voluntary_hours``, longer shifts within ``max_hours``, and beyond them overtime.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN
from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, requirement_slots
from staffing.roster.inputs.past import presence
from staffing.roster.inputs.presence import present
from staffing.roster.rules.hours import WEEK, is_night
from staffing.roster.rules.people import Person, Worked, people_of

TIME_OFF, LONGER, OVERTIME = "time off", "longer shift", "overtime"
EPS = 1e-6
LONGEST_MIN = 240  # by which a shift is lengthened or shortened


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
        desk.accept(shifts[number][1], offer)
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
    given: dict[tuple[bool, str, dt.date], float] = field(default_factory=lambda: defaultdict(float))

    @classmethod
    def of(cls, inputs: Inputs, table: pd.DataFrame) -> _Desk:
        grid, queues = grid_of(inputs), tuple(sorted(set(inputs.requirements["queue"])))
        need, wanted = requirement_slots(inputs, grid, queues)
        now = table[table["queue"].isna() | table["queue"].isin(queues)]
        return cls(inputs, grid, queues, need, wanted, present(now, grid, queues) + presence(inputs, grid, queues))

    def best(self, person: Person, shift: Worked) -> Offer | None:
        """The offer for a shift that saves most; None when none saves anything."""
        if shift.queue not in self.queues:
            return None
        found = [*self._time_off(person, shift), *self._overtime(person, shift)]
        best = max(found, key=lambda offer: (offer.saves, -offer.hours), default=None)
        return best if best is not None and best.saves > EPS else None

    def accept(self, shift: Worked, offer: Offer) -> None:
        """Count the offer as taken."""
        row, slots = self._slots(shift, offer.start, offer.end)
        self.counts[row, slots] += -1 if offer.kind == TIME_OFF else 1
        self.given[offer.kind == TIME_OFF, offer.agent, self._week(shift)] += offer.hours

    def _time_off(self, person: Person, shift: Worked) -> Iterator[Offer]:
        contract, (pay, _) = person.contract, self._pay(person)
        left_h = contract.voluntary_hours - self.given[True, person.agent.name, self._week(shift)]
        for length in self._lengths(min(left_h * 60, shift.minutes / 2)):
            for start, end in ((shift.start, shift.start + length), (shift.end - length, shift.end)):
                unpaid = sum(_overlap_h(span.start, span.end, start, end) for span in shift.breaks)
                hours = length.total_seconds() / 3600 - unpaid
                money = 0.0 if contract.voluntary_paid else -pay * hours
                yield self._offer(TIME_OFF, person, shift, (start, end), money)

    def _overtime(self, person: Person, shift: Worked) -> Iterator[Offer]:
        contract, (pay, dear) = person.contract, self._pay(person)
        week = self._week(shift)
        worked_h = sum(one.paid_min for one in person.shifts if self._week(one) == week) / 60
        worked_h += self.given[False, person.agent.name, week]
        usual_h = max(0.0, contract.max_hours - worked_h)
        for length in self._lengths((usual_h + contract.overtime_hours - max(0.0, worked_h - contract.max_hours)) * 60):
            hours = length.total_seconds() / 3600
            money = pay * min(hours, usual_h) + dear * max(0.0, hours - usual_h)
            for start, end in ((shift.start - length, shift.start), (shift.end, shift.end + length)):
                if self._may_work(person, shift, start, end):
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

    def _lengths(self, most_min: float) -> list[pd.Timedelta]:
        step = self.inputs.calendar.interval_min
        return [pd.Timedelta(minutes=m) for m in range(step, int(min(most_min, LONGEST_MIN)) + 1, step)]

    def _pay(self, person: Person) -> tuple[float, float]:
        """Money for an hour, and for one beyond the contract."""
        contract = person.contract
        pay = self.inputs.prices.agent_hour if contract.hour_cost is None else contract.hour_cost
        return pay, pay * contract.overtime_factor

    def _week(self, shift: Worked) -> dt.date:
        return self.inputs.date((shift.date - self.inputs.start).days // WEEK * WEEK)

    def _may_work(self, person: Person, shift: Worked, start: pd.Timestamp, end: pd.Timestamp) -> bool:
        """Whether opening hours, availability, time off and rest leave room for a longer shift."""
        agent, calendar = person.agent, self.inputs.calendar
        step = pd.Timedelta(minutes=calendar.interval_min)
        if not calendar.open_mask(pd.date_range(start, end, freq=step, inclusive="left")).all():
            return False
        whole = min(start, shift.start), max(end, shift.end)
        from_min = whole[0].hour * 60 + whole[0].minute
        to_min = from_min + int((whole[1] - whole[0]).total_seconds()) // 60
        if whole[0].date() != shift.date or from_min < agent.earliest or agent.latest < min(to_min, DAY_MIN):
            return False
        last = (whole[1] - dt.timedelta(minutes=1)).date()
        return not agent.off_on(last) and not agent.hours_off(shift.date) and self._rested(person, shift, whole)

    def _rested(self, person: Person, shift: Worked, whole: tuple[pd.Timestamp, pd.Timestamp]) -> bool:
        place = person.every.index(shift)
        for one, end, start in (
            (person.every[place - 1], None, whole[0]) if place else (None, None, None),
            (shift, whole[1], person.every[place + 1].start) if place + 1 < len(person.every) else (None, None, None),
        ):
            if one is None or start is None:
                continue
            rules = person.rules_on(start.date(), self.inputs)
            owed_h = rules.rest_h(after_night=is_night(one, self.inputs))
            if (start - (one.end if end is None else end)).total_seconds() < 3600 * owed_h:
                return False
        return True


def _overlap_h(start: pd.Timestamp, end: pd.Timestamp, low: pd.Timestamp, high: pd.Timestamp) -> float:
    return max(0.0, (min(end, high) - max(start, low)).total_seconds()) / 3600
