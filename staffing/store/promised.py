"""Chances that were stated when a week was published: ``rosters/promised.csv``, lines of which are only added."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffing.errors import InputError, Where
from staffing.store.ground import Ground

if TYPE_CHECKING:
    import pandas as pd

    from staffing.store.rosters import Publication, RosterBook

FILE = "rosters/promised.csv"
COLUMNS = ("week", "version", "queue", "day", "promised", "low", "high", "runs")


@dataclass(frozen=True)
class PromiseBook:
    """What was promised of each day of published weeks."""

    ground: Ground

    def keep(self, entry: Publication, days: pd.DataFrame, runs: int) -> None:
        """Note the chances of a publication: ``days`` (queue, day, p_meets_target, p_low, p_high) by so many runs."""
        told = days[days["p_meets_target"].notna()]
        rows = told.assign(week=entry.week, version=entry.version, runs=runs).rename(
            columns={"p_meets_target": "promised", "p_low": "low", "p_high": "high"}
        )
        with self.ground.change(entry.who) as change:
            before = change.read(FILE)
            text = rows[list(COLUMNS)].to_csv(index=False, header=before is None, float_format="%.4f")
            change.write(FILE, (before or b"") + text.encode())

    def all(self) -> pd.DataFrame:
        """``week, version, queue, day, promised, low, high, runs``, days as dates; the last version of each day.

        Raises InputError when the file is damaged.
        """
        import pandas as pd

        content = self.ground.read(FILE)
        if content is None:
            return pd.DataFrame(columns=list(COLUMNS))
        try:
            table = pd.read_csv(io.BytesIO(content), parse_dates=["week", "day"])[list(COLUMNS)]
            table = table.assign(**{name: table[name].dt.date for name in ("week", "day")})
        except (ValueError, KeyError, AttributeError):
            remedy = "Put it back from a backup, or delete it; promises are kept anew."
            raise InputError("is damaged.", where=Where(FILE), remedy=remedy) from None
        return table.drop_duplicates(["queue", "day"], keep="last").reset_index(drop=True)


def published_rosters(promised: pd.DataFrame, book: RosterBook) -> dict[dt.date, pd.DataFrame]:
    """The rosters that hold of the weeks that were promised, by week."""
    found = {week: book.published(week) for week in sorted(set(promised["week"]))}
    return {week: table for week, table in found.items() if table is not None}
