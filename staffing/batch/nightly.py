"""One nightly run over a workspace: forecast every queue, keep what was promised.

A run is known by its inputs: the same history, scenario and horizon again does nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.domain.base import content_hash
from staffing.domain.scenario import Scenario
from staffing.errors import AlreadyRunning, InputError, PlanError, StaffingError, Where
from staffing.store.cache import StageCache
from staffing.store.files import write_json, write_parquet
from staffing.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from staffing.history import History

FALLBACK_WEEKS = 8


@dataclass(frozen=True)
class QueueRun:
    """How one queue fared: ``method`` is ``forecast``, ``weekday mean`` (the fallback) or ``none``."""

    queue: str
    method: str
    inputs: str
    problem: str = ""


@dataclass(frozen=True)
class BatchReport:
    """What a run did. ``fresh`` is False when the same run had been done before."""

    run: str
    folder: Path
    history_until: dt.date
    horizon_days: int
    queues: tuple[QueueRun, ...]
    fresh: bool

    @property
    def failed(self) -> tuple[QueueRun, ...]:
        return tuple(queue for queue in self.queues if queue.method != "forecast")

    @property
    def exit_code(self) -> int:
        """0 done, 1 no queue could be forecast, 3 some fell back."""
        if not self.failed:
            return 0
        return 3 if any(queue.method != "none" for queue in self.queues) else 1


def run(
    workspace: Workspace, *, scenario: str = "base", horizon_days: int = 28, tell: Callable[[str], None] | None = None
) -> BatchReport:
    """Forecast every queue from the day after history and keep it in ``forecasts/`` of the workspace.

    Raises AlreadyRunning while another run holds the workspace's lock, and InputErrors for bad inputs.
    """
    from filelock import FileLock, Timeout

    lock_path = workspace.folder / "forecasts" / ".lock"
    try:
        lock_path.parent.mkdir(exist_ok=True)
        with FileLock(lock_path, timeout=0):
            return _run(workspace, workspace.scenario(scenario), horizon_days, tell or (lambda _text: None))
    except Timeout:
        raise AlreadyRunning(
            "Another run is at work in this workspace.",
            where=Where(str(workspace.folder)),
            remedy="Wait for it to end.",
        ) from None
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror}).",
            where=Where(str(workspace.folder)),
            remedy="Give the nightly run a workspace it may write to.",
        ) from None


def _run(workspace: Workspace, scenario: Scenario, horizon_days: int, tell: Callable[[str], None]) -> BatchReport:
    import pandas as pd

    import staffing
    from staffing.history import read_history

    history = read_history(workspace.history_folder, scenario.site)
    until = history.frame["start"].max().tz_convert(scenario.site.zone).date()
    inputs = content_hash(staffing.__version__, history.sha256, _forecast_inputs(scenario), horizon_days)
    name = f"{until}-{inputs[:12]}"
    folder = workspace.folder / "forecasts" / name
    if (folder / "manifest.json").is_file():
        return _report(folder, name, until, horizon_days, fresh=False)
    cache = StageCache(workspace.cache_folder)
    runs, parts = [], []
    for queue in sorted(history.frame["queue"].unique()):
        tell(f"forecasting {queue}")
        outcome, table = _one_queue(history, scenario, queue, until, horizon_days, cache)
        runs.append(outcome)
        parts += [] if table is None else [table]
    folder.mkdir(parents=True, exist_ok=True)
    if parts:
        write_parquet(folder / "forecast.parquet", pd.concat(parts, ignore_index=True))
    _write_manifest(folder, name, until, horizon_days, scenario, runs)
    return _report(folder, name, until, horizon_days, fresh=True)


def _forecast_inputs(scenario: Scenario) -> list[object]:
    return [
        scenario.site,
        scenario.queues,
        scenario.events,
        scenario.adjustments,
        scenario.volume_factor,
        scenario.aht_factor,
        scenario.seed,
        scenario.paths,
    ]


def _one_queue(
    history: History, scenario: Scenario, queue: str, until: dt.date, horizon_days: int, cache: StageCache
) -> tuple[QueueRun, pd.DataFrame | None]:
    from staffing.plan import forecast

    rows = history.frame[history.frame["queue"] == queue]
    alone = replace(history, frame=rows.reset_index(drop=True))
    start = until + dt.timedelta(days=1)
    key = content_hash(alone.sha256, queue)[:16]
    try:
        made = forecast(alone, scenario, start=start, days=horizon_days, cache=cache).table
        if not len(made) or not (made["calls"] >= 0).all():
            raise PlanError("the forecast has undefined intervals.")
        return QueueRun(queue, "forecast", key), made
    except (StaffingError, ArithmeticError, ValueError, KeyError, IndexError, RuntimeError) as error:
        bridged = weekday_mean(alone.frame, scenario, start, horizon_days)
        method = "none" if bridged is None else "weekday mean"
        return QueueRun(queue, method, key, f"{type(error).__name__}: {error}"), bridged


def weekday_mean(frame: pd.DataFrame, scenario: Scenario, start: dt.date, days: int) -> pd.DataFrame | None:
    """The plain fallback: mean of the same weekday and time over the last weeks; None without any history.

    Its p10 and p90 are the empirical ones of those weeks; an interval never seen counts as the time's mean.
    """
    import pandas as pd

    known = frame.dropna(subset=["calls"])
    known = known[known["start"] >= known["start"].max() - pd.Timedelta(weeks=FALLBACK_WEEKS)]
    if known.empty:
        return None
    local = known["start"].dt.tz_convert(scenario.site.zone)
    known = known.assign(weekday=local.dt.day_of_week, slot=local.dt.hour * 60 + local.dt.minute)
    stats = known.groupby(["weekday", "slot"])["calls"].quantile([0.1, 0.5, 0.9]).unstack()
    stats.columns = ["p10", "p50", "p90"]
    stats["calls"] = known.groupby(["weekday", "slot"])["calls"].mean()
    by_slot = stats.groupby("slot").mean()
    grid = scenario.site.open_grid(start, days)
    slots = grid.hour * 60 + grid.minute
    table = stats.reindex(pd.MultiIndex.from_arrays([grid.day_of_week, slots])).reset_index(drop=True)
    table = table.fillna(by_slot.reindex(slots).reset_index(drop=True)).fillna(0.0)
    queue = str(known["queue"].iloc[0])
    aht_s = known["aht_s"].mean()
    table["aht_s"] = scenario.queue(queue).aht_s if pd.isna(aht_s) else float(aht_s)
    return table.assign(queue=queue, start=grid)[["queue", "start", "calls", "aht_s", "p10", "p50", "p90"]]


def _write_manifest(
    folder: Path, name: str, until: dt.date, horizon_days: int, scenario: Scenario, runs: list[QueueRun]
) -> None:
    import staffing

    manifest = {
        "run": name,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "version": staffing.__version__,
        "scenario": scenario.name,
        "history_until": until.isoformat(),
        "horizon_days": horizon_days,
        "queues": [asdict(outcome) for outcome in runs],
    }
    write_json(folder / "manifest.json", manifest)


def _report(folder: Path, name: str, until: dt.date, horizon_days: int, *, fresh: bool) -> BatchReport:
    import json

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    runs = tuple(QueueRun(**entry) for entry in manifest["queues"])
    return BatchReport(name, folder, until, horizon_days, runs, fresh)
