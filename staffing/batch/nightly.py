"""One nightly run over a workspace: forecast every queue, keep what was promised.

A run is known by its inputs: the same history, scenario and horizon again does nothing, and a run that broke off goes
on with the queues that it has not done yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from staffing.batch.bridging import NONE, bridged, in_a_row
from staffing.batch.local import Came, side_by_side
from staffing.batch.night import PARTS, Night, night_of
from staffing.batch.queues import FORECAST, QueueResult, QueueTask
from staffing.content import content_hash
from staffing.errors import PlanError
from staffing.store.files import remove_folder, sweep, unwritable
from staffing.store.kept import Kept, all_kept, forget, keep, read_kept
from staffing.store.lock import held
from staffing.store.workspace import Workspace
from staffing.version import VERSION

if TYPE_CHECKING:
    import pandas as pd


#: Told the run's id and what is going on.
Tell = Callable[[str, str], None]

#: Does the queues' tasks, and says what came of each in the order in which they end.
Engine = Callable[[Sequence[QueueTask]], Iterator[tuple[QueueTask, Came]]]

MOST_FAILED = 0.2  # of the queues, beyond which the night is wrong and not its queues: nothing is published
SHOWN = 10
FEW = 5  # queues, below which one of them is more than that


@dataclass(frozen=True)
class QueueRun:
    """How one queue fared.

    ``method`` is ``forecast``, ``last good forecast`` or ``weekday mean`` (the fallbacks) or ``none``; ``fallbacks``
    counts the runs in a row, this one among them, without a forecast of its own.
    """

    queue: str
    method: str
    inputs: str
    problem: str = ""
    fallbacks: int = 0


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
        return tuple(queue for queue in self.queues if queue.method != FORECAST)

    @property
    def exit_code(self) -> int:
        """0 done, 1 no queue has a forecast, 3 some fell back, have none, or their feed has stopped."""
        if all(queue.method == NONE for queue in self.queues):
            return 1
        return 3 if self.failed or self.stale else 0


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
    engine: Engine = side_by_side,
) -> BatchReport:
    """Forecast every queue from the day after history and keep it in ``forecasts/`` of the workspace.

    What is wrong with one queue stops that queue alone: it is bridged and named. Raises AlreadyRunning while another
    run holds the workspace's lock, InputErrors for inputs that are bad for all, and PlanError, with nothing published,
    when more than a fifth of the queues fail.
    """
    with held(workspace.forecasts_folder / ".lock", wait_s=0.0):
        try:
            for folder in workspace.forecasts_folder.glob("*/"):
                sweep(folder)
            night = night_of(workspace, workspace.scenario(scenario), horizon_days, upkeep.today if upkeep else None)
            said = tell or (lambda _run, _text: None)
            done = read_kept(night.folder)
            kept = done or _work(night, engine, lambda text: said(night.folder.name, text))
            stale, forgotten = _look_after(workspace, night.last, upkeep)
            return BatchReport(kept, done is None, stale, forgotten)
        except OSError as error:
            raise unwritable(error, workspace.folder) from None


def _work(night: Night, engine: Engine, tell: Callable[[str], None]) -> Kept:
    """Every queue forecast or bridged, and kept. Raises PlanError, with nothing published, when too many fail."""
    import pandas as pd

    before, tasks = list(all_kept(night.runs)), night.tasks()
    came = _came(list(tasks.values()), engine, tell)
    outcomes, parts = list[QueueRun](), {"forecast": list[pd.DataFrame](), "causes": list[pd.DataFrame]()}
    for name in night.queues:
        made = came.get(name) or PlanError(night.faults.get(name, "its history has no rows."))
        outcome, tables = _outcome(night, before, tasks.get(name), (name, made))
        outcomes.append(outcome)
        for table, rows in tables.items():
            parts[table].append(rows)
    failed = [outcome for outcome in outcomes if outcome.method != FORECAST]
    if len(outcomes) >= FEW and len(failed) > MOST_FAILED * len(outcomes):
        raise _too_many(failed, len(outcomes))
    manifest = {
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "version": VERSION,
        "inputs": night.inputs,
        "scenario": night.scenario.name,
        "history": night.history.sha256,
        "history_until": night.until.isoformat(),
        "horizon_days": night.horizon_days,
        "queues": [asdict(outcome) for outcome in outcomes],
    }
    whole = {name: pd.concat(found, ignore_index=True) for name, found in parts.items() if found}
    kept = keep(night.folder, manifest, whole)
    remove_folder(night.folder / PARTS)
    return kept


def _came(tasks: Sequence[QueueTask], engine: Engine, tell: Callable[[str], None]) -> dict[str, Came]:
    """What came of each queue; those that were done before the run broke off are not done again."""
    came: dict[str, Came] = {task.queue: before for task in tasks if (before := task.done()) is not None}
    open_tasks = [task for task in tasks if task.queue not in came]
    if came:
        tell(f"going on: {len(came)} of {len(tasks)} queues were done before")
    for task, made in engine(open_tasks) if open_tasks else ():
        came[task.queue] = made
        tell(f"forecast {task.queue}" if isinstance(made, QueueResult) else f"failed {task.queue}: {made}")
    return came


def _outcome(
    night: Night, before: Sequence[Kept], task: QueueTask | None, came: tuple[str, Came]
) -> tuple[QueueRun, dict[str, pd.DataFrame]]:
    """How a queue fared, and its tables: its own forecast, or what bridges it."""
    name, made = came
    inputs = content_hash(task.history, name)[:16] if task else ""
    if isinstance(made, QueueResult):
        return QueueRun(name, FORECAST, inputs), {"forecast": made.forecast, "causes": made.causes}
    frame = night.history.frame[:0] if task is None else task.history.frame
    method, table = bridged(before, frame, night.scenario, name, night.span)
    outcome = QueueRun(name, method, inputs, str(made), 1 + in_a_row(before, name))
    return outcome, {} if table is None else {"forecast": table}


def _too_many(failed: Sequence[QueueRun], count: int) -> PlanError:
    shown = "\n".join(f"  - {outcome.queue}: {outcome.problem}" for outcome in failed[:SHOWN])
    more = f"\n  - and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
    return PlanError(
        f"{len(failed)} of {count} queues failed: nothing was published.\n{shown}{more}\n",
        remedy="Mend what they share; queues that were done are not done again.",
    )


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
