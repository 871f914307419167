"""Where a queue's history lies, so that whoever forecasts the queue reads it, and no other, by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.store.files import atomic_path

if TYPE_CHECKING:
    from staffing.history import History


class QueueRows(Protocol):
    """A queue's history that can be read anywhere. ``sha256`` tells its content, ``size`` counts its rows."""

    @property
    def sha256(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def most_days(self) -> int:
        """The days from the first row to the last, at most."""
        ...

    def read(self, site: SiteCalendar) -> History:
        """The history in the site's interval. Raises InputErrors where it cannot be used."""
        ...


@dataclass(frozen=True)
class Resting:
    """A queue of an archive, up to the day ``before``; ``answers`` settle what is open on its grid."""

    archive: str
    queue: str
    sha256: str
    size: int
    answers: Mapping[str, str]
    most_days: int
    before: dt.date | None = None

    def read(self, site: SiteCalendar) -> History:
        from staffing.history.rest.archive import Archive
        from staffing.history.rest.ingest import queue_history
        from staffing.store.places import Place

        history = queue_history(Archive.open(Place(self.archive)), self.queue, site, self.answers, self.before)
        return history.aggregate(site.interval_min)


@dataclass(frozen=True)
class LaidDown:
    """A queue's part of files that hold many, laid down for the run."""

    path: Path
    sha256: str
    size: int
    most_days: int
    interval_min: int

    @classmethod
    def down(cls, folder: Path, own: History) -> LaidDown:
        """Lay ``own`` down in ``folder``, unless it lies there."""
        from staffing.store.packing import packed

        start = own.frame["start"]
        days = (start.max() - start.min()).days + 1
        laid = cls(folder / f"{own.sha256[:24]}.rows", own.sha256, len(own.frame), days, own.interval_min)
        if not laid.path.is_file():
            with atomic_path(laid.path) as path:
                path.write_bytes(packed(own))
        return laid

    def read(self, site: SiteCalendar) -> History:
        from staffing.history import History
        from staffing.store.packing import Damaged, unpacked

        try:
            history: History = unpacked(self.path.read_bytes(), History)
        except (OSError, Damaged) as error:
            raise InputError(
                f"is gone or damaged ({error}).", where=Where(str(self.path)), remedy="Run again."
            ) from None
        return history.aggregate(site.interval_min)
