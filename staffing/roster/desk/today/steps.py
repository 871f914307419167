"""From the seats as they were and as they became to single steps, each with the changes of the roster behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np

from staffing.domain.activities import ASKED, OVERTIME, TIME_OFF
from staffing.roster.desk.today.changes import Absent, Extended, Moved, Reassigned, RosterChange
from staffing.roster.desk.today.free import Shared
from staffing.roster.desk.today.priced import Ask, AskOrder
from staffing.roster.desk.today.seats import Room, Seat

BREAKS, MEETING, QUEUE = "breaks", "meeting", "queue"

Remake = Callable[[Seat], Seat]


@dataclass(frozen=True)
class DayStep:
    """Something that can be proposed by itself: what it makes of seats, by number, and of the roster.

    pay : money paid more; then : who is asked next should the first decline.
    """

    kind: str
    seats: Mapping[int, Remake]
    changes: tuple[RosterChange, ...]
    pay: float = 0.0
    then: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to be asked, for pay or for pay less."""
        return self.kind in ASKED


def steps_of(
    before: Sequence[Seat], after: Sequence[Seat], turns: Sequence[AskOrder], shared: Sequence[Shared], room: Room
) -> Iterator[DayStep]:
    """One step for the breaks of each person, each meeting, each spell at another queue, and each ask."""
    met = {meeting.number for meeting in shared}
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        yield from _breaks(number, (old, new), met, room)
        asks = [turn.ask for turn in turns if turn.ask.number == number]
        yield from _queues(number, (old, new), asks, room)
    for meeting in shared:
        yield from _meeting(meeting, before, after, room)
    for turn in turns:
        yield _asked(turn, before[turn.ask.number], room)


def _breaks(number: int, seats: tuple[Seat, Seat], met: set[int], room: Room) -> Iterator[DayStep]:
    """The breaks of one person, and training held alone."""
    (old, new), name = seats, seats[0].agent.name
    places = {
        k: new.stops[k].first
        for k, stop in enumerate(old.stops)
        if stop.first != new.stops[k].first and stop.session not in met
    }
    changes = tuple(
        Moved(name, old.stops[k].activity, room.instant(old.stops[k].first), room.instant(first))
        for k, first in places.items()
    )
    if places:
        yield DayStep(BREAKS, {number: partial(_with_places, places)}, changes)


def _meeting(meeting: Shared, before: Sequence[Seat], after: Sequence[Seat], room: Room) -> Iterator[DayStep]:
    """A session of several people at another time."""
    remade: dict[int, Remake] = {}
    changes: list[RosterChange] = []
    for number in meeting.seats:
        k = next(k for k, stop in enumerate(before[number].stops) if stop.session == meeting.number)
        old, new = before[number].stops[k], after[number].stops[k]
        if old.first != new.first:
            remade[number] = partial(_with_places, {k: new.first})
            spans = room.instant(old.first), room.instant(new.first)
            changes.append(Moved(before[number].agent.name, old.activity, *spans))
    if remade:
        yield DayStep(MEETING, remade, tuple(changes))


def _queues(number: int, seats: tuple[Seat, Seat], asks: Sequence[Ask], room: Room) -> Iterator[DayStep]:
    """Spells at another queue than before."""
    old, new = seats
    differs = old.serves != new.serves
    for ask in asks:
        differs[ask.first : ask.last] &= ask.kind != OVERTIME
    slots = np.flatnonzero(differs)
    for _, spell in groupby(enumerate(slots.tolist()), key=lambda pair: (pair[1] - pair[0], int(new.serves[pair[1]]))):
        own = [slot for _, slot in spell]
        first, last, queue = own[0], own[-1] + 1, int(new.serves[own[0]])
        change = Reassigned(old.agent.name, room.queues[queue], room.instant(first), room.instant(last))
        yield DayStep(QUEUE, {number: partial(_serving, (first, last, queue))}, (change,))


def _asked(turn: AskOrder, seat: Seat, room: Room) -> DayStep:
    ask, name = turn.ask, seat.agent.name
    start, end = room.instant(ask.first), room.instant(ask.last)
    if ask.kind == TIME_OFF:
        change: RosterChange = Absent(name, start, end)
        remade: Remake = partial(_leaving, ask)
    else:
        change = Extended(name, room.queues[ask.queue], start, end)
        remade = partial(_serving, (ask.first, ask.last, ask.queue))
    return DayStep(ask.kind, {ask.number: remade}, (change,), ask.pay, turn.then)


def _with_places(places: Mapping[int, int], seat: Seat) -> Seat:
    """The seat with stops, by number, elsewhere."""
    return replace(
        seat, stops=tuple(replace(stop, first=places.get(k, stop.first)) for k, stop in enumerate(seat.stops))
    )


def _serving(spell: tuple[int, int, int], seat: Seat) -> Seat:
    """The seat with another queue from slot to slot."""
    serves = seat.serves.copy()
    serves[spell[0] : spell[1]] = spell[2]
    return replace(seat, serves=serves)


def _leaving(ask: Ask, seat: Seat) -> Seat:
    """The seat with time given back."""
    return replace(seat, stops=(*seat.stops, ask.seat.stops[-1]))
