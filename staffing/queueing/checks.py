"""Checks at the door of the queueing functions: what is wrong, in which argument, at which position."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.errors import InputError, Where

Floats = NDArray[np.float64]


def require(good: NDArray[np.bool_], field: str, values: Any, rule: str) -> None:
    """Raise InputError naming the first element of ``values`` for which ``good`` is false."""
    if np.all(good):
        return
    position = int(np.argmin(np.ravel(good)))
    found = np.ravel(np.asarray(values))[position]
    place = f" at position {position}" if np.ndim(values) else ""
    raise InputError(f"{field} must be {rule} (found {found}{place}).", where=Where(field=field))


def floats(field: str, values: ArrayLike, rule: str, *, low: float = 0.0, endless: bool = False) -> Floats:
    """``values`` as floats, each at least ``low`` and finite (unless ``endless``). Raises InputError."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{field} must be {rule}.", where=Where(field=field)) from None
    good = array >= low
    require(good if endless else good & np.isfinite(array), field, array, rule)
    return array


def positive(field: str, values: ArrayLike, *, endless: bool = False) -> Floats:
    """``values`` as floats above zero. Raises InputError."""
    rule = "a number above 0" + (" or inf" if endless else "")
    array = floats(field, values, rule, endless=endless)
    require(array > 0, field, array, rule)
    return array
