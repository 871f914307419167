"""A roster on the desk: its cover and its broken rules are known person by person, so that a change of some
people's days is judged by what it touches alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from staffing.domain.activities import SHIFT
from staffing.domain.workforce import Agent
from staffing.errors import InputError
from staffing.roster.desk.changes import begun_days
from staffing.roster.desk.cover import Held, held
from staffing.roster.desk.edit import Edit, begun_at, shift_rows, without
from staffing.roster.desk.rows import ByAgent, Rows, differing
from staffing.roster.given import Inputs
from staffing.roster.inputs.presence import present
from staffing.roster.rules.people import Person, Violation, Worked, elsewhere, spans_of, worked
from staffing.roster.rules.registry import apart, never_broken, stranger
from staffing.store.roster_days import AgentDate
from staffing.tables import ROSTER, on_the_clock


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
    return board.effect(differing(before, after))


def edited(inputs: Inputs, table: pd.DataFrame, edit: Edit) -> pd.DataFrame:
    """The roster with the edit made; breaks lie where they cost least cover.

    Raises InputError for an unknown person, a day outside the roster, one that has begun, or a shift of no kind.
    """
    board = Board(inputs, table)
    return board.with_rows(board.edited([edit]))


@dataclass(frozen=True)
class Board:
    """A roster table on the desk, on the site's clock."""

    inputs: Inputs
    table: pd.DataFrame
    _faults: dict[str, tuple[list[Violation], float]] = field(default_factory=dict, compare=False, repr=False)
    _before: dict[str, tuple[Worked, ...]] = field(default_factory=dict, compare=False, repr=False)
    _present: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", on_the_clock(self.table, self.inputs.calendar.zone))

    def turned(self, table: pd.DataFrame) -> Board:
        """The board of another roster; what is known of people who have the same rows in both goes with it."""
        others = differing(self.table, table)
        faults = {name: found for name, found in self._faults.items() if name not in others}
        return Board(self.inputs, table, faults, self._before)

    @property
    def broken(self) -> list[Violation]:
        """Every rule that the roster breaks though it never may, as ``rules.check`` finds them."""
        names = [*(name for name in self.rows if name not in self.people), *self.people]
        return [*(fault for name in names for fault in self._standing(name)[0]), *self._apart_before]

    def paid_hours(self, name: str) -> float:
        """Hours of a person's shifts less unpaid breaks."""
        return self._standing(name)[1]

    @cached_property
    def rows(self) -> Rows:
        """Everybody's rows."""
        return ByAgent(self.table)

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
            self._before[agent.name] = self._worked(agent, self._past.get(agent.name))
        known = self.inputs.past is not None and not self.inputs.past.empty
        now = None if rows is None else rows[rows["start"] >= self._first]
        contract = self.inputs.contract_of(agent)
        shifts = self._worked(agent, now)
        return Person(agent, contract, shifts, self._before[agent.name], known, elsewhere(agent, self.inputs))

    def _worked(self, agent: Agent, rows: pd.DataFrame | None) -> tuple[Worked, ...]:
        """One person's rows; they may bear the name of somebody whose line the person is asked to take."""
        return worked(() if rows is None else spans_of(rows, self.inputs), agent, self.inputs)

    def edited(self, edits: Iterable[Edit]) -> dict[str, pd.DataFrame]:
        """The rows of those whose days are edited, all edits made; the board stays as it is.

        Raises InputError as `edited` does, before anything is changed.
        """
        made: dict[str, pd.DataFrame] = {}
        for edit in edits:
            agent = self._known(edit)
            rest = without(self.inputs, made.get(agent.name, self.rows.get(agent.name, self.table.iloc[:0])), edit.date)
            around = self.cover.need - self._there({**made, agent.name: rest})
            fresh = shift_rows(self.inputs, agent, edit, (self.cover, around))
            if fresh is not None and self.inputs.now is not None and fresh["start"].min() < self.inputs.now:
                local = self.inputs.now.tz_convert(self.inputs.calendar.zone)
                raise InputError(
                    f"{edit.shift} on {edit.date} would have begun already: it is {local:%Y-%m-%d %H:%M}.",
                    remedy="Choose a later start.",
                )
            made[agent.name] = rest if fresh is None else ROSTER.check(pd.concat([rest, fresh], ignore_index=True))
        return made

    def effect(self, after: Rows) -> Effect:
        """What the roster becomes with these rows in place of those of the same people."""
        names, after = [name for name in dict.fromkeys([*self.people, *after]) if name in after], self._local(after)
        now = replace(self.cover, there=self._there(after))
        faults = [self._standing(name) for name in names]
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
        parts = [part for part in (others, *self._local(after).values()) if not part.empty]
        return ROSTER.check(pd.concat(parts, ignore_index=True) if parts else self.table.iloc[:0])

    def _local(self, rows: Rows) -> Rows:
        zone = self.inputs.calendar.zone
        return {name: on_the_clock(own, zone) for name, own in rows.items()}

    def span(self, edit: Edit) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last instant of the shift that an edit asks for."""
        return begun_at(self.inputs, self.people[edit.agent], edit)[:2]

    @cached_property
    def _first(self) -> pd.Timestamp:
        return self.inputs.calendar.midnight(self.inputs.start)

    @cached_property
    def _past(self) -> Rows:
        past = self.inputs.past
        return {} if past is None or past.empty else ByAgent(past[past["start"] < self._first])

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

    def _standing(self, name: str) -> tuple[list[Violation], float]:
        """Rules that a person's rows break as they stand, and the hours paid; asked once."""
        if name not in self._faults:
            self._faults[name] = self._judged(name, self.rows.get(name))
        return self._faults[name]

    def _judged(self, name: str, rows: pd.DataFrame | None) -> tuple[list[Violation], float]:
        """Rules that one person's rows break, and the hours paid."""
        agent = self.people.get(name)
        if agent is None:
            return [] if rows is None or rows.empty else [stranger(name, self.inputs)], 0.0
        person = self.person(agent, rows)
        return never_broken(person, self.inputs), sum(shift.paid_min for shift in person.shifts) / 60

    def _there(self, after: Rows) -> np.ndarray:
        """Agents present (queues, slots) with these rows in place of those of the same people."""
        names = tuple(after)
        if names not in self._present:
            self._present[names] = self._presence(names, self.rows)
        return self.cover.there - self._present[names] + self._presence(names, after)

    def _presence(self, names: Sequence[str], rows: Rows) -> np.ndarray:
        parts = [rows[name] for name in names if name in rows and not rows[name].empty]
        table = pd.concat(parts) if parts else self.table.iloc[:0]
        return present(table, self.cover.grid, self.cover.queues, self.inputs.agents)

    @cached_property
    def _together(self) -> list[str]:
        """Activities of the sessions that are to be held together, and shifts where a team keeps together."""
        sessions = [session.activity for session in self.inputs.sessions if session.together]
        return [*sessions, SHIFT] if self.inputs.book.has("team_together") else sessions

    @cached_property
    def _held_together(self) -> pd.DataFrame:
        return self.table[self.table["activity"].isin(self._together)]

    @cached_property
    def _apart_before(self) -> list[Violation]:
        return list(apart(self._held_together, self.inputs))

    def _apart_after(self, after: Rows) -> list[Violation]:
        if not self._together:
            return []
        others = self._held_together[~self._held_together["agent"].isin(list(after))]
        rows = pd.concat([others, *(own[own["activity"].isin(self._together)] for own in after.values())])
        return list(apart(rows.sort_values(["agent", "start"], kind="stable"), self.inputs)) if len(rows) else []


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
