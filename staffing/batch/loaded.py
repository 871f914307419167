"""What every child of a run needs is loaded here, once, before they fork: libraries, and kernels by using them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.batch.queues import QueueTask
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    from staffing.history import History

DAYS = 70  # enough for every model to be fitted
FIRST = dt.date(2024, 1, 1)


@dataclass(frozen=True)
class Toy:
    """A quiet queue of ten weeks."""

    sha256 = ""
    size = most_days = DAYS

    def read(self, site: SiteCalendar) -> History:
        import numpy as np
        import pandas as pd

        from staffing.history import History
        from staffing.tables import HISTORY

        start = site.open_grid(FIRST, DAYS)
        calls = 20.0 + np.arange(len(start)) % 7
        frame = pd.DataFrame({"queue": "toy", "start": start, "calls": calls, "aht_s": 200.0 + calls})
        return History(HISTORY.check(frame), site.interval_min)


def load() -> None:
    """Forecast a queue that nobody has."""
    scenario = Scenario(queues=[Queue(name="toy")], site=SiteCalendar(interval_min=60), paths=20)
    start = FIRST + dt.timedelta(days=DAYS)
    QueueTask(Toy(), scenario, "toy", start, 1, Path(), apart=True).work_out()
