"""Which hours of its days an event loads, learned beside the day's total.

An event's effect on the day is learned from day totals (`learning`); here the day's shape is held against
what the evening before would have said of it. The log ratio of every half-hour of an event's days is the kind's bend
plus the shape's own wandering (its past departures) and counting noise. A bend is a Gaussian process over hours: hours
since the start on the first day of events that name their clock time, hours of the clock on their other days and for
all other events. It is shrunk towards no bend, how far being averaged over by marginal likelihood, so a kind that
follows the usual shape keeps it. Other queues' days count for a part of the queue's own (a power prior; Ibrahim & Chen
2000, eq. 2). A bent day is brought back to its total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from staffing.domain.calendar import DAY_MIN
from staffing.domain.demand import Event
from staffing.forecast.counts import QueueCounts
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.kinds import KindEffect
from staffing.forecast.events.shapes import growth
from staffing.forecast.profile import DayShape

HOURS = 24
PLACES = 2 * HOURS  # hours since the start, then hours of the clock
BLOCK_MIN = 30
FADING_HOURS = 2.0  # how far hours resemble each other
SIZES = (0.0, 0.05, 0.15, 0.4)  # log units: how far a kind may bend the day before any is seen
SIZE_PRIOR = (0.4, 0.2, 0.2, 0.2)
OWN_SPREAD = 0.5  # how far one event's bend strays from its kind's, relative to SIZES
LEVEL_SD = 0.3  # the day's own level is left open: totals are learned elsewhere
LEAST_FELT = 0.3  # share of the strongest day's effect from which a day tells of the bend
MOST_DAYS = 14  # of a lasting event; its bend has become the usual shape since
LEAST_QUIET = 30  # days without the kind, to see the shape wander by itself
LEAST_EXPECTED = 1.0  # calls in a block, before it tells anything
OTHERS_SHARE, COUNTED_QUEUES = 0.5, 4
LEAST_BEND = 0.02  # log units
MOST_LATE = 4.0
MOST_CAUSES = 8  # of a bend's doubt; hours resemble each other, so few causes hold nearly all of it
COUNT_OFFSET = 0.375


@dataclass(frozen=True)
class Bend:
    """Log factors within each day, before it is brought back to its total: ``mean`` (days × slots), and by how much
    each of some independent standard normal causes moves them, ``loading`` (days × slots × causes).

    Cause 0 is the event's own strength, which moves the day's total too.
    """

    mean: np.ndarray
    loading: np.ndarray


@dataclass(frozen=True)
class HourEffect:
    """How one kind bends the day of one queue: log units at its usual size, mean and covariance over PLACES.

    ``own`` is the covariance of what one event has of its own.
    """

    kind: KindEffect
    mean: np.ndarray
    covariance: np.ndarray
    own: np.ndarray
    n_days: int

    @property
    def matters(self) -> bool:
        """Some hour is bent by more than a trifle."""
        return bool(np.abs(self.mean).max() >= LEAST_BEND)

    def bend(self, event: Event, dates: np.ndarray, clock: DayClock) -> Bend:
        """What ``event`` does within each of ``dates``."""
        shape = (len(dates), len(clock.shares))
        out = Bend(np.zeros(shape), np.zeros((*shape, 1 + MOST_CAUSES)))
        felt = self.kind.felt(event, dates) * _grown(self.kind, event)
        first = dates == np.datetime64(event.start)
        for alike in (first, ~first):
            rows = np.flatnonzero(alike & (felt != 0))
            if len(rows):
                placed = places(event, dates[rows[0]], clock)
                out.mean[rows] = felt[rows, None] * (placed @ self.mean)
                out.loading[rows, :, 1:] = felt[rows, None, None] * self._loading(placed)
        return out

    def _loading(self, placed: np.ndarray) -> np.ndarray:
        """Slots × causes: a square root of what is not known of the next event's bend, small causes left out.

        What all slots share is left out: a day keeps its total.
        """
        apart = placed - placed.mean(axis=0)
        values, vectors = np.linalg.eigh(apart @ (self.covariance + self.own) @ apart.T)
        root = np.sqrt(np.maximum(values[::-1][:MOST_CAUSES], 0.0))
        out = np.zeros((len(placed), MOST_CAUSES))
        out[:, : len(root)] = vectors[:, ::-1][:, :MOST_CAUSES] * root
        return out

    def late_factor(self, event: Event, clock: DayClock) -> float:
        """How much more of its day an event that begins at this time moves than its kind's past events did.

        The day's effect was learned in proportion to the calls that come after the start; the bend tells that some
        hours after the start matter more. 1 where it does not say.
        """
        past = [self._reach(e, clock) for e in self.kind.events if e.start_time is not None]
        usual = float(np.mean(past)) if past else 0.0
        if event.start_time is None or not self.matters or abs(usual) < LEAST_BEND:
            return 1.0
        return float(np.clip(self._reach(event, clock) / usual, 0.0, MOST_LATE))

    def _reach(self, event: Event, clock: DayClock) -> float:
        """Log factor of the first day by the bend alone, per share of the day that is left."""
        day = np.datetime64(event.start)
        moved = float(np.log(clock.shares @ np.exp(places(event, day, clock) @ self.mean)))
        return moved / max(float(clock.exposure(event, np.array([day]))[0]), 0.02)


def places(event: Event, date: np.datetime64, clock: DayClock) -> np.ndarray:
    """Slots × PLACES: which hour's bend each slot takes; slots before the event's start take none.

    Its end cuts nothing off: what an outage leaves behind comes within the day.
    """
    slots = np.arange(len(clock.shares))
    middle_h = (slots + 0.5) * clock.slot_min / 60
    place = HOURS + middle_h.astype(int)
    if event.start_time is not None and date == np.datetime64(event.start):
        since_h = middle_h - event.start_time.hour - event.start_time.minute / 60
        place = np.clip(since_h.astype(int), 0, HOURS - 1)
    out = np.zeros((len(slots), PLACES))
    out[slots, place] = clock.inside(event.model_copy(update={"end_time": None}), date)
    return out


@dataclass(frozen=True)
class EventDay:
    """One past day of an event: blocks × PLACES design, log ratio of each block, and its noise (blocks × blocks)."""

    design: np.ndarray
    ratio: np.ndarray
    noise: np.ndarray


def event_days(kind: KindEffect, shape: DayShape, past: PastShapes, clock: DayClock) -> list[EventDay]:
    """What the days of a kind's past events show beside the shape expected the evening before.

    They are held against the same ratios of days without the kind, so a shape that is expected a little wrong, or the
    bent mean of a small count's logarithm, is not taken for the kind's doing.
    """
    felt_by = [_told_days(kind, event, past.dates) for event in kind.events]
    quiet = np.isfinite(past.ratio).all(axis=1) & (np.sum(felt_by, axis=0) == 0)
    if quiet.sum() < LEAST_QUIET:
        return []
    usual, wander = past.ratio[quiet].mean(axis=0), np.cov(shape.departures[quiet], rowvar=False)
    out = []
    for event, felt in zip(kind.events, felt_by, strict=True):
        for k in np.flatnonzero((felt > 0) & np.isfinite(past.ratio).all(axis=1)):
            kept = past.expected[k] >= LEAST_EXPECTED
            means = past.means[kept]
            design = felt[k] * _grown(kind, event) * means @ places(event, past.dates[k], clock)
            noise = means @ wander @ means.T + LEVEL_SD**2 + np.diag(shape.dispersion / past.expected[k, kept])
            out.append(EventDay(design, (past.ratio[k] - usual)[kept], noise))
    return out


@dataclass(frozen=True)
class PastShapes:
    """Days × blocks: expected calls given the day's own total, and the log ratio of what came; ``means`` averages
    slots into blocks."""

    dates: np.ndarray
    expected: np.ndarray
    ratio: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, shape: DayShape, counts: QueueCounts) -> PastShapes:
        dates, shares = shape.past_shares(1)
        rows = (dates - counts.dates[0]).astype("int64")
        calls = np.where(counts.open[rows], counts.calls[rows], 0.0)
        slots = calls.shape[1]
        width = max(1, BLOCK_MIN * slots // DAY_MIN)
        sums = np.kron(np.eye(slots // width), np.ones((width, 1)))  # slots × blocks
        expected = shares * calls.sum(axis=1, keepdims=True) @ sums
        ratio = np.log((calls @ sums + COUNT_OFFSET) / (expected + COUNT_OFFSET))
        return cls(dates, expected, ratio, sums.T / width)


def _told_days(kind: KindEffect, event: Event, dates: np.ndarray) -> np.ndarray:
    """How much of the event is felt on each of ``dates`` that tell of its bend: strong ones, soon after the start."""
    soon = dates < np.datetime64(event.start) + MOST_DAYS
    felt = kind.felt(event, dates)
    return np.where(soon & (felt >= LEAST_FELT), felt, 0.0)


def learn_hours(kinds: Mapping[str, KindEffect], days: Mapping[str, Sequence[EventDay]]) -> dict[str, HourEffect]:
    """One kind's bend in every queue. Both arguments by queue; queues without any day learn from the others."""
    if not any(days.values()):
        return {}
    told = {queue: [_normal(found, size) for size in SIZES] for queue, found in days.items()}
    others_share = OTHERS_SHARE * min(1.0, COUNTED_QUEUES / max(len(days) - 1, 1))
    learned = {}
    for queue, kind in kinds.items():
        others = [told[name] for name in told if name != queue]
        sums = [sum((o[k].times(others_share) for o in others), told[queue][k]) for k in range(len(SIZES))]
        weights, mean, covariance = _averaged([_posterior(s, size) for s, size in zip(sums, SIZES, strict=True)])
        own = OWN_SPREAD**2 * float(weights @ np.square(SIZES)) * _RESEMBLANCE
        learned[queue] = HourEffect(kind, mean, covariance, own, len(days[queue]))
    return learned


