"""What past events taught: each kind's response by day and size, pooled over events and queues.

The log of a day's contacts is the calendar regression plus, for every event, (size / usual)^elasticity × a sum of
day shapes. Given shape and elasticity this is linear, and the regression's own covariance makes it generalised
least squares: an effect is measured against what the level, the weekday and the season would have done by
themselves, wandering included. Coefficients of a kind are normal around zero ("all"), those of a queue around
the kind's, and each event's own strength around 1 (Gelman & Hill 2007, ch. 13). Main shape, elasticity, prior
scale and spread between events are averaged by their marginal likelihood (Hoeting et al. 1999, eq. 1 and 2)
rather than picked, so that the interval tells what is not known about them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.linalg import block_diag, solve_triangular

from staffing.domain.demand import Event
from staffing.forecast.event_shapes import MAIN_SHAPES, SHAPES, SIDE_SHAPES, growth, response_basis, usual_size
from staffing.forecast.regression import Regression

ELASTICITIES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
ELASTICITY_PRIOR = (0.08, 0.12, 0.22, 0.24, 0.26, 0.08)
MAIN_SDS = (0.03, 0.1, 0.3)  # log units: what a kind's main effect may be before any is seen
SIDE_SD = 0.35  # of day one, after and before, relative to the main shape
QUEUE_SPREAD = 0.5  # variance of a queue around its kind, relative to the kind's own
OWN_SPREADS = (0.05, 0.12, 0.25, 0.5)  # how far one event's strength strays from its kind's
OWN_PRIOR = (0.25, 0.3, 0.3, 0.15)
LEAST_ODDS, MOST_KEPT = 0.05, 16  # hypotheses kept, against the best
DAY_SPREAD = 0.3  # of the spread between events, what strays day by day, relative to the strongest day
SWEEPS = 3
MIN_COMMON_DAYS = 60
COUNTED_QUEUES = 4  # beyond so many, a queue's own evidence would count for too little


@dataclass(frozen=True)
class Evidence:
    """Normal equations of every shape of every event of one queue, weighed by what its regression leaves open.

    Attributes
    ----------
    gram : events × shapes × events × shapes, FᵀC⁻¹F.
    pull : events × shapes, FᵀC⁻¹(y − centre).
    dates, surprise : the known days, and how far each came from its forecast, in standard deviations.
    """

    queue: str
    events: tuple[Event, ...]
    gram: np.ndarray
    pull: np.ndarray
    dates: np.ndarray
    surprise: np.ndarray

    def tempered(self, share: float) -> Evidence:
        """The same evidence counted as ``share`` of itself."""
        return replace(self, gram=share * self.gram, pull=share * self.pull)

    def of_kind(self, kind: str) -> np.ndarray:
        return np.array([event.kind == kind for event in self.events], dtype=bool)


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
        return _columns(self.shape)


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


def gather(queue: str, events: Sequence[Event], regression: Regression, plain: Regression) -> Evidence:
    """Evidence on ``events``: ``regression`` allows for them roughly, ``plain`` is the same without them."""
    dates = plain.facts.dates
    basis = np.hstack([response_basis(event, dates) for event in events])
    features, target = solve_triangular(plain.factor, basis, lower=True), plain.whitened
    shape = (len(events), len(SHAPES))
    gram, pull = (features.T @ features).reshape(*shape, *shape), (features.T @ target).reshape(shape)
    return Evidence(queue, tuple(events), gram, pull, dates, regression.whitened)


def _shared_days(evidence: Sequence[Evidence]) -> float:
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


def learn(evidence: Sequence[Evidence]) -> dict[str, Learned]:
    """Effects of every queue, kinds fitted in turn until each allows for the others."""
    share = _shared_days(evidence)
    evidence = [e.tempered(share) for e in evidence]
    effects = {e.queue: np.zeros(e.pull.shape) for e in evidence}
    kinds = sorted({event.kind for e in evidence for event in e.events})
    found: dict[str, dict[str, KindEffect]] = {e.queue: {} for e in evidence}
    for _, kind in itertools.product(range(SWEEPS if len(kinds) > 1 else 1), kinds):
        touched = [e for e in evidence if e.of_kind(kind).any()]
        problems = [_Problem.of(e, kind, effects[e.queue]) for e in touched]
        for e, problem, (kind_effect, own) in zip(touched, problems, _fit_kind(problems), strict=True):
            found[e.queue][kind] = kind_effect
            effects[e.queue][problem.mask] = own
    return {e.queue: Learned(found[e.queue], dict(zip(e.events, effects[e.queue], strict=True))) for e in evidence}


@dataclass(frozen=True)
class _Problem:
    """Normal equations of one kind in one queue, the other kinds' effects taken off."""

    events: tuple[Event, ...]
    usual: float | None
    mask: np.ndarray
    gram: np.ndarray
    pull: np.ndarray

    @classmethod
    def of(cls, evidence: Evidence, kind: str, effects: np.ndarray) -> _Problem:
        mask = evidence.of_kind(kind)
        others = np.where(mask[:, None], 0.0, effects)
        pull = evidence.pull[mask] - np.tensordot(evidence.gram[mask], others, 2)
        events = tuple(itertools.compress(evidence.events, mask))
        return cls(events, usual_size(events), mask, evidence.gram[mask][:, :, mask], pull)

    def grown(self, elasticity: float) -> np.ndarray:
        """How much larger than the usual each event's effect is expected to be."""
        return np.array([growth(event, self.usual, elasticity) for event in self.events])


