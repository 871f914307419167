"""What each agent has carried of weekends, nights and unloved shifts, and how the next weeks even it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.roster.automaton import DatedShift
from staffing.roster.options import touches_night
from staffing.roster.people import is_unwished

if TYPE_CHECKING:
    from staffing.domain.workforce import Agent
    from staffing.roster.problem import Inputs, Problem
    from staffing.roster.search import State

MEASURES = ("weekend_days", "nights", "undesired")
TOP_LEVEL = 2


@dataclass(frozen=True)
class Burden:
    """Counts of shifts of each unloved sort."""

    weekend_days: int = 0
    nights: int = 0
    undesired: int = 0

    def __add__(self, other: Burden) -> Burden:
        return Burden(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def burden_of(shift: DatedShift, *, weekend: bool) -> Burden:
    """What one shift weighs."""
    return Burden(int(weekend), int(shift.night), int(shift.undesired))


def past_burdens(inputs: Inputs) -> Mapping[str, Burden]:
    """Burden of every agent over the whole of the past roster."""
    found = dict.fromkeys((agent.name for agent in inputs.agents), Burden())
    if inputs.past is None:
        return found
    rows = inputs.past[inputs.past["activity"] == "shift"]
    for name, start, end in zip(rows["agent"], rows["start"], rows["end"], strict=True):
        local = start.tz_convert(inputs.calendar.zone)
        if name not in found or local.date() >= inputs.start:
            continue
        start_min, length = local.hour * 60 + local.minute, int((end - start).total_seconds()) // 60
        undesired = any(t.undesired and t.length_min == length and start_min in t.starts_min for t in inputs.shifts)
        night = touches_night(start_min, start_min + length, inputs.rules)
        found[name] += Burden(int(inputs.calendar.is_weekend(local.date())), int(night), int(undesired))
    return found


def levels(inputs: Inputs) -> Mapping[str, tuple[int, ...]]:
    """How far above the team's average each agent lies per measure: 0, 1 or 2 (one or more shifts).

    A shift of that sort is priced with the level times the price of an undesired shift, so that those who
    have carried more are asked last.
    """
    burdens = past_burdens(inputs)
    counts = np.array([astuple(burdens[agent.name]) for agent in inputs.agents], float)
    above = np.clip(np.floor(counts - counts.mean(axis=0)), 0, TOP_LEVEL).astype(int)
    return {agent.name: tuple(row.tolist()) for agent, row in zip(inputs.agents, above, strict=True)}


def even_out(inputs: Inputs, problem: Problem, state: State) -> None:
    """Exchange whole weeks among equals so that those who carried least so far take the heaviest.

    Equals share a class: every tour of the class is allowed to each of them at the same price, so the
    roster's price and cover stay as they are.
    """
    burdens = past_burdens(inputs)
    for k in range(len(problem.people.automaton)):
        members = np.flatnonzero(state.agent_class == k)
        if len(members) < 2:
            continue
        heavy = sorted(members, key=lambda i: (-_weight(inputs, problem, state.tours[i]), i))
        light = sorted(members, key=lambda i: (sum(astuple(burdens[problem.agent_names[i]])), i))
        for part in (state.tours, state.offsets, state.served, state.price):
            part[light] = part[heavy]


def _weight(inputs: Inputs, problem: Problem, tour: np.ndarray) -> int:
    return sum(sum(astuple(burden)) for burden in tour_burdens(inputs, problem, tour))


def tour_burdens(inputs: Inputs, problem: Problem, tour: np.ndarray) -> list[Burden]:
    """Burden of each shift of a tour."""
    return [
        burden_of(problem.shifts[option], weekend=inputs.calendar.is_weekend(inputs.date(day)))
        for day, option in enumerate(tour)
        if option >= 0
    ]


def fairness_table(inputs: Inputs, problem: Problem, state: State) -> pd.DataFrame:
    """Per agent: shifts, paid_hours, each measure of this plan, missed wishes, and the measures of the past."""
    burdens = past_burdens(inputs)
    rows = []
    for i, agent in enumerate(inputs.agents):
        tour = state.tours[i]
        carried = sum(tour_burdens(inputs, problem, tour), Burden())
        rows.append(
            {
                "agent": agent.name,
                "shifts": int((tour >= 0).sum()),
                "paid_hours": float(problem.paid_min[tour[tour >= 0]].sum()) / 60,
                **dict(zip(MEASURES, astuple(carried), strict=True)),
                "unwished": _unwished(inputs, problem, agent, tour),
                **{f"past_{m}": v for m, v in zip(MEASURES, astuple(burdens[agent.name]), strict=True)},
            }
        )
    return pd.DataFrame(rows)


def _unwished(inputs: Inputs, problem: Problem, agent: Agent, tour: np.ndarray) -> int:
    prefers, avoids = frozenset(agent.prefers), frozenset(agent.avoids)
    return sum(
        is_unwished(prefers, avoids, problem.shifts[option].template, inputs.date(day))
        for day, option in enumerate(tour)
        if option >= 0
    )


def spread(fairness: pd.DataFrame) -> pd.DataFrame:
    """Mean, least, most and standard deviation over agents of every measure, past included."""
    totals = fairness.assign(**{m: fairness[m] + fairness[f"past_{m}"] for m in MEASURES})
    return totals[[*MEASURES, "unwished"]].agg(["mean", "min", "max", "std"]).T
