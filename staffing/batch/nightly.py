"""One nightly run over a workspace: forecast every queue, keep what was promised.

A run is known by its inputs: the same history, scenario and horizon again does nothing, and a run that broke off
resumes from the stages that the workspace has kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.errors import PlanError, StaffingError
from staffing.store.cache import StageCache
from staffing.store.files import sweep, unwritable
from staffing.store.kept import Kept, forget, keep, read_kept
from staffing.store.lock import held
from staffing.store.workspace import Workspace
from staffing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from staffing.history import History

#: Told the run's id and what is going on.
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class QueueRun:
    """How one queue fared: ``method`` is ``forecast``, ``weekday mean`` (the fallback) or ``none``."""

    queue: str
    method: str
    inputs: str
    problem: str = ""


@dataclass(frozen=True)
class BatchReport:
    """What a run did.

    ``fresh`` is False when the same run had been done before; ``stale`` names queues whose feed has stopped;
    ``forgotten`` old runs that were deleted.
    """

    kept: Kept
    fresh: bool
    stale: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()

    @property
    def queues(self) -> tuple[QueueRun, ...]:
        return tuple(QueueRun(**entry) for entry in self.kept.manifest["queues"])

    @property
    def failed(self) -> tuple[QueueRun, ...]:
        return tuple(queue for queue in self.queues if queue.method != "forecast")

    @property
    def exit_code(self) -> int:
        """0 done, 1 no queue could be forecast or every feed has stopped, 3 some fell back or stopped."""
        if not self.failed and not self.stale:
            return 0
        served = [queue for queue in self.queues if queue.method != "none" and queue.queue not in self.stale]
        return 3 if served else 1


@dataclass(frozen=True)
class Upkeep:
    """What an operator asks of a run besides forecasts; None asks for nothing.

    Parameters
    ----------
    today : the day of the run.
    stale_days : a queue whose last figure is older than this many days is named as stale.
    keep_days : kept runs older than this many days before the end of history are deleted.
    """

    today: dt.date
    stale_days: int | None = None
    keep_days: int | None = None


def run(
    workspace: Workspace,
    *,
    scenario: str = "base",
    horizon_days: int = 28,
    upkeep: Upkeep | None = None,
    tell: Tell | None = None,
) -> BatchReport:
    """Forecast every queue from the day after history and keep it in ``forecasts/`` of the workspace.

    Raises AlreadyRunning while another run holds the workspace's lock, and InputErrors for bad inputs.
    """
    with held(workspace.forecasts_folder / ".lock", wait_s=0.0):
        try:
            for folder in workspace.forecasts_folder.glob("*/"):
                sweep(folder)
            return _run(
                workspace, workspace.scenario(scenario), horizon_days, upkeep, tell or (lambda _run, _text: None)
            )
        except OSError as error:
            raise unwritable(error, workspace.folder) from None


def _run(workspace: Workspace, scenario: Scenario, horizon_days: int, upkeep: Upkeep | None, tell: Tell) -> BatchReport:
    from staffing.history import read_history

    history = read_history(workspace.history_folder, scenario.site).aggregate(scenario.site.interval_min)
    if upkeep is not None:
        history = _without_begun_day(history, scenario, upkeep.today)
    last = _last_days(history.frame, scenario)
    until = max(last.values())
    inputs = content_hash(VERSION, history.sha256, _forecast_inputs(scenario), horizon_days)
    folder = workspace.forecasts_folder / f"{until}-{inputs[:12]}"
    done = read_kept(folder)
    if done is None:
        cache = StageCache(workspace.cache_folder)
        outcomes, tables = _every_queue(
            history, scenario, until, horizon_days, lambda text: tell(folder.name, text), cache
        )
        manifest = {
            "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "version": VERSION,
            "inputs": inputs,
            "scenario": scenario.name,
            "history": history.sha256,
            "history_until": until.isoformat(),
            "horizon_days": horizon_days,
            "queues": [asdict(outcome) for outcome in outcomes],
        }
        kept = keep(folder, manifest, tables)
    else:
        kept = done
    stale, forgotten = _look_after(workspace, last, upkeep)
    return BatchReport(kept, done is None, stale, forgotten)


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


def _look_after(
    workspace: Workspace, last: dict[str, dt.date], upkeep: Upkeep | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queues whose feed has stopped, and runs deleted for their age."""
    if upkeep is None:
        return (), ()
    stale: tuple[str, ...] = ()
    if upkeep.stale_days is not None:
        oldest = upkeep.today - dt.timedelta(days=upkeep.stale_days)
        stale = tuple(queue for queue, day in last.items() if day < oldest)
    if upkeep.keep_days is None:
        return stale, ()
    before = max(last.values()) - dt.timedelta(days=upkeep.keep_days)
    return stale, tuple(forget(workspace.forecasts_folder, before))


