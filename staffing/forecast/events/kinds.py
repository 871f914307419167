"""What is known of an event kind: hypotheses on its response, and the mean and doubt they give together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.events.clock import ALL_DAY, DayClock
from staffing.forecast.events.shapes import (
    DAYS_AFTER,
    DAYS_BEFORE,
    DEPARTURES,
    GONE,
    LATE,
    LATE_DAYS,
    LINGERING,
    SHAPES,
    bell,
    bell_width,
    growth,
    plain_shapes,
    response_basis,
    since_start,
)

LEAST_PEAK = 0.005  # log units, below which a kind moves no totals
TAIL_DOUBT = 0.4  # standard deviation of what is left weeks later, relative to the strongest day, whatever the past
TAIL_BEGINS_DAYS, TAIL_HALF_LIFE_DAYS = 6.0, 45.0
TAIL_GONE = 0.1  # below this share of it nothing is left open: days months later need not be drawn anew for an event
LATE_DOUBT = 0.25  # standard deviation of the peak's day and of the width, relative to the width, whatever the past
DAY_SPREAD = 0.3  # of the spread between events, what strays day by day, relative to the strongest day


@dataclass(frozen=True)
class Hypothesis:
    """One reading of a kind: main shape, elasticity, spread between events, and the coefficients under it."""

    weight: float
    shape: str
    elasticity: float
    own_spread: float
    coefficients: np.ndarray
    covariance: np.ndarray

    @property
    def columns(self) -> list[int]:
        return columns_of(self.shape)


@dataclass(frozen=True)
class KindEffect:
    """What one queue knows of one kind."""

    events: tuple[Event, ...]
    usual: float | None
    hypotheses: tuple[Hypothesis, ...]
    clock: DayClock = ALL_DAY

    @property
    def elasticity(self) -> float | None:
        """Expected elasticity of the effect to size; None where sizes do not differ."""
        if len({event.size for event in self.events if event.size}) < 2:
            return None
        return float(sum(h.weight * h.elasticity for h in self.hypotheses))

    def felt(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """How much of the effect of its strongest day is felt on each of ``dates``, in [0, 1].

        Days that move the other way (a recovery) feel none of it; a kind that moves no totals is felt while it lasts.
        """
        whole = np.datetime64(event.start) + np.arange(-DAYS_BEFORE, event.days + DAYS_AFTER)
        course = [self._course(event, days) for days in (whole, dates)]
        peak = course[0][np.abs(course[0]).argmax()]
        if abs(peak) < LEAST_PEAK:
            return response_basis(event, dates)[:, SHAPES.index("pulse")]
        felt = np.clip(course[1] / peak, 0.0, 1.0)
        return np.where(felt >= GONE, felt, 0.0)

    def _course(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """Mean log effect on ``dates`` at the usual size, whole days, without departures: hours need a plain course."""
        basis, sizes = response_basis(event, dates), [len(plain_shapes(h.shape)) for h in self.hypotheses]
        plain = [
            h.weight * (basis[:, h.columns[:size]] @ h.coefficients[:size])
            for h, size in zip(self.hypotheses, sizes, strict=True)
        ]
        return np.asarray(sum(plain))

    def response(self, event: Event, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the log effect of a new event on each of ``dates``."""
        basis = response_basis(event, dates, self.clock)
        means, variances = [], []
        for h in self.hypotheses:
            rows = basis[:, h.columns] * growth(event, self.usual, h.elasticity)
            mean = rows @ h.coefficients
            day_by_day = DAY_SPREAD * np.abs(mean).max(initial=0.0) * rows.any(axis=1)
            doubt = _shape_doubt(h.shape, since_start(event, dates)) * np.abs(mean).max(initial=0.0)
            own = h.own_spread**2 * ((1.0 + 1.0 / len(self.events)) * mean**2 + day_by_day**2) + doubt**2
            means.append(mean)
            variances.append(np.einsum("ij,jk,ik->i", rows, h.covariance, rows) + own)
        weights = np.array([h.weight for h in self.hypotheses])
        mean = weights @ np.array(means)
        return mean, np.sqrt(weights @ (np.array(variances) + (np.array(means) - mean) ** 2))


def _shape_doubt(shape: str, since: np.ndarray) -> np.ndarray:
    """Per day, what stays open of an effect however often it was seen, relative to its strongest day.

    Of a lingering one the level follows what stays, so the past hardly tells how slowly it goes; of a late one, when it
    comes and how wide it is: its flanks.
    """
    if shape in LATE:
        peak = LATE_DAYS[LATE.index(shape)]
        apart = (since - peak) / bell_width(peak)
        return np.asarray(LATE_DOUBT * np.abs(apart) * np.sqrt(1.0 + apart**2) * bell(since, peak))
    after = np.maximum(since, 0.0)
    left = 0.5 ** (after / TAIL_HALF_LIFE_DAYS)
    open_ = (1.0 - 0.5 ** (after / TAIL_BEGINS_DAYS)) * np.where(left >= TAIL_GONE, left, 0.0)
    return np.asarray((shape in LINGERING) * TAIL_DOUBT * open_)


@dataclass(frozen=True)
class Learned:
    """One queue's effects by kind, and what each past event did in shape coefficients."""

    kinds: Mapping[str, KindEffect] = field(default_factory=dict)
    own: Mapping[Event, np.ndarray] = field(default_factory=dict)
    clock: DayClock = ALL_DAY

    def own_effect(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """Log effect on each of ``dates`` of an event that lies in the past."""
        return response_basis(event, dates, self.clock) @ self.own[event]

    def past_effect(self, dates: np.ndarray) -> np.ndarray:
        """Log effect of all past events together on each of ``dates``."""
        return np.sum([self.own_effect(event, dates) for event in self.own], axis=0) + np.zeros(len(dates))


def columns_of(shape: str) -> list[int]:
    """Of the main ``shape``, the shapes beside it and departures from them, in this order."""
    return [SHAPES.index(name) for name in (*plain_shapes(shape), *DEPARTURES)]