def _columns(shape: str) -> list[int]:
    return [SHAPES.index(name) for name in (shape, *SIDE_SHAPES)]


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

    ``mean`` is queues × coefficients, ``covariance`` queues × coefficients × coefficients; ``strengths`` has, per
    queue, each event's own strength around 1.
    """

    choice: _Choice
    log_evidence: float
    mean: np.ndarray
    covariance: np.ndarray
    strengths: tuple[np.ndarray, ...]
    weight: float = 1.0


def _fit_kind(problems: list[_Problem]) -> list[tuple[KindEffect, np.ndarray]]:
    """Each queue's effect of one kind, with each of its events' own shape coefficients."""
    alike = _weigh([_fit(problems, choice, None) for choice in _choices(problems)])
    apart = [
        _fit(problems, replace(fit.choice, own_spread=own, log_prior=fit.choice.log_prior + np.log(prior)), fit.mean)
        for fit in alike
        for own, prior in zip(OWN_SPREADS, OWN_PRIOR, strict=True)
    ]
    kept = _weigh(apart)
    return [(_effect_of(problem, k, kept), _own_of(problem, k, kept)) for k, problem in enumerate(problems)]


def _choices(problems: list[_Problem]) -> Iterator[_Choice]:
    """Choices to weigh, events being alike at first; elasticities differ only where sizes do."""
    sizes = {event.size for problem in problems for event in problem.events if event.size}
    grid = zip(ELASTICITIES, ELASTICITY_PRIOR, strict=True)
    for shape, (elasticity, prior), sd in itertools.product(MAIN_SHAPES, grid, MAIN_SDS):
        if len(sizes) > 1 or elasticity == 1.0:
            yield _Choice(shape, elasticity, sd, 0.0, float(np.log(prior)))


def _fit(problems: list[_Problem], choice: _Choice, curves: np.ndarray | None) -> _Fit:
    """All queues together; ``curves`` (queues × coefficients) is what each event's own strength scales."""
    count, size = len(problems), 1 + len(SIDE_SHAPES)
    reduced = [_reduce(p, choice, None if curves is None else curves[k]) for k, p in enumerate(problems)]
    relatives = (np.ones((count, count)) + QUEUE_SPREAD * np.eye(count)) / (1 + QUEUE_SPREAD)
    sds = choice.main_sd * np.array([1.0] + [SIDE_SD] * len(SIDE_SHAPES))
    prior = np.kron(relatives, np.diag(sds**2))
    gram, pull = block_diag(*[r.gram for r in reduced]), np.concatenate([r.pull for r in reduced])
    shrunk = np.eye(len(pull)) + prior @ gram
    covariance = np.linalg.solve(shrunk, prior)
    mean = covariance @ pull
    log_evidence = 0.5 * pull @ mean - 0.5 * np.linalg.slogdet(shrunk)[1] + sum(r.log_evidence for r in reduced)
    means = mean.reshape(count, size)
    blocks = covariance.reshape(count, size, count, size)[np.arange(count), :, np.arange(count)]
    strengths = tuple(r.strengths(m) for r, m in zip(reduced, means, strict=True))
    return _Fit(choice, float(log_evidence), means, blocks, strengths)


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
        return 1.0 + self.solve @ (self.own_pull - self.cross @ mean)


def _reduce(problem: _Problem, choice: _Choice, curve: np.ndarray | None) -> _Reduced:
    """One queue's equations in the pooled coefficients; ``curve`` is the course that each event's strength scales."""
    columns, grown, count = _columns(choice.shape), problem.grown(choice.elasticity), len(problem.events)
    picked = problem.gram[:, columns][:, :, :, columns] * grown[:, None, None, None] * grown[None, None, :, None]
    pulled = problem.pull[:, columns] * grown[:, None]
    half = picked.sum(axis=2)  # events × coefficients × coefficients
    gram, pull = half.sum(axis=0), pulled.sum(axis=0)
    if curve is None:
        return _Reduced(gram, pull, 0.0, np.zeros((count, count)), np.zeros(count), np.zeros((count, len(columns))))
    own_gram = np.einsum("j,ejfk,k->ef", curve, picked, curve)
    own_pull, cross = pulled @ curve, np.einsum("j,ejc->ec", curve, half)
    shrunk = np.eye(count) + choice.own_spread**2 * own_gram
    solve = choice.own_spread**2 * np.linalg.inv(shrunk)
    log_evidence = 0.5 * own_pull @ solve @ own_pull - 0.5 * np.linalg.slogdet(shrunk)[1]
    return _Reduced(
        gram - cross.T @ solve @ cross, pull - cross.T @ solve @ own_pull, float(log_evidence), solve, own_pull, cross
    )


def _weigh(fits: list[_Fit]) -> list[_Fit]:
    """The fits that matter, with their posterior weights."""
    scores = np.array([fit.log_evidence + fit.choice.log_prior for fit in fits])
    weights = np.exp(scores - scores.max())
    kept = [k for k in np.argsort(-weights, kind="stable")[:MOST_KEPT] if weights[k] >= LEAST_ODDS]
    return [replace(fits[k], weight=float(weights[k] / weights[kept].sum())) for k in kept]


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
    return KindEffect(problem.events, problem.usual, hypotheses)


def _own_of(problem: _Problem, number: int, fits: list[_Fit]) -> np.ndarray:
    """Events × shapes: what each past event did, its own strength included."""
    out = np.zeros((len(problem.events), len(SHAPES)))
    for fit in fits:
        scale = fit.weight * fit.strengths[number] * problem.grown(fit.choice.elasticity)
        out[:, _columns(fit.choice.shape)] += scale[:, None] * fit.mean[number]
    return out
