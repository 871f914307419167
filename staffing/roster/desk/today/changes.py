"""Changes of a person's day, and the rows of a roster once they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from staffing.domain.activities import OVERTIME, SHIFT, TIME_OFF, WORK


class RosterChange(Protocol):
    """Something about one person's day that is otherwise than before."""

    @property
    def agent(self) -> str:
        """Whose day."""

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The person's rows of a roster with the change made."""


@dataclass(frozen=True)
class Moved:
    """A break, training or meeting at another time."""

    agent: str
    activity: str
    before: pd.Timestamp
    after: pd.Timestamp

    def __str__(self) -> str:
        return f"{self.agent}, {self.activity} {self.before:%H:%M} → {self.after:%H:%M}"

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The row begins and ends as much later."""
        rows = rows.copy()
        own = (rows["activity"] == self.activity) & (rows["start"] == self.before)
        for column in ("start", "end"):
            rows.loc[own, column] = rows.loc[own, column] + (self.after - self.before)
        return rows


@dataclass(frozen=True)
class Reassigned:
    """Another queue from `start` to `end`."""

    agent: str
    queue: str
    start: pd.Timestamp
    end: pd.Timestamp

    def __str__(self) -> str:
        return f"{self.agent} serves {self.queue} {self.start:%H:%M}–{self.end:%H:%M}"

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """A row of work, and what stood there cut back."""
        work = rows["activity"] == WORK
        told = [
            (old.agent, start, end, WORK, old.queue)
            for old in rows[work].itertuples()
            for start, end in ((old.start, min(old.end, self.start)), (max(old.start, self.end), old.end))
            if start < end
        ]
        main = rows[(rows["activity"] == SHIFT) & (rows["start"] <= self.start) & (rows["end"] >= self.end)]
        if main.empty or main["queue"].iloc[0] != self.queue:
            told.append((self.agent, self.start, self.end, WORK, self.queue))
        return pd.concat([rows[~work], _rows(rows, *told)], ignore_index=True)


@dataclass(frozen=True)
class Extended:
    """Overtime from `start` to `end`, which touches the shift."""

    agent: str
    queue: str
    start: pd.Timestamp
    end: pd.Timestamp

    def __str__(self) -> str:
        return f"{self.agent} works {self.start:%H:%M}–{self.end:%H:%M} on {self.queue}"

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The shift is longer, a row says which part of it is overtime."""
        rows = rows.copy()
        shift = rows["activity"] == SHIFT
        rows.loc[shift & (rows["start"] == self.end), "start"] = self.start
        rows.loc[shift & (rows["end"] == self.start), "end"] = self.end
        overtime = (self.agent, self.start, self.end, OVERTIME, self.queue)
        return pd.concat([rows, _rows(rows, overtime)], ignore_index=True)


@dataclass(frozen=True)
class Absent:
    """Away from `start` to `end`: time given back, sick, late. Breaks begun meanwhile are not taken."""

    agent: str
    start: pd.Timestamp
    end: pd.Timestamp
    activity: str = TIME_OFF

    def __str__(self) -> str:
        return f"{self.agent} {self.start:%H:%M}–{self.end:%H:%M} {self.activity}"

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """A row of absence."""
        meanwhile = (rows["start"] >= self.start) & (rows["end"] <= self.end)
        kept = rows[~meanwhile | rows["activity"].isin((SHIFT, WORK, OVERTIME))]
        absence = (self.agent, self.start, self.end, self.activity, None)
        return pd.concat([kept, _rows(rows, absence)], ignore_index=True)


def with_changes(table: pd.DataFrame, changes: Iterable[RosterChange]) -> pd.DataFrame:
    """The roster with changes made, in the order of the table; those of one person in any order."""
    by_person: dict[str, list[RosterChange]] = {}
    for change in changes:
        by_person.setdefault(change.agent, []).append(change)
    parts = [table[~table["agent"].isin(by_person)]]
    for agent, own in by_person.items():
        rows = table[table["agent"] == agent]
        for change in own:
            rows = change.apply(rows)
        parts.append(rows)
    made = pd.concat(parts, ignore_index=True)
    return made.sort_values(["agent", "start", "end"], ascending=[True, True, False], kind="stable", ignore_index=True)


def _rows(like: pd.DataFrame, *told: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of agent, start, end, activity and queue in the columns and types of a roster."""
    cells = pd.DataFrame(list(told), columns=["agent", "start", "end", "activity", "queue"])
    return cells.reindex(columns=like.columns).astype(like.dtypes.to_dict())
