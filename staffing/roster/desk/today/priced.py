"""Changes that cost or save pay: overtime and early leave, each asked of those first whose turn it is.

The spell that saves most is looked for among all; whoever could work or give back nearly as good a one is asked in
turn: those who wish for it first, those who avoid it last, and among equals who had least of it over the past weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from staffing.domain.activities import OVERTIME, TIME_OFF
from staffing.roster.desk.asking import Asking
from staffing.roster.desk.today.board import DayBoard, Floats, at_queue, elsewhere
from staffing.roster.desk.today.seats import NOBODY, Seat, Stop

NEARLY = 0.9  # of what the best spell saves
NAMED = 4  # people who are asked in turn
EPS = 1e-6


@dataclass(frozen=True)
class Ask:
    """What one person is asked: to stay (or come earlier), or to leave (or come later), from slot `first` to `last`.

    pay : money paid more; negative where pay is saved. saves : money saved in all.
    """

    kind: str
    number: int  # of the seat
    first: int
    last: int
    queue: int
    pay: float
    hours: float
    saves: float
    seat: Seat  # once it is accepted


@dataclass(frozen=True)
class AskOrder:
    """An ask, and who is asked after the first should they decline, in order."""

    ask: Ask
    then: tuple[str, ...]


def turns(board: DayBoard, asking: Asking, had_h: Mapping[tuple[str, str], float], price: float) -> list[AskOrder]:
    """Asks that save more than `price` each, the best first, each counted as accepted before the next is looked for.

    `had_h` holds the hours that each person had of each kind over the past weeks.
    """
    found: list[AskOrder] = []
    best = {number: _best(board, asking, number) for number in range(len(board.seats))}
    while True:
        asks = [ask for ask in best.values() if ask is not None and ask.saves > price]
        if not asks:
            return found
        top = max(asks, key=lambda ask: ask.saves)
        alike = [ask for ask in asks if ask.kind == top.kind and ask.saves >= NEARLY * top.saves]
        fresh = {ask.number: _best(board, asking, ask.number) for ask in alike}
        best |= fresh
        again = [ask for ask in fresh.values() if ask is not None and ask.kind == top.kind]
        good = [ask for ask in again if ask.saves >= NEARLY * top.saves]
        if not good:
            continue
        good.sort(key=lambda ask: _order(board.seats[ask.number], ask.kind, had_h, ask))
        chosen, seat = good[0], board.seats[good[0].number]
        board.put(chosen.number, chosen.seat)
        asking.accept(seat.person, seat.shift, chosen.hours, off=chosen.kind == TIME_OFF)
        best[chosen.number] = None
        names = tuple(board.seats[ask.number].agent.name for ask in good[1:NAMED])
        found.append(AskOrder(chosen, names))


def _order(seat: Seat, kind: str, had_h: Mapping[tuple[str, str], float], ask: Ask) -> tuple[int, float, float, str]:
    """Whose turn it is: by wish, by hours had, by what it saves, by name."""
    agent = seat.agent
    wish = 0 if kind in agent.prefers else 2 if kind in agent.avoids else 1
    return wish, had_h.get((agent.name, kind), 0.0), -round(ask.saves, 6), agent.name


def _best(board: DayBoard, asking: Asking, number: int) -> Ask | None:
    """The ask of one person that saves most; None where none saves anything or one has been made."""
    seat = board.seats[number]
    if seat.asked:
        return None
    gains = board.marginal(number, board.worth.paid)
    found = [*_stay(board, asking, number, gains), *_leave(board, asking, number, gains)]
    best = max(found, key=lambda ask: (ask.saves, -ask.hours), default=None)
    return best if best is not None and best.saves > EPS else None


def _stay(board: DayBoard, asking: Asking, number: int, gains: Floats) -> Iterator[Ask]:
    """Overtime after the shift, or before it where it has not begun."""
    seat, room = board.seats[number], board.room
    usual_h, most_h = asking.longer_h(seat.person, seat.shift)
    for length in asking.lengths(most_h * 60):
        slots, hours = int(length.total_seconds()) // 60 // room.grid.slot_min, length.total_seconds() / 3600
        pay = asking.pay(seat.person, hours, usual_h)
        for first, last in ((seat.end, seat.end + slots), (seat.start - slots, seat.start)):
            if first < 0 or last > room.slots or not seat.queues:
                continue
            sums = [float(elsewhere(seat, row, gains)[first:last].sum()) for row in seat.queues]
            queue = seat.queues[int(np.argmax(sums))]
            if max(sums) - pay <= EPS or not asking.may_work(
                seat.person, seat.shift, (room.instant(first), room.instant(last))
            ):
                continue
            serves = seat.serves.copy()
            serves[first:last] = queue
            after = replace(seat, start=min(seat.start, first), end=max(seat.end, last), serves=serves, asked=True)
            yield Ask(OVERTIME, number, first, last, queue, pay, hours, max(sums) - pay, after)


def _leave(board: DayBoard, asking: Asking, number: int, gains: Floats) -> Iterator[Ask]:
    """Time given back at the end of the shift after its last break, or at its beginning before the first."""
    seat, room = board.seats[number], board.room
    worth = at_queue(seat, gains) * (seat.at != NOBODY)
    low = min((stop.first for stop in seat.stops), default=seat.end)
    high = max((stop.end for stop in seat.stops), default=seat.start)
    most_min = min(asking.time_off_h(seat.person, seat.shift) * 60, seat.shift.minutes / 2)
    for length in asking.lengths(most_min):
        slots, hours = int(length.total_seconds()) // 60 // room.grid.slot_min, length.total_seconds() / 3600
        for first, last in ((seat.end - slots, seat.end), (seat.start, seat.start + slots)):
            if first < 0 or not (first >= high or last <= low):
                continue
            pay = -asking.saved(seat.person, hours)
            stop = Stop(TIME_OFF, first, slots, first, first)
            saves = -float(worth[first:last].sum()) - pay
            yield Ask(
                TIME_OFF,
                number,
                first,
                last,
                NOBODY,
                pay,
                hours,
                saves,
                replace(seat, stops=(*seat.stops, stop), asked=True),
            )
