"""One nightly run over a workspace: forecast every queue, keep what was promised.

A run is known by its inputs: the same history, scenario and horizon again does nothing, and a run that broke off goes
on with the queues that it has not done yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.batch.alerts import alerts_of
from staffing.batch.bridging import bridged, in_a_row
from staffing.batch.kept_runs import BEGUN, asked_before, remember
from staffing.batch.local import Came, side_by_side
from staffing.batch.needs import of_all
from staffing.batch.night import PARTS, Night, fingerprint, night_of
from staffing.batch.outcome import BatchReport, Line, QueueRun
from staffing.batch.published import below_target
from staffing.batch.queues import FITS, FORECAST, QueueTask, fit_name
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, PlanError
from staffing.store.files import remove_folder, sweep, unwritable, write_json
from staffing.store.kept import Kept, KeptForecasts
from staffing.store.lock import held
from staffing.store.places import Place
from staffing.store.rosters import RosterBook
from staffing.store.workspace import Workspace
from staffing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd


#: Told what is going on.
Tell = Callable[[Line], None]

#: Does the queues' tasks, and says what came of each in the order in which they end.
Engine = Callable[[Sequence[Any]], Iterator[tuple[Any, Came]]]

MOST_FAILED = 0.2  # of the queues, beyond which the night is wrong and not its queues: nothing is published
SHOWN = 10
FEW = 5  # queues, below which one of them is more than that
INBOX = "inbox"  # of a workspace, from which files are taken in


@dataclass(frozen=True)
class Upkeep:
    """What an operator asks of a run besides forecasts; None asks for nothing.

    Parameters
    ----------
    today : the day of the run.
    stale_days : a queue whose last figure is older than this many days is named as stale.
    keep_days : kept runs older than this many days before the end of history are deleted.
    inbox : folder or object store from which new files are taken in; the workspace's own ``inbox`` where it has one.
    refit : every queue is fitted in full, not taken from last night's fit.
    """

    today: dt.date | None = None
    stale_days: int | None = None
    keep_days: int | None = None
    inbox: str | None = None
    refit: bool = False


def run(
    workspace: Workspace,
    *,
    scenario: str = "base",
    horizon_days: int = 28,
    upkeep: Upkeep | None = None,
    tell: Tell | None = None,
    engine: Engine = side_by_side,
) -> BatchReport:
    """Forecast every queue from the day after history and keep it in ``forecasts/`` of the workspace.

    What is wrong with one queue stops that queue alone: it is bridged and named. Raises AlreadyRunning while another
    run holds the workspace's lock, Forbidden unless the user at work is planner, InputErrors for inputs that are bad
    for all, and PlanError, with nothing published, when more than a fifth of the queues fail.
    """
    workspace.may_change()
    runs, asked, said = workspace.forecasts, upkeep or Upkeep(), tell or (lambda _line: None)
    with held(runs.folder / ".lock", who="staffing batch", wait_s=0.0):
        try:
            for folder in runs.folder.glob("*/"):
                sweep(folder)
            chosen = workspace.scenario(scenario)
            take_in(workspace, chosen, asked, said)
            key = fingerprint(workspace, chosen, horizon_days, asked.today)
            kept = asked_before(runs, key)
            fresh = kept is None
            if kept is None:
                night = night_of(workspace, chosen, horizon_days, asked.today)
                kept = runs.read(night.folder.name)
                fresh = kept is None
                kept = kept or _work(night, workspace.rosters, engine, said, refit=asked.refit)
                remember(runs, key, kept.run)
            stale, forgotten = _look_after(runs, kept, asked)
            return BatchReport(kept, fresh, stale, forgotten)
        except OSError as error:
            raise unwritable(error, workspace.folder) from None


def take_in(workspace: Workspace, scenario: Scenario, asked: Upkeep, tell: Tell) -> None:
    """New files of the drop folder, checked and appended to the archive. Raises InputErrors."""
    inbox = asked.inbox or (str(workspace.folder / INBOX) if (workspace.folder / INBOX).is_dir() else None)
    if inbox is None:
        return
    from staffing.history import kept_answers
    from staffing.history.rest.archive import Archive
    from staffing.history.rest.ingest import ingest

    with workspace.ground.bulk_change("staffing batch"):
        archive, answers = Archive.open(Place(str(workspace.archive_folder))), kept_answers(workspace.history_folder)
        taken = ingest(archive, Place(inbox), scenario.site, answers)
    for done in taken:
        tell(Line("", f"taken in: {done}", "warning" if done.faults else "info"))


def _work(night: Night, rosters: RosterBook, engine: Engine, tell: Tell, *, refit: bool) -> Kept:
    """Every queue forecast or bridged, and kept. Raises PlanError, with nothing published, when too many fail."""
    before = list(night.runs.all())
    promised, told = _newest_forecast(before, night.until), partial(_tell, tell, night.folder.name)
    asked = list(night.tasks(promised, refit=refit))
    begun = {"scenario": night.scenario.name, "horizon_days": night.horizon_days, "queues": len(asked)}
    write_json(night.folder / BEGUN, begun)
    tasks = {task.queue: task for task in _with_lessons(night, asked, engine, told)}
    came = _came(list(tasks.values()), engine, told)
    outcomes, parts = list[QueueRun](), {name: list[Any]() for name in ("forecast", "causes", "scores", "needed")}
    for name in night.queues:
        made = came.get(name) or PlanError(night.faults.get(name, "its history has no rows."))
        outcome, tables = _outcome(night, before, tasks.get(name), (name, made))
        outcomes.append(outcome)
        for table, rows in tables.items():
            parts[table].append(rows)
    failed = [outcome for outcome in outcomes if outcome.method != FORECAST]
    if len(outcomes) >= FEW and len(failed) > MOST_FAILED * len(outcomes):
        raise _too_many(failed, len(outcomes))
    _keep_fits(night, before, [tasks[one.queue] for one in outcomes if one.method == FORECAST])
    return _publish(night, (before, rosters), outcomes, _joined(parts))


def _with_lessons(
    night: Night, tasks: Sequence[QueueTask], engine: Engine, tell: Callable[..., None]
) -> list[QueueTask]:
    """The tasks after the pass over all queues, which is not done twice; where it fails each queue learns alone."""
    first = night.site_pass
    if first is None or first.path.is_file() or all(task.done() is not None for task in tasks):
        return list(tasks)
    (came,) = (made for _, made in engine([first]))
    if not isinstance(came, Exception):
        return list(tasks)
    tell(text=f"queues do not learn from each other tonight: {came}", level="error")
    return [replace(task, lessons=None) for task in tasks]


def _tell(tell: Tell, run: str, **line: Any) -> None:
    tell(Line(run, **line))


def _newest_forecast(before: Sequence[Kept], until: dt.date) -> Path | None:
    """The forecasts that are held against what has come since they were made."""
    older = [run for run in before if run.history_until < until]
    return older[-1].folder / "forecast.parquet" if older else None


def _joined(parts: dict[str, list[pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    import pandas as pd

    filled = {name: [rows for rows in found if len(rows)] for name, found in parts.items()}
    return {name: pd.concat(found, ignore_index=True) for name, found in filled.items() if found}


def _keep_fits(night: Night, before: Sequence[Kept], done: Sequence[QueueTask]) -> None:
    """Last full fits, for the night after; those of the night before stay as long as this one may be run anew."""
    for task in done:
        if task.fit.is_file():  # else it was moved before the run broke off
            (night.folder / FITS).mkdir(exist_ok=True)
            task.fit.replace(night.folder / FITS / fit_name(task.queue))
    for run in before[:-1]:
        remove_folder(run.folder / FITS)


def _publish(
    night: Night, known: tuple[Sequence[Kept], RosterBook], outcomes: list[QueueRun], tables: dict[str, pd.DataFrame]
) -> Kept:
    """The run's tables, what they ask of planners, and last the manifest, with which it has happened."""
    notes, made = list[str](), tables.pop("needed", None)
    if "forecast" in tables:
        needed, notes = of_all(tables["forecast"], made, night.scenario)
        tables |= {} if needed is None else {"requirements": needed}
    before, rosters = known
    alerts = [*notes, *below_target(rosters, night.scenario, night.span, tables)]
    alerts += alerts_of(night, before, tables.get("scores"))
    manifest = {
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "version": VERSION,
        "inputs": night.inputs,
        "seed": night.scenario.seed,
        "scenario": night.scenario.name,
        "history": night.digests,
        "history_until": night.until.isoformat(),
        "horizon_days": night.horizon_days,
        "last": {name: day.isoformat() for name, day in night.last.items()},
        "queues": [asdict(outcome) for outcome in outcomes],
        "alerts": alerts,
    }
    kept = night.runs.keep(night.folder.name, manifest, tables)
    remove_folder(night.folder / PARTS)
    (night.folder / BEGUN).unlink(missing_ok=True)
    return kept


