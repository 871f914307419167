"""Symmetric matrices of one size, each entry once: half the memory to pass through, which is what a fit waits for.

Rectangular full packed format (Gustavson, Waśniewski, Dongarra & Langou 2010, "Rectangular full packed format for
Cholesky's algorithm", https://doi.org/10.1145/1731022.1731028), in which LAPACK factors and inverts as fast as in full.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.linalg import lapack

KEPT_STACKS = 6  # of covariances: queues of a site share their days, and six of a day's scores share theirs

_kept: OrderedDict[tuple[int, ...], tuple[list[np.ndarray], PackedStack]] = OrderedDict()
_lock = threading.Lock()


def pack(symmetric: np.ndarray) -> np.ndarray:
    """The lower triangle of a symmetric matrix, n (n + 1) / 2 numbers."""
    packed, _ = lapack.dtrttf(np.asfortranarray(symmetric.T), transr="N", uplo="L")
    return np.asarray(packed)


@lru_cache(maxsize=16)
def _diagonal(size: int) -> np.ndarray:
    """Places of the diagonal among the packed numbers."""
    places = pack(np.diag(np.arange(1.0, size + 1)))
    on = np.flatnonzero(places)
    return on[np.argsort(places[on])]


@dataclass(frozen=True)
class PackedStack:
    """``rows``: matrices × packed numbers, of matrices that are ``size`` × ``size``."""

    rows: np.ndarray
    size: int

    @classmethod
    def of(cls, kernels: list[np.ndarray], last: int) -> PackedStack:
        """The last ``last`` rows and columns of each matrix; stacks of matrices that are read only are kept."""
        if any(kernel.flags.writeable for kernel in kernels):
            return cls._made(kernels, last)
        key = (last, *map(id, kernels))  # the matrices are kept beside it, so no id is given twice
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key][1]
        made = cls._made(kernels, last)
        with _lock:
            _kept[key] = (kernels, made)
            while len(_kept) > KEPT_STACKS:
                _kept.popitem(last=False)
        return made

    @classmethod
    def _made(cls, kernels: list[np.ndarray], last: int) -> PackedStack:
        return cls(np.array([pack(kernel[-last:, -last:]) for kernel in kernels]), last)

    @cached_property
    def diagonal(self) -> np.ndarray:
        return _diagonal(self.size)

    def weighted_sum(self, weights: np.ndarray, diagonal: np.ndarray) -> np.ndarray:
        """Σ weight · matrix, and ``diagonal`` added to it; packed."""
        total = weights @ self.rows
        total[self.diagonal] += diagonal
        return np.asarray(total)

    def against(self, *packed: np.ndarray) -> np.ndarray:
        """One row each: the sums of products, entry by entry, of each matrix here with a packed one."""
        twice = 2.0 * np.array(packed)  # each entry beside the diagonal stands for two
        twice[:, self.diagonal] /= 2.0
        return np.asarray(twice @ self.rows.T)


def inverse_and_solution(packed: np.ndarray, size: int, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Packed inverse of a packed positive definite matrix, and its product with ``target``.

    Raises LinAlgError for a matrix that is not positive definite.
    """
    lower, failed = lapack.dpftrf(size, packed, transr="N", uplo="L", overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError("the covariance of the calendar regression is not positive definite")
    solution, _ = lapack.dpftrs(size, lower, target, transr="N", uplo="L")
    inverse, _ = lapack.dpftri(size, lower, transr="N", uplo="L", overwrite_a=1)
    return np.asarray(inverse), np.asarray(solution).ravel()
