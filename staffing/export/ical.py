"""Shifts as a calendar file (iCalendar, RFC 5545 and 5546) that phones and mail programs open.

A person's shift of a day keeps its identity over all versions of a week, so that a calendar that is opened again
moves the moved shift and drops the one that is gone instead of showing both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from staffing.content import content_hash
from staffing.errors import InputError
from staffing.export.edition import Edition
from staffing.export.plan_like import PlanLike
from staffing.language import text
from staffing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

Slot = tuple[str, dt.date, int]  # whose, on which local day, which of the day's shifts


def roster_ics_bytes(plan: PlanLike, *, edition: Edition | None = None, agent: str = "") -> bytes:
    """One event per shift, breaks in its description; of one agent, or of everybody with names in the titles.

    What earlier versions of ``edition`` held and this one does not is cancelled. A draft's events are tentative. The
    same plan and edition give the same bytes. Raises InputError for an agent the scenario does not know.
    """
    import icalendar

    edition = edition or Edition(plan.start)
    names = [one.name for one in plan.scenario.agents]
    if agent and agent not in names:
        raise InputError(f"there is no agent '{agent}'.", remedy="Add or correct the name.")
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//staffing//{VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", plan.scenario.site.timezone)
    calendar.add("x-wr-caldesc", edition.told(plan.scenario.site))
    whose = {agent} if agent else set(names)
    for event in (*_held(plan, whose, named=not agent), *_cancelled(plan, edition, whose)):
        event.add("dtstamp", edition.when or dt.datetime.combine(plan.start, dt.time(), dt.UTC))
        event.add("sequence", edition.version)
        if "status" not in event:
            event.add("status", "CONFIRMED" if edition.final else "TENTATIVE")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _held(plan: PlanLike, whose: set[str], *, named: bool) -> Iterator[Any]:
    """The shifts that the plan holds."""
    zone, table = plan.scenario.site.zone, plan.roster.table
    for (name, day, number), shift in _slots(table, plan, whose).items():
        own = table[table["agent"] == name].sort_values(["start", "end"])
        inside = own[(own["activity"] != "shift") & (own["start"] >= shift.start) & (own["end"] <= shift.end)]
        queue = shift.queue if isinstance(shift.queue, str) else text("shift")
        event = _event((name, day, number), shift)
        event.add("summary", f"{name}: {queue}" if named else queue)
        lines = [
            f"{row.start.tz_convert(zone):%H:%M}-{row.end.tz_convert(zone):%H:%M} "
            f"{text(row.activity) if row.activity != 'work' else row.queue}"
            for row in inside.itertuples()
        ]
        if lines:
            event.add("description", "\n".join(lines))
        yield event


def _cancelled(plan: PlanLike, edition: Edition, whose: set[str]) -> Iterator[Any]:
    """Shifts that stood in an earlier version and no longer do, as they last stood."""
    gone: dict[Slot, Any] = {}
    for table in edition.earlier:
        gone.update(_slots(table, plan, whose))
    for slot in _slots(plan.roster.table, plan, whose):
        gone.pop(slot, None)
    for slot in sorted(gone):
        event = _event(slot, gone[slot])
        event.add("summary", text("Cancelled"))
        event.add("status", "CANCELLED")
        yield event


def _event(slot: Slot, shift: Any) -> Any:
    import icalendar

    name, day, number = slot
    event = icalendar.Event()
    event.add("uid", f"{content_hash(name, day.isoformat(), number)[:24]}@staffing")
    event.add("dtstart", shift.start.to_pydatetime().astimezone(dt.UTC))
    event.add("dtend", shift.end.to_pydatetime().astimezone(dt.UTC))
    return event


def _slots(table: pd.DataFrame, plan: PlanLike, whose: set[str]) -> dict[Slot, Any]:
    """Each shift by whose it is, the local day it begins on and its number on that day; by agent and time."""
    rows = table[(table["activity"] == "shift") & table["agent"].isin(whose)]
    place = {agent.name: number for number, agent in enumerate(plan.scenario.agents)}
    rows = rows.assign(day=rows["start"].dt.tz_convert(plan.scenario.site.zone).dt.date, place=rows["agent"].map(place))
    rows = rows.sort_values(["place", "start", "end"], kind="stable")
    numbers = rows.groupby(["agent", "day"]).cumcount()
    keys = zip(rows["agent"], rows["day"], numbers, strict=True)
    return {(name, day, int(number)): row for (name, day, number), row in zip(keys, rows.itertuples(), strict=True)}
