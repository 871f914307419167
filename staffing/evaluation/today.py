"""The day of a reforecast, before and after: contacts and agents per interval, and per span of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from staffing.forecast import Forecast

SPANS = ("so far", "rest of day", "next day")


@dataclass(frozen=True)
class Today:
    """The forecast of the morning, and the one that knows what came until ``now``.

    Attributes
    ----------
    intervals : ``queue, start, span, morning, calls, p10, p90, agents_morning, agents``; ``span`` is one of SPANS,
        ``agents`` are whole people on the phone. Elapsed intervals hold the calls that came.
    spans : ``queue, span, morning, calls, p10, p90, on_phone_hours_morning, on_phone_hours``; p10 and p90 are those
        of the span's sum.
    """

    now: pd.Timestamp
    morning: Forecast
    updated: Forecast
    intervals: pd.DataFrame
    spans: pd.DataFrame


def compare_today(
    morning: Forecast, updated: Forecast, needed: tuple[pd.DataFrame, pd.DataFrame], now: pd.Timestamp
) -> Today:
    """Both forecasts of one day and the next side by side, with the requirements (REQUIREMENTS) of each."""
    table = updated.table.assign(morning=morning.table["calls"].to_numpy(), span=_spans(updated.table, now))
    for name, requirements in zip(("agents_morning", "agents"), needed, strict=True):
        agents = requirements[["queue", "start", "agents"]].rename(columns={"agents": name})
        table = table.merge(agents, on=["queue", "start"], how="left")
    hours = float(pd.Series(table["start"].unique()).diff().min() / pd.Timedelta(hours=1))
    rows = [
        {"queue": queue, "span": span, **_sums(group, updated.paths[str(queue)], hours)}
        for queue, own in table.groupby("queue", sort=True)
        for span, group in own.reset_index(drop=True).groupby("span", sort=False)
        if span
    ]
    columns = ["queue", "start", "span", "morning", "calls", "p10", "p90", "agents_morning", "agents"]
    shown = table.loc[table["span"] != "", columns].reset_index(drop=True)
    return Today(now, morning, updated, shown, pd.DataFrame(rows))


def _spans(table: pd.DataFrame, now: pd.Timestamp) -> pd.Series:
    """The span of each interval; empty beyond the next day with contacts."""
    day = table["start"].dt.tz_convert(now.tz).dt.date
    later = day[(day > now.date()) & (table["calls"] > 0)]
    width = pd.Series(table["start"].unique()).diff().min()
    span = pd.Series("", index=table.index)
    span[day == now.date()] = SPANS[1]
    span[(day == now.date()) & (table["start"] + width <= now)] = SPANS[0]
    if len(later):
        span[day == later.min()] = SPANS[2]
    return span


def _sums(group: pd.DataFrame, paths: np.ndarray, hours: float) -> dict[str, float]:
    low, high = np.quantile(paths[:, group.index].sum(axis=1), (0.1, 0.9))
    return {
        "morning": float(group["morning"].sum()),
        "calls": float(group["calls"].sum()),
        "p10": float(low),
        "p90": float(high),
        "on_phone_hours_morning": float(group["agents_morning"].sum() * hours),
        "on_phone_hours": float(group["agents"].sum() * hours),
    }
