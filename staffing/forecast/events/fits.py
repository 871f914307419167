"""One kind's days as normal equations, and what they say of its coefficients once a reading is chosen."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag
from scipy.sparse import csr_array, hstack

from staffing.domain.demand import Event
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.evidence import Evidence
from staffing.forecast.events.kinds import columns_of
from staffing.forecast.events.shapes import (
    DEPARTURES,
    SHAPES,
    SIDE_SHAPES,
    departure_reach,
    growth,
    plain_shapes,
    usual_size,
)

SIDE_SD = 0.35  # of day one, after and before, relative to the main shape
WEEKDAY_SD = 1.0  # of single weekdays, relative to the main shape
QUEUE_SPREAD = 0.5  # variance of a queue around its kind, relative to the kind's own


@dataclass(frozen=True)
class KindDays:
    """Normal equations of one kind in one queue, the other kinds' effects integrated out."""

    events: tuple[Event, ...]
    usual: float | None
    mask: np.ndarray
    gram: np.ndarray
    pull: np.ndarray
    clock: DayClock

    @classmethod
    def of(cls, evidence: Evidence, kind: str, known: Mapping[tuple[str, str], csr_array]) -> KindDays:
        """``known``, by queue and kind, is what it may have done: events and shapes, laid flat, × independent standard
        normal causes. What either of two may have done on a day that both touch stays in doubt."""
        mask = evidence.of_kind(kind)
        events = tuple(itertools.compress(evidence.events, mask))
        pull, rows = evidence.pull[mask], np.repeat(mask, len(SHAPES))
        gram = (evidence.basis[rows] @ evidence.weighed[rows].T).reshape(*pull.shape, *pull.shape)
        others = [loading for (queue, name), loading in known.items() if queue == evidence.queue and name != kind]
        if others:
            loading = hstack(others, format="csr")
            curves, weighed = (loading.T @ evidence.basis).toarray(), loading.T @ evidence.weighed  # causes × days
            own = evidence.basis[rows] @ weighed.T  # the kind's own events and shapes × causes
            told = np.column_stack([own.T, loading.T @ evidence.pull.ravel()])
            explained = own @ np.linalg.solve(np.eye(len(curves)) + weighed @ curves.T, told)
            gram = gram - explained[:, :-1].reshape(gram.shape)
            pull = pull - explained[:, -1].reshape(pull.shape)
        return cls(events, usual_size(events), mask, gram, pull, evidence.clock)

    def grown(self, elasticity: float) -> np.ndarray:
        """How much larger than the usual each event's effect is expected to be."""
        return np.array([growth(event, self.usual, elasticity) for event in self.events])


@dataclass(frozen=True)
class Choice:
    """What is held fixed in one fit, and the log of its prior weight."""

    shape: str
    elasticity: float
    main_sd: float
    own_spread: float
    log_prior: float


@dataclass(frozen=True)
class KindFit:
    """Posterior of all queues' coefficients under one choice.

    ``mean`` is queues × coefficients, ``covariance`` queues × coefficients × coefficients.
    """

    choice: Choice
    log_evidence: float
    mean: np.ndarray
    covariance: np.ndarray
    reduced: tuple[Reduced, ...]
    weight: float = 1.0

    def strengths(self, number: int) -> np.ndarray:
        return self.reduced[number].strengths(self.mean[number])


def prior_sds(choice: Choice) -> np.ndarray:
    """Of the main shape and those beside it."""
    weekdays = [WEEKDAY_SD] * (len(plain_shapes(choice.shape)) - 1 - len(SIDE_SHAPES))
    return choice.main_sd * np.array([1.0] + [SIDE_SD] * len(SIDE_SHAPES) + weekdays)


def fitted(sums: Sequence[KindSums], choice: Choice) -> KindFit:
    """All queues together."""
    count, size = len(sums), len(plain_shapes(choice.shape))
    reduced = tuple(_reduce(one, choice.own_spread) for one in sums)
    relatives = (np.ones((count, count)) + QUEUE_SPREAD * np.eye(count)) / (1 + QUEUE_SPREAD)
    prior = (relatives[:, None, :, None] * np.diag(prior_sds(choice) ** 2)[:, None]).reshape(count * size, -1)
    gram, queues = np.zeros((count, size, count, size)), np.arange(count)
    gram[queues, :, queues] = [r.gram[:size, :size] for r in reduced]
    pull = np.concatenate([r.pull[:size] for r in reduced])
    shrunk = np.eye(len(pull)) + prior @ gram.reshape(prior.shape)
    covariance = np.linalg.solve(shrunk, prior)
    mean = covariance @ pull
    log_evidence = 0.5 * pull @ mean - 0.5 * np.linalg.slogdet(shrunk)[1] + sum(r.log_evidence for r in reduced)
    blocks = covariance.reshape(count, size, count, size)[queues, :, queues]
    return KindFit(choice, float(log_evidence), mean.reshape(count, size), blocks, reduced)


