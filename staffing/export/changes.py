"""What changed for whom between two rosters of a week: to tell them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar
from staffing.export.clock import clock_spans
from staffing.language import date_text, digits, text, weekday_name

if TYPE_CHECKING:
    import pandas as pd

Day = tuple[str, dt.date]
DayRows = tuple[str, frozenset[tuple[object, ...]]]  # hours on the wall clock; every row inside them


@dataclass(frozen=True)
class DayChange:
    """One person's day that is not what it was; ``was`` and ``now`` are hours on the wall clock, empty when off.

    breaks_only : the shift stands, its breaks or queue moved.
    """

    agent: str
    day: dt.date
    was: str
    now: str
    breaks_only: bool = False

    def told(self, site: SiteCalendar) -> str:
        """``Tuesday 2026-11-24: 09:00–17:30 instead of 08:00–16:30``, in the spoken language."""
        day = f"{weekday_name(self.day)} {date_text(self.day, site)}"
        was, now = digits(self.was), digits(self.now)
        if self.breaks_only:
            return text("{day}: {now}, other breaks", day=day, now=now)
        if not self.was:
            return text("{day}: {now}, new", day=day, now=now)
        if not self.now:
            return text("{day}: off, {was} no longer holds", day=day, was=was)
        return text("{day}: {now} instead of {was}", day=day, now=now, was=was)


def changes(before: pd.DataFrame, after: pd.DataFrame, site: SiteCalendar) -> tuple[DayChange, ...]:
    """Every person's day that differs between two rosters (table ROSTER), by person and day."""
    old, new = _days(before, site), _days(after, site)
    nothing: DayRows = ("", frozenset())
    found = []
    for agent, day in sorted(old.keys() | new.keys()):
        (was, rows), (now, rows_now) = old.get((agent, day), nothing), new.get((agent, day), nothing)
        if (was, rows) != (now, rows_now):
            found.append(DayChange(agent, day, was, now, breaks_only=was == now))
    return tuple(found)


def messages(found: tuple[DayChange, ...], site: SiteCalendar) -> Iterator[tuple[str, str]]:
    """A text for each person whose week changed: name, message."""
    for agent in dict.fromkeys(change.agent for change in found):
        own = [change.told(site) for change in found if change.agent == agent]
        head = text("{agent}, your shifts have changed:", agent=agent)
        yield agent, "\n".join((head, *(f"- {line}" for line in own)))


def _days(table: pd.DataFrame, site: SiteCalendar) -> dict[Day, DayRows]:
    """Per person and local day of the shift's begin: its hours, and every row inside it."""
    shifts = table[table["activity"] == "shift"].sort_values(["agent", "start"])
    days: dict[Day, DayRows] = {}
    for shift, span in zip(shifts.itertuples(), clock_spans(shifts, site), strict=True):
        inside = table[(table["agent"] == shift.agent) & (table["start"] >= shift.start) & (table["end"] <= shift.end)]
        rows = frozenset((row.activity, row.start, row.end, str(row.queue)) for row in inside.itertuples())
        key = (shift.agent, shift.start.tz_convert(site.zone).date())
        spans, known = days.get(key, ("", frozenset()))
        days[key] = (f"{spans}, {span}" if spans else span, known | rows)
    return days