def _came(tasks: Sequence[QueueTask], engine: Engine, tell: Callable[..., None]) -> dict[str, Came]:
    """What came of each queue; those that were done before the run broke off are not done again."""
    came: dict[str, Came] = {task.queue: task.queue for task in tasks if task.done() is not None}
    open_tasks = [task for task in tasks if task.queue not in came]
    if came:
        tell(text=f"going on: {len(came)} of {len(tasks)} queues were done before")
    for task, made in engine(open_tasks) if open_tasks else ():
        came[task.queue] = made
        if isinstance(made, Exception):
            tell(text=f"failed {task.queue}: {made}", level="error", queue=task.queue)
        else:
            tell(text=f"forecast {task.queue}", queue=task.queue)
    return came


def _outcome(
    night: Night, before: Sequence[Kept], task: QueueTask | None, came: tuple[str, Came]
) -> tuple[QueueRun, dict[str, pd.DataFrame]]:
    """How a queue fared, and its tables: its own forecast, or what bridges it."""
    name, made = came
    inputs = night.digests.get(name, "")[:16]
    found = task.done() if task is not None and not isinstance(made, Exception) else None
    if found is not None:
        tables = {"forecast": found.forecast, "causes": found.causes, "scores": found.scores, "needed": found.needed}
        return QueueRun(name, FORECAST, inputs), tables
    problem = made if isinstance(made, Exception) else PlanError("its part of the run is gone.")
    method, table = bridged(before, _own_history(night, task), night.scenario, name, night.span)
    outcome = QueueRun(name, method, inputs, str(problem), 1 + in_a_row(before, name))
    return outcome, {} if table is None else {"forecast": table}


