"""What a queue's days say about its events, reduced to the normal equations of generalised least squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_solve
from scipy.sparse import csr_array

from staffing.domain.demand import Event
from staffing.forecast.counts import QueueCounts
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.events.clock import ALL_DAY, DayClock
from staffing.forecast.events.shapes import SHAPES, response_basis

MIN_COMMON_DAYS = 60
COUNTED_QUEUES = 4  # beyond so many, a queue's own evidence would count for too little


@dataclass(frozen=True)
class Evidence:
    """Normal equations of every shape of every event of one queue, weighed by what its regression leaves open.

    Attributes
    ----------
    basis : events and shapes, laid flat, × days: Fᵀ.
    weighed : the same by the regression's precision: FᵀC⁻¹.
    pull : events × shapes, FᵀC⁻¹(y − centre).
    dates, surprise : the known days, and how far each came from its forecast, in standard deviations.
    clock : the queue's usual day.
    """

    queue: str
    events: tuple[Event, ...]
    basis: csr_array
    weighed: np.ndarray
    pull: np.ndarray
    dates: np.ndarray
    surprise: np.ndarray
    clock: DayClock = ALL_DAY

    def tempered(self, share: float) -> Evidence:
        """The same evidence counted as ``share`` of itself."""
        return replace(self, weighed=share * self.weighed, pull=share * self.pull)

    def of_kind(self, kind: str) -> np.ndarray:
        return np.array([event.kind == kind for event in self.events], dtype=bool)


def gather(events: Sequence[Event], regression: Regression, plain: Regression, counts: QueueCounts) -> Evidence:
    """Evidence on ``events``: ``regression`` allows for them roughly, ``plain`` is the same without them."""
    dates, clock = plain.facts.dates, DayClock.of(counts.calls)
    basis = csr_array(np.hstack([response_basis(event, dates, clock) for event in events]).T)  # most days feel nothing
    precision = cho_solve((plain.solved().factor, True), np.eye(len(dates)))
    pull = (basis @ plain.alpha).reshape(len(events), len(SHAPES))
    return Evidence(counts.queue, tuple(events), basis, basis @ precision, pull, dates, regression.whitened, clock)


def shared_days(evidence: Sequence[Evidence]) -> float:
    """What a queue's evidence counts for beside the others': their days are good and bad together.

    With a mean correlation r between Q queues, Q queues tell as much as Q / (1 + (Q − 1) r) independent ones.
    """
    count = len(evidence)
    if count < 2:
        return 1.0
    days = np.unique(np.concatenate([e.dates for e in evidence]))
    table = np.full((count, len(days)), np.nan)
    for row, e in zip(table, evidence, strict=True):
        row[np.searchsorted(days, e.dates)] = e.surprise
    common = table[:, np.isfinite(table).all(axis=0)]
    if common.shape[1] < MIN_COMMON_DAYS:
        return 1.0
    scaled = common / np.sqrt(np.maximum((common**2).mean(axis=1, keepdims=True), 1e-12))
    mean = ((scaled @ scaled.T).sum() / common.shape[1] - count) / (count * (count - 1))
    return float(1.0 / (1.0 + (min(count, COUNTED_QUEUES) - 1) * np.clip(mean, 0.0, 1.0)))
