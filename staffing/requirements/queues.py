"""The queues of a forecast: what each of them is sent, and errors that name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.service import is_live, patience_of

if TYPE_CHECKING:
    import pandas as pd

    from staffing.requirements.live import Incoming


def queues_of(forecast: pd.DataFrame, scenario: Scenario) -> list[tuple[Queue, pd.DataFrame]]:
    """Each queue of the forecast with its rows in order of time."""
    return [
        (scenario.queue(str(name)), rows.sort_values("start")) for name, rows in forecast.groupby("queue", sort=True)
    ]


def incoming_of(rows: pd.DataFrame, queue: Queue, scenario: Scenario) -> Incoming:
    """The contacts of ``queue``; those of live queues only where it is open. Raises InputError naming the queue."""
    import numpy as np
    import pandas as pd

    from staffing.queueing.checks import floats, positive
    from staffing.requirements.live import Incoming

    calls, aht_s = rows["calls"].to_numpy(dtype=float), rows["aht_s"].to_numpy(dtype=float)
    aht_s = np.where((calls == 0) & (aht_s == 0), queue.aht_s, aht_s)  # nobody called: any handle time will do
    with naming(queue):
        floats("calls", calls, "a finite number of at least 0")
        positive("aht_s", aht_s)
    starts = pd.DatetimeIndex(rows["start"])
    is_open = scenario.site.open_mask(starts)
    if queue.windows:
        local = starts.tz_convert(scenario.site.zone)
        minute = np.asarray(local.hour * 60 + local.minute)
        is_open &= np.any([span.holds(minute) for span in queue.windows], axis=0)
    calls = np.where(is_open, calls, 0.0) if is_live(queue) else calls
    interval_s = scenario.site.interval_min * 60.0
    return Incoming(queue, starts, is_open, calls, aht_s, patience_of(rows, queue), interval_s)


@contextmanager
def naming(queue: Queue) -> Iterator[None]:
    """Let an InputError name the queue it is about."""
    try:
        yield
    except InputError as error:
        place = Where(field=f"queue '{queue.name}'" + (f", {error.where.field}" if error.where.field else ""))
        raise InputError(error.what, where=place, remedy=error.remedy) from None
