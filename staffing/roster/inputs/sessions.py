"""Training and meetings inside shifts: once for each person, where it costs cover least.

A shift with a session is a kind of its own, with one more paid break at a set place between the others; the
rule that each person has it once does the rest. A meeting that all hold together first gets its time, from the
slot prices of the roster without it; the bound then holds for that time. Only sessions whose last day lies in
the plan are placed; an earlier plan has not needed them yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.duties import Session
from staffing.domain.workforce import Agent, BreakRule, ShiftTemplate
from staffing.roster.case import Case, DatedShift
from staffing.roster.given import Inputs

MISSED_HOURS = 40.0  # of pay: what a person without a session costs, so that only the impossible is left out
WITHOUT = 1e6  # loss of a time at which a person cannot be there


@dataclass(frozen=True)
class ShiftKind:
    """Shifts of one length and, where `session` is a number, with that session between two breaks."""

    template: ShiftTemplate
    starts_min: tuple[int, ...]
    session: int = -1
    days: range | None = None  # days of the horizon on which it may begin; None: all


@dataclass(frozen=True)
class HeldSession:
    """1 for shifts with a session, as an amount of `limits.SpanTotal`."""

    number: int

    def __call__(self, shift: DatedShift) -> int:
        return int(shift.session == self.number)


def kinds_of(inputs: Inputs) -> tuple[ShiftKind, ...]:
    """Every kind of shift, plain ones first."""
    plain = [ShiftKind(template, template.starts_min) for template in inputs.kinds]
    return (*plain, *(kind for number in due(inputs) for kind in _with_session(inputs, number)))


def due(inputs: Inputs) -> tuple[int, ...]:
    """Numbers of the sessions that this plan has to place."""
    last = inputs.date(inputs.days - 1)
    return tuple(n for n, session in enumerate(inputs.sessions) if inputs.start <= session.end <= last)


def sessions_of(agent: Agent, inputs: Inputs) -> tuple[int, ...]:
    """Numbers of the sessions that a person still needs."""
    return tuple(n for n in due(inputs) if inputs.sessions[n].concerns(agent) and not _held(agent, n, inputs))


def _held(agent: Agent, number: int, inputs: Inputs) -> bool:
    """Whether the past roster shows the session."""
    return inputs.past is not None and not _rows(inputs.past, inputs.sessions[number], {agent.name}, inputs).empty


def _rows(table: pd.DataFrame, session: Session, names: set[str], inputs: Inputs) -> pd.DataFrame:
    """Rows of a roster table that are this session of one of these people."""
    rows = table[(table["activity"] == session.activity) & table["agent"].isin(names)]
    dates = rows["start"].dt.tz_convert(inputs.calendar.zone).dt.date
    length = (rows["end"] - rows["start"]).dt.total_seconds() == 60 * session.minutes
    return rows[length & (dates >= session.start) & (dates <= session.end)]


def _with_session(inputs: Inputs, number: int) -> Iterator[ShiftKind]:
    session = inputs.sessions[number]
    first, last = ((day - inputs.start).days for day in (session.start, session.end))
    for template in inputs.kinds:
        for position in range(len(template.breaks) + 1):
            starts: dict[ShiftTemplate, list[int]] = {}
            for start_min in template.starts_min:
                placed = _placed(template, position, session, start_min)
                if placed is not None:
                    starts.setdefault(placed, []).append(start_min)
            for placed, some in starts.items():
                yield ShiftKind(placed, tuple(some), number, range(max(0, first), last + 1))


def _placed(template: ShiftTemplate, position: int, session: Session, start_min: int) -> ShiftTemplate | None:
    """The template, begun at `start_min`, with the session after its first `position` breaks; None where it
    does not fit."""
    breaks = template.ordered_breaks
    before, after = breaks[:position], breaks[position:]
    low = max(0, session.earliest - start_min, *(rule.earliest_min + rule.minutes for rule in before))
    high = min(
        template.length_min - session.minutes, session.latest - start_min - session.minutes,
        *(rule.latest_min - session.minutes for rule in after),
    )  # fmt: skip
    if low > high:
        return None
    own = BreakRule(name=session.activity, minutes=session.minutes, earliest_min=low, latest_min=high)
    later = (rule.model_copy(update={"earliest_min": max(rule.earliest_min, low + session.minutes)}) for rule in after)
    return template.model_copy(update={"breaks": (*before, own, *later)})


def with_times(inputs: Inputs, worth: Callable[[Inputs], tuple[Case, NDArray[np.float64]]]) -> Inputs:
    """Inputs in which sessions held together have their time; `worth` gives slot prices without sessions."""
    together = [n for n in due(inputs) if inputs.sessions[n].together]
    if not together:
        return inputs
    case, prices = worth(replace(inputs, sessions=()))
    found = list(inputs.sessions)
    for number in together:
        found[number] = _at_best_time(inputs, inputs.sessions[number], case, prices)
    return replace(inputs, sessions=tuple(found))


def with_published_times(inputs: Inputs) -> Inputs:
    """Inputs in which sessions held together keep the time they were published at."""
    if inputs.published is None or not any(session.together for session in inputs.sessions):
        return inputs
    names = {agent.name for agent in inputs.agents}
    found = []
    for session in inputs.sessions:
        rows = _rows(inputs.published, session, names, inputs)
        keeps = session.together and not rows.empty
        found.append(_at(session, rows["start"].iloc[0].tz_convert(inputs.calendar.zone)) if keeps else session)
    return replace(inputs, sessions=tuple(found))


def _at(session: Session, start: pd.Timestamp) -> Session:
    """The session begun then and at no other time."""
    minute = start.hour * 60 + start.minute
    own = {"start": start.date(), "end": start.date(), "earliest": minute, "latest": minute + session.minutes}
    return session.model_copy(update=own)


def _at_best_time(inputs: Inputs, session: Session, case: Case, prices: NDArray[np.float64]) -> Session:
    """The session at the time at which the presence of its people is worth least, the absent counted in."""
    people = [agent for agent in inputs.agents if session.concerns(agent)]
    allowed = {agent.name: inputs.allowed_kinds(agent) for agent in people}
    best, chosen = np.inf, session
    for start in _times(inputs, session):
        at = _at(session, start)
        fitting = {kind.name for kind in inputs.kinds if _has_room(kind, at)}
        first = int(case.grid.slot(pd.DatetimeIndex([start]))[0])
        worth = prices[:, first : first + session.minutes // case.grid.slot_min]
        lost = sum(
            _lost(agent, case, worth) if _can_come(agent, at, fitting & allowed[agent.name]) else WITHOUT
            for agent in people
        )
        if lost < best - 1e-9:
            best, chosen = lost, at
    return chosen


def _lost(agent: Agent, case: Case, worth: NDArray[np.float64]) -> float:
    """Worth of a person's presence in the queue where it is worth most."""
    rows = [q for q, name in enumerate(case.queue_names) if agent.has_skill(name)]
    return float(worth[rows].max(axis=0).sum())


