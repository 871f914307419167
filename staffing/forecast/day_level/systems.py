"""The matrices of a fitted regression, and those of the last ones that were made light, which may be asked for soon.

A light regression makes its matrices again where they are wanted; the few it is asked of next are then still at hand.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

KEPT = 4  # of a queue's regressions those of its days; each takes two numbers a pair of known days
ROWS_AT_ONCE = 32  # of a sum of matrices


@dataclass(frozen=True)
class System:
    """Known days × known days: covariance of the terms, and the Cholesky factor of it and the noise."""

    covariance: np.ndarray
    factor: np.ndarray


Estimates = tuple[np.ndarray, np.ndarray]  # a regression's variances and weights: the arrays themselves tell it

_kept: OrderedDict[tuple[int, int], tuple[Estimates, System]] = OrderedDict()
_lock = threading.Lock()


def keep(own: Estimates, system: System) -> None:
    """Keep the system of a regression for a while."""
    key = (id(own[0]), id(own[1]))  # the arrays are kept beside it, so no id is given twice
    with _lock:
        _kept[key] = (own, system)
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def kept(own: Estimates) -> System | None:
    """The system of a regression that was made light lately; None where it is gone."""
    with _lock:
        found = _kept.get((id(own[0]), id(own[1])))
    return None if found is None else found[1]


def factored(covariance: np.ndarray, noise: float, weights: np.ndarray, poisson: np.ndarray) -> np.ndarray:
    """Cholesky factor of the covariance and what each day strays by itself."""
    whole = covariance.copy()
    whole.flat[:: len(whole) + 1] += noise / weights + poisson
    return np.linalg.cholesky(whole)


def weighted_sum(variances: np.ndarray, kernels: list[np.ndarray]) -> np.ndarray:
    """Σ variance · kernel, some rows at a time: what is summed up stays in the processor's cache."""
    total = np.zeros(kernels[0].shape)
    part = np.empty_like(total[:ROWS_AT_ONCE])
    for first in range(0, len(total), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        sums = total[rows]
        for variance, kernel in zip(variances, kernels, strict=True):
            sums += np.multiply(variance, kernel[rows], out=part[: len(sums)])
    return total


def running(rows: np.ndarray) -> np.ndarray:
    """Sums of the first 0 … n rows."""
    sums = np.zeros((len(rows) + 1, rows.shape[1]), order="F")  # column by column, as they are solved
    np.cumsum(rows, axis=0, out=sums[1:])
    return sums


def inverse_factor(factor: np.ndarray) -> np.ndarray:
    """Inverse of a Cholesky factor: what it squares to, column by column, is the inverse of the matrix."""
    inverse, _ = lapack.dtrtri(np.asfortranarray(factor), lower=1)
    return np.asarray(inverse)
