"""Prophet's most probable parameters, solved for where Stan searches for them.

With a linear trend and additive effects Prophet's posterior (Taylor & Letham 2018, "Forecasting at scale",
https://doi.org/10.1080/00031305.2017.1380080) is that of a linear regression: normal priors on everything but the
changes of the trend's slope, whose priors are Laplace's. For a given noise it has one maximum, by a bounded
least-squares problem in as many unknowns as there are changes (the dual of the lasso: Osborne, Presnell & Turlach 2000,
"On the LASSO and its dual", https://doi.org/10.1080/10618600.2000.10474883); the noise has a closed form, given the
rest. Stan's search stops short of it, where the last digits of its input lead it, some hundredths of a log unit away,
and takes a process and files of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_solve, solve_triangular
from scipy.optimize import lsq_linear

NOISE_SPREAD = 0.5  # of the noise's prior, in Prophet's own units
LEAST_VARIANCE = 1e-18  # of the noise
JITTERS = (0.0, 1e-12, 1e-10, 1e-8, 1e-6)  # shares of the mean of a matrix' diagonal
ROUNDS = 50
SETTLED = 1e-7  # change of the log of the noise's variance
LONGEST = 2.0  # times the gap, that a step may be


@dataclass(frozen=True)
class Posterior:
    """Sums of products: of the slopes' changes (``ss``), of everything else (``oo``), across, with the target.

    ``spreads`` of the normal priors, ``tau`` of the Laplace priors.
    """

    ss: np.ndarray
    so: np.ndarray
    oo: np.ndarray
    sy: np.ndarray
    oy: np.ndarray
    yy: float
    count: int
    spreads: np.ndarray
    tau: float

    @classmethod
    def of(cls, slopes: np.ndarray, others: np.ndarray, y: np.ndarray, spreads: np.ndarray, tau: float) -> Posterior:
        products = (slopes.T @ slopes, slopes.T @ others, others.T @ others, slopes.T @ y, others.T @ y)
        return cls(*products, float(y @ y), len(y), spreads, tau)

    def maximum(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Changes of the slope, everything else, and the noise's standard deviation."""
        before, tried, found = None, float(np.log(self.yy / self.count)), 0.0
        for _ in range(ROUNDS):
            delta, rest = self._given(np.exp(tried))
            found = self._log_variance(self._squares(delta, rest))
            gap, last = found - tried, (tried, found - tried)
            if abs(gap) <= SETTLED:
                break
            step = gap if before is None else _secant(before, last)
            before, tried = last, tried + step
        return delta, rest, float(np.exp(found / 2.0))

    def _log_variance(self, squares: float) -> float:
        """Of the noise, where count ln σ + squares / 2σ² + tight σ² / 2 is least: its slope is 0."""
        tight = 1.0 / NOISE_SPREAD**2
        variance = (np.sqrt(self.count**2 + 4.0 * tight * squares) - self.count) / (2.0 * tight)
        return float(np.log(max(variance, LEAST_VARIANCE)))

    def _given(self, variance: float) -> tuple[np.ndarray, np.ndarray]:
        """The maximum for a noise of ``variance``."""
        system = (_root(self.oo / variance + np.diag(self.spreads**-2.0)), True)
        if not len(self.sy):
            return self.sy, cho_solve(system, self.oy / variance)
        across = cho_solve(system, self.so.T / variance)
        curved = (self.ss - self.so @ across) / variance
        pull = (self.sy - across.T @ self.oy) / variance
        lower = _root(curved + JITTERS[1] * np.trace(curved) / len(curved) * np.eye(len(curved)))
        bound = 1.0 / self.tau
        inverse = solve_triangular(lower, np.eye(len(lower)), lower=True)
        dual = lsq_linear(inverse, inverse @ pull, bounds=(-bound, bound), method="bvls", tol=1e-14).x
        delta = cho_solve((lower, True), pull - dual)
        return delta, cho_solve(system, (self.oy - self.so.T @ delta) / variance)

    def _squares(self, delta: np.ndarray, rest: np.ndarray) -> float:
        """The sum of squared errors."""
        own = delta @ self.ss @ delta + rest @ self.oo @ rest + 2.0 * delta @ self.so @ rest
        return max(float(self.yy - 2.0 * (delta @ self.sy + rest @ self.oy) + own), 0.0)


def _root(matrix: np.ndarray) -> np.ndarray:
    """The lower Cholesky factor; where numbers leave the matrix not quite positive definite, as those of a history
    without chance do, the least of a few jitters that makes it so is added."""
    for jitter in JITTERS:
        with contextlib.suppress(np.linalg.LinAlgError):
            return np.linalg.cholesky(matrix + jitter * np.trace(matrix) / len(matrix) * np.eye(len(matrix)))
    raise np.linalg.LinAlgError("no jitter makes the matrix positive definite")


def _secant(before: tuple[float, float], last: tuple[float, float]) -> float:
    """The step to where the gap between what is tried and what is found would close, by the last two (tried, gap)."""
    turn = last[1] - before[1]
    step = -last[1] * (last[0] - before[0]) / turn if turn else last[1]
    return float(np.clip(step, -LONGEST * abs(last[1]), LONGEST * abs(last[1]))) if step * last[1] > 0 else last[1]


@dataclass(frozen=True)
class ProphetEffects:
    """A fitted Prophet as numbers, log units.

    Attributes
    ----------
    start, days : ordinal of the first day it was told, and how many days its trend counts as 1.
    slope, level, changes, bends : of the trend; its slope changes by ``bends`` at ``changes``.
    seasons : by name, period in days and number of waves.
    regressors : names of the regressors.
    beta : coefficients of the seasons' waves (sine, cosine, …), then of the regressors.
    """

    start: float
    days: float
    slope: float
    level: float
    changes: np.ndarray
    bends: np.ndarray
    seasons: Mapping[str, tuple[float, int]]
    regressors: tuple[str, ...]
    beta: np.ndarray

    def above(self, centre: float) -> ProphetEffects:
        """The same of a target that lies higher."""
        return replace(self, level=self.level + centre)

    def on(self, ordinal: np.ndarray, regressors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Trend, seasons and regressors on each day: the parts of `Prophet.predict`. Regressors not told are 0."""
        at = (ordinal - self.start) / self.days
        found = {"trend": self.level + self.slope * at + np.maximum(at[:, None] - self.changes, 0.0) @ self.bends}
        place = 0
        for name, (period, waves) in self.seasons.items():
            angle = 2 * np.pi * ordinal[:, None] * np.arange(1, waves + 1) / period
            pairs = self.beta[place : place + 2 * waves].reshape(waves, 2)
            found[name] = np.sin(angle) @ pairs[:, 0] + np.cos(angle) @ pairs[:, 1]
            place += 2 * waves
        nothing = np.zeros(len(ordinal))
        effects = zip(self.regressors, self.beta[place:], strict=True)
        return found | {name: regressors.get(name, nothing) * beta for name, beta in effects}
