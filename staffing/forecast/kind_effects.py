"""What is known of an event kind: hypotheses on its response, and the mean and doubt they give together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.event_shapes import SHAPES, SIDE_SHAPES, growth, response_basis

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

    @property
    def elasticity(self) -> float | None:
        """Expected elasticity of the effect to size; None where sizes do not differ."""
        if len({event.size for event in self.events if event.size}) < 2:
            return None
        return float(sum(h.weight * h.elasticity for h in self.hypotheses))

    def response(self, event: Event, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the log effect of a new event on each of ``dates``."""
        basis = response_basis(event, dates)
        means, variances = [], []
        for h in self.hypotheses:
            rows = basis[:, h.columns] * growth(event, self.usual, h.elasticity)
            mean = rows @ h.coefficients
            day_by_day = DAY_SPREAD * np.abs(mean).max(initial=0.0) * rows.any(axis=1)
            own = h.own_spread**2 * (mean**2 + day_by_day**2)
            means.append(mean)
            variances.append(np.einsum("ij,jk,ik->i", rows, h.covariance, rows) + own)
        weights = np.array([h.weight for h in self.hypotheses])
        mean = weights @ np.array(means)
        return mean, np.sqrt(weights @ (np.array(variances) + (np.array(means) - mean) ** 2))


@dataclass(frozen=True)
class Learned:
    """One queue's effects by kind, and what each past event did in shape coefficients."""

    kinds: Mapping[str, KindEffect] = field(default_factory=dict)
    own: Mapping[Event, np.ndarray] = field(default_factory=dict)

    def past_effect(self, dates: np.ndarray) -> np.ndarray:
        """Log effect of all past events together on each of ``dates``."""
        return np.sum([response_basis(event, dates) @ own for event, own in self.own.items()], axis=0) + np.zeros(
            len(dates)
        )


def columns_of(shape: str) -> list[int]:
    return [SHAPES.index(name) for name in (shape, *SIDE_SHAPES)]
