"""What a run is about: the history as it stands tonight, queue by queue, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.queues import QueueTask, scenario_of
from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.store.workspace import Workspace
from staffing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from staffing.history import History, Problem

PARTS = "queues"  # folder of a run's checkpoints


@dataclass(frozen=True)
class Night:
    """What a run is about.

    ``last`` is each queue's last day with a figure, ``faults`` says of queues whose rows are wrong, why.
    """

    runs: Path
    scenario: Scenario
    horizon_days: int
    history: History
    last: dict[str, dt.date]
    faults: dict[str, str]

    @property
    def until(self) -> dt.date:
        return max(self.last.values())

    @cached_property
    def inputs(self) -> str:
        known = (self.history.sha256, _forecast_inputs(self.scenario), self.horizon_days, sorted(self.faults))
        return content_hash(VERSION, *known)

    @property
    def folder(self) -> Path:
        return self.runs / f"{self.until}-{self.inputs[:12]}"

    @property
    def queues(self) -> list[str]:
        """Every queue that is declared, has history, or would have it if its rows were right."""
        return sorted({*(queue.name for queue in self.scenario.queues), *self.last, *self.faults})

    @property
    def span(self) -> tuple[dt.date, int]:
        """The first day that is forecast, and how many."""
        return self.until + dt.timedelta(days=1), self.horizon_days

    def tasks(self) -> dict[str, QueueTask]:
        """What is to be done for each queue that has history."""
        found = {}
        for name, rows in self.history.frame.groupby("queue", observed=True, sort=True):
            own, scenario = (
                replace(self.history, frame=rows.reset_index(drop=True)),
                scenario_of(self.scenario, str(name)),
            )
            found[str(name)] = QueueTask(own, scenario, str(name), *self.span, self.folder / PARTS)
        return found


def night_of(workspace: Workspace, scenario: Scenario, horizon_days: int, today: dt.date | None) -> Night:
    """The history that counts; rows of ``today`` do not while the day is not over. Raises InputErrors."""
    from staffing.history import read_sparing

    history, problems = read_sparing(workspace.history_folder, scenario.site)
    history = history.aggregate(scenario.site.interval_min)
    if today is not None:
        history = _without_begun_day(history, scenario, today)
    last = _last_days(history.frame, scenario)
    return Night(workspace.forecasts_folder, scenario, horizon_days, history, last, _faults(problems))


def _faults(problems: Sequence[Problem]) -> dict[str, str]:
    """Why the rows of a queue cannot be used. What concerns a whole file stands under the file's name."""
    found: dict[str, str] = {}
    for problem in problems:
        for name in problem.queues or (problem.file,):
            found.setdefault(name, str(problem.as_error()))
    return found


def _without_begun_day(history: History, scenario: Scenario, today: dt.date) -> History:
    """History without the rows of ``today`` while they do not reach that day's last open interval."""
    grid = scenario.site.open_grid(today, 1)
    begun = history.frame["start"] >= scenario.site.midnight(today)
    if begun.all() or not len(grid) or history.frame["start"].max() >= grid[-1]:
        return history
    return replace(history, frame=history.frame[~begun].reset_index(drop=True))


def _last_days(frame: pd.DataFrame, scenario: Scenario) -> dict[str, dt.date]:
    """The last day with a figure of each queue; rows whose calls are missing say nothing."""
    known = frame.dropna(subset=["calls"])
    known = frame if known.empty else known
    last = known.groupby("queue")["start"].max().dt.tz_convert(scenario.site.zone)
    return {str(queue): instant.date() for queue, instant in last.items()}


def _forecast_inputs(scenario: Scenario) -> list[object]:
    levers = (scenario.corrections(), scenario.aht_factors(), scenario.excluded, scenario.seed, scenario.paths)
    return [scenario.name, scenario.site, scenario.queues, scenario.events, scenario.forecast, levers]
