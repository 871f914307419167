"""What each stage is given: one frozen object, which is all that the stage looks at and the key of its result.

A stage that takes a scenario is handed the fields that it may look at and no others: one that looks further fails
at once, instead of being served a result that was made for something else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event, ExcludedDays
from staffing.domain.scenario import Scenario
from staffing.forecast.options import ForecastOptions, OwnModels
from staffing.history import History
from staffing.planner.given import Given
from staffing.store.packing import Form
from staffing.work import Progress, silent

if TYPE_CHECKING:
    from staffing.forecast import Baseline, Forecast
    from staffing.forecast.lessons import FromSite
    from staffing.planner.plans import Workload
    from staffing.requirements import SharedStaff
    from staffing.roster import Roster
    from staffing.simulation.result import Simulated

#: Told the share of a fit that is done, in [0, 1]; may raise Cancelled.
Told = Callable[[float], None]


@dataclass(frozen=True)
class Fit(Given):
    """What history teaches. ``events`` are those that had begun and are taken to have happened."""

    name = "baseline"

    history: History
    site: SiteCalendar
    events: tuple[Event, ...]
    excluded: tuple[ExcludedDays, ...]
    options: ForecastOptions

    @classmethod
    def of(cls, history: History, scenario: Scenario, reached: dt.date, own: OwnModels | None = None) -> Fit:
        """``reached`` is the first day that history does not reach into; ``own`` models are those it may name."""
        past = tuple(event for event in scenario.events if event.enabled and event.start < reached)
        chosen = {"models": scenario.forecast.models} if scenario.forecast.models else {}
        options = ForecastOptions(
            seed=scenario.seed,
            paths=scenario.sample_paths,
            aht_s={queue.name: queue.aht_s for queue in scenario.queues},
            totals=scenario.totals,
            own=own or OwnModels(),
            **chosen,
        )
        return cls(history, scenario.site, past, scenario.excluded, options)

    @property
    def form(self) -> Form | None:
        """A fit with models of one's own is not written."""
        from staffing.forecast.written import from_bytes, to_bytes

        return None if self.options.own.models else Form(to_bytes, from_bytes)

    def work_out(self, told: Told | None = None, queues: Mapping[str, FromSite] | None = None) -> Baseline:
        """``queues`` holds what queues have from others that are not in this history."""
        from staffing.forecast import fit

        frame = self.history.aggregate(self.site.interval_min).frame
        return fit(frame, self.site, self.events, self.options, excluded=self.excluded, told=told, site=queues)


@dataclass(frozen=True)
class Prediction(Given):
    """The forecast of ``days`` local days from ``start``, from what a fit taught."""

    name = "forecast"

    fit: Fit
    events: tuple[Event, ...]
    adjustments: tuple[Adjustment, ...]
    aht_factors: dict[str, float]
    start: dt.date
    days: int

    @property
    def kind(self) -> type[Forecast]:
        from staffing.forecast import Forecast

        return Forecast

    def work_out(self, learned: Baseline) -> Forecast:
        """``learned`` is the result of ``fit``."""
        return learned.predict(
            self.fit.site,
            self.events,
            self.start,
            self.days,
            adjustments=self.adjustments,
            aht_factors=self.aht_factors,
        )


@dataclass(frozen=True)
class Requirement(Given):
    """Agents per queue and interval for the forecast table ``calls``; ``agents`` only where sessions are placed."""

    name = "requirements"
    kind: ClassVar[type[pd.DataFrame]] = pd.DataFrame
    sees = ("site", "queues", "service", "shrinkage", "sessions", "agents")

    calls: pd.DataFrame
    scenario: Scenario

    @classmethod
    def of(cls, calls: Forecast, scenario: Scenario) -> Requirement:
        return cls(calls.table, scenario if scenario.sessions else scenario.model_copy(update={"agents": ()}))

    def work_out(self) -> pd.DataFrame:
        from staffing.requirements import requirements

        return requirements(self.calls, self.scenario)


@dataclass(frozen=True)
class Pieces(Requirement):
    """What agents do for the service levels that whole days or weeks keep."""

    name = "service-pieces"

    def work_out(self) -> pd.DataFrame:
        from staffing.requirements import service_pieces

        return service_pieces(self.calls, self.scenario)


