"""Everybody's rest of the day on arrays: who serves which queue when, and what takes them off the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import OVERTIME, SHIFT, WORK
from staffing.domain.calendar import DAY_MIN
from staffing.domain.duties import Session
from staffing.domain.workforce import Agent
from staffing.roster.case import Grid
from staffing.roster.desk.today.moment import Moment
from staffing.roster.given import Inputs
from staffing.roster.rules.people import ActivitySpan, Person, Worked

NOBODY = -1
DIGITS = 9  # of counts, so that one who comes and goes leaves no trace


@dataclass(frozen=True)
class Stop:
    """Something that takes a person off the phone: `length` slots from slot `first`, which may lie from `low` to
    `high`. Where these are equal it stays: it has begun, or nothing can move it."""

    activity: str
    first: int
    length: int
    low: int
    high: int
    session: int = NOBODY  # number of the training or meeting

    @property
    def end(self) -> int:
        return self.first + self.length

    @property
    def moves(self) -> bool:
        """Whether it may lie elsewhere."""
        return self.low < self.high

    @property
    def is_break(self) -> bool:
        """Whether it is a break that may move; order and gaps are kept among these and those begun."""
        return self.session == NOBODY


@dataclass(frozen=True)
class Seat:
    """One person's shift from the earliest change on; slots count from the same one everywhere.

    serves : (slots,) queue served where nothing stops it, −1 outside the shift.
    marks : rows of the minimums in which the person counts.
    queues : rows of the queues the person can serve.
    amounts : (queues,) agents of the usual handle time that the person stands for.
    """

    person: Person
    shift: Worked
    start: int
    end: int
    serves: NDArray[np.int64]
    stops: tuple[Stop, ...]
    queues: tuple[int, ...]
    marks: tuple[int, ...]
    amounts: NDArray[np.float64]
    asked: bool = False  # for overtime or to leave early

    @property
    def agent(self) -> Agent:
        return self.person.agent

    @property
    def at(self) -> NDArray[np.int64]:
        """(slots,) queue at which the person is present, −1 for none."""
        at = self.serves.copy()
        for stop in self.stops:
            at[max(0, stop.first) : max(0, stop.end)] = NOBODY
        return at


@dataclass(frozen=True)
class Room:
    """Where seats stand: the grid, the first slot that may change and the one after the last, queues in order."""

    grid: Grid
    first: int
    end: int
    queues: tuple[str, ...]
    instants: tuple[pd.Timestamp, ...]  # local, of every slot's beginning and of the end

    def slot(self, instant: pd.Timestamp) -> int:
        """The slot of an instant, counted from the first."""
        return int(self.grid.slot(pd.DatetimeIndex([instant]))[0]) - self.first

    def instant(self, slot: int) -> pd.Timestamp:
        """When a slot begins."""
        return self.instants[slot]

    @property
    def slots(self) -> int:
        return self.end - self.first


def room_of(inputs: Inputs, grid: Grid, shifts: pd.DataFrame, moment: Moment) -> Room:
    """The rest of the day: from the earliest whole slot that can change to the end of the last shift, and as long
    again as anybody may be asked to stay."""
    earliest = moment.earliest.ceil(f"{grid.slot_min}min")
    first = int(grid.slot(pd.DatetimeIndex([earliest]))[0])
    day_end = inputs.calendar.midnight(moment.now.date() + pd.Timedelta(days=1))
    last = max([day_end, *shifts["end"]])
    end = min(int(grid.slot(pd.DatetimeIndex([last]))[0]), grid.slots)
    queues = tuple(sorted(set(inputs.requirements["queue"])))
    end = max(first, end)
    instants = grid.instants(np.arange(first, end + 1), inputs.calendar.zone)
    return Room(grid, first, end, queues, tuple(instants))


def seat_of(person: Person, shift: Worked, room: Room, inputs: Inputs, moment: Moment) -> Seat:
    """What one person's shift still holds."""
    begun, ended = shift.planned
    start, end = room.slot(shift.start), room.slot(shift.end)
    serves = np.full(room.slots, NOBODY)
    places = {name: q for q, name in enumerate(room.queues)}
    spans = [(shift.start, shift.end, shift.queue)]
    spans += [(one.start, one.end, one.queue) for one in shift.inside if one.activity in (WORK, OVERTIME)]
    for first, last, queue in spans:
        serves[max(0, room.slot(first)) : max(0, room.slot(last))] = places.get(str(queue), NOBODY)
    skills = [name for name in room.queues if person.agent.has_skill(name)]
    marks = [len(room.queues) + m for m, minimum in enumerate(inputs.minimums) if minimum.counts(person.agent)]
    stops = [
        *_breaks(shift, room, (begun, ended), moment),
        *(_stay(span, room) for span in shift.absent),
        *_sessions(shift, room, inputs, moment),
    ]
    return Seat(
        person=person,
        shift=shift,
        start=start,
        end=end,
        serves=serves,
        stops=tuple(sorted(stops, key=lambda stop: stop.first)),
        queues=tuple(places[name] for name in skills),
        marks=tuple(marks),
        amounts=np.array([person.agent.counts_as(name) for name in room.queues]),
        asked=any(span.activity not in (SHIFT, WORK) for span in (*shift.absent, *_overtime(shift))),
    )


