"""What an export needs of a plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.evaluation import Evaluation


class HasTable(Protocol):
    @property
    def table(self) -> pd.DataFrame: ...


class RosterLike(HasTable, Protocol):
    """A roster with what its solver proved: money or hours in the units of its objective."""

    @property
    def status(self) -> str: ...
    @property
    def objective(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def gap(self) -> float: ...
    @property
    def seconds(self) -> float: ...
    @property
    def paid_hours(self) -> float: ...
    @property
    def short_hours(self) -> float: ...
    @property
    def excess_hours(self) -> float: ...


class PlanLike(Protocol):
    @property
    def scenario(self) -> Scenario: ...
    @property
    def start(self) -> dt.date: ...
    @property
    def days(self) -> int: ...
    @property
    def forecast(self) -> HasTable: ...
    @property
    def requirements(self) -> pd.DataFrame: ...
    @property
    def roster(self) -> RosterLike: ...
    @property
    def evaluation(self) -> Evaluation: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
