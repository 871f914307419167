"""Changes that cost nothing: breaks and sessions elsewhere, people at another queue.

Everybody answers what the others leave open, over and over, until nobody gains; the meeting of several people is
moved for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from staffing.roster.desk.today.board import DayBoard, Floats, at_queue, elsewhere
from staffing.roster.desk.today.seats import NOBODY, Seat
from staffing.roster.desk.today.stops import Places, best_stops

ROUNDS = 10
EPS = 1e-9


@dataclass(frozen=True)
class Shared:
    """A session that several people hold at one time, which may begin in slots `low` to `high`."""

    number: int
    seats: tuple[int, ...]
    low: int
    high: int


def improve(board: DayBoard, before: Sequence[Seat], shared: Sequence[Shared], move_price: float) -> None:
    """Let everybody answer until nobody gains; `before` holds the seats as published, from which every change costs
    `move_price`."""
    for _ in range(ROUNDS):
        better = [_answer(board, number, before[number], move_price) for number in range(len(board.seats))]
        better += [_meet(board, meeting, before, move_price) for meeting in shared]
        if not any(better):
            return


def _answer(board: DayBoard, number: int, before: Seat, move_price: float) -> bool:
    """The best stops, then the best queue, of one seat; whether that gained anything."""
    seat, gains = board.seats[number], board.marginal(number, board.worth.price)
    if any(stop.moves for stop in seat.stops):
        places = Places.of(at_queue(seat, gains), before.stops, board.gap, move_price)
        seat = replace(seat, stops=best_stops(seat.stops, places))
    if len(seat.queues) > 1:
        seat = replace(seat, serves=_reassigned(seat, before, gains, (board, move_price)))
    if seat.stops == board.seats[number].stops and (seat.serves == board.seats[number].serves).all():
        return False
    board.put(number, seat)
    return True


def _reassigned(seat: Seat, before: Seat, gains: Floats, on: tuple[DayBoard, float]) -> NDArray[np.int64]:
    """The queues served with one spell of whole intervals at another queue, where that gains most."""
    board, move_price = on
    present, usual = seat.at != NOBODY, at_queue(replace(seat, serves=before.serves), gains)
    width = board.width
    best, served = EPS + move_price, before.serves
    kept = float((at_queue(seat, gains) * present).sum() - (usual * present).sum())
    if (seat.serves != before.serves).any() and kept - move_price > EPS:
        best, served = kept + EPS, seat.serves
    for row in seat.queues:
        gain = np.where(present & (before.serves != NOBODY), elsewhere(seat, row, gains) - usual, 0.0)
        first, last, won = _best_spell(gain, before.serves != NOBODY, (board.offset, width, board.least_spell))
        if won > best:
            best, served = won, before.serves.copy()
            served[first:last] = row
    return served


def _best_spell(gain: Floats, inside: NDArray[np.bool_], grid: tuple[int, int, int]) -> tuple[int, int, float]:
    """First slot, end and gain of the best run of whole intervals within the shift, of a least length in slots."""
    offset, width, least = grid
    slots = np.flatnonzero(inside)
    if not len(slots):
        return 0, 0, 0.0
    edges = np.arange(offset, len(gain) + 1, width)
    edges = edges[(edges >= slots[0]) & (edges <= slots[-1] + 1)]
    edges = np.unique(np.concatenate([[slots[0]], edges, [slots[-1] + 1]]))
    sums = np.concatenate([[0.0], np.cumsum(gain)])[edges]
    won = np.where(edges[None, :] - edges[:, None] >= least, sums[None, :] - sums[:, None], -np.inf)
    first, last = np.unravel_index(int(np.argmax(won)), won.shape)
    return int(edges[first]), int(edges[last]), float(won[first, last])


def _meet(board: DayBoard, meeting: Shared, before: Sequence[Seat], move_price: float) -> bool:
    """Move a session of several people to where it costs least, breaks as they are; whether that gained anything."""
    now, as_published = [board.seats[k] for k in meeting.seats], [before[k] for k in meeting.seats]
    published = next(stop.first for stop in as_published[0].stops if stop.session == meeting.number)
    best, kept = _money(board, now, published, meeting.number, move_price) + EPS, now
    for first in range(meeting.low, meeting.high + 1):
        moved = [_held_at(seat, meeting.number, first) for seat in now]
        if any(seat is None for seat in moved):
            continue
        seats = [seat for seat in moved if seat is not None]
        _put(board, meeting.seats, seats)
        money = _money(board, seats, published, meeting.number, move_price)
        if money > best:
            best, kept = money + EPS, seats
    _put(board, meeting.seats, kept)
    return kept is not now


def _money(board: DayBoard, seats: Sequence[Seat], published: int, number: int, move_price: float) -> float:
    first = next(stop.first for stop in seats[0].stops if stop.session == number)
    return board.money(board.worth.price) - move_price * len(seats) * (first != published)


def _put(board: DayBoard, numbers: Sequence[int], seats: Sequence[Seat]) -> None:
    for number, seat in zip(numbers, seats, strict=True):
        board.put(number, seat)


def _held_at(seat: Seat, number: int, first: int) -> Seat | None:
    """The seat with a session at another time; None where it lies outside the shift or on another stop."""
    stop = next(one for one in seat.stops if one.session == number)
    moved = replace(stop, first=first, low=first, high=first)
    others = [one for one in seat.stops if one is not stop]
    if (seat.serves[first : moved.end] == NOBODY).any() or moved.end > len(seat.serves):
        return None
    if any(one.first < moved.end and first < one.end for one in others):
        return None
    return replace(seat, stops=tuple(moved if one is stop else one for one in seat.stops))
