"""How good the forecast would have been on days that have come: made again before each cutoff, beside what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.api.arguments import days_of, history_of, scenario_of
from staffing.api.fitted import fit
from staffing.domain.base import day_of
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.evaluation.came import by_levers
from staffing.forecast.day_level.model import DayModel
from staffing.history import History

_KEYS = ["queue", "cutoff", "start"]
_COLUMNS = [*_KEYS, "actual", "calls", "p10", "p50", "p90", "actual_aht_s", "aht_s"]


@dataclass(frozen=True)
class Backtest:
    """Forecasts beside what came.

    Attributes
    ----------
    table : one row per queue, cutoff and interval: ``queue, cutoff, start, actual, calls, p10, p50, p90, actual_aht_s,
        aht_s``. ``actual`` is NaN where history has no figure.
    notes : what was said of each forecast.
    """

    table: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        cutoffs = self.table["cutoff"].nunique()
        return f"<Backtest: {self.table['queue'].nunique()} queues, {cutoffs} cutoffs, {len(self.table):,} intervals>"

    def scores(self, by: str = "interval") -> pd.DataFrame:
        """Errors per queue, one row each.

        Returns ``queue, cells, actual, wape, bias, covered_80, pinball``. WAPE is Σ|actual − calls| ÷ Σ actual, bias
        Σ(calls − actual) ÷ Σ actual, ``covered_80`` the share of actuals within p10–p90, ``pinball`` the mean pinball
        loss at 10, 50 and 90 % in contacts (Koenker & Bassett 1978, doi:10.2307/1913643). With ``by="day"`` whole days
        are compared, of which there are no ranges: ``covered_80`` and ``pinball`` are NaN. What nothing came of is
        undefined: NaN. Raises InputError for another ``by``.
        """
        if by not in ("interval", "day"):
            raise InputError(f"must be 'interval' or 'day', not {by!r}.", where=Where(field="by"))
        cells = self.table if by == "interval" else self._days()
        rows = [_score(str(queue), own.dropna(subset=["actual"])) for queue, own in cells.groupby("queue", sort=True)]
        return pd.DataFrame(rows)

    def _days(self) -> pd.DataFrame:
        """Local days whose every interval has a figure."""
        days = self.table.assign(day=self.table["start"].dt.date)
        sums = days.groupby(["queue", "cutoff", "day"]).agg(
            actual=("actual", lambda calls: calls.sum(skipna=False)), calls=("calls", "sum")
        )
        return sums.reset_index().assign(p10=np.nan, p50=np.nan, p90=np.nan)


def backtest(
    history: History,
    scenario: Scenario,
    *,
    cutoffs: Sequence[dt.date | str],
    days: int = 28,
    models: Sequence[str | DayModel] | None = None,
) -> Backtest:
    """Forecast ``days`` local days from each cutoff, knowing only what came before it.

    The scenario's events stay known, as a planner knows next month's launch; its volume factor counts for the actuals
    too.

    Parameters
    ----------
    history : what came.
    scenario : site, queues, events.
    cutoffs : first local days of the forecasts.
    days : local days after each cutoff.
    models : as in `fit`.

    Returns
    -------
    Backtest
        Forecasts beside what came, contacts and seconds per interval.

    Raises
    ------
    InputError
        Where a cutoff leaves no history before it or none to compare with.
    """
    length, fitted = days_of(days), fit(history_of(history), scenario_of(scenario), models=models)
    actual = _actual(history, scenario)
    if isinstance(cutoffs, str) or not cutoffs:
        raise InputError(
            "must be a list of days.", where=Where(field="cutoffs"), remedy="Write cutoffs=['2026-03-02', …]."
        )
    parts, notes = [], []
    for cutoff in sorted({day_of(value, "cutoffs") for value in cutoffs}):
        begin = scenario.site.midnight(cutoff)
        if begin > actual["start"].max() or begin <= actual["start"].min():
            raise InputError(
                f"{cutoff} leaves nothing to learn from, or nothing to compare with: history is of "
                f"{actual['start'].min().date()} to {actual['start'].max().date()}.",
                where=Where(field="cutoffs"),
                remedy="Choose a day within it.",
            )
        made = fitted.predict(start=cutoff, days=length)
        parts.append(made.table.assign(cutoff=cutoff).merge(actual, on=["queue", "start"], how="left"))
        notes += [f"{cutoff}: {note}" for note in made.notes]
    return Backtest(pd.concat(parts, ignore_index=True)[_COLUMNS], tuple(notes))


def _actual(history: History, scenario: Scenario) -> pd.DataFrame:
    """What came, times the scenario's factors, in the site's intervals."""
    frame = history.aggregate(scenario.site.interval_min).frame
    aht_s = frame.get("aht_s", np.nan)
    times = frame["queue"].astype(str).map(scenario.aht_factors())
    calls = by_levers(frame, scenario)["calls"]
    found = frame[["queue", "start"]].assign(actual=calls, actual_aht_s=aht_s * times)
    return found.assign(queue=found["queue"].astype(str))


def _score(queue: str, cells: pd.DataFrame) -> dict[str, object]:
    actual, said = cells["actual"].to_numpy(), cells["calls"].to_numpy()
    total = float(actual.sum())
    known = cells[["p10", "p90"]].notna().all(axis=None) and len(cells) > 0
    inside = (cells["p10"] <= cells["actual"]) & (cells["actual"] <= cells["p90"])
    return {
        "queue": queue,
        "cells": len(cells),
        "actual": total,
        "wape": float(np.abs(actual - said).sum() / total) if total > 0 else np.nan,
        "bias": float((said - actual).sum() / total) if total > 0 else np.nan,
        "covered_80": float(inside.mean()) if known else np.nan,
        "pinball": _pinball(cells) if known else np.nan,
    }


def _pinball(cells: pd.DataFrame) -> float:
    losses = []
    for column, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        over = cells["actual"] - cells[column]
        losses.append(np.maximum(level * over, (level - 1) * over).mean())
    return float(np.mean(losses))
