"""What each agent has carried of unloved shifts and missed wishes, and how the next weeks even it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.roster.case import DatedShift
from staffing.roster.inputs.past import dated_past
from staffing.roster.inputs.people import burden_sorts, is_unwished
from staffing.roster.inputs.standing import standing

if TYPE_CHECKING:
    from staffing.domain.workforce import Agent
    from staffing.roster.case import Case
    from staffing.roster.engine.search import State
    from staffing.roster.given import Inputs

MEASURES = ("weekend_days", "nights", "late", "undesired", "unwished")
SORTS = {
    "weekend_days": "weekend days", "nights": "nights", "late": "late shifts", "undesired": "undesired shifts",
    "unwished": "missed wishes",
}  # fmt: skip
TOP_LEVEL = 2
FAR_ABOVE = 4.0  # shifts above the fair share at which a person is named in the notes

Counts = NDArray[np.int64]  # (measures,)


def burden_of(agent: Agent, shift: DatedShift, date: dt.date, inputs: Inputs) -> Counts:
    """What one shift weighs for one person: 0 or 1 per measure."""
    missed = is_unwished(frozenset(agent.prefers), frozenset(agent.avoids), shift.template, date)
    return np.array([*burden_sorts(shift, weekend=inputs.calendar.is_weekend(date)), missed], np.int64)


def past_burdens(inputs: Inputs) -> Mapping[str, Counts]:
    """Burden of every agent over the whole of the past roster."""
    people = {agent.name: agent for agent in inputs.agents}
    found = {name: np.zeros(len(MEASURES), np.int64) for name in people}
    for name, date, shift in dated_past(inputs):
        if name in people:
            found[name] += burden_of(people[name], shift, date, inputs)
    return found


def above_share(counts: NDArray[np.int64], inputs: Inputs) -> NDArray[np.float64]:
    """How far each agent (row) lies above a fair share of each measure.

    The share is the mean of those with the same contract for whom the matter stands alike: people who can work
    shifts of a sort and others, such shifts alone, or none of them, by team, home, hours and weekdays.
    """
    above, stands = np.zeros(counts.shape), standing(inputs)
    contracts = np.array([agent.contract for agent in inputs.agents], dtype=object)
    for m in range(len(MEASURES)):
        groups = list(zip(contracts, stands[:, m], strict=True))
        for group in set(groups):
            among = np.array([one == group for one in groups])
            above[among, m] = counts[among, m] - counts[among, m].mean()
    return above


def levels(inputs: Inputs) -> Mapping[str, tuple[int, ...]]:
    """How far above a fair share the past has left each agent per measure: 0, 1 or 2 (one or more shifts).

    A shift of that sort is priced with the level times the price of an undesired shift, so that those who
    have carried more are asked last.
    """
    burdens = past_burdens(inputs)
    above = above_share(np.array([burdens[agent.name] for agent in inputs.agents]), inputs)
    level = np.clip(np.floor(above), 0, TOP_LEVEL).astype(int)
    return {agent.name: tuple(row.tolist()) for agent, row in zip(inputs.agents, level, strict=True)}


def even_out(inputs: Inputs, case: Case, state: State) -> None:
    """Exchange whole weeks among equals so that those who carried least so far take the heaviest.

    Equals share a class: every tour of the class is allowed to each of them at the same price, so the
    roster's price and cover stay as they are.
    """
    burdens = past_burdens(inputs)
    people = {agent.name: agent for agent in inputs.agents}
    carried = np.array([burdens[name].sum() for name in case.agent_names])
    weight = np.array([
        tour_burden(people[name], inputs, case, tour).sum()
        for name, tour in zip(case.agent_names, state.tours, strict=True)
    ])  # fmt: skip
    for k in range(len(case.people.automaton)):
        members = np.flatnonzero(state.agent_class == k)
        heavy = sorted(members, key=lambda i: (-weight[i], i))
        light = sorted(members, key=lambda i: (carried[i], i))
        for part in (state.tours, state.offsets, state.served, state.price):
            part[light] = part[heavy]


def tour_burden(agent: Agent, inputs: Inputs, case: Case, tour: np.ndarray) -> Counts:
    """Burden of a tour for a person."""
    shifts = [(day, case.shifts[option]) for day, option in enumerate(tour) if option >= 0]
    counts = [burden_of(agent, shift, inputs.date(day), inputs) for day, shift in shifts]
    return np.sum(counts, axis=0) if counts else np.zeros(len(MEASURES), np.int64)


def fairness_table(inputs: Inputs, case: Case, state: State) -> pd.DataFrame:
    """Per agent: shifts, paid_hours, each measure of this plan, of the past (past_…), and above a fair share of
    both together (above_…)."""
    burdens = past_burdens(inputs)
    past = np.array([burdens[agent.name] for agent in inputs.agents])
    now = np.array([tour_burden(a, inputs, case, t) for a, t in zip(inputs.agents, state.tours, strict=True)])
    above = above_share(past + now, inputs)
    worked = [tour[tour >= 0] for tour in state.tours]
    return pd.DataFrame(
        {
            "agent": [agent.name for agent in inputs.agents],
            "shifts": [len(tour) for tour in worked],
            "paid_hours": [float(case.paid_min[tour].sum()) / 60 for tour in worked],
            **{measure: now[:, m] for m, measure in enumerate(MEASURES)},
            **{f"past_{measure}": past[:, m] for m, measure in enumerate(MEASURES)},
            **{f"above_{measure}": above[:, m] for m, measure in enumerate(MEASURES)},
        }
    )


def drift_notes(fairness: pd.DataFrame) -> tuple[str, ...]:
    """Who has come to carry far more than a fair share of something."""
    found = []
    for measure in MEASURES:
        above = fairness[fairness[f"above_{measure}"] >= FAR_ABOVE].sort_values(f"above_{measure}", ascending=False)
        names = [f"{row['agent']} {row[f'above_{measure}']:.0f}" for row in above.to_dict("records")]
        if names:
            what = SORTS[measure]
            found.append(f"More {what} than a fair share, past weeks counted in: {', '.join(names)}.")
    return tuple(found)


def spread(fairness: pd.DataFrame) -> pd.DataFrame:
    """Mean, least, most and standard deviation over agents of every measure, past included."""
    totals = fairness.assign(**{m: fairness[m] + fairness[f"past_{m}"] for m in MEASURES})
    return totals[list(MEASURES)].agg(["mean", "min", "max", "std"]).T
