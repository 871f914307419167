"""Queues and their total made to agree, day by day, each trusted by how sure it is.

Day totals are combined by weighted least squares with the forecasts' own variances on the diagonal (Hyndman,
Lee & Wang 2016, "Fast computation of reconciled forecasts"; Wickramasuriya et al. 2019, section 2.4): the gap
between the total's forecast and the sum of its parts is shared out in proportion to variance. Every sample
path of the parts is scaled to the total's path of that day, so the total keeps its own spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.errors import InputError
from staffing.forecast.result import Forecast

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def with_total(history: pd.DataFrame, parts: Sequence[str], total: str = "total") -> pd.DataFrame:
    """History with one more queue, the sum of ``parts`` (missing where a part is missing; handle time by calls)."""
    rows = history[history["queue"].isin(list(parts))]
    busy = rows["calls"].where(rows["aht_s"].notna(), 0.0)
    work = rows.assign(work_s=rows["aht_s"].fillna(0.0) * busy, timed=busy)
    by_start = work.groupby("start")
    sums = by_start[["work_s", "timed"]].sum()
    calls = by_start["calls"].sum(min_count=len(parts))
    aht_s = sums["work_s"].div(sums["timed"]).where(sums["timed"] > 0)
    made = pd.DataFrame({"queue": total, "start": calls.index, "calls": calls.to_numpy(), "aht_s": aht_s.to_numpy()})
    return pd.concat([history, made], ignore_index=True)


def reconcile(forecast: Forecast, parts: Sequence[str], total: str = "total") -> Forecast:
    """``forecast`` in which ``parts`` sum to ``total`` in every interval and in every sample path.

    All queues must cover the same intervals. Raises InputError otherwise, or where a queue is absent.
    """
    tables = {name: _rows(forecast, name) for name in (*parts, total)}
    starts = tables[total]["start"]
    if any(not table["start"].equals(starts) for table in tables.values()):
        raise InputError("Queues of one total must be open at the same times.", remedy="Give them one calendar.")
    day_of = pd.factorize(starts.dt.date)[0]
    days = {name: _by_day(forecast.paths[name], day_of) for name in tables}
    means = {name: _by_day(table["calls"].to_numpy()[None], day_of)[0] for name, table in tables.items()}
    wanted = _shared_gap(means, {name: sums.var(axis=0) for name, sums in days.items()}, parts, total)
    factors = {name: _ratio(wanted[name], means[name]) for name in parts}
    scaled = {name: forecast.paths[name] * factors[name][day_of] for name in parts}
    drawn = days[total] * _ratio(np.sum([wanted[name] for name in parts], axis=0), means[total])
    spread = _ratio(drawn, np.sum([_by_day(paths, day_of) for paths in scaled.values()], axis=0))
    paths = {name: (scaled[name] * spread[:, day_of]).astype("float32") for name in parts}
    calls = {name: tables[name]["calls"].to_numpy() * factors[name][day_of] for name in parts}
    paths[total] = np.sum([paths[name] for name in parts], axis=0, dtype="float32")
    calls[total] = np.sum([calls[name] for name in parts], axis=0)
    made = {name: _with_calls(tables[name], calls[name], paths[name]) for name in tables}
    others = forecast.table[~forecast.table["queue"].isin(list(tables))]
    return replace(
        forecast,
        table=pd.concat([others, *made.values()]).sort_values(["queue", "start"], ignore_index=True),
        paths={**forecast.paths, **paths},
        days=_explained(forecast.days, {name: _by_day(calls[name][None], day_of)[0] for name in tables}),
    )


def _rows(forecast: Forecast, name: str) -> pd.DataFrame:
    rows = forecast.queue(name)
    if rows.empty:
        known = ", ".join(sorted(forecast.paths))
        raise InputError(f"the forecast has no queue '{name}'.", remedy=f"It has: {known}.")
    return rows


def _by_day(values: np.ndarray, day_of: np.ndarray) -> np.ndarray:
    """Rows × intervals summed to rows × days."""
    ends = np.flatnonzero(np.diff(day_of, prepend=-1))
    return np.add.reduceat(values, ends, axis=1, dtype=float)


def _shared_gap(
    means: dict[str, np.ndarray], variances: dict[str, np.ndarray], parts: Sequence[str], total: str
) -> dict[str, np.ndarray]:
    """Reconciled day totals of the parts; never negative."""
    gap = means[total] - np.sum([means[name] for name in parts], axis=0)
    doubt = np.sum([variances[name] for name in (*parts, total)], axis=0)
    return {name: np.maximum(means[name] + _ratio(variances[name], doubt, 0.0) * gap, 0.0) for name in parts}


def _ratio(top: np.ndarray, bottom: np.ndarray, undefined: float = 1.0) -> np.ndarray:
    """``top / bottom``; ``undefined`` where nothing is divided by nothing, as on closed days."""
    return np.divide(top, bottom, out=np.full(np.shape(bottom), undefined), where=np.asarray(bottom) > 0)


def _with_calls(table: pd.DataFrame, calls: np.ndarray, paths: np.ndarray) -> pd.DataFrame:
    quantiles = np.quantile(paths, list(QUANTILES.values()), axis=0)
    return table.assign(calls=calls, **dict(zip(QUANTILES, quantiles, strict=True)))


def _explained(days: pd.DataFrame, totals: dict[str, np.ndarray]) -> pd.DataFrame:
    """The explanation with one more cause, what agreement with the other queues adds."""
    extra = []
    for name, calls in totals.items():
        told = days[days["queue"] == name].groupby("day")["calls"].sum()
        extra.append(pd.DataFrame({"queue": name, "day": told.index, "cause": "agreement", "calls": calls - told}))
    return pd.concat([days, *extra], ignore_index=True)
