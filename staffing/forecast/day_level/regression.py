"""The calendar regression: a Gaussian-process (kernel ridge) model of log day totals.

One linear system holds level, weekday, day of month, year, holidays, periods and events together; each
term's variance is learned by a minorise–maximise update of the marginal likelihood (Zhou, Hu, Sobel, Lange
2019, "MM algorithms for variance components models", eq. 2.2) with an inverse-gamma prior that keeps short
histories sensible. Outages and spikes lose weight (Student-t noise, 4 degrees of freedom). The Cholesky factor
of the first days is the leading block of the whole factor, so forecasts from every past origin cost one
triangular solve each (Rasmussen & Williams 2006, algorithm 2.1).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import solve_triangular

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import Term
from staffing.forecast.day_level.packed import PackedStack, inverse_and_solution, pack
from staffing.forecast.day_level.recall import recalled
from staffing.forecast.day_level.systems import System, factored, inverse_factor, keep, kept, running, weighted_sum

PRIOR_STRENGTH = 1.0  # in the currency of effective parameters
STUDENT_DF = 4.0
NOISE_PRIOR = 0.004
UPDATES = 6
STRIDE = 1.8  # steps of the update taken at once; below 2 it still converges
VARIANCE_DAYS = 540  # variances are learned on the most recent days, to bound the cost


@dataclass(frozen=True)
class Variances:
    """What is learned of a regression's variances, ``of_terms`` and of its ``noise``; ``weights`` of ``days``."""

    of_terms: np.ndarray
    noise: float
    weights: np.ndarray
    days: np.ndarray

    def weights_on(self, ordinal: np.ndarray) -> np.ndarray:
        """Weights of other days; 1 where none was learned."""
        place = np.minimum(np.searchsorted(self.days, ordinal), len(self.days) - 1)
        return np.where(self.days[place] == ordinal, self.weights[place], 1.0)


