"""What hands do on the roster board, as edits: taken where every rule holds, else answered with whose rule says no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, SiteCalendar
from staffing.errors import InputError, StaffingError
from staffing.language import digits, text
from staffing.roster.desk.board import Board, Effect
from staffing.roster.desk.edit import OFF, Edit
from staffing.roster.desk.rows import Rows
from staffing.store.roster_days import AgentDate
from staffing.ui import faults

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.workforce import Agent

NEAR_MIN = 90  # a shift dropped so near to allowed hours means those
RULES_TOLD = 3
TRIED, OFFERED = 16, 8


@dataclass(frozen=True)
class Answer:
    """What became of a change: the new roster where it was taken, else why not; ``shift`` is what to look at.

    ``days`` are the people's days that it changed.
    """

    told: str
    table: pd.DataFrame | None = None
    shift: str = ""
    days: tuple[AgentDate, ...] = ()

    @property
    def taken(self) -> bool:
        return self.table is not None


@dataclass(frozen=True)
class FittingShift:
    """A shift that a person could work on a day: as an edit writes it, and its effect."""

    span: str
    told: str


def shift_id(agent: str, start: pd.Timestamp) -> str:
    """Names a shift on the board: whose, and the instant it begins."""
    return f"{agent}\n{int(start.timestamp())}"


def kind_of(row: Any) -> str:
    """The kind of shift that a roster's row names; rosters kept before kinds were named have none."""
    kind = getattr(row, "kind", None)
    return kind if isinstance(kind, str) else ""


def answered(board: Board, change: dict[str, Any]) -> Answer:
    """The answer to a move, put, paste or removal; nothing that is refused changes anything."""
    try:
        edits = list(_EDITS[change["what"]](board, change))
        rows = board.edited(edits)
        effect = board.effect(rows)
    except StaffingError as error:
        return Answer(str(error), shift=str(change.get("shift", "")))
    except (KeyError, TypeError, ValueError):  # what a browser sends is not to be relied on
        return Answer(text("The roster has changed meanwhile. Try again."))
    if effect.broken:
        return Answer(_refusal(effect, board.inputs.calendar), shift=str(change.get("shift", "")))
    table = board.with_rows(rows)
    days = tuple((edit.agent, edit.date) for edit in edits)
    return Answer(effect_told(effect), table, _where(board, rows, edits[-1]), days)


def effect_told(effect: Effect) -> str:
    """``short −1.0 h · over +0.5 h · paid +0.5 h``: differences in rostered hours."""
    figures = {"short": effect.short_hours, "over": effect.excess_hours, "paid": effect.paid_hours}
    signed = {name: digits(f"{value:+.1f}").replace("-", "−") for name, value in figures.items()}
    return text("short {short} h · over {over} h · paid {paid} h", **signed)


def choices(board: Board, agent: Agent, day: dt.date) -> list[FittingShift]:
    """Shifts that a person could begin on a day under every rule, those that cover most first; at most eight."""
    found: list[tuple[float, FittingShift]] = []
    for kind, start, length in _by_cover(board, agent, day)[:TRIED]:
        span = _span(start, length)
        try:
            effect = board.effect(board.edited([Edit(agent.name, day, f"{kind} {span}")]))
        except StaffingError:
            continue
        if effect.allowed:
            told = f"{kind} {digits(span)} · {effect_told(effect)}"
            found.append((effect.short_hours + 0.1 * effect.excess_hours, FittingShift(f"{kind} {span}", told)))
    return [choice for _, choice in sorted(found, key=lambda one: one[0])[:OFFERED]]


def _moved(board: Board, change: dict[str, Any]) -> Iterator[Edit]:
    """A shift at other hours, on another day or with another person; whoever works there already takes the first's."""
    agent, row = _found(board, change["shift"])
    start, end = (dt.datetime.fromisoformat(change[name]) for name in ("start", "end"))
    other, day = str(change["person"]), start.date()
    minutes = (end - start).total_seconds() // 60
    target = board.people[other]
    kind, begins, length = _nearest(board, target, day, (kind_of(row), start.hour * 60 + start.minute, int(minutes)))
    before = row.start.tz_convert(board.inputs.calendar.zone).date()
    in_place = _begun_on(board, board.rows.get(other), day) if (other, day) != (agent, before) else None
    if (other, day) != (agent, before):
        yield Edit(agent, before, OFF if in_place is None else _as_edit(board, in_place))
    yield Edit(other, day, f"{kind} {_span(begins, length)}")


def _pasted(board: Board, change: dict[str, Any]) -> Iterator[Edit]:
    _, row = _found(board, change["shift"])
    if "onto" in change:
        person, onto = _found(board, change["onto"])
        day = onto.start.tz_convert(board.inputs.calendar.zone).date()
    else:
        person, day = str(change["person"]), dt.date.fromisoformat(change["day"])
    yield Edit(person, day, _as_edit(board, row))


