"""The grid of events: a table to edit, and edits taken back into a scenario.

A grid reports its edits as differences from the table it was given. Handing it a new table after each edit
would lose every second one, so the table stays until something else than the grid changes the events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.errors import StaffingError
from staffing.ui import dates

COLUMNS = ("enabled", "name", "kind", "start", "end", "size", "effect", "aht_effect", "queues", "movable", "reason")
#: Shares are edited as per cent.
PERCENT = ("effect", "aht_effect")


@dataclass
class EventGrid:
    """One life of the grid: the scenario it began with, its table, and where its edits have led.

    ``key`` names the grid to the page; ``problem`` is why the newest edit could not be taken.
    """

    key: str
    base: Scenario
    result: Scenario
    problem: StaffingError | None = None
    table: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        self.table = as_table(self.base.events)

    def take(self, edits: Mapping[str, Any]) -> Scenario | None:
        """The scenario after all edits of the grid so far; None, with ``problem`` set, when they do not hold."""
        try:
            self.result = with_edits(self.base, edits)
            self.problem = None
        except StaffingError as error:
            self.problem = error
            return None
        return self.result


def as_table(events: tuple[Event, ...]) -> pd.DataFrame:
    """One row per event, in the scenario's order; shares as per cent, queues as a list."""
    rows = [{name: getattr(event, name) for name in COLUMNS} for event in events]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in PERCENT:
        table[name] = pd.to_numeric(table[name]) * 100
    table["size"] = pd.to_numeric(table["size"])
    table["queues"] = table["queues"].map(list)
    for name in ("start", "end"):
        table[name] = pd.to_datetime(table[name])
    return table.astype({"enabled": bool, "movable": bool})


def with_edits(scenario: Scenario, edits: Mapping[str, Any]) -> Scenario:
    """``scenario`` with the grid's edits as Streamlit gives them: ``edited_rows``, ``added_rows``, ``deleted_rows``.

    Raises InputErrors naming event and field; an added row without name, kind and start waits for them.
    """
    events: list[dict[str, Any]] = []
    gone = set(edits.get("deleted_rows", ()))
    changed = {int(row): cells for row, cells in edits.get("edited_rows", {}).items()}
    for row, event in enumerate(scenario.events):
        if row not in gone:
            events.append({**event.model_dump(exclude_none=True), **_cells(changed.get(row, {}))})
    for cells in edits.get("added_rows", ()):
        added = {"enabled": True, "movable": True, **_cells(cells)}
        if all(added.get(name) for name in ("name", "kind", "start")):
            events.append(added)
    plain = [{key: value for key, value in event.items() if value is not None} for event in events]
    return scenario.parse({**scenario.model_dump(exclude_none=True), "events": plain})


def _cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(name, value) for name, value in cells.items() if name in COLUMNS}


def _plain(name: str, value: Any) -> Any:
    if value is None or value == "":
        return {"queues": (), "reason": ""}.get(name)
    if name in PERCENT:
        return round(float(value) / 100, 6)
    if name in ("start", "end"):
        return dates.of_cell(value)
    return value
