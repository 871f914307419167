"""What a caller hands over, checked where it comes in: days, tables, histories."""

from __future__ import annotations

from typing import Any, TypeVar

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.errors import InputError, TableError, Where
from staffing.forecast import Forecast
from staffing.grids import on_grid
from staffing.history import History
from staffing.tables import REQUIREMENTS, Table

Kind = TypeVar("Kind")


def days_of(value: int, argument: str = "days") -> int:
    """A number of days. Raises InputError naming the argument."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"must be a whole number of at least 1, not {value!r}.", where=Where(field=argument))
    return value


def history_of(value: Any) -> History:
    """A checked history. Raises InputError that says how to make one."""
    return _given(value, History, "staffing.read_history(file or DataFrame, scenario.site).")


def scenario_of(value: Any) -> Scenario:
    """A scenario. Raises InputError that says how to make one."""
    return _given(value, Scenario, "staffing.Scenario(queues=[...]), or Workspace.open(folder).scenario(name).")


def forecast_of(value: Any) -> Forecast:
    """A forecast. Raises InputError that says how to make one."""
    return _given(value, Forecast, "Forecast.from_frame(table, scenario).")


def requirement_of(value: Any, scenario: Scenario) -> pd.DataFrame:
    """A checked table REQUIREMENTS in the scenario's queues and intervals. Raises TableError."""
    table = table_of(value, REQUIREMENTS, scenario, "required")
    unknown = sorted(set(table["queue"]) - {queue.name for queue in scenario.queues})
    if unknown:
        raise TableError(
            f"the requirement names the unknown queue '{unknown[0]}'.",
            where=Where(column="queue"),
            remedy=f"The scenario has: {', '.join(queue.name for queue in scenario.queues)}.",
        )
    return table


def table_of(value: Any, kind: Table, scenario: Scenario, argument: str) -> pd.DataFrame:
    """``value`` as a table of that kind on the scenario's intervals. Raises TableError naming column and row."""
    if not isinstance(value, pd.DataFrame):
        raise TableError(
            f"must be a DataFrame, not {type(value).__name__}.",
            where=Where(field=argument),
            remedy=f"Give the columns {', '.join(kind.column_names)}.",
        )
    missing = [column.name for column in kind.columns if column.name not in value.columns and not column.optional]
    if missing:
        raise TableError(
            f"the {kind.name} table lacks the column '{missing[0]}'.",
            where=Where(field=argument, column=missing[0]),
            remedy=f"It has: {', '.join(map(str, value.columns[:20])) or 'none'}.",
        )
    starts = value["start"]
    if not isinstance(starts.dtype, pd.DatetimeTZDtype):
        kindly = "instants without a time zone" if starts.dtype.kind == "M" else f"{starts.dtype}, not instants"
        zone = scenario.site.timezone
        raise TableError(
            f"the {kind.name} table has {kindly}.",
            where=Where(field=argument, column="start"),
            remedy=f"Write: frame['start'] = pd.to_datetime(frame['start']).dt.tz_localize('{zone}').",
        )
    checked = kind.check(value.reset_index(drop=True))
    on_grid(checked, scenario.site, kind.name)
    return checked


def _given(value: Any, kind: type[Kind], made_by: str) -> Kind:
    """``value`` where it is of that kind; its argument has the kind's name."""
    if isinstance(value, kind):
        return value
    raise InputError(
        f"must be a {kind.__name__}, not {type(value).__name__}.",
        where=Where(field=kind.__name__.lower()),
        remedy=f"Make one: {made_by}",
    )
