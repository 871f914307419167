"""Shifts that must stay: rows of a published roster, found again among the options of the horizon."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from staffing.domain.activities import OFF, SHIFT, WORK
from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.domain.duties import Pin
from staffing.errors import InputError
from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import Catalogue
from staffing.roster.inputs.planned import as_planned

COLUMNS = ["agent", "start", "end", "activity", "queue", "kind"]
Pins = tuple[tuple[int, int], ...]  # (day, option), the option is -1 for a day that must stay free


def pins_of(inputs: Inputs, table: pd.DataFrame | None, catalogue: Catalogue, grid: Grid) -> Mapping[str, Pins]:
    """Options per agent of the shifts in `table`, and days free by an ``off`` row.

    Raises InputError for a shift that the contract has no template for.
    """
    if table is None or table.empty:
        return {}
    table = as_planned(table)
    rows = table[table["activity"].isin([SHIFT, OFF])]
    inside = _inside(table, grid) if inputs.sessions else {}
    unknown = sorted(set(rows["agent"]) - {agent.name for agent in inputs.agents})
    if unknown:
        raise InputError(f"the pinned shifts name the unknown agent '{unknown[0]}'.", remedy="Add or correct the name.")
    kinds = rows["kind"].where(rows["kind"].notna(), "") if "kind" in rows else [""] * len(rows)
    starts = grid.slot(pd.DatetimeIndex(rows["start"]))
    ends = grid.slot(pd.DatetimeIndex(rows["end"]))
    days = [(start.tz_convert(inputs.calendar.zone).date() - inputs.start).days for start in rows["start"]]
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    cells = zip(rows["agent"], rows["activity"], kinds, days, starts, ends, strict=True)
    for agent, activity, kind, day, start, end in cells:
        if 0 <= day < inputs.days:
            breaks = [(name, slot - start) for slot, name in inside.get(agent, ()) if start <= slot < end]
            span = PinnedSpan(int(start), int(end), tuple(breaks), kind)
            option = -1 if activity == "off" else _option(inputs, catalogue, grid, str(agent), day, span)
            found[str(agent)].append((day, option))
    return {agent: tuple(sorted(pins)) for agent, pins in found.items()}


def pinned_rows(pins: Sequence[Pin], calendar: SiteCalendar) -> pd.DataFrame:
    """The scenario's pins as rows of a roster: a ``shift``, or ``off`` for the whole day."""
    rows = []
    for pin in pins:
        start, end = pin.span_min or (0, DAY_MIN)
        begin, ends = (
            (pd.Timestamp(pin.day) + pd.Timedelta(minutes=minutes)).tz_localize(
                calendar.zone, ambiguous=True, nonexistent="shift_forward"
            )
            for minutes in (start, end)
        )
        rows.append((pin.agent, begin, ends, "off" if pin.span_min is None else "shift", None, pin.kind or None))
    return pd.DataFrame(rows, columns=COLUMNS)


HeldDay = tuple[str, dt.date | None]  # a person's day that stays as it is; None: all days


def kept_rows(table: pd.DataFrame, kept: Iterable[HeldDay], inputs: Inputs) -> pd.DataFrame:
    """What a roster says of these days: the shifts with all that lies in them, and ``off`` where there is none."""
    zone = inputs.calendar.zone
    days = [inputs.date(day) for day in range(inputs.days)]
    wanted = {(name, day) for name, some in kept for day in (days if some is None else [some])}
    begins = table["start"].dt.tz_convert(zone).dt.date
    shifts = table[table["activity"] == "shift"].assign(day=begins)
    worked = set(zip(shifts["agent"], shifts["day"], strict=True))
    spans = [row for row in shifts.itertuples() if (row.agent, row.day) in wanted]
    inside = pd.Series(False, index=table.index)
    for row in spans:
        inside |= (table["agent"] == row.agent) & (table["start"] >= row.start) & (table["end"] <= row.end)
    free = [Pin(agent=name, day=day, shift="off") for name, day in sorted(wanted - worked)]
    return joined(table[inside], pinned_rows(free, inputs.calendar))


def joined(*tables: pd.DataFrame | None) -> pd.DataFrame | None:
    """Roster rows of several tables, None where there are none."""
    some = [table for table in tables if table is not None and not table.empty]
    return pd.concat(some, ignore_index=True) if some else None


class PinnedSpan(NamedTuple):
    """First and end slot of a shift, and name and offset of what lies in it, in order of time."""

    start: int
    end: int
    inside: tuple[tuple[str, int], ...]
    kind: str = ""


def _inside(table: pd.DataFrame, grid: Grid) -> dict[str, list[tuple[int, str]]]:
    """Slot and name of everybody's breaks and sessions, in order of time."""
    rows = table[~table["activity"].isin([SHIFT, WORK, OFF])]
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    slots = grid.slot(pd.DatetimeIndex(rows["start"])).tolist()
    for agent, slot, name in sorted(zip(rows["agent"], slots, rows["activity"], strict=True)):
        found[agent].append((slot, name))
    return found


def _option(inputs: Inputs, catalogue: Catalogue, grid: Grid, agent: str, day: int, span: PinnedSpan) -> int:
    """The option of a day with this start and end that the agent's contract allows, best with the same breaks."""
    person = next(one for one in inputs.agents if one.name == agent)
    allowed: Sequence[str] = inputs.contract_on(person, inputs.date(day)).shifts
    fits = []
    for option in range(catalogue.day_ptr[day], catalogue.day_ptr[day + 1]):
        begins = int(catalogue.start[option])
        name = catalogue.shifts[option].template
        if span.kind and name != span.kind:
            continue
        if (begins, begins + int(catalogue.length[option])) == span[:2] and (not allowed or name in allowed):
            fits.append(option)
    if fits:
        return (
            max(fits, key=lambda option: (_holds(catalogue, grid, option, span), -option))
            if inputs.sessions
            else fits[0]
        )
    if catalogue.day_ptr[day] == catalogue.day_ptr[day + 1]:
        raise InputError(
            f"the pinned shift of '{agent}' on {inputs.date(day)} lies on a day without any shift.",
            remedy="Take the pin off, or mind the opening hours and closed dates.",
        )
    raise InputError(
        f"the pinned shift of '{agent}' on {inputs.date(day)} is no shift that the contract allows.",
        remedy="Take the pin off, or add a shift of this start and length.",
    )


def _holds(catalogue: Catalogue, grid: Grid, option: int, span: PinnedSpan) -> bool:
    """Whether an option has just the breaks and the session that lie in a span."""
    rules = catalogue.kinds[catalogue.template[option]].template.ordered_breaks
    return len(rules) == len(span.inside) and all(
        rule.name == name and rule.earliest_min <= offset * grid.slot_min <= rule.latest_min
        for rule, (name, offset) in zip(rules, span.inside, strict=True)
    )
