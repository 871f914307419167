"""Two banks for the replay: their calls, half-hours and opening hours, and workspaces that end before a week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks import bank_2003, bank_weeks
from benchmarks.replay_weeks import Real
from staffing.simulation.shapes import Shape, patience


@dataclass(frozen=True)
class Bank:
    """``calls``: arrival, date, answered, wait_s, handle_s; ``rows``: half-hours as a history file holds them."""

    calls: pd.DataFrame
    rows: pd.DataFrame
    zone: str
    tuning: tuple[str, ...]
    test: tuple[str, ...]
    open_min: Callable[[pd.Timestamp], tuple[int, int]]
    lay: Callable[[Path, pd.DataFrame, pd.DataFrame, str], Path]
    lasting: Callable[[pd.DataFrame], tuple[Shape, float]]

    def workspace(self, folder: Path, week: str) -> Path:
        """A workspace that knows what came before ``week``."""
        return self.lay(folder, self.calls, self.rows, week)

    def real(self, week: str) -> Real:
        first = pd.Timestamp(week)
        own = (self.calls["date"] >= first) & (self.calls["date"] < first + pd.Timedelta(days=7))
        calls = self.calls[own].reset_index(drop=True)
        return Real(calls, week, self.zone, *self.lasting(calls))


def bank(year: int) -> Bank:
    """The bank of 1999 has single calls; that of 2003 counts, inside whose five minutes arrivals are drawn."""
    if year == 2003:
        calls = bank_2003.load_calls()
        own = bank_2003.TUNING, bank_2003.TEST, bank_2003.minutes_open, bank_2003.workspace, bank_2003.lasting
        return Bank(calls, bank_2003.half_hours(calls), bank_2003.ZONE, *own)
    calls = bank_weeks.load_calls()
    weeks = bank_weeks.TUNING, bank_weeks.TEST
    return Bank(
        calls, bank_weeks.half_hours(calls), bank_weeks.ZONE, *weeks, bank_weeks.minutes_open, bank_weeks.workspace,
        _measured,
    )  # fmt: skip


def _measured(calls: pd.DataFrame) -> tuple[Shape, float]:
    """The week's own patience (Kaplan–Meier), in units of its mean."""
    gone = ~calls["answered"]
    return patience(calls["wait_s"], gone), float(calls["wait_s"].sum() / gone.sum())
