"""What a run tells: line by line while it is at work, and at its end."""

from __future__ import annotations

from dataclasses import dataclass

from staffing.batch.bridging import NONE
from staffing.batch.queues import FORECAST
from staffing.store.kept import Kept


@dataclass(frozen=True)
class Line:
    """A line of the log: ``level`` is info, warning or error; ``queue`` is empty where it is of none."""

    run: str
    text: str
    level: str = "info"
    queue: str = ""


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
    def alerts(self) -> tuple[str, ...]:
        """What planners should look at, beside queues that failed or are stale."""
        return tuple(self.kept.manifest.get("alerts", ()))

    @property
    def exit_code(self) -> int:
        """0 done, 1 no queue has a forecast, 3 some fell back, have none, or their feed has stopped."""
        if all(queue.method == NONE for queue in self.queues):
            return 1
        return 3 if self.failed or self.stale else 0

    def lines(self) -> list[Line]:
        """What an operator should read in the log of a run."""
        run, told = self.kept.run, list[Line]()
        for queue in self.failed:
            again = f", for {queue.fallbacks} runs in a row" if queue.fallbacks > 1 else ""
            text = f"{queue.queue}: {queue.method} instead of a forecast ({queue.problem}){again}"
            told.append(Line(run, text, "error", queue.queue))
        for name in self.stale:
            told.append(Line(run, f"{name}: its feed has stopped, the history ends too long ago", "warning", name))
        told += [Line(run, text, "warning") for text in self.alerts]
        return told + [Line(run, f"deleted the old run {name}") for name in self.forgotten]