@dataclass(frozen=True)
class Normal:
    """Normal equations of a bend, and the log evidence of its noise."""

    gram: np.ndarray
    pull: np.ndarray
    log_evidence: float

    def __add__(self, other: Normal) -> Normal:
        return Normal(self.gram + other.gram, self.pull + other.pull, self.log_evidence + other.log_evidence)

    def times(self, share: float) -> Normal:
        """The same evidence counted as ``share`` of itself."""
        return Normal(share * self.gram, share * self.pull, share * self.log_evidence)


def _normal(days: Sequence[EventDay], size: float) -> Normal:
    """What ``days`` say of the bend; each strays from it on its own by a share of ``size``."""
    prior = size**2 * _RESEMBLANCE
    total = Normal(np.zeros((PLACES, PLACES)), np.zeros(PLACES), 0.0)
    for day in days:
        noise = day.noise + OWN_SPREAD**2 * day.design @ prior @ day.design.T
        lower = np.linalg.cholesky(noise)
        both = solve_triangular(lower, np.column_stack([day.design, day.ratio]), lower=True, check_finite=False)
        design, ratio = both[:, :-1], both[:, -1]
        evidence = -0.5 * float(ratio @ ratio) - float(np.log(np.diag(lower)).sum())
        total = total + Normal(design.T @ design, design.T @ ratio, evidence)
    return total


