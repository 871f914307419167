"""Primary and secondary skills: with everybody present as they are, who serves which queue is chosen anew.

How many serve each queue stays as it is in every slot, so that cover, price and bound do; people serve a secondary
skill only where nobody else could stand in for them. An assignment problem per slot; whoever can stay at a queue does.
Who owes shares of time, or takes longer or shorter than usual, keeps what he serves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case
from staffing.roster.engine.search import State
from staffing.roster.given import Inputs

SECONDARY, MOVED, OTHERWISE = (
    1.0,
    0.02,
    0.001,
)  # price of a slot so served, of a change of queue, of another than before
NEVER = 1e6


def prefer_primary(inputs: Inputs, case: Case, state: State) -> None:
    """Exchange queues among people of a slot in place, so that as few slots as possible fall on secondary skills."""
    price = _prices(inputs, case)
    if not (price == SECONDARY).any():
        return
    before = np.full(len(price), -1)
    moves = ((price < NEVER).sum(axis=1) > 1) & case.plain_groups[case.people.group[case.agent_class]]
    for slot in range(state.served.shape[1]):
        here = np.flatnonzero((state.served[:, slot] >= 0) & moves)
        served = state.served[here, slot].astype(int)
        if len(here) > 1 and (price[here, served] == SECONDARY).any():
            served = _exchanged(price[here], served, before[here])
            state.served[here, slot] = served
        before[:] = state.served[:, slot]


def secondary_hours(inputs: Inputs, case: Case, state: State) -> float:
    """Agent-hours at secondary skills."""
    price = _prices(inputs, case)
    agent, slot = np.nonzero(state.served >= 0)
    return float((price[agent, state.served[agent, slot]] == SECONDARY).sum()) * case.grid.slot_min / 60


def _prices(inputs: Inputs, case: Case) -> NDArray[np.float64]:
    """Price of each queue (columns) for each agent: nothing, that of a secondary skill, or never."""
    found = np.full((len(inputs.agents), len(case.queue_names)), NEVER)
    for row, agent in zip(found, inputs.agents, strict=True):
        for q, name in enumerate(case.queue_names):
            if name in agent.secondary:
                row[q] = SECONDARY
            elif agent.has_skill(name):
                row[q] = 0.0
    return found


def _exchanged(price: NDArray[np.float64], served: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """Queues served by the same people, each as often as it was."""
    from scipy.optimize import linear_sum_assignment

    cost = price[:, served] + MOVED * (served[None, :] != before[:, None]) * (before[:, None] >= 0)
    cost += OTHERWISE * (served[None, :] != served[:, None])
    return np.asarray(served[linear_sum_assignment(cost)[1]])
