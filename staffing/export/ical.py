"""Shifts as a calendar file (iCalendar, RFC 5545) that phones and mail programs open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from staffing.domain.base import content_hash
from staffing.errors import InputError
from staffing.export.plan_like import PlanLike
from staffing.store.files import atomic_path
from staffing.version import VERSION


def roster_ics_bytes(plan: PlanLike, *, agent: str = "") -> bytes:
    """One event per shift, breaks in its description; of one agent, or of everybody with names in the titles.

    The same plan gives the same bytes. Raises InputError for an agent the scenario does not know.
    """
    import icalendar

    names = [one.name for one in plan.scenario.agents]
    if agent and agent not in names:
        raise InputError(f"there is no agent '{agent}'.", remedy="Add or correct the name.")
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//staffing//{VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-timezone", plan.scenario.site.timezone)
    stamp = dt.datetime.combine(plan.start, dt.time(), dt.UTC)
    for name in [agent] if agent else names:
        for event in _events(plan, name, named=not agent):
            event.add("dtstamp", stamp)
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def write_roster_ics(path: Path, plan: PlanLike, *, agent: str = "") -> None:
    """Write ``roster_ics_bytes`` to a file, whole or not at all. Raises InputError."""
    content = roster_ics_bytes(plan, agent=agent)
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(content)


def _events(plan: PlanLike, name: str, *, named: bool) -> list[Any]:
    import icalendar

    zone, table = plan.scenario.site.zone, plan.roster.table
    own = table[table["agent"] == name].sort_values(["start", "end"])
    found = []
    for shift in own[own["activity"] == "shift"].itertuples():
        start, end = (moment.tz_convert(zone).to_pydatetime() for moment in (shift.start, shift.end))
        inside = own[(own["activity"] != "shift") & (own["start"] >= shift.start) & (own["end"] <= shift.end)]
        event = icalendar.Event()
        event.add("uid", f"{content_hash(name, start.isoformat())[:24]}@staffing")
        queue = shift.queue if isinstance(shift.queue, str) else "shift"
        event.add("summary", f"{name}: {queue}" if named else queue)
        event.add("dtstart", start.astimezone(dt.UTC))
        event.add("dtend", end.astimezone(dt.UTC))
        lines = [
            f"{row.start.tz_convert(zone):%H:%M}-{row.end.tz_convert(zone):%H:%M} "
            f"{row.activity if row.activity != 'work' else row.queue}"
            for row in inside.itertuples()
        ]
        if lines:
            event.add("description", "\n".join(lines))
        found.append(event)
    return found
