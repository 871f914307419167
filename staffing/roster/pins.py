"""Shifts that must stay: rows of a published roster, found again among the options of the horizon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from staffing.errors import InputError
from staffing.roster.options import Catalogue
from staffing.roster.problem import Grid, Inputs

Pins = tuple[tuple[int, int], ...]  # (day, option), the option is -1 for a day that must stay free


def pins_of(inputs: Inputs, table: pd.DataFrame | None, catalogue: Catalogue, grid: Grid) -> Mapping[str, Pins]:
    """Options per agent of the shifts in `table`, and days free by an ``off`` row.

    Raises InputError for a shift that the contract has no template for.
    """
    if table is None or table.empty:
        return {}
    rows = table[table["activity"].isin(["shift", "off"])]
    unknown = sorted(set(rows["agent"]) - {agent.name for agent in inputs.agents})
    if unknown:
        raise InputError(f"the pinned shifts name the unknown agent '{unknown[0]}'.", remedy="Add or correct the name.")
    starts = grid.slot(pd.DatetimeIndex(rows["start"]))
    ends = grid.slot(pd.DatetimeIndex(rows["end"]))
    days = [(start.tz_convert(inputs.calendar.zone).date() - inputs.start).days for start in rows["start"]]
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for agent, activity, day, start, end in zip(rows["agent"], rows["activity"], days, starts, ends, strict=True):
        if 0 <= day < inputs.days:
            option = -1 if activity == "off" else _option(inputs, catalogue, str(agent), day, (int(start), int(end)))
            found[str(agent)].append((day, option))
    return {agent: tuple(sorted(pins)) for agent, pins in found.items()}


def _option(inputs: Inputs, catalogue: Catalogue, agent: str, day: int, span: tuple[int, int]) -> int:
    """The option of a day with this start and end that the agent's contract allows."""
    person = next(one for one in inputs.agents if one.name == agent)
    allowed: Sequence[str] = inputs.contract_of(person).shifts
    for option in range(catalogue.day_ptr[day], catalogue.day_ptr[day + 1]):
        begins = int(catalogue.start[option])
        name = catalogue.shifts[option].template
        if (begins, begins + int(catalogue.length[option])) == span and (not allowed or name in allowed):
            return option
    raise InputError(
        f"the pinned shift of '{agent}' on {inputs.date(day)} is no shift that the contract allows.",
        remedy="Take the pin off, or add a shift of this start and length.",
    )