@dataclass(frozen=True)
class Regression:
    """A fitted regression. ``predict`` and ``components`` return log units.

    ``system`` is at hand while a fit is under way; a `light` regression makes it again where it is asked for.
    """

    terms: tuple[Term, ...]
    variances: np.ndarray
    facts: DayFacts
    centre: float
    weights: np.ndarray
    noise: float
    poisson: np.ndarray
    whitened: np.ndarray
    alpha: np.ndarray
    system: System | None

    def light(self) -> Regression:
        """The same without the matrices, which are large: a site may have hundreds of queues."""
        if self.system is not None:
            keep((self.variances, self.weights), self.system)
        return replace(self, system=None)

    def solved(self) -> System:
        """The matrices, made again by a light regression unless they are still at hand."""
        return self.system or kept((self.variances, self.weights)) or self._system()

    def _system(self) -> System:
        covariance = weighted_sum(self.variances, [term.kernel(self.facts, self.facts) for term in self.terms])
        return System(covariance, factored(covariance, self.noise, self.weights, self.poisson))

    def without(self, group: str) -> Regression:
        """The same variances and totals, the terms of ``group`` left out."""
        kept = [term.group != group for term in self.terms]
        if all(kept):
            return self
        dropped = [k for k, keep in enumerate(kept) if not keep]
        kernels = [self.terms[k].kernel(self.facts, self.facts) for k in dropped]
        whole = self.solved()
        covariance = whole.covariance - weighted_sum(self.variances[dropped], kernels)
        left = System(covariance, factored(covariance, self.noise, self.weights, self.poisson))
        plain = replace(self, terms=tuple(itertools.compress(self.terms, kept)), variances=self.variances[kept])
        return replace(plain, system=left).told(self.centre + whole.factor @ self.whitened)

    def told(self, log_total: np.ndarray) -> Regression:
        """The same regression, told other log totals of the same days."""
        system = self.solved()
        whitened = solve_triangular(system.factor, log_total - self.centre, lower=True)
        alpha = solve_triangular(system.factor, whitened, lower=True, trans="T")
        return replace(self, whitened=whitened, alpha=alpha, system=system)

    @property
    def log_total(self) -> np.ndarray:
        """What it was told."""
        return self.centre + self.solved().factor @ self.whitened

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Posterior mean of each group of terms on ``facts``; they and ``centre`` sum to ``predict``."""
        out: dict[str, np.ndarray] = {}
        for term, variance in zip(self.terms, self.variances, strict=True):
            part = variance * (term.kernel(facts, self.facts) @ self.alpha)
            out[term.group] = out.get(term.group, 0.0) + part
        return out

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Expected log total of each day."""
        return np.asarray(self.centre + np.sum(list(self.components(facts).values()), axis=0))

    @cached_property
    def known_parts(self) -> dict[str, np.ndarray]:
        """`components` on the known days."""
        return self.components(self.facts)

    def effect(self, facts: DayFacts, group: str) -> np.ndarray:
        """What the terms of ``group`` do to each day, log units."""
        joint = self._joint(facts, {group})
        return np.zeros(len(facts)) if joint is None else np.asarray(joint @ self.alpha)

    def forward(self, columns: np.ndarray) -> np.ndarray:
        """Known days × ``columns`` (known days too): what `means` and `deviations` of these days are summed up from.

        Forward substitution on the first ``k`` rows needs only those, so one triangular solve and a running sum serve
        forecasts from every origin.
        """
        system = self.solved()
        return np.asarray(solve_triangular(system.factor, system.covariance[:, columns], lower=True))

    def means(self, forward: np.ndarray) -> np.ndarray:
        """Forecasts of the known days that ``forward`` is of, from every origin: row ``k`` of the (n + 1) × columns
        array knows the first ``k`` days."""
        mean = running(forward * self.whitened[:, None])
        mean += self.centre
        return mean

    def deviations(self, forward: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Standard deviations of `means`."""
        lost = running(forward**2)
        variance = np.subtract(np.diag(self.solved().covariance)[columns], lost, out=lost)
        variance += self.noise
        variance += self.poisson[columns]
        return np.sqrt(np.maximum(variance, 1e-12, out=variance), out=variance)

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray:
        """Forecasts of the known ``days`` (positions), made ``ahead`` known days before (1 = the evening before)."""
        return self.means(self.forward(days))[np.maximum(days - ahead + 1, 0), np.arange(len(days))]

    def adjustments(
        self, origins: np.ndarray, columns: np.ndarray, several: Sequence[Collection[str]]
    ) -> list[np.ndarray]:
        """Effects of groups of terms on known days ``columns`` (origins × steps), as seen from each origin; one for
        each of the ``several`` collections of groups."""
        out, late = [np.zeros(columns.shape) for _ in several], self.facts[columns.min() :]
        joints = [self._joint(late, groups) for groups in several]
        factor = self.solved().factor
        for row, known in enumerate(origins if any(joint is not None for joint in joints) else ()):
            lower, seen = factor[:known, :known], self.whitened[:known]
            alpha = solve_triangular(lower, seen, lower=True, trans="T", check_finite=False)
            for joint, effect in zip(joints, out, strict=True):
                if joint is not None:
                    effect[row] = joint[columns[row] - columns.min(), :known] @ alpha
        return out

    def _joint(self, facts: DayFacts, groups: Collection[str]) -> np.ndarray | None:
        """Covariance of the terms of ``groups`` between ``facts`` and the known days; None where there are none."""
        chosen = [(t, v) for t, v in zip(self.terms, self.variances, strict=True) if t.group in groups]
        kernels = [term.kernel(facts, self.facts) for term, _ in chosen]
        return weighted_sum(np.array([v for _, v in chosen]), kernels) if chosen else None

    def deviation(self, facts: DayFacts, poisson: np.ndarray) -> np.ndarray:
        """Predictive standard deviation of future days, log units, before calibration."""
        cross = self._cross(facts)
        prior = weighted_sum(self.variances, [np.diag(term.kernel(facts, facts)) for term in self.terms])
        solved = solve_triangular(self.solved().factor, cross.T, lower=True)
        return np.sqrt(np.maximum(prior - (solved**2).sum(axis=0), 0.0) + self.noise + poisson)

    def left_out(self) -> np.ndarray:
        """What each known day surprises a fit to all the others with (Rasmussen & Williams 2006, eq. 5.12)."""
        return self.alpha / (inverse_factor(self.solved().factor) ** 2).sum(axis=0)

    def _cross(self, facts: DayFacts) -> np.ndarray:
        return weighted_sum(self.variances, [term.kernel(facts, self.facts) for term in self.terms])


def fit_regression(
    facts: DayFacts,
    log_total: np.ndarray,
    poisson: np.ndarray,
    terms: tuple[Term, ...],
    *,
    noise_prior: float = NOISE_PRIOR,
    kernels: list[np.ndarray] | None = None,
) -> Regression:
    """Fit to known days only.

    ``poisson`` is each day's counting variance in log units, 1/expected calls; ``noise_prior`` the variance
    expected beside it; ``kernels`` the terms' matrices on ``facts``, where several targets share them.
    """
    centre = float(np.median(log_total))
    y = log_total - centre
    kernels = kernels or [term.kernel(facts, facts) for term in terms]
    recent = min(len(y), VARIANCE_DAYS)
    prior = np.array([term.prior_variance for term in terms])

    def learn() -> Variances:
        late = PackedStack.of(kernels, recent)
        learned = _learn_variances(late, y[-recent:], poisson[-recent:], prior, noise_prior)
        return Variances(*learned, facts.ordinal[-recent:])

    found = recalled(", ".join(term.name for term in terms), learn)
    covariance = weighted_sum(found.of_terms, kernels)

    def fitted(weights: np.ndarray) -> Regression:
        system = System(covariance, factored(covariance, found.noise, weights, poisson))
        whitened = solve_triangular(system.factor, y, lower=True)
        alpha = solve_triangular(system.factor, whitened, lower=True, trans="T")
        return Regression(terms, found.of_terms, facts, centre, weights, found.noise, poisson, whitened, alpha, system)

    weights = found.weights_on(facts.ordinal)
    made = fitted(weights)
    known = int(np.searchsorted(facts.ordinal, found.days[-1], side="right"))
    if known < len(y):  # it was found before the last days were known
        own = _robust(found.noise + poisson, made.alpha, found.noise, poisson)
        made = _weighed_anew(made, y, np.concatenate([weights[:known], own[known:]]), known)
    return made


def _weighed_anew(made: Regression, y: np.ndarray, weights: np.ndarray, known: int) -> Regression:
    """``made`` with other weights of the days after the first ``known``, whose part of all matrices stands."""
    covariance, factor, whitened = made.solved().covariance, made.solved().factor.copy(), made.whitened.copy()
    across = factor[known:, :known]
    own = covariance[known:, known:] - across @ across.T
    factor[known:, known:] = factored(own, made.noise, weights[known:], made.poisson[known:])
    left = y[known:] - across @ whitened[:known]
    whitened[known:] = solve_triangular(factor[known:, known:], left, lower=True)
    alpha = solve_triangular(factor, whitened, lower=True, trans="T")
    return replace(made, weights=weights, whitened=whitened, alpha=alpha, system=System(covariance, factor))


def _learn_variances(
    kernels: PackedStack, y: np.ndarray, poisson: np.ndarray, prior: np.ndarray, noise_prior: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """Variance of each term, of the noise, and each day's robustness weight."""
    variances, noise, weights = prior.copy(), noise_prior, np.ones(len(y))
    for _ in range(UPDATES):
        own = noise / weights + poisson
        inverse, alpha = inverse_and_solution(kernels.weighted_sum(variances, own), len(y), y)
        fits, traces = kernels.against(pack(np.outer(alpha, alpha)), inverse)
        variances = _update(variances, prior, fits, traces)
        noise_fit, noise_trace = np.sum(alpha**2 / weights), np.sum(inverse[kernels.diagonal] / weights)
        noise = float(_update(noise, noise_prior, noise_fit, noise_trace))
        weights = _robust(own, alpha, noise, poisson)
    return variances, noise, weights


def _robust(own: np.ndarray, alpha: np.ndarray, noise: float, poisson: np.ndarray) -> np.ndarray:
    """Each day's weight by its surprise; ``own`` is the variance it was given."""
    surprise = (own * alpha) ** 2 / (noise + poisson)
    return np.asarray((STUDENT_DF + 1) / (STUDENT_DF + surprise))


def _update(value, prior, fit, trace):
    """A lengthened step uphill in the posterior of a variance; never negative."""
    step = np.sqrt((value**2 * fit + PRIOR_STRENGTH * prior) / (trace + PRIOR_STRENGTH / value)) / value
    return value * step**STRIDE
