"""A roster on the desk: its cover and its broken rules are known person by person, so that a change of some
people's days is judged by what it touches alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from staffing.domain.workforce import Agent
from staffing.errors import InputError
from staffing.roster.desk.changes import begun_days
from staffing.roster.desk.cover import Held, held
from staffing.roster.desk.edit import Edit, begun_at, shift_rows, without
from staffing.roster.given import Inputs
from staffing.roster.inputs.presence import present
from staffing.roster.rules.people import Person, Violation, Worked, worked
from staffing.roster.rules.registry import apart, never_broken, stranger
from staffing.store.roster_days import AgentDate
from staffing.tables import ROSTER

Rows = Mapping[str, pd.DataFrame]  # a person's rows of a roster, by name


@dataclass(frozen=True)
class Effect:
    """What a change does.

    broken, mended : rules that it breaks, and broken ones that it mends.
    short_hours, excess_hours, paid_hours : differences, agent-hours; positive means more.
    intervals : queue, start, required, before, after (agents) of every slot whose presence changes.
    """

    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    short_hours: float
    excess_hours: float
    paid_hours: float
    intervals: pd.DataFrame

    @property
    def allowed(self) -> bool:
        """Whether no rule is broken anew."""
        return not self.broken

    def __str__(self) -> str:
        cover = f"short {self.short_hours:+.1f} h, over {self.excess_hours:+.1f} h, paid {self.paid_hours:+.1f} h"
        return "\n".join([cover, *(f"breaks a rule: {fault}" for fault in self.broken)])


def judge(inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame) -> Effect:
    """Every rule and the cover, before and after; asked only of the people whose rows differ."""
    board = Board(inputs, before)
    return board.effect(_differing(before, after))


def edited(inputs: Inputs, table: pd.DataFrame, edit: Edit) -> pd.DataFrame:
    """The roster with the edit made; breaks lie where they cost least cover.

    Raises InputError for an unknown person, a day outside the roster, one that has begun, or a shift of no kind.
    """
    board = Board(inputs, table)
    return board.with_rows(board.edited([edit]))


@dataclass(frozen=True)
class Board:
    """A roster table on the desk."""

    inputs: Inputs
    table: pd.DataFrame
    _faults: dict[str, tuple[list[Violation], float]] = field(default_factory=dict, compare=False, repr=False)
    _before: dict[str, tuple[Worked, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def rows(self) -> Rows:
        """Everybody's rows."""
        return by_agent(self.table)

    @cached_property
    def cover(self) -> Held:
        """What the roster covers."""
        return held(self.inputs, self.table)

    @cached_property
    def people(self) -> Mapping[str, Agent]:
        """The site's people by name."""
        return {agent.name: agent for agent in self.inputs.agents}

    def person(self, agent: Agent, rows: pd.DataFrame | None) -> Person:
        """What these rows make of a person's weeks."""
        if agent.name not in self._before:
            self._before[agent.name] = worked(self._past.get(agent.name), agent, self.inputs)
        known = self.inputs.past is not None and not self.inputs.past.empty
        now = None if rows is None else rows[rows["start"] >= self._first]
        contract = self.inputs.contract_of(agent)
        return Person(agent, contract, worked(now, agent, self.inputs), self._before[agent.name], known)

    def edited(self, edits: Iterable[Edit]) -> dict[str, pd.DataFrame]:
        """The rows of those whose days are edited, all edits made; the board stays as it is.

        Raises InputError as `edited` does, before anything is changed.
        """
        made: dict[str, pd.DataFrame] = {}
        there = self.cover.there
        for edit in edits:
            agent = self._known(edit)
            own = made.get(agent.name, self.rows.get(agent.name, self.table.iloc[:0]))
            rest = without(self.inputs, own, edit)
            there = there - self._present(own) + self._present(rest)
            fresh = shift_rows(self.inputs, agent, edit, (self.cover, self.cover.need - there))
            if fresh is not None and self.inputs.now is not None and fresh["start"].min() < self.inputs.now:
                local = self.inputs.now.tz_convert(self.inputs.calendar.zone)
                raise InputError(
                    f"{edit.shift} on {edit.date} would have begun already: it is {local:%Y-%m-%d %H:%M}.",
                    remedy="Choose a later start.",
                )
            now = rest if fresh is None else ROSTER.check(pd.concat([rest, fresh], ignore_index=True))
            there = there - self._present(rest) + self._present(now)
            made[agent.name] = now
        return made

    def effect(self, after: Rows) -> Effect:
        """What the roster becomes with these rows in place of those of the same people."""
        names = [name for name in dict.fromkeys([*self.people, *after]) if name in after]
        old, new = self._some(names, self.rows), self._some(names, after)
        then = self.cover.there - self._present(old) + self._present(new)
        now = Held(self.cover.grid, self.cover.queues, self.cover.need, self.cover.wanted, then)
        faults = [self._judged(name, self.rows.get(name), kept=True) for name in names]
        fresh = [self._judged(name, after[name]) for name in names]
        was = [*(f for found, _ in faults for f in found), *self._apart_before]
        are = [*(f for found, _ in fresh for f in found), *self._apart_after(after)]
        return Effect(
            tuple(fault for fault in are if fault not in was),
            tuple(fault for fault in was if fault not in are),
            float(now.short.sum() - self.cover.short.sum()),
            float(now.over.sum() - self.cover.over.sum()),
            sum(hours for _, hours in fresh) - sum(hours for _, hours in faults),
            _changed_slots(self.inputs, self.cover, now),
        )

    def with_rows(self, after: Rows) -> pd.DataFrame:
        """The whole roster with these rows in place of those of the same people."""
        others = self.table[~self.table["agent"].isin(list(after))]
        parts = [part for part in (others, *after.values()) if not part.empty]
        return ROSTER.check(pd.concat(parts, ignore_index=True) if parts else self.table.iloc[:0])

    def span(self, edit: Edit) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last instant of the shift that an edit asks for."""
        start, kind = begun_at(self.inputs, self.people[edit.agent], edit)
        return start, start + pd.Timedelta(minutes=kind.length_min)

    @cached_property
    def _first(self) -> pd.Timestamp:
        return self.inputs.calendar.midnight(self.inputs.start)

    @cached_property
    def _past(self) -> Rows:
        past = self.inputs.past
        return {} if past is None or past.empty else by_agent(past[past["start"] < self._first])

    def _known(self, edit: Edit) -> Agent:
        agent = self.people.get(edit.agent)
        if agent is None:
            raise InputError(f"there is no agent '{edit.agent}'.", remedy="Add or correct the name.")
        if not 0 <= (edit.date - self.inputs.start).days < self.inputs.days:
            raise InputError(f"{edit.date} is not a day of this roster.", remedy=f"It begins on {self.inputs.start}.")
        self._not_begun(edit)
        return agent

    def _not_begun(self, edit: Edit) -> None:
        """Refuse to edit a day that is over, or whose shift has begun."""
        now = self.inputs.now
        if now is None:
            return
        local = now.tz_convert(self.inputs.calendar.zone)
        begun = edit.date < local.date() or (edit.agent, edit.date) in self._begun
        if begun:
            over = "is over" if edit.date < local.date() else f"has a shift of {edit.agent}'s that has begun"
            raise InputError(
                f"{edit.date} {over}: it is {local:%Y-%m-%d %H:%M}. What has begun stays as it is.",
                remedy="Edit a day that has not begun.",
            )

    @cached_property
    def _begun(self) -> frozenset[AgentDate]:
        return begun_days(self.inputs, self.table)

    def _judged(self, name: str, rows: pd.DataFrame | None, *, kept: bool = False) -> tuple[list[Violation], float]:
        """Rules that one person's rows break, and the hours paid."""
        if kept and name in self._faults:
            return self._faults[name]
        agent = self.people.get(name)
        if agent is None:
            nobody = rows is None or rows.empty
            found: tuple[list[Violation], float] = ([] if nobody else [stranger(name, self.inputs)], 0.0)
        else:
            person = self.person(agent, rows)
            hours = sum(shift.paid_min for shift in person.shifts) / 60
            found = (never_broken(person, self.inputs), hours)
        if kept:
            self._faults[name] = found
        return found

    def _some(self, names: Sequence[str], rows: Rows) -> pd.DataFrame:
        parts = [rows[name] for name in names if name in rows and not rows[name].empty]
        return pd.concat(parts) if parts else self.table.iloc[:0]

    def _present(self, rows: pd.DataFrame) -> np.ndarray:
        return present(rows, self.cover.grid, self.cover.queues)

    @cached_property
    def _held_together(self) -> pd.DataFrame:
        """Rows of the sessions that are to be held together."""
        names = {session.activity for session in self.inputs.sessions if session.together}
        return self.table[self.table["activity"].isin(names)]

    @cached_property
    def _apart_before(self) -> list[Violation]:
        return list(apart(self._held_together, self.inputs))

    def _apart_after(self, after: Rows) -> list[Violation]:
        if not any(session.together for session in self.inputs.sessions):
            return []
        others = self._held_together[~self._held_together["agent"].isin(list(after))]
        rows = pd.concat([others, *after.values()], ignore_index=True)
        return list(apart(rows.sort_values(["agent", "start"], kind="stable"), self.inputs))


