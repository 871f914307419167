"""Sick calls: days on which people cannot come after all, one row each in ``absences.csv`` of a workspace."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from staffing.domain.workforce import Agent, DaySpan
from staffing.errors import InputError, Where
from staffing.store.csv_rows import own_rows
from staffing.store.transaction import Transaction

FILE = "absences.csv"
COLUMNS = ("agent", "first", "last", "reason")


@dataclass(frozen=True)
class Absence:
    """One person away from `first` to `last`, both inclusive."""

    agent: str
    first: dt.date
    last: dt.date
    reason: str = ""

    def covers(self, agent: str, day: dt.date) -> bool:
        """Whether this person is away on a day."""
        return agent == self.agent and self.first <= day <= self.last


def absences_of(content: bytes | None) -> tuple[Absence, ...]:
    """Absences of a CSV with the columns agent, first, last, reason; none when there is no file."""
    found = []
    for row, cells in own_rows(content, FILE):
        try:
            first = dt.date.fromisoformat(cells["first"])
            last = dt.date.fromisoformat(cells.get("last") or cells["first"])
            found.append(Absence(cells["agent"], first, last, cells.get("reason") or ""))
        except (KeyError, TypeError, ValueError):
            raise InputError(
                "is no absence.", where=Where(FILE, row), remedy=f"Columns: {', '.join(COLUMNS)}; days YYYY-MM-DD."
            ) from None
    return tuple(found)


def add_absences(change: Transaction, fresh: Iterable[Absence]) -> None:
    """Further absences as part of a change; those already there are not written twice."""
    known = absences_of(change.read(FILE))
    every = dict.fromkeys((*known, *fresh))
    if len(every) == len(known):
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((away.agent, away.first, away.last, away.reason) for away in every)
    change.write(FILE, text.getvalue().encode())


def with_absences(agents: tuple[Agent, ...], absences: Iterable[Absence]) -> tuple[Agent, ...]:
    """The agents with their absences as further days off. Raises InputError for people nobody knows."""
    people = {agent.name: agent for agent in agents}
    for away in absences:
        if away.agent not in people:
            raise InputError(f"there is no agent '{away.agent}'.", where=Where(FILE), remedy="Add or correct the name.")
        people[away.agent] = absent(people[away.agent], away.first, away.last)
    return tuple(people.values())


def absent(agent: Agent, first: dt.date, last: dt.date) -> Agent:
    """The agent with these days off too; days that were granted already stay as they are."""
    days = [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]
    fresh = [DaySpan(start=day, end=day) for day in days if not any(day in span for span in agent.time_off)]
    return agent.model_copy(update={"time_off": (*agent.time_off, *fresh)})
