"""The rest of the day proposed: what helps most under all rules, ranked, to be accepted one by one or all.

Free changes come first, then pay is asked for, then what is free once more. Each single step is judged by every
rule, beside the steps before it, and ranked by what it adds to them; one that adds nothing is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import OVERTIME, TIME_OFF
from staffing.errors import InputError, Where
from staffing.roster.desk.asking import Asking
from staffing.roster.desk.board import Board
from staffing.roster.desk.rows import ByAgent
from staffing.roster.desk.today import free, priced
from staffing.roster.desk.today.board import DayBoard
from staffing.roster.desk.today.changes import Absent, RosterChange, with_changes
from staffing.roster.desk.today.free import Shared
from staffing.roster.desk.today.moment import Moment, absences, shifts_left
from staffing.roster.desk.today.seats import DIGITS, NOBODY, Room, Seat, presence_of, room_of, seat_of
from staffing.roster.desk.today.steps import DayStep, steps_of
from staffing.roster.desk.today.worth import Stretch, worth_of
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of
from staffing.roster.inputs.past import presence
from staffing.roster.inputs.presence import present
from staffing.roster.rules.people import people_of

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario

CHANGE_HOURS = 0.05  # a change must save the price of so many hours of shortage to be worth making
MORE, MORE_PEOPLE = 1.3, 4  # than are present or wanted anywhere, that are told apart
LEAST_SPELL_MIN = 60  # at another queue, at a stretch
EPS = 1e-6


@dataclass(frozen=True)
class Proposal:
    """One change that can be accepted.

    kind : ``breaks``, ``meeting``, ``queue``, ``overtime`` or ``time off``.
    agents : whose day changes; for overtime and time off who is asked first, and ``then`` who is asked in turn
        should they decline.
    pay : money paid more, negative where pay is saved. saves : money saved in all, at the price of shortage.
    contacts : contacts answered in time beside those that the proposals before it win; short_hours : agent-hours
        short, likewise (negative: fewer).
    """

    kind: str
    agents: tuple[str, ...]
    then: tuple[str, ...]
    changes: tuple[RosterChange, ...]
    pay: float
    saves: float
    contacts: float
    short_hours: float


@dataclass(frozen=True)
class Outlook:
    """The rest of the day as expected: agent-hours short, and by queue the share of contacts answered in time (NaN
    where no waits are measured or nobody is expected)."""

    short_hours: float
    in_time: dict[str, float]


@dataclass(frozen=True)
class RestOfDay:
    """What is proposed for the day of a roster.

    table : the roster with those absent who are sick or late, and nothing else changed.
    before, after : outlooks without and with all proposals.
    """

    moment: Moment
    table: pd.DataFrame
    absent: tuple[Absent, ...]
    proposals: tuple[Proposal, ...]
    before: Outlook
    after: Outlook
    notes: tuple[str, ...] = ()

    def accepted(self, numbers: Iterable[int]) -> pd.DataFrame:
        """The roster with the proposals of these numbers (from 1) taken. Raises InputError for an unknown one."""
        chosen = sorted(set(numbers))
        strange = [number for number in chosen if not 1 <= number <= len(self.proposals)]
        if strange:
            known = f"1 to {len(self.proposals)}" if self.proposals else "none"
            raise InputError(
                f"there is no proposal {strange[0]}.", where=Where(field="--accept"), remedy=f"There are {known}."
            )
        return with_changes(self.table, [change for n in chosen for change in self.proposals[n - 1].changes])


def propose(inputs: Inputs, scenario: Scenario, table: pd.DataFrame, calls: pd.DataFrame, moment: Moment) -> RestOfDay:
    """What helps the rest of the day of `moment`, under all rules.

    `table` is the week's roster in force; `calls` (a forecast table) and the requirements of `inputs` are what is
    known now. Raises InputError where nothing of the day is left, or for the sick and the late as `absences` does.
    """
    left = shifts_left(table, moment)
    if left.empty:
        raise InputError(
            f"the roster has no shift left on {moment.now:%Y-%m-%d} after {moment.now:%H:%M}.",
            where=Where(field="--now"),
            remedy="Give a time within the working hours of a day that is rostered.",
        )
    absent = tuple(absences(inputs, table, moment))
    now = with_changes(table, absent) if absent else table
    board, shared = _board(inputs, scenario, now, calls, moment)
    before = list(board.seats)
    outlook = _outlook(board)
    price = CHANGE_HOURS * inputs.prices.shortage_hour
    free.improve(board, before, shared, price)
    turns = priced.turns(board, Asking(inputs), _had_h(inputs, table, moment), price)
    if turns:
        free.improve(board, before, shared, price)
    steps = list(steps_of(before, board.seats, turns, shared, board.room))
    for number, seat in enumerate(before):
        board.put(number, seat)
    proposals = _ranked(board, steps, Board(inputs, now), price)
    return RestOfDay(moment, now, absent, tuple(proposals), outlook, _outlook(board))


def outlook_of(inputs: Inputs, scenario: Scenario, table: pd.DataFrame, calls: pd.DataFrame, moment: Moment) -> Outlook:
    """What the rest of the day looks like as `table` is, were these the contacts."""
    return _outlook(_board(inputs, scenario, table, calls, moment)[0])


def _board(
    inputs: Inputs, scenario: Scenario, table: pd.DataFrame, calls: pd.DataFrame, moment: Moment
) -> tuple[DayBoard, list[Shared]]:
    """The rest of the day on arrays."""
    grid, left = grid_of(inputs), shifts_left(table, moment)
    room = room_of(inputs, grid, left, moment)
    starts = set(zip(left["agent"], left["start"], strict=True))
    seats = [
        seat_of(person, shift, room, inputs, moment)
        for person in people_of(table, inputs)
        for shift in person.shifts
        if (person.agent.name, shift.start) in starts
    ]
    rows = len(room.queues) + len(inputs.minimums)
    whole = present(table, grid, room.queues, inputs.agents) + presence(inputs, grid, room.queues)
    counts = -presence_of(seats, rows, room.slots)
    counts[: len(room.queues)] += whole[:, room.first : room.end]
    counts = np.round(counts, DIGITS)
    counts[len(room.queues) :] = 0  # nobody else is left today: whoever counts in a minimum has a seat
    wanted = inputs.requirements["agents_scheduled"].max()
    most = math.ceil(MORE * max(float(whole[:, room.first : room.end].max(initial=0)), wanted)) + MORE_PEOPLE
    reach = np.ceil(counts[: len(room.queues)] + _could_be_there(seats, room)).astype(np.int64)
    worth = worth_of(inputs, scenario, calls, Stretch(grid, room.first, room.end, most, reach))
    board = DayBoard(
        room=room,
        worth=worth,
        seats=seats,
        others=counts,
        gap=-(-inputs.rules.break_gap_min // grid.slot_min),
        width=inputs.calendar.interval_min // grid.slot_min,
        least_spell=LEAST_SPELL_MIN // grid.slot_min,
    )
    return board, _shared(inputs, seats, room, moment)


def _could_be_there(seats: Sequence[Seat], room: Room) -> NDArray[np.float64]:
    """Agents (queues, slots) whose shift and skills would let them serve a queue."""
    found = np.zeros((len(room.queues), room.slots))
    for seat in seats:
        for row in seat.queues:
            found[row, seat.serves != NOBODY] += seat.amounts[row]
    return found


def _shared(inputs: Inputs, seats: Sequence[Seat], room: Room, moment: Moment) -> list[Shared]:
    """Sessions held together later today that may move: all who hold them, and the slots in which they may begin."""
    found = []
    for number, session in enumerate(inputs.sessions):
        own = [(k, stop) for k, seat in enumerate(seats) for stop in seat.stops if stop.session == number]
        if not session.together or not own or any(stop.first < 0 for _, stop in own):
            continue
        midnight = moment.now.normalize()
        low = room.slot(max(moment.earliest, midnight + pd.Timedelta(minutes=session.earliest)))
        high = room.slot(midnight + pd.Timedelta(minutes=session.latest - session.minutes))
        first = own[0][1].first
        found.append(Shared(number, tuple(k for k, _ in own), min(max(0, low), first), max(high, first)))
    return found


def _had_h(inputs: Inputs, table: pd.DataFrame, moment: Moment) -> dict[tuple[str, str], float]:
    """Hours of overtime and time off that each person has had over the past weeks and this one."""
    known = [rows for rows in (inputs.past, table) if rows is not None and not rows.empty]
    rows = pd.concat(known)
    rows = rows[rows["activity"].isin([OVERTIME, TIME_OFF]) & (rows["start"] < moment.now)]
    hours = (rows["end"] - rows["start"]).dt.total_seconds() / 3600
    return {
        (str(agent), str(kind)): float(had)
        for (agent, kind), had in hours.groupby([rows["agent"], rows["activity"]]).sum().items()
    }


def _outlook(board: DayBoard) -> Outlook:
    in_time, base = board.service()
    shares = {
        name: float(part / whole) if whole > 0 else float("nan")
        for name, part, whole in zip(board.worth.queues, in_time, base, strict=True)
    }
    return Outlook(board.short_hours(), shares)


def _ranked(board: DayBoard, steps: list[DayStep], desk: Board, price: float) -> list[Proposal]:
    """Steps that keep all rules, the one that adds most first; `board` is left with all of them made."""
    left = [step for step in steps if _allowed(step, desk)]
    found: list[Proposal] = []
    while left:
        gains = [_gain(board, step) for step in left]
        best = int(np.argmax(gains))
        if gains[best] <= price:
            break
        step = left.pop(best)
        in_time, short_hours = board.service()[0].sum(), board.short_hours()
        _make(board, step)
        found.append(
            Proposal(
                kind=step.kind,
                agents=tuple(dict.fromkeys(change.agent for change in step.changes)),
                then=step.then,
                changes=step.changes,
                pay=step.pay,
                saves=gains[best],
                contacts=float(board.service()[0].sum() - in_time),
                short_hours=board.short_hours() - short_hours,
            )
        )
    return found


def _gain(board: DayBoard, step: DayStep) -> float:
    """Money that a step saves as the board stands."""
    price = board.worth.paid if step.asks else board.worth.price
    kept, money = [(number, board.seats[number]) for number in step.seats], board.money(price)
    _make(board, step)
    gain = board.money(price) - money - step.pay
    for number, seat in kept:
        board.put(number, seat)
    return gain


def _make(board: DayBoard, step: DayStep) -> None:
    for number, remake in step.seats.items():
        board.put(number, remake(board.seats[number]))


def _allowed(step: DayStep, desk: Board) -> bool:
    """Whether a step breaks no rule that was kept."""
    names = {change.agent for change in step.changes}
    rows = pd.concat([desk.rows[name] for name in sorted(names)])
    return desk.effect(ByAgent(with_changes(rows, step.changes))).allowed
