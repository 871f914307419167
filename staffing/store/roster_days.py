"""Rosters person by person and day by day: which week a row belongs to, what differs, two people's changes as one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar
from staffing.tables import ROSTER, on_the_clock

if TYPE_CHECKING:
    import pandas as pd

#: A person's day: the local day on which the shift begins.
AgentDate = tuple[str, dt.date]


def shift_spans(table: pd.DataFrame) -> set[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Who begins and ends when: agent, start, end of every shift."""
    rows = table[table["activity"] == "shift"]
    return set(zip(rows["agent"], rows["start"], rows["end"], strict=True))


def same_roster(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two rosters say the same of everybody, whatever the order of their rows."""
    return one is other or _said(one) == _said(other)


def _said(table: pd.DataFrame) -> set[tuple[object, ...]]:
    """Who does what from when to when, instants as numbers."""
    times = (table[name].dt.as_unit("us").astype("int64").tolist() for name in ("start", "end"))
    return set(zip(table["agent"].tolist(), *times, table["activity"].tolist(), strict=True))


def with_shift_day(table: pd.DataFrame, site: SiteCalendar) -> pd.DataFrame:
    """The rows with the local ``day`` on which their shift begins; what lies in no shift has its own day."""
    days = table["start"].dt.tz_convert(site.zone).dt.date
    shift_day = days.where(table["activity"] == "shift")
    rows = table.assign(day=shift_day).sort_values(["agent", "start", "end"], ascending=[True, True, False])
    rows["day"] = rows.groupby("agent")["day"].ffill().fillna(days)
    return rows


def begun_before(table: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The rows of shifts that began before an instant, with all that lies in them."""
    rows = table.sort_values(["agent", "start", "end"], ascending=[True, True, False], kind="stable")
    begins = rows["start"].where(rows["activity"] == "shift").groupby(rows["agent"]).ffill().fillna(rows["start"])
    return table[(begins < now).reindex(table.index)]


def by_week(table: pd.DataFrame, site: SiteCalendar) -> dict[dt.date, pd.DataFrame]:
    """Rows by the planning week on whose days the shift begins."""
    rows = with_shift_day(table, site)
    week = rows["day"].map(site.week_of)  # a Series: a list of one would be a list of keys
    return {key: part[table.columns].sort_index() for key, part in rows.groupby(week)}


def by_person_day(table: pd.DataFrame, site: SiteCalendar) -> dict[AgentDate, pd.DataFrame]:
    """Rows by agent and shift day."""
    if table.empty:
        return {}
    table = on_the_clock(table, site.zone)
    groups = with_shift_day(table, site).groupby(["agent", "day"], sort=True)
    return {key: part[table.columns] for key, part in groups}


def differences(before: pd.DataFrame, after: pd.DataFrame, site: SiteCalendar) -> tuple[str, ...]:
    """What differs, one line a person and day, in words."""
    left, right = by_person_day(before, site), by_person_day(after, site)
    return tuple(
        f"{agent}, {day:%a} {day}: {_shift(left.get((agent, day)), site)} → {_shift(right.get((agent, day)), site)}"
        for agent, day in _changed(left, right)
    )


def back_to(
    earlier: pd.DataFrame, newest: pd.DataFrame, begun: pd.Timestamp | None, site: SiteCalendar
) -> pd.DataFrame:
    """The ``earlier`` roster as it can hold again: people's days that have begun stay as in ``newest``."""
    import pandas as pd

    if begun is None:
        return earlier
    stays, older = (by_person_day(begun_before(newest, begun), site), by_person_day(earlier, site))
    coming = {key: rows for key, rows in older.items() if key not in stays and not (rows["start"] < begun).any()}
    parts = [rows for _, rows in sorted({**stays, **coming}.items())]
    return ROSTER.check(pd.concat(parts, ignore_index=True)) if parts else earlier.iloc[:0]


@dataclass(frozen=True)
class Merged:
    """Two people's changes of one roster as one; ``clashes`` are days both changed, where theirs is kept."""

    table: pd.DataFrame
    clashes: tuple[AgentDate, ...]


def merged(base: pd.DataFrame, mine: pd.DataFrame, theirs: pd.DataFrame, site: SiteCalendar) -> Merged:
    """Lay what ``mine`` changed in ``base`` over ``theirs``, person by person and day by day."""
    import pandas as pd

    old, own, other = (by_person_day(table, site) for table in (base, mine, theirs))
    my_days, their_days = set(_changed(old, own)), set(_changed(old, other))
    agreed = my_days & their_days - set(_changed(own, other))
    clashes = tuple(sorted(my_days & their_days - agreed))
    taken = {**other, **{key: own.get(key, mine.iloc[:0]) for key in my_days.difference(clashes)}}
    parts = [rows for _, rows in sorted(taken.items()) if not rows.empty]
    return Merged(ROSTER.check(pd.concat(parts, ignore_index=True)) if parts else theirs.iloc[:0], clashes)


def _changed(left: dict[AgentDate, pd.DataFrame], right: dict[AgentDate, pd.DataFrame]) -> list[AgentDate]:
    return [key for key in sorted({*left, *right}) if _rows(left.get(key)) != _rows(right.get(key))]


def _rows(part: pd.DataFrame | None) -> list[tuple[object, ...]]:
    """The rows as plain values that can be compared; missing values are equal to each other."""
    if part is None:
        return []
    plain = part.astype(object).where(part.notna(), None)
    return sorted(plain.itertuples(index=False, name=None), key=str)


def _shift(part: pd.DataFrame | None, site: SiteCalendar) -> str:
    rows = None if part is None else part[part["activity"] == "shift"]
    if rows is None or rows.empty:
        return "off"
    spans = zip(rows["start"].dt.tz_convert(site.zone), rows["end"].dt.tz_convert(site.zone), strict=True)
    return " and ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)
