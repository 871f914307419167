"""Long work beside the pages, in processes of its own: two pools, turns by user, one result for the same work.

Forecasts and what follows from them have a pool to themselves, so that a what-if never waits behind a solve. What
history taught stays in the process that learned it: later work on the same history goes there again.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from staffing.errors import Cancelled, StaffingError
from staffing.work import Ended, Interpreter, Worker, WorkerTask

KEPT = 96  # a forecast and requirements for each of some twenty planners and what they compare with
POLL_S = 1.0
FIRST_SHARE = 0.4  # of a job's progress belongs to what must be done before
PoolName = Literal["contacts", "rosters"]
MOST: dict[PoolName, int] = {"contacts": 3, "rosters": max(1, (os.cpu_count() or 2) // 2)}
#: How far each pool's processes give way to others: pages go before what-ifs, and these before solves.
NICE: dict[PoolName, int] = {"contacts": 2, "rosters": 5}
log = logging.getLogger("staffing.ui")


@dataclass(frozen=True)
class Work:
    """What a job does: a picklable call, handed a line to its caller (see ``work.Caller``).

    ``history`` names the history that it learns from, where it does: it goes to the process that has learned already.
    ``first`` is what must be done before, by key: it is left to the pool it belongs to.
    """

    task: WorkerTask
    pool: PoolName = "contacts"
    history: str = ""
    first: tuple[tuple[str, Work], ...] = ()


class Job:
    """One piece of work on its way; at the end ``result`` or ``error`` is set."""

    def __init__(self, work: Work, user: str, before: tuple[Job, ...] = ()) -> None:
        self.work, self.user, self.before = work, user, before
        self.result: Any = None
        self.error: StaffingError | None = None
        self.began = time.monotonic()
        self.waited_s = self.took_s = 0.0
        self._told = "waiting for other work", 0.0
        self._begun, self._stop, self._done = threading.Lock(), threading.Event(), threading.Event()

    @property
    def state(self) -> tuple[str, float]:
        """The stage it is at and the share done, in [0, 1]; of what must be done before, while that is waited for."""
        for before in self.before:
            if not before.done:
                stage, share = before.state
                return stage, FIRST_SHARE * share
        return self._told

    @property
    def ready(self) -> bool:
        """Whether it can be begun: all that must be done before has come to its end."""
        return all(before.done for before in self.before)

    def run(self, worker: Worker) -> None:
        """Do the work in a process, here and now; nothing where it was stopped before."""
        if not self._begun.acquire(blocking=False):
            return
        self.waited_s = self.elapsed_s
        try:
            self.tell("starting", 0.0)
            for error in (before.error for before in self.before):
                if error is not None:
                    raise error
            self.result = self._done_by(worker)
        except StaffingError as error:
            self.error = error
        except Exception as error:
            log.exception("a job failed: %s", "\n".join(getattr(error, "__notes__", [])))
            self.error = StaffingError(
                "the planner itself failed.", remedy="The server's log says where; please report it."
            )
        finally:
            self.took_s = self.elapsed_s - self.waited_s
            self._done.set()

    def _done_by(self, worker: Worker) -> Any:
        """The result; where the process died, from outside or for want of memory, another one tries once more."""
        try:
            return worker.begin(self.work.task).result(self.tell)
        except Ended:
            log.warning("the process of a job died; it is begun once more.")
            self.tell("starting", 0.0)
            return worker.begin(self.work.task).result(self.tell)

    def tell(self, stage: str, share: float) -> None:
        """Note progress. Raises Cancelled once the job has been told to stop."""
        if self._stop.is_set():
            raise Cancelled
        self._told = stage, min(max(share, 0.0), 1.0)

    def stop(self) -> None:
        """Ask the job to stop: at once where it has not begun, else within a second."""
        self._stop.set()
        if self._begun.acquire(blocking=False):
            self.error = Cancelled()
            self._done.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set() and not self._done.is_set()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether the job ended within ``seconds``."""
        return self._done.wait(seconds)

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.began


@dataclass(eq=False)
class _Lane:
    """One process of a pool, and the thread that hands it one job after the other."""

    worker: Worker
    history: str = ""
    job: Job | None = None


class _Pool:
    """Processes that are started when there is work for them; users take turns.

    Work that must wait for other work takes no process meanwhile: what it waits for may need that very one.
    ``changed`` tells all pools that work was put or came to its end.
    """

    def __init__(
        self, most: int, changed: threading.Condition, ended: Callable[[Job], None] = lambda _job: None, nice: int = 0
    ) -> None:
        self.most, self.changed, self.ended, self.nice = most, changed, ended, nice
        self.lanes: list[_Lane] = []
        self.waiting: list[Job] = []
        self.served: dict[str, float] = {}

    def put(self, job: Job) -> None:
        with self.changed:
            self.waiting.append(job)
            idle = sum(lane.job is None for lane in self.lanes)
            if idle < len(self.waiting) and len(self.lanes) < self.most:
                lane = _Lane(Worker(partial(Interpreter, self.nice)))
                self.lanes.append(lane)
                threading.Thread(target=self._serve, args=(lane,), name="staffing-lane", daemon=True).start()
            self.changed.notify_all()

    def _serve(self, lane: _Lane) -> None:
        while True:
            with self.changed:
                while (job := self._next(lane)) is None:
                    if lane not in self.lanes:
                        lane.worker.end()
                        return
                    self.changed.wait(POLL_S)
                self.waiting.remove(job)
                lane.job, lane.history = job, job.work.history or lane.history
                self.served[job.user] = time.monotonic()
            job.run(lane.worker)
            with self.changed:
                lane.job = None
                self.changed.notify_all()
            self.ended(job)

    def _next(self, lane: _Lane) -> Job | None:
        """The first job of the user served longest ago; what another process has learned for is left to it."""
        learned = {other.history for other in self.lanes if other is not lane} - {"", lane.history}
        self.waiting = [job for job in self.waiting if not job.done]
        free = [job for job in self.waiting if job.ready and job.work.history not in learned]
        return min(free, key=lambda job: self.served.get(job.user, 0.0), default=None)

    def end(self) -> None:
        with self.changed:
            lanes, self.lanes = self.lanes, []
            for job in [*self.waiting, *(lane.job for lane in lanes if lane.job)]:
                job.stop()
            self.changed.notify_all()


class Jobs:
    """Jobs by key: the same work is begun once, whoever asks, and its result is kept for a while.

    ``ended`` is told of each that came to an end, after whoever waits for it was let go on.
    """

    def __init__(self, ended: Callable[[Job], None] = lambda _job: None) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self.warm = False
        changed = threading.Condition()
        self._pools = {name: _Pool(most, changed, ended, NICE[name]) for name, most in MOST.items()}

    def find(self, key: str) -> Job | None:
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: str, work: Work, user: str = "") -> Job:
        """The job of that key, begun now unless it is on its way or done."""
        before = tuple(self.start(name, each, user) for name, each in work.first)
        with self._lock:
            if key not in self._jobs:
                self._jobs[key] = Job(work, user, before)
                self._pools[work.pool].put(self._jobs[key])
            self._jobs.move_to_end(key)
            for old in [name for name, job in self._jobs.items() if job.done][:-KEPT]:
                del self._jobs[old]
            return self._jobs[key]

    def forget(self, key: str) -> None:
        """Drop a job that failed or was stopped, so that it can be begun again."""
        with self._lock:
            self._jobs.pop(key, None)

    def end(self) -> None:
        """Stop everything and end the processes."""
        for pool in self._pools.values():
            pool.end()
