"""Several edits as one: what a day may become, two people swapped, weeks and patterns copied, gaps filled.

Each of these names its edits; a board judges them together, and a roster takes all of them or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, clock_text
from staffing.domain.workforce import Agent
from staffing.errors import InputError
from staffing.roster.desk.board import Board, Effect
from staffing.roster.desk.changes import AgentDay, days_of
from staffing.roster.desk.edit import OFF, Edit
from staffing.roster.given import Inputs
from staffing.store.roster_days import AgentDate

LIKELY = 60  # edits whose rules are asked when a gap is filled, the most promising first


@dataclass(frozen=True)
class DayAlternative:
    """One thing a person's day may become, and what comes of it; ``saves`` is money, cover and pay together."""

    edit: Edit
    effect: Effect
    saves: float


def choices(board: Board, agent: str, date: dt.date) -> list[DayAlternative]:
    """All that a person's day may become without breaking a rule anew, what saves most first.

    Raises InputError as an edit does.
    """
    board.edited([Edit(agent, date, OFF)])  # refuses people, days and what has begun
    person = board.people[agent]
    found = [_judged(board, edit) for edit in _possible(board, person, date)]
    return sorted((one for one in found if one is not None), key=lambda one: -one.saves)


def filled(board: Board, queue: str, start: pd.Timestamp, end: pd.Timestamp) -> list[DayAlternative]:
    """Edits of one day each that bring somebody to a queue between two instants, what saves most first.

    Looks at the `LIKELY` most promising of all people and shifts. Raises InputError for a queue nobody needs.
    """
    if queue not in board.cover.queues:
        names = ", ".join(board.cover.queues)
        raise InputError(f"nobody is needed at the queue '{queue}'.", remedy=f"There are: {names}.")
    zone = board.inputs.calendar.zone
    first = (start - pd.Timedelta(days=1)).tz_convert(zone).date()
    days = [first + dt.timedelta(days=k) for k in range((end.tz_convert(zone).date() - first).days + 1)]
    able = [a for a in board.inputs.agents if not a.skills or queue in a.skills]
    held = days_of(board.inputs, board.table)
    gains: list[tuple[float, Edit]] = []
    for agent in able:
        for date in days:
            if not 0 <= (date - board.inputs.start).days < board.inputs.days or not agent.can_work(date):
                continue
            gains += _gains(board, agent, (date, held.get((agent.name, date))), (queue, start, end))
    gains.sort(key=lambda gain: -gain[0])
    found = [_judged(board, edit) for _, edit in gains[:LIKELY]]
    return sorted((one for one in found if one is not None and one.effect.short_hours < 0), key=lambda one: -one.saves)


def swapped(inputs: Inputs, table: pd.DataFrame, names: tuple[str, str], days: Iterable[dt.date]) -> list[Edit]:
    """Edits by which two people take each other's shifts of these days."""
    held = days_of(inputs, table)
    one, other = names
    return [
        edit
        for day in days
        for edit in (Edit(one, day, shown(held, (other, day))), Edit(other, day, shown(held, (one, day))))
    ]


def copied(
    held: dict[AgentDate, AgentDay], names: Sequence[tuple[str, str]], days: Sequence[tuple[dt.date, dt.date]]
) -> list[Edit]:
    """Edits that give people the shifts of others, or their own of another week.

    `names` pairs who is copied with who gets it, `days` the day copied with the day it becomes.
    """
    return [Edit(to, new, shown(held, (name, old))) for name, to in names for old, new in days]


def shown(held: dict[AgentDate, AgentDay], key: AgentDate) -> str:
    """A person's day as an edit writes it."""
    day = held.get(key)
    return OFF if day is None else f"{day.kind} {day.start:%H:%M}-{day.end:%H:%M}".strip()


def _possible(board: Board, agent: Agent, date: dt.date) -> Iterator[Edit]:
    now = shown(days_of(board.inputs, board.rows.get(agent.name, board.table.iloc[:0])), (agent.name, date))
    allowed = board.inputs.allowed_kinds(agent)
    if now != OFF:
        yield Edit(agent.name, date, OFF)
    for kind in board.inputs.kinds:
        if kind.name in allowed and (not kind.weekdays or WEEKDAYS[date.weekday()] in kind.weekdays):
            for start_min in kind.starts_min:
                text = f"{kind.name} {clock_text(start_min)}-{clock_text((start_min + kind.length_min) % DAY_MIN)}"
                if text != now:
                    yield Edit(agent.name, date, text)


def _judged(board: Board, edit: Edit) -> DayAlternative | None:
    """The edit with its effect; None where it breaks a rule or would have begun already."""
    try:
        effect = board.effect(board.edited([edit]))
    except InputError:
        return None
    if not effect.allowed:
        return None
    prices, contract = board.inputs.prices, board.inputs.contract_of(board.people[edit.agent])
    pay = prices.agent_hour if contract.hour_cost is None else contract.hour_cost
    cost = prices.shortage_hour * effect.short_hours + prices.excess_hour * effect.excess_hours
    return DayAlternative(edit, effect, -cost - pay * effect.paid_hours)


def _gains(
    board: Board, agent: Agent, at: tuple[dt.date, AgentDay | None], gap: tuple[str, pd.Timestamp, pd.Timestamp]
) -> Iterator[tuple[float, Edit]]:
    """Agent-hours of the gap that each shift of a person's day would cover beyond what the present one does, breaks
    aside."""
    (date, now), (queue, start, end) = at, gap
    grid = board.cover.grid
    first, last = grid.slot(pd.DatetimeIndex([start, end]))
    row = board.cover.queues.index(queue)
    missing = np.maximum(board.cover.need[row] - board.cover.there[row], 0.0)
    missing[: max(0, first)] = missing[max(0, last) :] = 0.0
    summed = np.concatenate([[0.0], np.cumsum(missing)])

    def covered(begin: pd.Timestamp, stop: pd.Timestamp) -> float:
        low, high = np.clip(grid.slot(pd.DatetimeIndex([begin, stop])), 0, grid.slots)
        return float(summed[high] - summed[low])

    before = 0.0 if now is None else covered(now.start, now.end)
    for edit in _possible(board, agent, date):
        if edit.shift == OFF:
            continue
        begin, stop = board.span(edit)
        gain = covered(begin, stop) - before
        if gain > 0:
            yield gain, edit