def _put(_board: Board, change: dict[str, Any]) -> Iterator[Edit]:
    yield Edit(str(change["person"]), dt.date.fromisoformat(change["day"]), str(change["span"]))


def _removed(board: Board, change: dict[str, Any]) -> Iterator[Edit]:
    agent, row = _found(board, change["shift"])
    yield Edit(agent, row.start.tz_convert(board.inputs.calendar.zone).date(), OFF)


_EDITS = {"move": _moved, "paste": _pasted, "put": _put, "remove": _removed}


def _found(board: Board, name: str) -> tuple[str, Any]:
    """Whose shift a name of the board means, and its row. Raises KeyError where it is gone."""
    agent, _, stamp = str(name).rpartition("\n")
    for row in board.rows[agent].itertuples():
        if row.activity == "shift" and int(row.start.timestamp()) == int(stamp):
            return agent, row
    raise KeyError(name)


def _begun_on(board: Board, rows: pd.DataFrame | None, day: dt.date) -> Any:
    """The shift that begins on a day in a person's rows, or None."""
    for row in () if rows is None else rows.itertuples():
        if row.activity == "shift" and row.start.tz_convert(board.inputs.calendar.zone).date() == day:
            return row
    return None


def _as_edit(board: Board, row: Any) -> str:
    zone = board.inputs.calendar.zone
    return f"{kind_of(row)} {row.start.tz_convert(zone):%H:%M}-{row.end.tz_convert(zone):%H:%M}".strip()


def _span(start_min: int, length_min: int) -> str:
    end_min = (start_min + length_min) % DAY_MIN
    return f"{start_min // 60:02d}:{start_min % 60:02d}-{end_min // 60:02d}:{end_min % 60:02d}"


def _allowed(board: Board, agent: Agent, day: dt.date) -> Iterator[tuple[str, int, int]]:
    """Kind, start and length in minutes of every shift that contract, team and weekday allow a person."""
    own, weekday = board.inputs.allowed_kinds(agent), WEEKDAYS[day.weekday()]
    for shift in board.inputs.kinds:
        if shift.name in own and (not shift.weekdays or weekday in shift.weekdays):
            yield from ((shift.name, start, shift.length_min) for start in shift.starts_min)


def _nearest(board: Board, agent: Agent, day: dt.date, meant: tuple[Any, int, int]) -> tuple[str, int, int]:
    """The allowed shift nearest to what was dropped; its own kind first. Raises InputError where none is near."""
    kind, start, length = meant

    def distance(one: tuple[str, int, int]) -> tuple[float, bool]:
        late = abs(one[1] - start)
        return max(min(late, DAY_MIN - late), abs(one[2] - length)), one[0] != kind

    best = min(_allowed(board, agent, day), key=distance, default=None)
    if best is None or distance(best)[0] > NEAR_MIN:
        told = text("{agent} has no shift near {span} on this day.", agent=agent.name, span=_span(start, length))
        raise InputError(told, remedy=text("Double-click the day to see those there are."))
    return best


def _by_cover(board: Board, agent: Agent, day: dt.date) -> list[tuple[str, int, int]]:
    """Allowed shifts by the agent-hours they fill less those beyond the need, without the person's present shift."""
    cover = board.cover
    names = [name for name in cover.queues if agent.has_skill(name)]
    places = [cover.queues.index(name) for name in names]
    lacks = cover.need[places] - cover.there[places] if places else np.zeros((1, cover.grid.slots))
    here = _begun_on(board, board.rows.get(agent.name), day)
    worth = np.clip(lacks, -0.1, 1.0).max(axis=0)
    if here is not None:
        first, last = (cover.grid.slot(_instants(moment))[0] for moment in (here.start, here.end))
        worth[first:last] = np.clip(lacks[:, first:last].max(axis=0) + 1, -0.1, 1.0)
    midnight = int(cover.grid.slot(_instants(board.inputs.calendar.midnight(day)))[0])
    sums = np.concatenate([[0.0], np.cumsum(worth)])
    step = cover.grid.slot_min

    def gain(one: tuple[str, int, int]) -> float:
        first = midnight + one[1] // step
        return float(sums[min(first + one[2] // step, len(worth))] - sums[min(first, len(worth))])

    return sorted(_allowed(board, agent, day), key=gain, reverse=True)


def _instants(moment: pd.Timestamp) -> pd.DatetimeIndex:
    import pandas as pd

    return pd.DatetimeIndex([moment])


def _refusal(effect: Effect, site: SiteCalendar) -> str:
    lines = [faults.line(fault, site) for fault in effect.broken[:RULES_TOLD]]
    rest = len(effect.broken) - RULES_TOLD
    return "\n".join([*lines, *([text("and {count} more rules", count=digits(str(rest)))] if rest > 0 else [])])


def _where(board: Board, rows: Rows, edit: Edit) -> str:
    """The shift to look at after a change: the one that was put, or nothing."""
    row = _begun_on(board, rows[edit.agent], edit.date)
    return "" if row is None else shift_id(edit.agent, row.start)
