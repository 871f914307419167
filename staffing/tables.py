"""Every table that passes between stages: columns, types, units, checks.

``start`` is always an instant with a time zone, the beginning of its interval. Times are in seconds,
volumes in contacts per interval, shares in [0, 1].
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from staffing.errors import TableError, Where

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, instant or number; numbers may be bounded; empty cells only if ``optional``.

    ``untold`` columns are left out of a table where no row has a figure.
    """

    name: str
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    optional: bool = False
    untold: bool = False


@dataclass(frozen=True)
class Table:
    """A table's contract. ``key`` columns identify a row and give its order."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    extra: bool = field(default=False, kw_only=True)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """``frame`` with exactly these columns, in this order, sorted by key.

        Raises TableError naming the table, column and row.
        """
        there = [column for column in self.columns if column.name in frame.columns or not column.untold]
        missing = [column.name for column in there if column.name not in frame.columns]
        if missing:
            raise TableError(f"the {self.name} table lacks the column '{missing[0]}'.")
        ordered = frame[list(frame.columns) if self.extra else [column.name for column in there]]
        for column in there:
            self._check_column(ordered, column)
        if self.key and not _rises(ordered, self.key):
            ordered = ordered.sort_values(list(self.key), kind="stable", ignore_index=True)
            twice = ordered.duplicated(list(self.key))
            if twice.any():
                raise self._error("has two rows for the same " + " and ".join(self.key), self.key[0], twice)
        return ordered

    def _check_column(self, frame: pd.DataFrame, column: Column) -> None:
        import pandas as pd

        values = frame[column.name]
        if column.kind == "instant":
            if not isinstance(values.dtype, pd.DatetimeTZDtype):
                raise TableError(f"{self.name}.{column.name} must be instants with a time zone, not {values.dtype}.")
        elif column.kind == "number":
            if not pd.api.types.is_numeric_dtype(values.dtype):
                raise TableError(f"{self.name}.{column.name} must be numbers, not {values.dtype}.")
            if column.low is not None and (values < column.low).any():
                raise self._error(f"must be at least {column.low:g}", column.name, values < column.low)
            if column.high is not None and (values > column.high).any():
                raise self._error(f"must be at most {column.high:g}", column.name, values > column.high)
        if not column.optional and values.isna().any():
            raise self._error("has an empty cell", column.name, values.isna())

    def _error(self, what: str, column: str, bad: pd.Series) -> TableError:
        row = int(bad.to_numpy().argmax())
        return TableError(f"the {self.name} table {what}.", where=Where(row=row, column=column))


def on_the_clock(frame: pd.DataFrame, zone: dt.tzinfo) -> pd.DataFrame:
    """``frame`` with ``start`` and ``end`` told in a zone, the instants the same: two zones do not share a column."""
    others = {
        name: frame[name].dt.tz_convert(zone)
        for name in ("start", "end")
        if str(getattr(frame[name].dtype, "tz", zone)) != str(zone)
    }
    return frame.assign(**others) if others else frame


def _rises(frame: pd.DataFrame, key: tuple[str, ...]) -> bool:
    """Whether every row lies after the one before it by ``key`` already: told without the cost of sorting."""
    import numpy as np

    alike, after = np.ones(max(len(frame) - 1, 0), dtype=bool), np.zeros(max(len(frame) - 1, 0), dtype=bool)
    for name in key:
        values = _ranks(frame[name])
        after |= alike & np.asarray(values[1:] > values[:-1])
        alike &= np.asarray(values[1:] == values[:-1])
    return bool(after.all())


def _ranks(values: pd.Series) -> Any:
    """An array in whose order ``values`` stand: categories by their place among the names."""
    import pandas as pd

    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values.array
    return values.cat.categories.argsort().argsort()[values.cat.codes]


_QUEUE = Column("queue", "text")
_START = Column("start", "instant")
_SLOT = ("queue", "start")


def _count(name: str, *, optional: bool = False) -> Column:
    return Column(name, "number", "contacts per interval", 0, None, optional)


def _seconds(name: str, *, optional: bool = False) -> Column:
    return Column(name, "number", "s", 0, None, optional)


def _share(name: str) -> Column:
    return Column(name, "number", "share", 0, 1, True)


def _agents(name: str) -> Column:
    return Column(name, "number", "agents", 0)


def _told(name: str, unit: str) -> Column:
    """A column of history that files may leave out."""
    return Column(name, "number", unit, 0, None, optional=True, untold=True)


HISTORY = Table(
    "history",
    (
        _QUEUE,
        _START,
        _count("calls", optional=True),
        *(_told(name, "contacts per interval") for name in ("answered", "abandoned")),
        *(_told(name, "s") for name in ("aht_s", "wait_s")),
        *(_told(name, "agents") for name in ("scheduled", "planned_off", "present")),
    ),
    _SLOT,
)
FORECAST = Table(
    "forecast",
    (_QUEUE, _START, _count("calls"), _seconds("aht_s"), _count("p10"), _count("p50"), _count("p90")),
    _SLOT,
    extra=True,  # parts of the forecast, and what history tells of shrinkage, abandonment and patience
)
REQUIREMENTS = Table("requirements", (_QUEUE, _START, _agents("agents"), _agents("agents_scheduled")), _SLOT)
#: What agents do for a service level that a whole day or week keeps: ``surplus`` counts the contacts in time less the
#: promised share of those it is measured against. The promise of a queue and ``period`` (its first instant) holds
#: when its surpluses add up to at least 0. The rows of an interval are the knots of a concave line: its first
#: knot is the least staff the interval needs by itself, beyond its last one nothing is gained.
SERVICE_PIECES = Table(
    "service pieces",
    (
        _QUEUE,
        _START,
        Column("period", "instant"),
        _agents("agents"),
        _agents("agents_scheduled"),
        Column("surplus", "number", "contacts per interval"),
    ),
    ("queue", "start", "agents"),
)
#: Agents of each skill group in a feasible staffing with shared agents, by the queues whose callers they take in one
#: line (``pool``); each agent is counted once.
SHARED_GROUPS = Table(
    "shared groups",
    (_START, Column("group", "text"), Column("pool", "text"), _agents("agents")),
    ("start", "group", "pool"),
)
#: Per interval: agents if every queue had its own, if they are shared, fewer than which cannot do (a bound), and
#: those of the shared ones who are more than the people there are.
SHARED_TOTALS = Table(
    "shared totals",
    (_START, _agents("apart"), _agents("shared"), _agents("bound"), _agents("missing")),
    ("start",),
)
ROSTER = Table(
    "roster",
    (
        Column("agent", "text"),
        _START,
        Column("end", "instant"),
        Column("activity", "text"),
        Column("queue", "text", optional=True),
        Column("kind", "text", "name of the shift template, on shift rows", optional=True, untold=True),
    ),
    ("agent", "start", "activity"),
)
EVALUATION = Table(
    "evaluation",
    (
        _QUEUE,
        _START,
        _count("calls"),
        _seconds("aht_s"),
        _agents("required"),
        _agents("scheduled"),
        Column("net", "number", "agents, scheduled − required"),
        _share("service_level"),
        _seconds("asa_s", optional=True),
        _share("abandonment"),
        _share("occupancy"),
    ),
    _SLOT,
    extra=True,
)
