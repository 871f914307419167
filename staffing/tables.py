"""Every table that passes between stages: columns, types, units, checks.

``start`` is always an instant with a time zone, the beginning of its interval. Times are in seconds,
volumes in contacts per interval, shares in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffing.errors import TableError, Where

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, instant or number; numbers may be bounded; empty cells only if ``optional``."""

    name: str
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    optional: bool = False


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
        missing = [name for name in self.column_names if name not in frame.columns]
        if missing:
            raise TableError(f"the {self.name} table lacks the column '{missing[0]}'.")
        names = list(frame.columns) if self.extra else self.column_names
        ordered = frame[names]
        for column in self.columns:
            self._check_column(ordered, column)
        if self.key:
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


_QUEUE = Column("queue", "text")
_START = Column("start", "instant")
_SLOT = ("queue", "start")


def _count(name: str, *, optional: bool = False) -> Column:
    return Column(name, "number", "contacts per interval", 0, None, optional)


def _seconds(name: str, *, optional: bool = False) -> Column:
    return Column(name, "number", "s", 0, None, optional)


def _share(name: str) -> Column:
    return Column(name, "number", "share", 0, 1, True)


def _agents(name: str, *, optional: bool = False) -> Column:
    return Column(name, "number", "agents", 0, None, optional)


HISTORY = Table(
    "history",
    (
        _QUEUE,
        _START,
        _count("calls", optional=True),
        _count("answered", optional=True),
        _count("abandoned", optional=True),
        _seconds("aht_s", optional=True),
        _seconds("wait_s", optional=True),
        _agents("scheduled", optional=True),
        _agents("planned_off", optional=True),
        _agents("present", optional=True),
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