def _forecast_inputs(scenario: Scenario) -> list[object]:
    levers = (scenario.corrections(), scenario.aht_factor, scenario.excluded, scenario.seed, scenario.paths)
    return [scenario.name, scenario.site, scenario.queues, scenario.events, scenario.forecast, levers]


def _every_queue(
    history: History,
    scenario: Scenario,
    until: dt.date,
    horizon_days: int,
    tell: Callable[[str], None],
    cache: StageCache,
) -> tuple[list[QueueRun], dict[str, pd.DataFrame]]:
    import pandas as pd

    outcomes: list[QueueRun] = []
    parts: dict[str, list[pd.DataFrame]] = {"forecast": [], "causes": []}
    for queue in sorted(history.frame["queue"].unique()):
        tell(f"forecasting {queue}")
        rows = history.frame[history.frame["queue"] == queue].reset_index(drop=True)
        outcome, tables = _one_queue(replace(history, frame=rows), scenario, queue, until, horizon_days, cache)
        outcomes.append(outcome)
        for name, table in tables.items():
            parts[name].append(table)
    return outcomes, {name: pd.concat(found, ignore_index=True) for name, found in parts.items() if found}


def _one_queue(
    history: History, scenario: Scenario, queue: str, until: dt.date, horizon_days: int, cache: StageCache
) -> tuple[QueueRun, dict[str, pd.DataFrame]]:
    from staffing.planner import Planner

    start = until + dt.timedelta(days=1)
    inputs = content_hash(history.sha256, queue)[:16]
    try:
        made = Planner(history, cache=cache).forecast(scenario, start=start, days=horizon_days)
        if not len(made.table) or not (made.table["calls"] >= 0).all():
            raise PlanError("the forecast has undefined intervals.")
        return QueueRun(queue, "forecast", inputs), {"forecast": made.table, "causes": made.days}
    except (StaffingError, ArithmeticError, ValueError, LookupError, TypeError, RuntimeError) as error:
        bridged = _bridge(history.frame, scenario, queue, start, horizon_days)
        problem = f"{type(error).__name__}: {error}"
        if bridged is None:
            return QueueRun(queue, "none", inputs, problem), {}
        return QueueRun(queue, "weekday mean", inputs, problem), {"forecast": bridged}


def _bridge(frame: pd.DataFrame, scenario: Scenario, queue: str, start: dt.date, days: int) -> pd.DataFrame | None:
    """The weekday mean as a forecast table: what planners get when the forecast of a queue fails."""
    from staffing.forecast.weekday_mean import weekday_mean
    from staffing.tables import FORECAST

    table = weekday_mean(frame, scenario.site, start, days)
    if table is None:
        return None
    aht_s = float("nan") if "aht_s" not in frame else float(frame["aht_s"].mean())
    known = scenario.queue(queue).aht_s if aht_s != aht_s else aht_s
    return FORECAST.check(table.assign(queue=queue, aht_s=known))[FORECAST.column_names]
