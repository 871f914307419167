"""A planner's work on one week's roster, edit by edit, kept for one user until it is published or thrown away.

All versions lie in one table: each row with the versions ``since`` which and ``until`` before which it stands.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from staffing.errors import Conflict, InputError, TableError, Where
from staffing.store import rights
from staffing.store.absences import Absence
from staffing.store.drafts import FOLDER, folder_of
from staffing.store.files import parquet_bytes
from staffing.store.ground import Ground
from staffing.store.roster_days import AgentDate, same_roster
from staffing.store.rosters import Seen
from staffing.store.transaction import Transaction, version_of
from staffing.tables import ROSTER

if TYPE_CHECKING:
    import pandas as pd

MOST_VERSIONS = 100


@dataclass(frozen=True)
class RosterWork:
    """Versions of one week's roster from the one that was opened on; those after ``at`` were undone.

    Parameters
    ----------
    tables, away : the roster (table ROSTER) of each version, and the sick calls that it answers.
    seen : the version of the week that was there when it was opened or last kept (see ``rosters.Seen``).
    kept_at : the version that everybody knows as the draft or published roster; -1 where none of them is.
    by_hand : people's days that each version holds as they were edited by hand; empty where none does.
    """

    tables: tuple[pd.DataFrame, ...]
    away: tuple[tuple[Absence, ...], ...]
    at: int
    seen: str
    kept_at: int
    by_hand: tuple[frozenset[AgentDate], ...]

    @classmethod
    def on(cls, table: pd.DataFrame, there: Seen) -> RosterWork:
        """Work that begins with a roster, while ``there`` is what everybody knows of the week."""
        known = there.table is not None and same_roster(table, there.table)
        return cls((table,), ((),), 0, there.version, 0 if known else -1, (frozenset(),))

    @property
    def edited(self) -> frozenset[AgentDate]:
        """People's days that the roster as it stands holds as they were edited by hand."""
        return self.by_hand[self.at]

    @property
    def released(self) -> frozenset[AgentDate]:
        """People's days that were edited by hand in some version and are not in the one that stands."""
        return frozenset().union(*self.by_hand) - self.edited

    @property
    def unsaved(self) -> bool:
        """Whether the roster as it stands is known to its planner alone."""
        return self.at != self.kept_at

    def kept_as(self, there: Seen) -> RosterWork:
        """The work once everybody knows it, or once its planner knows what is ``there``."""
        known = there.table is not None and same_roster(self.table, there.table)
        return replace(self, seen=there.version, kept_at=self.at if known else -1)

    @property
    def table(self) -> pd.DataFrame:
        """The roster as it stands."""
        return self.tables[self.at]

    def with_version(
        self, table: pd.DataFrame, away: tuple[Absence, ...], edited: Iterable[AgentDate] = ()
    ) -> RosterWork:
        """One step on; what had been undone is forgotten. Of very many versions the oldest edits are forgotten."""
        held = [0, *range(max(1, self.at + 2 - MOST_VERSIONS), self.at + 1)]
        tables, noted = [self.tables[k] for k in held], [self.away[k] for k in held]
        by_hand = [self.by_hand[k] for k in held]
        kept_at = held.index(self.kept_at) if self.kept_at in held else -1
        now = self.edited.union(edited)
        return RosterWork((*tables, table), (*noted, away), len(held), self.seen, kept_at, (*by_hand, now))

    def undone(self) -> RosterWork:
        """One step back."""
        return replace(self, at=max(0, self.at - 1))

    def redone(self) -> RosterWork:
        """One step forward again, where one was undone."""
        return replace(self, at=min(len(self.tables) - 1, self.at + 1))


