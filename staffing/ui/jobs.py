"""Long work beside the page: a thread per job, with progress that can be polled and a stop that is heeded."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from staffing.errors import Cancelled, StaffingError

#: What a job does; it is handed a function to tell its progress to, which raises Cancelled after a stop.
Work = Callable[[Callable[[str, float], None]], Any]

AT_ONCE = 2
KEPT = 48
log = logging.getLogger("staffing.ui")


class Job:
    """One piece of work on its way. ``share`` of it is done, in [0, 1]; at the end ``result`` or ``error`` is set."""

    def __init__(self, work: Work, turn: threading.Semaphore) -> None:
        self.stage, self.share = "waiting for other work", 0.0
        self.result: Any = None
        self.error: StaffingError | None = None
        self.began = time.monotonic()
        self._work, self._turn = work, turn
        self._stop, self._done = threading.Event(), threading.Event()
        threading.Thread(target=self._run, name="staffing-job", daemon=True).start()

    def _run(self) -> None:
        try:
            with self._turn:
                self.tell("starting", 0.0)
                self.result = self._work(self.tell)
        except StaffingError as error:
            self.error = error
        except Exception:
            log.exception("a job failed")
            self.error = StaffingError(
                "the planner itself failed.", remedy="The server's log says where; please report it."
            )
        finally:
            self._done.set()

    def tell(self, stage: str, share: float) -> None:
        """Note progress. Raises Cancelled once the job has been told to stop."""
        if self._stop.is_set():
            raise Cancelled
        self.stage, self.share = stage, min(max(share, 0.0), 1.0)

    def stop(self) -> None:
        """Ask the job to stop at its next sign of progress."""
        self._stop.set()

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


class Jobs:
    """Jobs by key: the same work is begun once, whoever asks, and its result is kept for a while."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock, self._turn = threading.Lock(), threading.Semaphore(AT_ONCE)

    def find(self, key: str) -> Job | None:
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: str, work: Work) -> Job:
        """The job of that key, begun now unless it is on its way or done."""
        with self._lock:
            if key not in self._jobs:
                self._jobs[key] = Job(work, self._turn)
            self._jobs.move_to_end(key)
            for old in [name for name, job in self._jobs.items() if job.done][:-KEPT]:
                del self._jobs[old]
            return self._jobs[key]

    def forget(self, key: str) -> None:
        """Drop a job that failed or was stopped, so that it can be begun again."""
        with self._lock:
            self._jobs.pop(key, None)
