"""What past events taught: each kind's response by day and size, pooled over events and queues.

The log of a day's contacts is the calendar regression plus, for every event, (size / usual)^elasticity × a sum of
day shapes. Given shape and elasticity this is linear, and the regression's own covariance makes it generalised
least squares: an effect is measured against what the level, the weekday and the season would have done by
themselves, wandering included. Coefficients of a kind are normal around zero ("all"), those of a queue around
the kind's, and each event's own strength around 1 (Gelman & Hill 2007, ch. 13). No shape is quite right: from its
shapes a queue's effect departs, stretch of days by stretch of days, as far as past events did. Main shape, elasticity,
prior scale, spread between events and size of departures are averaged by their marginal likelihood (Hoeting et al.
1999, eq. 1 and 2) rather than picked, so that the interval tells what is not known about them; that a kind does
nothing is one of the readings, so that events without effect leave the forecast alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from staffing.domain.demand import Event
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.evidence import Evidence, shared_days
from staffing.forecast.events.kinds import Hypothesis, KindEffect, Learned, columns_of
from staffing.forecast.events.shapes import (
    DEPARTURES,
    LASTING,
    MAIN_SHAPES,
    PLAIN_SIZE,
    SHAPES,
    SIDE_SHAPES,
    departure_reach,
    growth,
    usual_size,
)

ELASTICITIES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
ELASTICITY_PRIOR = (0.08, 0.12, 0.22, 0.24, 0.26, 0.08)
MAIN_SDS = (0.03, 0.1, 0.3)  # log units: what a kind's main effect may be before any is seen
SIDE_SD = 0.35  # of day one, after and before, relative to the main shape
QUEUE_SPREAD = 0.5  # variance of a queue around its kind, relative to the kind's own
OWN_SPREADS = (0.05, 0.12, 0.25, 0.5)  # how far one event's strength strays from its kind's
OWN_PRIOR = (0.25, 0.3, 0.3, 0.15)
DEPARTING_SDS = (0.1, 0.3, 1.0)  # how far an effect departs from its shapes on a day, relative to the main shape
DEPARTING_PRIOR = (0.5, 0.3, 0.2)
LASTING_PRIOR = 0.15  # of a shape that lasts for good, against others: the level wanders by itself
ACTING_PRIOR = 0.5  # that a kind named by the planner does anything at all
LEAST_ODDS, MOST_KEPT = 0.05, 16  # hypotheses kept, against the best
SWEEPS = 3


def learn(evidence: Sequence[Evidence]) -> dict[str, Learned]:
    """Effects of every queue, kinds fitted in turn until each allows for the others.

    Departures come last: before, they would take what other kinds do on days beside.
    """
    share = shared_days(evidence)
    evidence = [e.tempered(share) for e in evidence]
    effects = {e.queue: np.zeros(e.pull.shape) for e in evidence}
    kinds = sorted({event.kind for e in evidence for event in e.events})
    found: dict[str, dict[str, KindEffect]] = {e.queue: {} for e in evidence}
    for sweep, kind in itertools.product(range(SWEEPS if len(kinds) > 1 else 1), kinds):
        last = sweep == SWEEPS - 1 or len(kinds) == 1
        touched = [e for e in evidence if e.of_kind(kind).any()]
        problems = [_Problem.of(e, kind, effects[e.queue]) for e in touched]
        for e, problem, (kind_effect, own) in zip(touched, problems, _fit_kind(problems, departing=last), strict=True):
            found[e.queue][kind] = kind_effect
            effects[e.queue][problem.mask] = own
    learned = {}
    for e in evidence:
        learned[e.queue] = Learned(found[e.queue], dict(zip(e.events, effects[e.queue], strict=True)), e.clock)
    return learned


@dataclass(frozen=True)
class _Problem:
    """Normal equations of one kind in one queue, the other kinds' effects taken off."""

    events: tuple[Event, ...]
    usual: float | None
    mask: np.ndarray
    gram: np.ndarray
    pull: np.ndarray
    clock: DayClock

    @classmethod
    def of(cls, evidence: Evidence, kind: str, effects: np.ndarray) -> _Problem:
        mask = evidence.of_kind(kind)
        others = np.where(mask[:, None], 0.0, effects)
        pull = evidence.pull[mask] - np.tensordot(evidence.gram[mask], others, 2)
        events = tuple(itertools.compress(evidence.events, mask))
        return cls(events, usual_size(events), mask, evidence.gram[mask][:, :, mask], pull, evidence.clock)

    def grown(self, elasticity: float) -> np.ndarray:
        """How much larger than the usual each event's effect is expected to be."""
        return np.array([growth(event, self.usual, elasticity) for event in self.events])


