"""One queue's part of a run: forecast in a process of its own, and left as a checkpoint that survives the run."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.needs import of_itself
from staffing.batch.rows import QueueRows
from staffing.batch.scoring import scores
from staffing.batch.site import lesson_of
from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.errors import FAULTS, InputError, PlanError, StaffingError
from staffing.store.files import atomic_path
from staffing.store.packing import Damaged, packed, unpacked
from staffing.version import code_digest

if TYPE_CHECKING:
    import pandas as pd

    from staffing.forecast import Baseline
    from staffing.forecast.last_fit import LastFit
    from staffing.forecast.lessons import FromSite
    from staffing.planner.stages import Fit
    from staffing.work import Caller

FORECAST = "forecast"
FIT, FITS = ".fit", "fits"  # a queue's last full fit; a run's folder of them
DRIFTED = 0.6  # of the last days' intervals within their range of 80 %, below which a queue is fitted in full


@dataclass(frozen=True)
class QueueResult:
    """What a run has for one queue: the forecast table, what each cause adds to each day, and how the last
    promise fared on the days that have come since (see ``scoring``). ``needed`` are the agents it takes, where that can
    be worked out of the queue by itself.

    ``cpu_s`` is the processor time of the process that it took, ``full`` whether it was fitted in full.
    """

    queue: str
    forecast: pd.DataFrame
    causes: pd.DataFrame
    scores: pd.DataFrame
    needed: pd.DataFrame
    cpu_s: float
    full: bool


@dataclass(frozen=True)
class QueueTask:
    """A queue to be forecast for ``days`` local days from ``start``; ``checkpoints`` is the folder of the run's parts,
    ``promised`` the forecasts of the newest run before this one, ``lessons`` what queues have from each other,
    ``refit`` asks for a fit in full, ``apart`` says that no other queue counts for the agents that it takes.

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
    refit: bool = False
    apart: bool = False

    @property
    def size(self) -> int:
        """How much work it is, roughly: the rows of its history."""
        return self.rows.size

    @cached_property
    def checkpoint(self) -> Path:
        before = (str(path and path.name) for path in (self.promised and self.promised.parent, self.lessons))
        asked = (self.scenario, self.queue, self.start, self.days, self.refit, self.apart)
        key = content_hash(code_digest(), self.rows.sha256, *asked, *before)
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
        made, last = self.work_out()
        with atomic_path(self.fit) as path:
            path.write_bytes(last)
        with atomic_path(self.checkpoint) as path:
            path.write_bytes(packed(made))
        return self.queue

    @property
    def fit(self) -> Path:
        """Beside the checkpoint: the last full fit."""
        return self.checkpoint.with_suffix(FIT)

    def work_out(self) -> tuple[QueueResult, bytes]:
        """What the run has for the queue, and its last full fit as a file."""
        from staffing.planner.stages import Fit, Prediction

        began, scenario = time.process_time(), self.scenario
        try:
            history = self.rows.read(scenario.site)
            taught = lesson_of(self.lessons, self.queue) if self.lessons else None
            fared = scores(self.promised, history, scenario, self.queue)
            fit = Fit.of(history, scenario, self.start)
            learned, last, full = self._fitted(fit, {} if taught is None else {self.queue: taught}, fared)
            corrections, factors = scenario.corrections(), scenario.aht_factors()
            asked = Prediction(fit, scenario.events, corrections, factors, self.start, self.days)
            made = asked.work_out(learned)
            if not len(made.table) or not (made.table["calls"] >= 0).all():
                raise PlanError("the forecast has undefined intervals.")
            needed = of_itself(made.table, scenario, self.queue) if self.apart else made.table[:0]
        except FAULTS as error:
            if isinstance(error, StaffingError):
                raise
            raise PlanError(f"{type(error).__name__}: {error}") from error
        cpu_s = time.process_time() - began
        return QueueResult(self.queue, made.table, made.days, fared, needed, cpu_s, full), last

    def _fitted(self, fit: Fit, taught: Mapping[str, FromSite], fared: pd.DataFrame) -> tuple[Baseline, bytes, bool]:
        """The fit, the last full one as a file, and whether they are the same."""
        from staffing.forecast.last_fit import LastFit, fitted, history_until
        from staffing.forecast.written import to_bytes

        frame = fit.history.frame
        about = content_hash(code_digest(), fit.site, fit.events, fit.excluded, fit.options)
        file, last = self._last_fit()
        drifted = len(fared) and fared["inside"].sum() < DRIFTED * fared["intervals"].sum()
        if last is not None and (self.refit or drifted or not last.holds(self.queue, frame, about, self.start)):
            last = None
        learned, known = fitted(
            lambda: fit.work_out(queues=taught),
            last,
            lambda found: LastFit(about, self.start, history_until(frame, self.start), found),
        )
        return (learned, file, False) if known is last else (learned, to_bytes(known), True)

    def _last_fit(self) -> tuple[bytes, LastFit | None]:
        """What the run before left of the queue's last full fit; nothing where it is not there, or not whole."""
        from staffing.forecast.written import from_bytes

        try:
            file = (self.promised.parent / FITS / fit_name(self.queue)).read_bytes() if self.promised else b""
            return file, from_bytes(file) if file else None
        except (OSError, InputError):
            return b"", None


def fit_name(queue: str) -> str:
    """The file of a queue's last full fit in a run's folder of them."""
    return content_hash(queue)[:24] + FIT


def scenario_of(scenario: Scenario, queue: str = "") -> Scenario:
    """What the forecast of a queue, or all, looks at, and little more: a run's parts are handed around many times."""
    own = tuple(each for each in scenario.queues if each.name == queue) or scenario.queues
    nobody = dict.fromkeys(("totals", "contracts", "agents", "shifts", "rule_changes", "rotations", "minimums"), ())
    return scenario.model_copy(update={**nobody, "sessions": (), "pins": (), "queues": own})
