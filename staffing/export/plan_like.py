"""What an export needs of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from staffing.domain.scenario import Scenario
    from staffing.evaluation import Evaluation
    from staffing.simulation.result import Simulated


class HasTable(Protocol):
    @property
    def table(self) -> pd.DataFrame: ...


class HasPaths(HasTable, Protocol):
    @property
    def paths(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def aht_paths(self) -> Mapping[str, NDArray[Any]]: ...


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
    def forecast(self) -> HasPaths: ...
    @property
    def requirements(self) -> pd.DataFrame: ...
    @property
    def roster(self) -> RosterLike: ...
    @property
    def evaluation(self) -> Evaluation: ...
    @property
    def simulated(self) -> Simulated | None: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