def _own_history(night: Night, task: QueueTask | None) -> pd.DataFrame:
    """The queue's rows as far as they can be read at all."""
    import pandas as pd

    try:
        return pd.DataFrame() if task is None else task.rows.read(night.scenario.site).frame
    except InputError:  # why is the queue's problem already
        return pd.DataFrame()


def _too_many(failed: Sequence[QueueRun], count: int) -> PlanError:
    shown = "\n".join(f"  - {outcome.queue}: {outcome.problem}" for outcome in failed[:SHOWN])
    more = f"\n  - and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
    return PlanError(
        f"{len(failed)} of {count} queues failed: nothing was published.\n{shown}{more}\n",
        remedy="Mend what they share; queues that were done are not done again.",
    )


def _look_after(runs: KeptForecasts, kept: Kept, asked: Upkeep) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queues whose feed has stopped, and runs deleted for their age."""
    stale: tuple[str, ...] = ()
    last = {name: dt.date.fromisoformat(day) for name, day in kept.manifest.get("last", {}).items()}
    if asked.stale_days is not None and asked.today is not None:
        oldest = asked.today - dt.timedelta(days=asked.stale_days)
        stale = tuple(queue for queue, day in last.items() if day < oldest)
    if asked.keep_days is None:
        return stale, ()
    return stale, tuple(runs.forget(kept.history_until - dt.timedelta(days=asked.keep_days)))
