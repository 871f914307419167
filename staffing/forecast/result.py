"""A forecast: the table, its sample paths, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Forecast:
    """Calls and handle time per open interval.

    Attributes
    ----------
    table : ``queue, start, calls, aht_s, p10, p50, p90``, the forecast table of ``staffing.tables``.
    paths : per queue, sample paths × intervals (float32 ≥ 0), columns in the order of the queue's rows.
    days : ``queue, day, cause, calls``: what each cause adds to the day; the causes of a day sum to its calls.
    weights : ``queue, horizon, model, weight``: the mix.
    notes : what a planner should know: short history, closed days, level shifts, guards.
    """

    table: pd.DataFrame
    paths: dict[str, np.ndarray]
    days: pd.DataFrame
    weights: pd.DataFrame
    notes: tuple[str, ...] = ()

    def queue(self, name: str) -> pd.DataFrame:
        """The table's rows of one queue."""
        return self.table[self.table["queue"] == name].reset_index(drop=True)