def by_agent(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Everybody's rows of a roster table."""
    return {str(name): rows for name, rows in table.groupby("agent", sort=False)}


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows after of those who have others than before; empty ones of those who have none any more."""
    names = {str(row[0]) for row in _cells(before) ^ _cells(after)}
    rows = by_agent(after[after["agent"].isin(names)])
    return {name: rows.get(name, after.iloc[:0]) for name in sorted(names)}


def _cells(table: pd.DataFrame) -> set[tuple[object, ...]]:
    times = (pd.DatetimeIndex(table[name]).as_unit("s").asi8.tolist() for name in ("start", "end"))
    kind = table["kind"].tolist() if "kind" in table else [None] * len(table)
    named = [one if isinstance(one, str) else None for one in kind]
    queue = [one if isinstance(one, str) else None for one in table["queue"].tolist()]
    return set(zip(table["agent"].tolist(), *times, table["activity"].tolist(), queue, named, strict=True))


def _changed_slots(inputs: Inputs, old: Held, new: Held) -> pd.DataFrame:
    q, slot = np.nonzero(old.there != new.there)
    return pd.DataFrame(
        {
            "queue": np.array(new.queues, dtype=object)[q],
            "start": new.grid.instants(slot, inputs.calendar.zone),
            "required": new.need[q, slot],
            "before": old.there[q, slot],
            "after": new.there[q, slot],
        }
    )
