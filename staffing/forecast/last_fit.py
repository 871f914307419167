"""Last night's fit, for a history that has grown by a few days.

It holds as long as history has only grown, nothing else that is asked has changed, and it is not a week old; a queue
that has left its forecast is fitted in full. See ``day_level.recall`` for what is taken from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from staffing.forecast.baseline import Baseline
from staffing.forecast.day_level.recall import recalling

WEEK_DAYS = 7
FIGURES = ("calls", "aht_s")


@dataclass(frozen=True)
class LastFit:
    """What a full fit found.

    Attributes
    ----------
    about : what tells everything but history that was asked, and the program, from any other.
    start : the first day that was not known.
    history : what tells the days before it from any other.
    found : see ``recall.Recall``.
    """

    about: str
    start: dt.date
    history: str
    found: Mapping[str, object]

    def holds(self, queue: str, frame: pd.DataFrame, about: str, start: dt.date) -> bool:
        """Whether a fit of the queue's ``frame`` up to ``start`` may be taken from this one.

        Once a week, each queue on its own weekday, none is.
        """
        fresh = 0 < (start - self.start).days < WEEK_DAYS and not its_day(queue, start)
        return fresh and self.about == about and self.history == history_until(frame, self.start)


def its_day(queue: str, start: dt.date) -> bool:
    """Whether the queue is fitted in full on this day of the week: a seventh of all queues is on each."""
    return zlib.crc32(queue.encode()) % WEEK_DAYS == start.toordinal() % WEEK_DAYS


def history_until(frame: pd.DataFrame, start: dt.date) -> str:
    """What tells the rows (``start`` in local time) before a day from any other."""
    before = frame[frame["start"] < pd.Timestamp(start, tz=frame["start"].dt.tz)]
    digest = hashlib.sha256(before["start"].dt.as_unit("s").astype("int64").to_numpy().tobytes())
    for name in FIGURES:
        if name in before:
            digest.update(before[name].to_numpy(float).tobytes())
    return digest.hexdigest()


def fitted(
    fit: Callable[[], Baseline], last: LastFit | None, known: Callable[[Mapping[str, object]], LastFit]
) -> tuple[Baseline, LastFit]:
    """The fit taken from ``last``, or made in full where there is none or it went another way; and the last full fit
    from now on, which ``known`` makes of what was found."""
    with recalling({} if last is None else last.found) as recall:
        made = fit()
    if last is not None and recall.same:
        return made, last
    if last is not None:
        with recalling({}) as recall:
            made = fit()
    return made, known(recall.found)
