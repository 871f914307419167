"""A planner's work on one week's roster, edit by edit, kept for one user until it is published or thrown away.

All versions lie in one table: each row with the versions ``since`` which and ``until`` before which it stands.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from staffing.errors import InputError, TableError, Where
from staffing.store.absences import Absence
from staffing.store.drafts import FOLDER, folder_of
from staffing.store.files import parquet_bytes
from staffing.store.ground import Ground
from staffing.tables import ROSTER

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RosterWork:
    """Versions of one week's roster from the one that was opened on; those after ``at`` were undone.

    Parameters
    ----------
    tables, away : the roster (table ROSTER) of each version, and the sick calls that it answers.
    seen : the version of the week that was there when it was opened (see ``rosters.Seen``).
    plan : names the plan that the first version came from.
    """

    tables: tuple[pd.DataFrame, ...]
    away: tuple[tuple[Absence, ...], ...]
    at: int
    seen: str
    plan: str


@dataclass(frozen=True)
class RosterWorks:
    """One user's work on the rosters of a workspace, by week and scenario."""

    ground: Ground
    user: str

    def read(self, week: dt.date, scenario: str) -> RosterWork | None:
        """The work that was kept, None where there is none. Raises InputError where it cannot be read."""
        table, told = self.ground.steady(lambda: [self.ground.read(name) for name in self._files(week, scenario)])
        return None if table is None or told is None else _work(table, told, f"{week} of {scenario}")

    def keep(self, week: dt.date, scenario: str, work: RosterWork | None) -> None:
        """Keep the work in place of what was kept, both files or none; None forgets it."""
        table, told = self._files(week, scenario)
        with self.ground.change(self.user) as change:
            if work is not None:
                change.write(table, parquet_bytes(_spans(work.tables)))
                change.write(told, _told(work))
            elif change.read(told) is not None:
                change.write(table, None)
                change.write(told, None)

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
    import pandas as pd

    columns = list(max(tables, key=lambda table: len(table.columns)).columns)
    every = pd.concat([table.reindex(columns=columns) for table in tables], ignore_index=True)
    ends: list[tuple[int, int, int]] = []  # place of the row among `every`, since, until
    standing: dict[tuple[object, ...], tuple[int, int]] = {}
    place = 0
    for number, table in enumerate(tables):
        rows = dict(zip(_keys(table.reindex(columns=columns)), range(place, place + len(table)), strict=True))
        ends += [(*standing.pop(key), number) for key in [*standing] if key not in rows]
        standing |= {key: (row, number) for key, row in rows.items() if key not in standing}
        place += len(table)
    ends += [(*span, len(tables)) for span in standing.values()]
    spans = every.iloc[[row for row, _, _ in ends]].reset_index(drop=True)
    return spans.assign(since=[since for _, since, _ in ends], until=[until for _, _, until in ends])


def _keys(table: pd.DataFrame) -> list[tuple[object, ...]]:
    plain = table.astype(object).where(table.notna(), None)
    return list(plain.itertuples(index=False, name=None))


def _told(work: RosterWork) -> bytes:
    away = [[{**asdict(one), "first": str(one.first), "last": str(one.last)} for one in noted] for noted in work.away]
    told = {"versions": len(work.tables), "away": away, "at": work.at, "seen": work.seen, "plan": work.plan}
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
        return RosterWork(tuple(map(ROSTER.check, tables)), away, at, str(facts["seen"]), str(facts["plan"]))
    except (OSError, ValueError, KeyError, TypeError, TableError) as error:
        remedy = "Begin again from the draft or the published roster."
        raise InputError("cannot be read.", where=Where(f"kept work on {name}"), remedy=remedy) from error


def _absence(told: dict[str, str]) -> Absence:
    days = {name: dt.date.fromisoformat(told[name]) for name in ("first", "last")}
    return Absence(told["agent"], days["first"], days["last"], told["reason"])