@dataclass(frozen=True)
class _Choice:
    """What is held fixed in one fit, and the log of its prior weight."""

    shape: str
    elasticity: float
    main_sd: float
    own_spread: float
    log_prior: float


@dataclass(frozen=True)
class _Fit:
    """Posterior of all queues' coefficients under one choice.

    ``mean`` is queues × coefficients, ``covariance`` queues × coefficients × coefficients.
    """

    choice: _Choice
    log_evidence: float
    mean: np.ndarray
    covariance: np.ndarray
    reduced: tuple[_Reduced, ...]
    weight: float = 1.0

    def strengths(self, number: int) -> np.ndarray:
        return self.reduced[number].strengths(self.mean[number])


def _fit_kind(problems: list[_Problem], *, departing: bool) -> list[tuple[KindEffect, np.ndarray]]:
    """Each queue's effect of one kind, with each of its events' own shape coefficients."""
    alike, mass = _weigh([_fit(problems, choice, None) for choice in _choices(problems)])
    strengths = list(zip(OWN_SPREADS, OWN_PRIOR, strict=True))
    apart = [_fit(problems, _apart(fit.choice, *own), fit.mean, departing) for fit in alike for own in strengths]
    kept, mass_apart = _weigh(apart)
    if departing:
        sizes = zip(DEPARTING_SDS, DEPARTING_PRIOR, strict=True)
        kept = [_departing(fit, sd, prior) for fit, (sd, prior) in itertools.product(kept, sizes)]
    log_mass = np.logaddexp.reduce([_score(fit) for fit in kept]) - np.log(mass * mass_apart)
    kept, _ = _weigh(kept)
    acting = _acting(log_mass, _prior_mass(problems))
    kept = [replace(fit, weight=acting * fit.weight) for fit in kept]
    return [(_effect_of(problem, k, kept), _own_of(problem, k, kept)) for k, problem in enumerate(problems)]


def _acting(log_mass: float, log_prior: float) -> float:
    """Probability that a kind does anything at all: ACTING_PRIOR, and its evidence against none (log evidence 0)."""
    odds = np.log(ACTING_PRIOR / (1 - ACTING_PRIOR)) + log_mass - log_prior
    return float(1.0 / (1.0 + np.exp(-odds)))


def _prior_mass(problems: list[_Problem]) -> float:
    """Log of what the priors of all choices sum to."""
    return float(np.logaddexp.reduce([choice.log_prior for choice in _choices(problems)]))


def _choices(problems: list[_Problem]) -> Iterator[_Choice]:
    """Choices to weigh, events being alike at first; elasticities differ only where sizes do."""
    sizes = {event.size for problem in problems for event in problem.events if event.size}
    grid = zip(ELASTICITIES, ELASTICITY_PRIOR, strict=True)
    for shape, (elasticity, prior), sd in itertools.product(MAIN_SHAPES, grid, MAIN_SDS):
        if len(sizes) > 1 or elasticity == 1.0:
            rare = LASTING_PRIOR if shape in LASTING else 1.0
            yield _Choice(shape, elasticity, sd, 0.0, float(np.log(prior * rare)))


def _apart(choice: _Choice, own: float, prior: float) -> _Choice:
    """The choice with events that differ in strength."""
    return replace(choice, own_spread=own, log_prior=choice.log_prior + float(np.log(prior)))


def _fit(problems: list[_Problem], choice: _Choice, curves: np.ndarray | None, departing: bool = False) -> _Fit:
    """All queues together; ``curves`` (queues × coefficients) is what each event's own strength scales."""
    count, size = len(problems), PLAIN_SIZE
    width = PLAIN_SIZE + departing * len(DEPARTURES)
    reduced = tuple(_reduce(p, choice, None if curves is None else curves[k], width) for k, p in enumerate(problems))
    relatives = (np.ones((count, count)) + QUEUE_SPREAD * np.eye(count)) / (1 + QUEUE_SPREAD)
    sds = choice.main_sd * np.array([1.0] + [SIDE_SD] * len(SIDE_SHAPES))
    prior = np.kron(relatives, np.diag(sds**2))
    gram = block_diag(*[r.gram[:size, :size] for r in reduced])
    pull = np.concatenate([r.pull[:size] for r in reduced])
    shrunk = np.eye(len(pull)) + prior @ gram
    covariance = np.linalg.solve(shrunk, prior)
    mean = covariance @ pull
    log_evidence = 0.5 * pull @ mean - 0.5 * np.linalg.slogdet(shrunk)[1] + sum(r.log_evidence for r in reduced)
    means = mean.reshape(count, size)
    blocks = covariance.reshape(count, size, count, size)[np.arange(count), :, np.arange(count)]
    return _Fit(choice, float(log_evidence), means, blocks, reduced)


