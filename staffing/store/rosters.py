"""Rosters of a workspace by week: the draft at hand, every published version, and a journal that only grows.

``rosters/WEEK.draft.parquet`` is what is being worked on. ``rosters/WEEK.vN.parquet`` are published versions,
never changed again. A version counts once ``journal.jsonl`` has its line, so that a publication that breaks
off has not happened.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, TableError, Where
from staffing.store.files import read_parquet, write_parquet
from staffing.tables import ROSTER

if TYPE_CHECKING:
    import pandas as pd

MEMORY_WEEKS = 13
WEEK = dt.timedelta(days=7)
JOURNAL = "journal.jsonl"


def read_roster(path: Path) -> pd.DataFrame:
    """The roster (table ROSTER) of a file. Raises InputError where it holds none."""
    try:
        return ROSTER.check(read_parquet(path))
    except (OSError, ValueError, TableError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        remedy = "Name or put back a roster.parquet as written by: staffing roster"
        raise InputError(f"is no roster that can be read ({reason}).", where=Where(str(path)), remedy=remedy) from None


@dataclass(frozen=True)
class Publication:
    """One line of the journal: which roster was published, by whom, when (UTC) and why.

    changed : shifts added, dropped or moved since the version before (all of them for the first).
    """

    week: dt.date
    version: int
    when: str
    who: str
    why: str
    scenario: str
    shifts: int
    changed: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.week}.v{self.version}.parquet"


@dataclass(frozen=True)
class Signed:
    """Who publishes, why, and from which scenario."""

    who: str
    why: str
    scenario: str = "base"

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.why.strip():
            raise InputError("a publication needs a name and a reason.", remedy="Say who publishes, and why.")


@dataclass(frozen=True)
class RosterBook:
    """Drafts and publications under one folder."""

    folder: Path
    site: SiteCalendar

    def journal(self) -> tuple[Publication, ...]:
        """Every publication, oldest first; a last line that was cut off is not one. Raises InputError when damaged."""
        path = self.folder / JOURNAL
        if not path.is_file():
            return ()
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
        return tuple(_publication(line, Where(str(path), row)) for row, line in enumerate(lines, start=1) if line)

    def newest(self, week: dt.date) -> Publication | None:
        """The publication that holds for a week."""
        return next((entry for entry in reversed(self.journal()) if entry.week == week), None)

    def table(self, entry: Publication) -> pd.DataFrame:
        """The roster of a publication. Raises InputError when its file is not the one that was published."""
        path = self.folder / entry.file
        if not path.is_file() or _digest(path) != entry.sha256:
            raise InputError(
                "is missing or is not what was published.",
                where=Where(str(path)),
                remedy="Put the published file back, or publish the week anew.",
            )
        return read_roster(path)

    def published(self, week: dt.date) -> pd.DataFrame | None:
        """The roster that holds for a week, None before any was published."""
        entry = self.newest(week)
        return None if entry is None else self.table(entry)

    def draft(self, week: dt.date) -> pd.DataFrame | None:
        """The roster being worked on, None when there is none."""
        path = self._draft(week)
        return read_roster(path) if path.is_file() else None

    def drafted(self, week: dt.date) -> dt.datetime | None:
        """The instant (UTC) the draft of a week was last changed, None when there is none."""
        path = self._draft(week)
        return dt.datetime.fromtimestamp(int(path.stat().st_mtime), dt.UTC) if path.is_file() else None

    def at_hand(self, week: dt.date) -> pd.DataFrame | None:
        """The draft of a week, or else its published roster."""
        draft = self.draft(week)
        return self.published(week) if draft is None else draft

    def before(self, day: dt.date, weeks: int = MEMORY_WEEKS) -> pd.DataFrame | None:
        """Rosters of the `weeks` weeks before a day, published or else drafts; None when nothing is known."""
        import pandas as pd

        first = self.site.week_of(day)
        known = [first - k * WEEK for k in range(weeks, 0, -1)]
        tables = [self.draft(w) if (held := self.published(w)) is None else held for w in known]
        parts = [table for table in tables if table is not None and not table.empty]
        return ROSTER.check(pd.concat(parts, ignore_index=True)) if parts else None

    def keep(self, table: pd.DataFrame) -> list[dt.date]:
        """Make a roster the draft of each week that it has shifts in; returns those weeks."""
        weeks = self._weeks(ROSTER.check(table))
        for week, rows in weeks.items():
            write_parquet(self._draft(week), rows)
        return list(weeks)

    def drop(self, week: dt.date) -> None:
        """Forget the draft of a week."""
        self._draft(week).unlink(missing_ok=True)

    def publish(self, week: dt.date, table: pd.DataFrame, signed: Signed, now: dt.datetime) -> Publication:
        """Publish a roster for a week; its draft is done with. Raises InputError for shifts outside the week."""
        from filelock import FileLock

        rows = ROSTER.check(table)
        strange = [other for other in self._weeks(rows) if other != week]
        if strange:
            raise InputError(f"the roster has shifts in the week of {strange[0]}.", remedy=f"Leave those of {week}.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".lock"):
            entry = self._version(week, rows, signed, now)
            self._append(entry)
        self.drop(week)
        return entry

    def _version(self, week: dt.date, rows: pd.DataFrame, signed: Signed, now: dt.datetime) -> Publication:
        last = self.newest(week)
        version = 1 if last is None else last.version + 1
        path = self.folder / f"{week}.v{version}.parquet"
        write_parquet(path, rows)
        spans = shift_spans(rows)
        changed = len(spans if last is None else spans ^ shift_spans(self.table(last)))
        when = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        return Publication(
            week, version, when, signed.who, signed.why, signed.scenario, len(spans), changed, _digest(path)
        )

    def _append(self, entry: Publication) -> None:
        line = json.dumps({**asdict(entry), "week": str(entry.week)}, ensure_ascii=False, sort_keys=True)
        path = self.folder / JOURNAL
        cut_off = path.is_file() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        if cut_off:
            os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
        with path.open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def _draft(self, week: dt.date) -> Path:
        return self.folder / f"{week}.draft.parquet"

    def _weeks(self, table: pd.DataFrame) -> dict[dt.date, pd.DataFrame]:
        """Rows by the planning week on whose days the shift begins."""
        days = table["start"].dt.tz_convert(self.site.zone).dt.date
        shift_day = days.where(table["activity"] == "shift")
        inside = table.assign(day=shift_day).sort_values(["agent", "start", "end"], ascending=[True, True, False])
        inside["day"] = inside.groupby("agent")["day"].ffill().fillna(days)
        week = inside["day"].map(self.site.week_of)  # a Series: a list of one would be a list of keys
        return {key: rows[table.columns].sort_index() for key, rows in inside.groupby(week)}


def shift_spans(table: pd.DataFrame) -> set[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Who begins and ends when: agent, start, end of every shift."""
    rows = table[table["activity"] == "shift"]
    return set(zip(rows["agent"], rows["start"], rows["end"], strict=True))


def _publication(line: str, where: Where) -> Publication:
    try:
        data = json.loads(line)
        return Publication(**{**data, "week": dt.date.fromisoformat(data["week"])})
    except (ValueError, KeyError, TypeError):
        raise InputError("is damaged.", where=where, remedy="Put the line back as it was written.") from None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
