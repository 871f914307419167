"""The smallest number of agents that keeps every promise at once, exact, and its fractional twin.

All measures of M/M/n+M improve with every agent, so the promises hold together from one number of agents on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, positive, require
from staffing.queueing.search import TIE, deviate, search_all

Definition = Literal["offered", "answered", "excl_short_abandons", "wait_within_threshold"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)
MEASURE_OF: dict[Definition, str] = {
    "offered": "service_level",
    "answered": "service_level_answered",
    "excl_short_abandons": "service_level_excl_short_abandons",
    "wait_within_threshold": "probability_wait_within_threshold",
}


@dataclass(frozen=True)
class Targets:
    """Promises that hold together; None does not bind.

    service_level : in (0, 1), by the ``definition``.
    asa_s : mean wait of the answered in seconds, at most; > 0.
    abandonment : abandoned ÷ offered, at most; in [0, 1), where 0 asks for callers with endless patience.
    max_occupancy : share of on-phone time spent handling, at most; in (0, 1).

    Raises InputError for a value outside its range or if nothing is promised.
    """

    service_level: float | None = None
    definition: Definition = "offered"
    asa_s: float | None = None
    abandonment: float | None = None
    max_occupancy: float | None = None

    def __post_init__(self) -> None:
        if self.definition not in DEFINITIONS:
            raise InputError(
                f"unknown service-level definition '{self.definition}'.",
                where=Where(field="definition"),
                remedy=f"Use {', '.join(DEFINITIONS)}.",
            )
        if all(v is None for v in (self.service_level, self.asa_s, self.abandonment, self.max_occupancy)):
            raise InputError("no target is given.", remedy="Give a service level, ASA, abandonment or occupancy.")
        self._check("service_level", "above 0 and below 1", lambda value: 0 < value < 1)
        self._check("asa_s", "above 0", lambda value: 0 < value < math.inf)
        self._check("abandonment", "at least 0 and below 1", lambda value: 0 <= value < 1)
        self._check("max_occupancy", "above 0 and below 1", lambda value: 0 < value < 1)

    def _check(self, field: str, rule: str, good: Any) -> None:
        value = getattr(self, field)
        if value is not None and not good(value):
            raise InputError(f"the target {field} must be {rule} (found {value}).", where=Where(field=field))

    def level_of(self, found: Any) -> Any:
        """The service level of ``found`` (measures of a queue or of a day) by this definition."""
        return getattr(found, MEASURE_OF[self.definition])

    def kept_by(self, found: Any) -> Any:
        """Whether the measures ``found``, floats or arrays, keep every promise, to within rounding."""
        kept = np.bool_(True)
        if self.service_level is not None:
            kept = kept & (self.level_of(found) >= self.service_level - TIE)
        if self.asa_s is not None:
            kept = kept & (found.asa_s <= self.asa_s * (1 + TIE))
        if self.abandonment is not None:
            kept = kept & (found.abandonment <= self.abandonment + TIE)
        if self.max_occupancy is not None:
            kept = kept & (found.occupancy <= self.max_occupancy + TIE)
        return kept

    def bounds(self) -> tuple[float, float, float, float, float, float]:
        """For the kernels: service level, its definition's number, ASA, abandonment, occupancy, level's deviate."""
        return (
            -1.0 if self.service_level is None else self.service_level,
            float(DEFINITIONS.index(self.definition)),
            math.inf if self.asa_s is None else self.asa_s,
            math.inf if self.abandonment is None else self.abandonment,
            math.inf if self.max_occupancy is None else self.max_occupancy,
            0.0 if self.service_level is None else deviate(self.service_level),
        )


def smallest_agents(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets
) -> Any:
    """Smallest whole number of agents that meets every one of ``targets``; all arguments broadcast.

    Parameters
    ----------
    load : erlangs, ≥ 0; zero load needs nobody.
    aht_s : mean handle time, seconds, > 0.
    patience_s : mean patience, seconds; 0 is Erlang B, inf Erlang C (whose queue must also be stable).
    threshold_s : the T of the service level, seconds, ≥ 0.
    targets : what is promised.

    Returns
    -------
    int or array of int64
        Where there is work there is at least one agent.

    Raises
    ------
    InputError
        Naming argument and position, also for targets that no number of agents can meet.

    References
    ----------
    Zeltyn & Mandelbaum 2005, doi:10.1007/s11134-005-3699-8.
    """
    found = _searched(load, aht_s, patience_s, threshold_s, targets, True)
    return int(found) if found.ndim == 0 else found.astype(np.int64)


def fractional_agents(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets
) -> Any:
    """The real number of agents at which ``targets`` are just met.

    For plans that add up small queues before anything is rounded; by the continuous extension of Erlang B.

    Parameters
    ----------
    load, aht_s, patience_s, threshold_s, targets : as in `smallest_agents`.

    Returns
    -------
    float or array
        Agents, of the broadcast shape.

    Raises
    ------
    InputError
        As `smallest_agents`.

    References
    ----------
    Jagers & Van Doorn 1986, doi:10.1016/0167-6377(86)90099-6.
    """
    found = _searched(load, aht_s, patience_s, threshold_s, targets, False)
    return float(found) if found.ndim == 0 else found


def _searched(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets, whole: bool
) -> Floats:
    checked = (
        floats("load", load, "a finite number of at least 0"),
        positive("aht_s", aht_s),
        floats("patience_s", patience_s, "a number of at least 0, or inf", endless=True),
        floats("threshold_s", threshold_s, "a finite number of at least 0"),
    )
    a, aht, patience, threshold = (np.asarray(x) for x in np.broadcast_arrays(*checked))
    if targets.abandonment == 0.0:
        possible = (a == 0) | np.isinf(patience)
        require(possible, "patience_s", patience, "inf where the target abandonment is 0")
    found = np.empty(a.shape)
    flat = [np.ascontiguousarray(x).ravel() for x in (a, aht, patience, threshold)]
    search_all(*flat, targets.bounds(), whole, found.reshape(-1))
    require(found >= 0, "load", a, "such that some number of agents meets the targets")
    return found