def _departing(fit: _Fit, sd: float, prior: float) -> _Fit:
    """The fit with departures whose prior standard deviation is ``sd``, each queue's its own.

    What is known of the other coefficients is the prior here, so only what days say of departures is new.
    """
    spread = sd * fit.choice.main_sd * departure_reach(fit.choice.shape)
    size, total = PLAIN_SIZE, PLAIN_SIZE + len(DEPARTURES)
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
    return _Fit(choice, fit.log_evidence + gain, np.array(means), np.array(covariances), fit.reduced)


@dataclass(frozen=True)
class _Reduced:
    """A queue's normal equations with its events' own strengths integrated out."""

    gram: np.ndarray
    pull: np.ndarray
    log_evidence: float
    solve: np.ndarray
    own_pull: np.ndarray
    cross: np.ndarray

    def strengths(self, mean: np.ndarray) -> np.ndarray:
        return 1.0 + self.solve @ (self.own_pull - self.cross[:, : len(mean)] @ mean)


def _reduce(problem: _Problem, choice: _Choice, curve: np.ndarray | None, width: int) -> _Reduced:
    """One queue's equations in the first ``width`` coefficients; ``curve`` is what each event's strength scales."""
    columns, grown, count = columns_of(choice.shape)[:width], problem.grown(choice.elasticity), len(problem.events)
    picked = problem.gram[:, columns][:, :, :, columns] * grown[:, None, None, None] * grown[None, None, :, None]
    pulled = problem.pull[:, columns] * grown[:, None]
    half = picked.sum(axis=2)  # events × coefficients × coefficients
    gram, pull = half.sum(axis=0), pulled.sum(axis=0)
    if curve is None:
        return _Reduced(gram, pull, 0.0, np.zeros((count, count)), np.zeros(count), np.zeros((count, len(columns))))
    curve = np.append(curve, np.zeros(len(columns) - len(curve)))
    own_gram = np.einsum("j,ejfk,k->ef", curve, picked, curve)
    own_pull, cross = pulled @ curve, np.einsum("j,ejc->ec", curve, half)
    shrunk = np.eye(count) + choice.own_spread**2 * own_gram
    solve = choice.own_spread**2 * np.linalg.inv(shrunk)
    log_evidence = 0.5 * own_pull @ solve @ own_pull - 0.5 * np.linalg.slogdet(shrunk)[1]
    return _Reduced(
        gram - cross.T @ solve @ cross, pull - cross.T @ solve @ own_pull, float(log_evidence), solve, own_pull, cross
    )


def _score(fit: _Fit) -> float:
    return fit.log_evidence + fit.choice.log_prior


def _weigh(fits: list[_Fit]) -> tuple[list[_Fit], float]:
    """The fits that matter, with their posterior weights, and their share of all fits' weight."""
    scores = np.array([_score(fit) for fit in fits])
    weights = np.exp(scores - scores.max())
    kept = [k for k in np.argsort(-weights, kind="stable")[:MOST_KEPT] if weights[k] >= LEAST_ODDS]
    share = float(weights[kept].sum() / weights.sum())
    return [replace(fits[k], weight=float(weights[k] / weights[kept].sum())) for k in kept], share


def _effect_of(problem: _Problem, number: int, fits: list[_Fit]) -> KindEffect:
    hypotheses = tuple(
        Hypothesis(
            fit.weight,
            fit.choice.shape,
            fit.choice.elasticity,
            fit.choice.own_spread,
            fit.mean[number],
            fit.covariance[number],
        )
        for fit in fits
    )
    return KindEffect(problem.events, problem.usual, (*hypotheses, _idle(fits)), problem.clock)


def _idle(fits: list[_Fit]) -> Hypothesis:
    """The kind does nothing: what the others' weights lack to 1."""
    size = len(fits[0].mean[0])
    weight = 1.0 - sum(fit.weight for fit in fits)
    return Hypothesis(weight, MAIN_SHAPES[0], 1.0, 0.0, np.zeros(size), np.zeros((size, size)))


def _own_of(problem: _Problem, number: int, fits: list[_Fit]) -> np.ndarray:
    """Events × shapes: what each past event did, its own strength included."""
    out = np.zeros((len(problem.events), len(SHAPES)))
    for fit in fits:
        scale = fit.weight * fit.strengths(number) * problem.grown(fit.choice.elasticity)
        out[:, columns_of(fit.choice.shape)[: len(fit.mean[number])]] += scale[:, None] * fit.mean[number]
    return out
