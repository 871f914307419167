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
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from staffing.forecast.days import DayFacts
from staffing.forecast.kernels import Term

PRIOR_STRENGTH = 4.0  # in the currency of effective parameters
STUDENT_DF = 4.0
NOISE_PRIOR = 0.004
UPDATES = 12
VARIANCE_DAYS = 600  # variances are learned on the most recent days, to bound the cost


@dataclass(frozen=True)
class Regression:
    """A fitted regression. ``predict`` and ``components`` return log units.

    ``own_variance`` is what each day has for itself: noise by its robustness weight, and counting.
    """

    terms: tuple[Term, ...]
    variances: np.ndarray
    facts: DayFacts
    centre: float
    own_variance: np.ndarray
    covariance: np.ndarray
    factor: np.ndarray
    whitened: np.ndarray
    alpha: np.ndarray

    def without(self, group: str) -> Regression:
        """The same variances and totals with the terms of ``group`` left out."""
        kept = [term.group != group for term in self.terms]
        covariance = self.covariance.copy()
        for term, variance in zip(self.terms, self.variances, strict=True):
            if term.group == group:
                covariance -= variance * term.kernel(self.facts, self.facts)
        terms = tuple(itertools.compress(self.terms, kept))
        y = self.factor @ self.whitened
        return _condition(terms, self.variances[kept], self.facts, self.centre, self.own_variance, covariance, y)

    def told(self, log_total: np.ndarray) -> Regression:
        """The same regression, told other log totals of the same days."""
        whitened = solve_triangular(self.factor, log_total - self.centre, lower=True)
        alpha = solve_triangular(self.factor, whitened, lower=True, trans="T")
        return replace(self, whitened=whitened, alpha=alpha)

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Posterior mean of each group of terms on ``facts``; they and ``centre`` sum to ``predict``."""
        out: dict[str, np.ndarray] = {}
        for term, variance in zip(self.terms, self.variances, strict=True):
            part = variance * (term.kernel(facts, self.facts) @ self.alpha)
            out[term.group] = out.get(term.group, 0.0) + part
        return out

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Expected log total of each day."""
        return self.centre + sum(self.components(facts).values())

    def from_origin(self, known: int, ahead: int) -> np.ndarray:
        """Log forecasts of days ``known … known + ahead − 1`` made from the first ``known`` days."""
        alpha = solve_triangular(self.factor[:known, :known], self.whitened[:known], lower=True, trans="T")
        return self.centre + self.covariance[known : known + ahead, :known] @ alpha


def fit_regression(facts: DayFacts, log_total: np.ndarray, poisson: np.ndarray, terms: tuple[Term, ...]) -> Regression:
    """Fit to known days only. ``poisson`` is each day's counting variance in log units, 1/expected calls."""
    centre = float(np.median(log_total))
    y = log_total - centre
    kernels = [term.kernel(facts, facts) for term in terms]
    recent = slice(max(0, len(y) - VARIANCE_DAYS), None)
    variances, noise, weights = _learn_variances(
        [k[recent, recent] for k in kernels], y[recent], poisson[recent], terms
    )
    weights = np.concatenate([np.ones(len(y) - len(weights)), weights])
    covariance = sum(v * k for v, k in zip(variances, kernels, strict=True))
    return _condition(terms, variances, facts, centre, noise / weights + poisson, covariance, y)


def _condition(terms, variances, facts, centre, own_variance, covariance, y) -> Regression:
    """The regression of ``y`` = log total − centre, given every variance."""
    factor = np.linalg.cholesky(covariance + np.diag(own_variance))
    whitened = solve_triangular(factor, y, lower=True)
    alpha = solve_triangular(factor, whitened, lower=True, trans="T")
    return Regression(terms, variances, facts, centre, own_variance, covariance, factor, whitened, alpha)


def _learn_variances(
    kernels: list[np.ndarray], y: np.ndarray, poisson: np.ndarray, terms: tuple[Term, ...]
) -> tuple[np.ndarray, float, np.ndarray]:
    """Variance of each term, of the noise, and each day's robustness weight."""
    prior = np.array([term.prior_variance for term in terms])
    variances, noise, weights = prior.copy(), NOISE_PRIOR, np.ones(len(y))
    for _ in range(UPDATES):
        own = noise / weights + poisson
        system = sum(v * k for v, k in zip(variances, kernels, strict=True)) + np.diag(own)
        inverse = cho_solve(cho_factor(system, lower=True), np.eye(len(y)))
        alpha = inverse @ y
        fits = np.array([alpha @ k @ alpha for k in kernels])
        traces = np.array([np.vdot(inverse, k) for k in kernels])
        variances = _update(variances, prior, fits, traces)
        noise = float(_update(noise, NOISE_PRIOR, np.sum(alpha**2 / weights), np.sum(np.diag(inverse) / weights)))
        surprise = (own * alpha) ** 2 / (noise + poisson)
        weights = (STUDENT_DF + 1) / (STUDENT_DF + surprise)
    return variances, noise, weights


def _update(value, prior, fit, trace):
    """One step uphill in the posterior of a variance; never negative, never past the optimum."""
    return np.sqrt((value**2 * fit + PRIOR_STRENGTH * prior) / (trace + PRIOR_STRENGTH / value))
