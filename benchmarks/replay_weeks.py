"""A week that came, played against any people: the judge of the replay, which no forecast reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from staffing.simulation.calls import WINDOW, pool
from staffing.simulation.people import People
from staffing.simulation.shapes import Shape

DRAWS, THRESHOLD_S, TARGET = 20, 20.0, 0.8


@dataclass
class Outcome:
    """Of one way to staff, week after week: paid hours, service level per draw and day."""

    hours: list[float] = field(default_factory=list)
    days: list[np.ndarray] = field(default_factory=list)  # draws × days, NaN without calls
    weeks: list[np.ndarray] = field(default_factory=list)  # draws

    def add(self, hours: float, played: tuple[np.ndarray, np.ndarray]) -> None:
        self.hours.append(hours)
        self.days.append(played[0])
        self.weeks.append(played[1])

    @property
    def service(self) -> float:
        return float(np.mean([week.mean() for week in self.weeks]))

    @property
    def met(self) -> float:
        days = np.concatenate([day.ravel() for day in self.days])
        return float(np.mean(days[np.isfinite(days)] >= TARGET))


@dataclass
class Real:
    """A week's calls in seconds from its first midnight (``zone``), and the patience that its callers are given."""

    calls: pd.DataFrame
    week: str
    zone: str
    shape: Shape
    scale: float

    def __post_init__(self) -> None:
        midnight = pd.Timestamp(self.week, tz=self.zone)
        local = self.calls["arrival"].dt.tz_localize(self.zone, nonexistent="shift_forward", ambiguous=True)
        self.arrival = (local - midnight).dt.total_seconds().to_numpy()
        self.day = (self.calls["date"] - pd.Timestamp(self.week)).dt.days.to_numpy()
        self.offered = np.bincount(self.day, minlength=7)

    def play(self, people: People) -> tuple[np.ndarray, np.ndarray]:
        """Service level of draws × days, and of the week: absence, work off the phone and patience are drawn."""
        rng = np.random.default_rng(int(self.week.replace("-", "")))
        known = self.calls["handle_s"].dropna().to_numpy()
        in_time = np.zeros((DRAWS, 7))
        rows, first = np.zeros(people.room, WINDOW), np.zeros(len(people.names) + 1, np.int64)
        for draw in range(DRAWS):
            told = self.calls["handle_s"].to_numpy(copy=True)
            told[np.isnan(told)] = rng.choice(known, np.isnan(told).sum())
            knots = self.shape.knots[np.minimum((rng.random(told.size) * 1024).astype(int), 1023)]
            made = people.present(np.uint64(77), draw, rows, first)
            wait, by = np.empty(told.size), np.empty(told.size, np.int64)
            pool(self.arrival, told, knots * self.scale, first, np.ones(len(people.names)), rows[:made], wait, by)
            in_time[draw] = np.bincount(self.day, (by >= 0) & (wait <= THRESHOLD_S), minlength=7)
        with np.errstate(invalid="ignore"):
            return in_time / self.offered, in_time.sum(axis=1) / self.offered.sum()
