"""Covariances that were worked out once are not worked out again: the queues of a site share their days.

Most of a fit's kernels are of the same known days, for one model after the other and one queue after the other. They
are read only, and the oldest go when they take more than ``KEPT_BYTES``.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import Any

import numpy as np

from staffing.forecast.day_level.days import DayFacts

KEPT_BYTES = 256_000_000
_kept: OrderedDict[Hashable, np.ndarray] = OrderedDict()
_lock = threading.Lock()


def remembered(kernel: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A kernel whose results are kept; its last two arguments are days, those before them numbers or kernels."""

    @wraps(kernel)
    def found_or_made(*arguments: Any) -> np.ndarray:
        *numbers, a, b = arguments
        key = (kernel.__qualname__, *map(_known_by, numbers), _digest(a), _digest(b))
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        made = kernel(*arguments)
        made.flags.writeable = False
        with _lock:
            _kept[key] = made
            while sum(each.nbytes for each in _kept.values()) > KEPT_BYTES:
                _kept.popitem(last=False)
        return made

    return found_or_made


def _known_by(number: Any) -> Hashable:
    if isinstance(number, partial):
        return (number.func.__qualname__, *map(_known_by, number.args))
    return number.__qualname__ if callable(number) else float(number)


def _digest(facts: DayFacts) -> bytes:
    """What tells days apart, worked out once for each object."""
    known: bytes | None = getattr(facts, "_digest", None)
    if known is None:
        digest = hashlib.blake2b(repr((len(facts), facts.period_names)).encode(), digest_size=16)
        for name, values in vars(facts).items():
            if isinstance(values, np.ndarray):
                content = "\0".join(values.tolist()).encode() if values.dtype.hasobject else values.tobytes()
                digest.update(f"{name}{values.dtype}{values.shape}".encode())
                digest.update(content)
        known = digest.digest()
        object.__setattr__(facts, "_digest", known)
    return known
