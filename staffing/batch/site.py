"""What the queues of a site learn from each other tonight: one pass over all of them, before each is forecast alone.

It leaves one file, with an entry for each queue that has something from the others; whoever forecasts a queue reads
its own entry. Without past events, declared opening hours or new queues there is nothing to learn, and no pass.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.rows import QueueRows
from staffing.domain.scenario import Scenario
from staffing.errors import FAULTS, InputError, StaffingError, Where
from staffing.store.files import atomic_path

if TYPE_CHECKING:
    from staffing.forecast.counts import QueueCounts
    from staffing.forecast.lessons import FromSite
    from staffing.work import Caller

_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal lessons make equal files


@dataclass(frozen=True)
class SitePass:
    """Learns from ``rows`` by queue what is known before ``start``, and leaves it in ``path``."""

    rows: dict[str, QueueRows]
    scenario: Scenario
    start: dt.date
    path: Path

    queue = ""

    @property
    def size(self) -> int:
        return sum(rows.size for rows in self.rows.values())

    def __call__(self, caller: Caller) -> str:
        from staffing.forecast.lessons import from_site
        from staffing.forecast.written import to_bytes

        caller.ready()
        past = [event for event in self.scenario.events if event.enabled and event.start < self.start]
        learned = from_site(self._counts(), self.scenario.site, past, self.scenario.excluded)
        with atomic_path(self.path) as path, zipfile.ZipFile(path, "w") as file:
            for name, lesson in sorted(learned.items()):
                file.writestr(zipfile.ZipInfo(name, _EPOCH), to_bytes(lesson))
        return self.queue

    def _counts(self) -> dict[str, QueueCounts]:
        """Every queue's days; a queue whose rows are wrong teaches nothing, and says why when it is forecast."""
        from staffing.forecast.baseline import lay_out_queues

        found: dict[str, QueueCounts] = {}
        for rows in self.rows.values():
            try:
                frame = rows.read(self.scenario.site).frame
                found |= lay_out_queues(frame, self.scenario.site, self.scenario.excluded).counts
            except (StaffingError, *FAULTS):
                continue
        return found


def lesson_of(path: Path, queue: str) -> FromSite | None:
    """What the pass left for a queue; None where it has nothing from the others. Raises InputError where it is gone."""
    from staffing.forecast.written import from_bytes

    try:
        with zipfile.ZipFile(path) as file:
            found: FromSite | None = from_bytes(file.read(queue)) if queue in file.namelist() else None
            return found
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"is gone or damaged ({error}).", where=Where(str(path)), remedy="Run again.") from None