def _posterior(told: Normal, size: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Log evidence, mean and covariance of the bend, its prior standard deviation being ``size``."""
    prior = size**2 * _RESEMBLANCE
    shrunk = np.eye(PLACES) + prior @ told.gram
    covariance = np.linalg.solve(shrunk, prior)
    mean = covariance @ told.pull
    return told.log_evidence + float(0.5 * told.pull @ mean - 0.5 * np.linalg.slogdet(shrunk)[1]), mean, covariance


def _averaged(fits: Sequence[tuple[float, np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of SIZES by evidence, and the mean and covariance over them."""
    scores = np.array([fit[0] for fit in fits]) + np.log(SIZE_PRIOR)
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    means, covariances = np.array([fit[1] for fit in fits]), np.array([fit[2] for fit in fits])
    mean = weights @ means
    apart = means - mean
    covariance = np.einsum("k,kij->ij", weights, covariances) + np.einsum("k,ki,kj->ij", weights, apart, apart)
    return weights, mean, covariance


def _resemblance() -> np.ndarray:
    """PLACES × PLACES correlation of hours; the clock goes round, and knows nothing of hours since a start."""
    gap = np.abs(np.subtract.outer(np.arange(HOURS), np.arange(HOURS)))
    out = np.zeros((PLACES, PLACES))
    out[:HOURS, :HOURS] = np.exp(-gap / FADING_HOURS)
    out[HOURS:, HOURS:] = np.exp(-np.minimum(gap, HOURS - gap) / FADING_HOURS)
    return out


_RESEMBLANCE = _resemblance()


def _grown(kind: KindEffect, event: Event) -> float:
    """How much more than usual an event of this size bends the day."""
    return growth(event, kind.usual, 1.0 if kind.elasticity is None else kind.elasticity)