@dataclass(frozen=True)
class Sharing(Given):
    """Staffing of every interval with agents whom the queues share."""

    name = "shared-staff"
    sees = Requirement.sees

    calls: pd.DataFrame
    requirements: pd.DataFrame
    scenario: Scenario

    @property
    def kind(self) -> type[SharedStaff]:
        from staffing.requirements import SharedStaff

        return SharedStaff

    def work_out(self) -> SharedStaff:
        from staffing.requirements import shared_staff

        return shared_staff(self.calls, self.requirements, self.scenario)


@dataclass(frozen=True)
class Rostering(Given):
    """Named shifts for the requirement, or for the promises of ``pieces``, after the rosters of the weeks before."""

    name = "roster"
    sees = (
        "site", "queues", "agents", "contracts", "shifts", "rules", "rule_changes", "rotations", "minimums", "sessions",
        "pins", "prices", "solve", "seed",
    )  # fmt: skip

    requirements: pd.DataFrame
    pieces: pd.DataFrame | None
    past: pd.DataFrame | None
    scenario: Scenario
    start: dt.date
    days: int
    weekly: bool

    @property
    def kind(self) -> type[Roster]:
        from staffing.roster import Roster

        return Roster

    def work_out(self, progress: Progress = silent) -> Roster:
        from staffing.roster import roster

        return roster(
            self.requirements,
            self.scenario,
            start=self.start,
            days=self.days,
            past=self.past,
            pieces=self.pieces,
            weekly=self.weekly,
            progress=progress,
            apart=True,
        )


@dataclass(frozen=True)
class Shaping(Given):
    """How handle times and patience of each queue spread: by its single calls, or else history's intervals.

    The result is a table: see ``Shapes.table``.
    """

    name = "shapes"
    kind: ClassVar[type[pd.DataFrame]] = pd.DataFrame

    history: History
    interval_min: int
    records: pd.DataFrame | None

    def work_out(self) -> pd.DataFrame:
        from staffing.simulation.lines import Shapes

        known = Shapes.of_history(self.history.aggregate(self.interval_min).frame)
        return (known if self.records is None else known.with_records(self.records)).table()


@dataclass(frozen=True)
class Certainty(Given):
    """Agents of queues that are to keep their promise on a share of days; others as they are ``needed``."""

    name = "certainty"
    kind: ClassVar[type[pd.DataFrame]] = pd.DataFrame
    sees = ("site", "queues", "service", "shrinkage", "sessions", "agents", "simulation", "seed")

    calls: pd.DataFrame
    paths: Mapping[str, Any]
    aht_paths: Mapping[str, Any]
    needed: pd.DataFrame
    scenario: Scenario
    shapes: pd.DataFrame

    def work_out(self) -> pd.DataFrame:
        from staffing.simulation.certainty import certain_staff
        from staffing.simulation.lines import Shapes, Worlds

        worlds = Worlds(self.calls, self.paths, self.aht_paths)
        return certain_staff(worlds, self.needed, self.scenario, Shapes.of_table(self.shapes))


@dataclass(frozen=True)
class Playing(Given):
    """A roster's ``activities`` played against the sample paths of a forecast, ``runs`` times at most."""

    name = "simulation"
    sees = (
        "site", "queues", "service", "shrinkage", "sessions", "agents", "contracts", "prices", "simulation", "seed",
    )  # fmt: skip

    calls: pd.DataFrame
    paths: Mapping[str, Any]
    aht_paths: Mapping[str, Any]
    requirements: pd.DataFrame
    activities: pd.DataFrame
    scenario: Scenario
    start: dt.date
    days: int
    shapes: pd.DataFrame
    runs: int | None
    seed: int | None

    @classmethod
    def of(
        cls, work: Workload, activities: pd.DataFrame, shapes: pd.DataFrame, how: tuple[int | None, int | None]
    ) -> Playing:
        """``how``: runs and seed."""
        calls, span = work.forecast, (work.start, work.days)
        worlds = calls.table, calls.paths, calls.aht_paths
        return cls(*worlds, work.requirements, activities, work.scenario, *span, shapes, *how)

    @property
    def kind(self) -> type[Simulated]:
        from staffing.simulation.result import Simulated

        return Simulated

    def work_out(self, told: Told | None = None) -> Simulated:
        from staffing.simulation.lines import Shapes, Worlds
        from staffing.simulation.week import SimulatedWeek, simulate

        worlds, shapes = Worlds(self.calls, self.paths, self.aht_paths), Shapes.of_table(self.shapes)
        week = SimulatedWeek(worlds, self.requirements, self.activities, self.scenario, self.start, self.days, shapes)
        return simulate(week, runs=self.runs, seed=self.seed, told=told)
