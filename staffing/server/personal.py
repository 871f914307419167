"""A person's own shifts, opened by a link that can be revoked: a page and a calendar feed, nobody else in either."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError
from staffing.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.export.edition import Edition

WEEKS_BACK, WEEKS_AHEAD = 1, 8


@dataclass(frozen=True)
class _Rows:
    table: pd.DataFrame


@dataclass(frozen=True)
class OwnWeek:
    """One published week with one person in it: what a calendar is written from."""

    start: dt.date
    scenario: Scenario
    roster: _Rows
    edition: Edition


def own_weeks(workspace: Workspace, name: str, today: dt.date) -> list[Any]:
    """The published weeks around a day, with this person's rows alone."""
    from staffing.export.edition import kept_roster

    base, book = workspace.base, workspace.rosters
    alone = base.model_copy(update={"agents": tuple(agent for agent in base.agents if agent.name == name)})
    first = base.site.week_of(today) - dt.timedelta(weeks=WEEKS_BACK)
    found: list[Any] = []
    for week in (first + dt.timedelta(weeks=k) for k in range(WEEKS_BACK + WEEKS_AHEAD + 1)):
        if book.newest(week) is None:
            continue
        kept = kept_roster(book, week, "published")
        if kept is not None:
            table, edition = kept
            rows = table[table["agent"] == name].reset_index(drop=True)
            found.append(OwnWeek(week, alone, _Rows(rows), edition))
    return found


def feed(workspace: Workspace, name: str, today: dt.date) -> bytes:
    """The person's published shifts as one calendar."""
    import icalendar

    from staffing.export.ical import roster_ics_bytes
    from staffing.version import VERSION

    whole = icalendar.Calendar()
    whole.add("prodid", f"-//staffing//{VERSION}//EN")
    whole.add("version", "2.0")
    for week in own_weeks(workspace, name, today):
        if not week.scenario.agents:
            raise InputError(f"there is no agent '{name}' any more.")
        part = icalendar.Calendar.from_ical(roster_ics_bytes(week, edition=week.edition, agent=name))
        for event in part.walk("VEVENT"):
            whole.add_component(event)
    content: bytes = whole.to_ical()
    return content


def page(workspace: Workspace, name: str, today: dt.date) -> str:
    """The person's published shifts as a page of its own; names are data."""
    zone = workspace.base.site.zone
    parts = []
    for week in own_weeks(workspace, name, today):
        rows = week.roster.table
        shifts = rows[rows["activity"] == "shift"].sort_values("start")
        lines = "".join(
            f"<tr><td>{start:%A %d %B}</td><td>{start:%H:%M}–{end:%H:%M}</td></tr>"
            for start, end in zip(shifts["start"].dt.tz_convert(zone), shifts["end"].dt.tz_convert(zone), strict=True)
        )
        title = f"Week of {week.start:%d %B %Y} · version {week.edition.version}"
        parts.append(f"<h2>{title}</h2><table>{lines or '<tr><td>No shifts</td></tr>'}</table>")
    body = "".join(parts) or "<p>No week is published yet.</p>"
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        "<meta name='robots' content='noindex'><title>Your shifts</title><style>body{font:16px system-ui;margin:2rem;"
        "max-width:40rem}td{padding:.3rem 1rem .3rem 0}h2{font-size:1.1rem;margin-top:2rem}</style>"
        f"<h1>{html.escape(name)}</h1>{body}<p>Add .ics to this page's address for a calendar feed.</p></html>"
    )
