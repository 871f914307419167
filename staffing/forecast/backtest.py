"""What the forecast would have said: train before each cutoff, forecast from it.

Used by `staffing backtest`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from staffing.errors import InputError
from staffing.forecast.baseline import forecast
from staffing.forecast.options import ForecastOptions

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.demand import Event

COLUMNS = ["queue", "cutoff", "start", "calls", "p10", "p50", "p90"]


def backtest(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    *,
    cutoffs: Sequence[dt.date],
    days: int,
    options: ForecastOptions | None = None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Forecasts from every cutoff, each knowing only history before it, and what a planner should know of them.

    Events stay known: a planner knows next month's launch. The table has COLUMNS, one row per queue, cutoff and
    interval. Raises InputError where a cutoff leaves no history before it, or lies beyond the day after its last.
    """
    import pandas as pd

    if not cutoffs:
        raise InputError("No cutoff was given.", remedy="Give at least one date, such as --cutoff 2024-03-01.")
    end = history["start"].max().tz_convert(calendar.zone).date() + dt.timedelta(days=1)
    parts, notes = [], []
    for cutoff in sorted(set(cutoffs)):
        known = history[(history["start"] < calendar.midnight(cutoff)).to_numpy()]
        if known.empty:
            first = history["start"].min()
            raise InputError(
                f"Nothing is known before the cutoff {cutoff}: the history begins on {first:%Y-%m-%d}.",
                remedy="Choose a later cutoff.",
            )
        if cutoff > end:
            raise InputError(
                f"The cutoff {cutoff} lies beyond history, which ends on {end - dt.timedelta(days=1)}.",
                remedy=f"Choose a cutoff up to {end}; 'staffing forecast' goes on from there.",
            )
        made = forecast(known, calendar, events, start=cutoff, days=days, options=options)
        parts.append(pd.concat([made.table, made.totals]).assign(cutoff=cutoff)[COLUMNS])
        notes += [f"{cutoff}: {note}" for note in made.notes]
    return pd.concat(parts, ignore_index=True), tuple(notes)