def with_departures(fit: KindFit, sd: float, prior: float) -> KindFit:
    """The fit with departures whose prior standard deviation is ``sd``, each queue's its own.

    What is known of the other coefficients is the prior here, so only what days say of departures is new.
    """
    spread = sd * fit.choice.main_sd * departure_reach(fit.choice.shape)
    size = fit.mean.shape[1]
    total = size + len(DEPARTURES)
    means, covariances, gain = [], [], 0.0
    for mean, covariance, reduced in zip(fit.mean, fit.covariance, fit.reduced, strict=True):
        known, gram, pull = block_diag(covariance, np.diag(spread**2)), reduced.gram.copy(), np.zeros(total)
        gram[:size, :size] = 0.0
        pull[size:] = reduced.pull[size:] - reduced.gram[size:, :size] @ mean
        shrunk = np.eye(total) + known @ gram
        covariances.append(np.linalg.solve(shrunk, known))
        moved = covariances[-1] @ pull
        means.append(np.append(mean, np.zeros(len(DEPARTURES))) + moved)
        gain += 0.5 * float(pull @ moved) - 0.5 * float(np.linalg.slogdet(shrunk)[1])
    choice = replace(fit.choice, log_prior=fit.choice.log_prior + float(np.log(prior)))
    return KindFit(choice, fit.log_evidence + gain, np.array(means), np.array(covariances), fit.reduced)


@dataclass(frozen=True)
class KindSums:
    """A queue's normal equations under one shape and elasticity.

    Attributes
    ----------
    gram, pull : of the coefficients.
    own_gram, own_pull : of the events' own strengths, each of which scales a curve that all events share.
    cross : events × coefficients.
    """

    gram: np.ndarray
    pull: np.ndarray
    own_gram: np.ndarray
    own_pull: np.ndarray
    cross: np.ndarray


def sums_of(problem: KindDays, shape: str, elasticity: float, curve: np.ndarray | None, departing: bool) -> KindSums:
    """Of the plain coefficients, and of departures if ``departing``; ``curve`` is None where events are alike."""
    plain, grown, count = len(plain_shapes(shape)), problem.grown(elasticity), len(problem.events)
    columns = columns_of(shape)[: None if departing else plain]
    picked = problem.gram[:, columns][:, :, :, columns] * np.multiply.outer(grown, grown)[:, None, :, None]
    pulled = problem.pull[:, columns] * grown[:, None]
    half = picked.sum(axis=2)  # events × coefficients × coefficients
    gram, pull = half.sum(axis=0), pulled.sum(axis=0)
    if curve is None:
        return KindSums(gram, pull, np.zeros((count, count)), np.zeros(count), np.zeros((count, len(columns))))
    own_gram = np.tensordot(np.tensordot(picked[:, :plain, :, :plain], curve, (3, 0)), curve, (1, 0))
    return KindSums(gram, pull, own_gram, pulled[:, :plain] @ curve, np.tensordot(half[:, :plain], curve, (1, 0)))


@dataclass(frozen=True)
class Reduced:
    """A queue's normal equations with its events' own strengths integrated out."""

    gram: np.ndarray
    pull: np.ndarray
    log_evidence: float
    solve: np.ndarray
    sums: KindSums

    def strengths(self, mean: np.ndarray) -> np.ndarray:
        return 1.0 + self.solve @ (self.sums.own_pull - self.sums.cross[:, : len(mean)] @ mean)


def _reduce(sums: KindSums, own_spread: float) -> Reduced:
    if own_spread == 0.0:
        return Reduced(sums.gram, sums.pull, 0.0, np.zeros_like(sums.own_gram), sums)
    apart = own_spread**2 * contrasts(len(sums.own_gram))
    shrunk = np.eye(len(apart)) + sums.own_gram @ apart
    solve = apart @ np.linalg.inv(shrunk)
    log_evidence = 0.5 * sums.own_pull @ solve @ sums.own_pull - 0.5 * np.linalg.slogdet(shrunk)[1]
    taken = sums.cross.T @ solve
    gram, pull = sums.gram - taken @ sums.cross, sums.pull - taken @ sums.own_pull
    return Reduced(gram, pull, float(log_evidence), solve, sums)


def contrasts(count: int) -> np.ndarray:
    """Covariance of how events stray from their own average, in that of one event from its kind.

    What they have in common is the kind's, and answers to the kind's prior alone.
    """
    return np.eye(count) - 1.0 / count