def _can_come(agent: Agent, session: Session, fitting: set[str]) -> bool:
    """Whether some shift with the session suits a person's contract, day and hours."""
    within = agent.earliest <= session.earliest and session.latest <= agent.latest
    return within and agent.can_work(session.start) and bool(fitting)


def _has_room(kind: ShiftTemplate, session: Session) -> bool:
    """Whether a kind of shift, begun at some time, can hold the session."""
    return any(
        _placed(kind, position, session, start_min) is not None
        for start_min in kind.starts_min
        for position in range(len(kind.breaks) + 1)
    )


def _times(inputs: Inputs, session: Session) -> Iterator[pd.Timestamp]:
    """Starts a session may have, an interval apart, inside opening hours."""
    first = max(session.start, inputs.start)
    grid = inputs.calendar.open_grid(first, (session.end - first).days + 1)
    minute = np.asarray(grid.hour * 60 + grid.minute)
    inside = (minute >= session.earliest) & (minute + session.minutes <= session.latest)
    end = grid + pd.Timedelta(minutes=session.minutes - 1)
    yield from grid[inside & inputs.calendar.open_mask(end)]


def lacking_notes(inputs: Inputs, table: pd.DataFrame) -> list[str]:
    """Who has no room for a session."""
    notes = []
    for number in due(inputs):
        needing = {agent.name for agent in inputs.agents if number in sessions_of(agent, inputs)}
        lacking = needing - set(_rows(table, inputs.sessions[number], needing, inputs)["agent"])
        if lacking:
            notes.append(f"No room for '{inputs.sessions[number].name}' was found for {', '.join(sorted(lacking))}.")
    return notes