def _overtime(shift: Worked) -> list[ActivitySpan]:
    return [span for span in shift.inside if span.activity == OVERTIME]


def _stay(span: ActivitySpan, room: Room) -> Stop:
    first, last = room.slot(span.start), room.slot(span.end)
    return Stop(span.activity, first, last - first, first, first)


def _breaks(shift: Worked, room: Room, planned: tuple[pd.Timestamp, pd.Timestamp], moment: Moment) -> list[Stop]:
    """The breaks of the shift's kind, by the windows of their rules; those of no known kind stay."""
    rules = list(shift.template.ordered_breaks) if shift.template else []
    found = []
    for span in sorted(shift.breaks, key=lambda one: one.start):
        rule = next((one for one in rules if one.name == span.activity), None)
        stop = _stay(span, room)
        if rule is None or moment.has_begun(span.start):
            found.append(stop)
        else:
            low = room.slot(planned[0] + pd.Timedelta(minutes=rule.earliest_min))
            high = room.slot(planned[0] + pd.Timedelta(minutes=rule.latest_min))
            found.append(replace(stop, low=max(0, low), high=max(0, high)))
        if rule is not None:
            rules.remove(rule)
    return found


def _sessions(shift: Worked, room: Room, inputs: Inputs, moment: Moment) -> list[Stop]:
    """Training and meetings in the shift, with the hours of the day in which they may be held."""
    found = []
    for span in shift.sessions:
        stop = _stay(span, room)
        number = next((k for k, one in enumerate(inputs.sessions) if _is_of(one, span)), NOBODY)
        if number == NOBODY or moment.has_begun(span.start):
            found.append(stop)
            continue
        session, midnight = inputs.sessions[number], span.start.normalize()
        if session.together:
            found.append(replace(stop, session=number))  # moved for all of its people or not at all
            continue
        low = midnight + pd.Timedelta(minutes=session.earliest)
        high = midnight + pd.Timedelta(minutes=min(session.latest, DAY_MIN) - session.minutes)
        low, high = max(low, shift.start, moment.earliest), min(high, shift.end - pd.Timedelta(minutes=session.minutes))
        first, last = max(0, room.slot(low)), room.slot(high)
        found.append(replace(stop, low=min(first, stop.first), high=max(last, stop.first), session=number))
    return found


def _is_of(session: Session, span: ActivitySpan) -> bool:
    return (
        span.activity == session.activity
        and span.minutes == session.minutes
        and (session.start <= span.start.date() <= session.end)
    )


def presence_of(seats: Sequence[Seat], rows: int, slots: int) -> NDArray[np.float64]:
    """Agents present (rows, slots) of these seats, in parts where handle times differ."""
    counts = np.zeros((rows, slots))
    for seat in seats:
        add(counts, seat, 1)
    return counts


def add(counts: NDArray[np.float64], seat: Seat, agents: int) -> None:
    """Count a seat in (1) or out (−1); what is left of parts that cancel is nothing."""
    at = seat.at
    slots = np.flatnonzero(at != NOBODY)
    served = at[slots]
    counts[served, slots] = np.round(counts[served, slots] + agents * seat.amounts[served], DIGITS)
    for row in seat.marks:
        counts[row, slots] += agents
