"""What a simulated week misses when its counts and mean handle time are known: the week that came, made like it.

Each step replaces one thing that was measured by what the simulation draws instead, and keeps it replaced: instants of
arrival, the course of handle times, their shape, patience. The last is the simulation but for its random numbers.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.replay_weeks import Real
from staffing.simulation.lines import Horizon, Shapes, Worlds, lines_of
from staffing.simulation.people import People

if TYPE_CHECKING:
    from staffing.planner import Plan

TIMES = 10  # each step is drawn


def causes(plan: Plan, real: Real, people: People) -> dict[str, float]:
    """Service of the week with one thing after the other replaced."""
    table = plan.forecast.table
    span = Horizon.of(plan.scenario, plan.start, 7)
    shapes = Shapes.of_table(plan.simulated.shapes)
    line = lines_of(Worlds(table, {}), plan.scenario, span, shapes)[0]
    slot = np.minimum((real.arrival / span.interval_s).astype(int), span.day_of.size - 1)
    aht, patience = (_by_slot(line.slot, own, span.day_of.size)[slot] for own in (line.aht_s, line.patience_s))
    known = real.calls["handle_s"].dropna().to_numpy()
    found: dict[str, list[float]] = {}
    for number in range(TIMES):
        rng, now = np.random.default_rng([7, number]), copy(real)
        now.arrival = np.sort((slot + rng.random(slot.size)) * span.interval_s)
        _note(found, "arrivals even in the half-hour", now, people)
        handle = now.calls["handle_s"].to_numpy(copy=True)
        handle[np.isnan(handle)] = rng.choice(known, np.isnan(handle).sum())
        course = aht * known.mean() / aht.mean()
        _give(now, _like(handle, slot, course))
        _note(found, "handle times by the forecast's course", now, people)
        drawn = line.handle.knots[(rng.random(slot.size) * line.handle.knots.size).astype(int)]
        _give(now, course * drawn / line.handle.knots.mean())
        _note(found, "handle times drawn", now, people)
        now.shape, now.scale = line.patience, float(patience.mean())
        _note(found, "patience of history", now, people)
    return {name: float(np.mean(values)) for name, values in found.items()}


def _by_slot(slot: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    out = np.full(count, float(np.mean(values)))
    out[slot] = values if values.ndim == 1 else values.mean(axis=0)
    return out


def _like(handle: np.ndarray, slot: np.ndarray, course: np.ndarray) -> np.ndarray:
    """The handle times that came, scaled so that each half-hour's mean is that of ``course``."""
    count = np.bincount(slot)
    mean = np.bincount(slot, handle) / np.maximum(count, 1)
    return np.asarray(handle * course / mean[slot])


def _give(now: Real, handle: np.ndarray) -> None:
    now.calls = pd.DataFrame({"handle_s": handle})


def _note(found: dict[str, list[float]], name: str, now: Real, people: People) -> None:
    found.setdefault(name, []).append(float(now.play(people)[1].mean()))
