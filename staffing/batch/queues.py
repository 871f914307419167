"""One queue's part of a run: forecast in a process of its own, and left as a checkpoint that survives the run."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.rows import QueueRows
from staffing.batch.scoring import scores
from staffing.batch.site import lesson_of
from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.errors import FAULTS, PlanError, StaffingError
from staffing.store.files import atomic_path
from staffing.store.packing import Damaged, packed, unpacked
from staffing.version import code_digest

if TYPE_CHECKING:
    import pandas as pd

    from staffing.work import Caller

FORECAST = "forecast"


@dataclass(frozen=True)
class QueueResult:
    """What a run has for one queue: the forecast table, what each cause adds to each day, and how the last
    promise fared on the days that have come since (see ``scoring``).

    ``cpu_s`` is the processor time of the process that it took.
    """

    queue: str
    forecast: pd.DataFrame
    causes: pd.DataFrame
    scores: pd.DataFrame
    cpu_s: float


@dataclass(frozen=True)
class QueueTask:
    """A queue to be forecast for ``days`` local days from ``start``; ``checkpoints`` is the folder of the run's parts,
    ``promised`` the forecasts of the newest run before this one, ``lessons`` what queues have from each other.

    Called in a process of its own it reads its own history and raises StaffingError where the queue cannot be forecast.
    """

    rows: QueueRows
    scenario: Scenario
    queue: str
    start: dt.date
    days: int
    checkpoints: Path
    promised: Path | None = None
    lessons: Path | None = None

    @property
    def size(self) -> int:
        """How much work it is, roughly: the rows of its history."""
        return self.rows.size

    @cached_property
    def checkpoint(self) -> Path:
        before = (self.promised.parent.name if self.promised else "", self.lessons.name if self.lessons else "")
        key = content_hash(code_digest(), self.rows.sha256, self.scenario, self.queue, self.start, self.days, *before)
        return self.checkpoints / f"{key[:24]}.part"

    def done(self) -> QueueResult | None:
        """What was forecast before the run broke off, None where nothing was; half a part is none."""
        try:
            found: QueueResult = unpacked(self.checkpoint.read_bytes(), QueueResult)
        except (OSError, Damaged):
            return None
        return found

    def __call__(self, caller: Caller) -> str:
        import staffing.forecast  # noqa: F401  (its import is no part of the time limit)

        caller.ready()
        made = self.work_out()
        with atomic_path(self.checkpoint) as path:
            path.write_bytes(packed(made))
        return self.queue

    def work_out(self) -> QueueResult:
        from staffing.planner.stages import Fit, Prediction

        began, scenario = time.process_time(), self.scenario
        try:
            history = self.rows.read(scenario.site)
            taught = lesson_of(self.lessons, self.queue) if self.lessons else None
            fit = Fit.of(history, scenario, self.start)
            learned = fit.work_out(queues=None if taught is None else {self.queue: taught})
            corrections, factors = scenario.corrections(), scenario.aht_factors()
            asked = Prediction(fit, scenario.events, corrections, factors, self.start, self.days)
            made = asked.work_out(learned)
            if not len(made.table) or not (made.table["calls"] >= 0).all():
                raise PlanError("the forecast has undefined intervals.")
            fared = scores(self.promised, history, scenario, self.queue)
        except FAULTS as error:
            if isinstance(error, StaffingError):
                raise
            raise PlanError(f"{type(error).__name__}: {error}") from error
        return QueueResult(self.queue, made.table, made.days, fared, time.process_time() - began)


def scenario_of(scenario: Scenario, queue: str = "") -> Scenario:
    """What the forecast of a queue, or all, looks at, and little more: a run's parts are handed around many times."""
    own = tuple(each for each in scenario.queues if each.name == queue) or scenario.queues
    nobody = dict.fromkeys(("totals", "contracts", "agents", "shifts", "rule_changes", "rotations", "minimums"), ())
    return scenario.model_copy(update={**nobody, "sessions": (), "pins": (), "queues": own})
