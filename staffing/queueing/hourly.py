"""The formulas as people ask for them: contacts per hour in, by keyword, and a Series out where one went in."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np

from staffing.errors import InputError, Where
from staffing.queueing.agents import Definition, Targets, smallest_agents
from staffing.queueing.checks import floats, positive
from staffing.queueing.erlang import Measures, Model, erlang_b, measures


def agents_needed(
    *,
    calls_per_hour: Any,
    aht_s: Any,
    patience_s: Any = math.inf,
    threshold_s: Any = 20.0,
    service_level: float | None = None,
    asa_s: float | None = None,
    abandonment: float | None = None,
    max_occupancy: float | None = None,
    definition: Definition = "offered",
) -> Any:
    """The smallest whole number of agents that keeps every promise given; exact.

    Parameters
    ----------
    calls_per_hour : contacts offered per hour, ≥ 0; a number, an array or a Series, as are the next three.
    aht_s : mean handle time, seconds, > 0.
    patience_s : mean patience, seconds; inf is Erlang C, a finite one Erlang A (M/M/n+M).
    threshold_s : the T of "within T seconds", ≥ 0.
    service_level : share of contacts answered within the threshold, in (0, 1), by ``definition``.
    asa_s : mean wait of the answered, seconds, at most.
    abandonment : share of contacts that hang up, at most; in [0, 1).
    max_occupancy : share of time spent handling, at most; in (0, 1).
    definition : which contacts the service level is a share of.

    Returns
    -------
    int, array or Series
        Agents on the phone; a Series where a Series went in.

    Raises
    ------
    InputError
        Naming the argument.

    References
    ----------
    Zeltyn & Mandelbaum 2005, doi:10.1007/s11134-005-3699-8 (Erlang A); Jouini, Koole & Roubos 2013,
    doi:10.1080/0740817X.2012.712241 (definitions).
    """
    load = floats("calls_per_hour", calls_per_hour, "a number of at least 0") * positive("aht_s", aht_s) / 3600.0
    targets = Targets(service_level, definition, asa_s, abandonment, max_occupancy)
    found = smallest_agents(load, _plain(aht_s), _plain(patience_s), _plain(threshold_s), targets)
    return _alike(found, calls_per_hour=calls_per_hour, aht_s=aht_s, patience_s=patience_s, threshold_s=threshold_s)


def service(
    *,
    calls_per_hour: Any,
    aht_s: Any,
    agents: Any,
    patience_s: Any = math.inf,
    threshold_s: Any = 20.0,
    model: Model | None = None,
) -> Measures:
    """What callers and agents live through: waits, service levels, abandonment, occupancy.

    Parameters
    ----------
    calls_per_hour, aht_s, patience_s, threshold_s : as in `agents_needed`.
    agents : on the phone, ≥ 0; may be fractional.
    model : ``erlang_b`` (nobody waits), ``erlang_c`` (nobody hangs up), ``erlang_a``; None goes by the patience.

    Returns
    -------
    Measures
        Its fields are numbers, arrays, or Series where a Series went in.

    Raises
    ------
    InputError
        Naming the argument, also where ``model`` and ``patience_s`` contradict each other.

    References
    ----------
    Zeltyn & Mandelbaum 2005, doi:10.1007/s11134-005-3699-8.
    """
    if model in ("erlang_b", "erlang_c") and np.isfinite(np.asarray(patience_s, dtype=float)).any():
        raise InputError(
            f"{model} has a patience of its own.",
            where=Where(field="patience_s"),
            remedy="Leave patience_s out, or model.",
        )
    found = measures(
        calls_per_hour=_plain(calls_per_hour), aht_s=_plain(aht_s), agents=_plain(agents),
        threshold_s=_plain(threshold_s), patience_s=_plain(patience_s), model=model,
    )  # fmt: skip
    given = {
        "calls_per_hour": calls_per_hour, "aht_s": aht_s, "agents": agents, "patience_s": patience_s,
        "threshold_s": threshold_s,
    }  # fmt: skip
    return Measures(**{field.name: _alike(getattr(found, field.name), **given) for field in fields(Measures)})


def blocking(*, calls_per_hour: Any, aht_s: Any, lines: Any) -> Any:
    """Share of contacts that find every line busy and are lost: Erlang B.

    Parameters
    ----------
    calls_per_hour : contacts offered per hour, ≥ 0.
    aht_s : mean handle time, seconds, > 0.
    lines : ≥ 0, may be fractional.

    Returns
    -------
    float, array or Series
        In [0, 1]; NaN where nothing is offered; a Series where a Series went in.

    Raises
    ------
    InputError
        Naming the argument.

    References
    ----------
    Jagers & Van Doorn 1986, doi:10.1016/0167-6377(86)90099-6 (fractional lines).
    """
    load = floats("calls_per_hour", calls_per_hour, "a number of at least 0") * positive("aht_s", aht_s) / 3600.0
    return _alike(erlang_b(_plain(lines), load), calls_per_hour=calls_per_hour, aht_s=aht_s, lines=lines)


def _plain(value: Any) -> Any:
    return value.to_numpy() if hasattr(value, "to_numpy") else value


def _alike(found: Any, **given: Any) -> Any:
    """``found`` as a Series with the index of those given, if any is one. Raises InputError where indexes differ."""
    series = {name: value for name, value in given.items() if hasattr(value, "to_numpy") and hasattr(value, "index")}
    if not series:
        return found
    import pandas as pd

    (first, one), *others = series.items()
    for name, other in others:
        if not one.index.equals(other.index):
            raise InputError(
                f"has another index than {first}.", where=Where(field=name), remedy="Align the Series, or give arrays."
            )
    return pd.Series(np.broadcast_to(found, len(one)), index=one.index)