@dataclass(frozen=True)
class RosterWorks:
    """One user's work on the rosters of a workspace, by week and scenario."""

    ground: Ground
    user: str

    def read(self, week: dt.date, scenario: str) -> RosterWork | None:
        """The work that was kept, None where there is none. Raises InputError where it cannot be read."""
        table, told = self.ground.steady(lambda: [self.ground.read(name) for name in self._files(week, scenario)])
        return None if table is None or told is None else _work(table, told, f"{week} of {scenario}")

    def version(self, week: dt.date, scenario: str) -> str:
        """Names what is kept; empty where nothing is."""
        return version_of(self.ground.read(self._files(week, scenario)[1]))

    def keep(self, week: dt.date, scenario: str, work: RosterWork | None, version: str) -> str:
        """Keep the work in place of the ``version`` that was kept, both files or none; None forgets it.

        Returns the new version. Raises Conflict where another window of the same user has gone on meanwhile.
        """
        table, told = self._files(week, scenario)
        rows = None if work is None else parquet_bytes(_spans(work.tables))
        facts = None if work is None or rows is None else _told(work, rows)
        with self._change() as change:
            if version_of(change.read(told)) != version:
                what = "You went on with this roster in another window."
                raise Conflict(what, remedy="It is shown as it is there; make the last change again.")
            if facts != change.read(told):
                change.write(table, rows)
                change.write(told, facts)
        return version_of(facts)

    def _change(self) -> AbstractContextManager[Transaction]:
        rights.require_own(self.user)
        return self.ground.change(self.user, needs=rights.Role.viewer)

    def set_aside(self, week: dt.date, scenario: str) -> None:
        """Put work that cannot be read out of the way, where a person may still find it."""
        with self._change() as change:
            for name in self._files(week, scenario):
                change.write(f"{name}.unreadable", change.read(name))
                change.write(name, None)

    def others(self, week: dt.date) -> list[str]:
        """Other users who have begun to change the roster of this week."""
        kept = [name.split("/")[-2:] for name in self.ground.names(FOLDER, ".roster.json")]
        users = {unquote(folder)[2:] for folder, file in kept if file.startswith(f"{week}.")}
        return sorted(users - {self.user})

    def _files(self, week: dt.date, scenario: str) -> tuple[str, str]:
        stem = f"{FOLDER}/{folder_of(self.user)}/{week}.{quote(scenario, safe='')}.roster"
        return f"{stem}.parquet", f"{stem}.json"


def _spans(tables: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """Every row that stands in some version, with the versions from and before which it does."""
    import numpy as np
    import pandas as pd

    columns = list(max(tables, key=lambda table: len(table.columns)).columns)
    every = pd.concat([table.reindex(columns=columns) for table in tables], ignore_index=True)
    version = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    alike = every.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    order = np.lexsort((version, alike))
    row, stands = alike[order], version[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (row[1:] != row[:-1]) | (stands[1:] > stands[:-1] + 1)
    first = np.flatnonzero(begins)
    until = stands[np.append(first[1:], len(order)) - 1] + 1 if len(order) else first
    spans = every.iloc[order[first]].assign(since=stands[first], until=until)
    return spans.sort_index().reset_index(drop=True)


def _told(work: RosterWork, rows: bytes) -> bytes:
    away = [[{**asdict(one), "first": str(one.first), "last": str(one.last)} for one in noted] for noted in work.away]
    told = {"versions": len(work.tables), "away": away, "at": work.at, "seen": work.seen}
    told["kept_at"] = work.kept_at
    told["by_hand"] = [sorted([name, str(day)] for name, day in edited) for edited in work.by_hand]
    told["rows"] = version_of(rows)
    return json.dumps(told, ensure_ascii=False).encode()


def _work(table: bytes, told: bytes, name: str) -> RosterWork:
    import pandas as pd

    try:
        spans, facts = pd.read_parquet(io.BytesIO(table)), json.loads(told)
        columns = [column for column in spans.columns if column not in ("since", "until")]
        tables = [
            spans.loc[(spans["since"] <= k) & (k < spans["until"]), columns].reset_index(drop=True)
            for k in range(int(facts["versions"]))
        ]
        away = tuple(tuple(_absence(one) for one in noted) for noted in facts["away"])
        at = min(int(facts["at"]), len(tables) - 1)
        edited = facts.get("by_hand") or [[]] * len(tables)  # kept before hands were noted
        by_hand = tuple(frozenset((name, dt.date.fromisoformat(day)) for name, day in days) for days in edited)
        told_of = str(facts["seen"]), int(facts["kept_at"])
        return RosterWork(tuple(map(ROSTER.check, tables)), away, at, *told_of, by_hand)
    except (OSError, ValueError, KeyError, TypeError, TableError) as error:
        remedy = "Begin again from the draft or the published roster."
        raise InputError("cannot be read.", where=Where(f"kept work on {name}"), remedy=remedy) from error


def _absence(told: dict[str, str]) -> Absence:
    days = {name: dt.date.fromisoformat(told[name]) for name in ("first", "last")}
    return Absence(told["agent"], days["first"], days["last"], told["reason"])
