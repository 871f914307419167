"""The case in which every departure from a roster has its price: people are told apart by what they were to work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import AgentClasses, Case
from staffing.roster.engine.search import State


def with_changes_priced(case: Case, tours: NDArray[np.int32], price: float) -> Case:
    """``case`` in which each day of an agent that differs from `tours` (agents, days) costs `price` more."""
    worked = np.column_stack([case.agent_class, tours])
    _, leader, agent_class = np.unique(worked, axis=0, return_index=True, return_inverse=True)
    plain, own, options = case.agent_class[leader], tours[leader], case.options
    day = np.repeat(np.arange(case.days), np.diff(options.day_ptr))
    changed = own[:, day] != np.arange(len(day))
    people = AgentClasses(
        automaton=case.people.automaton[plain],
        group=case.people.group[plain],
        price=case.people.price[plain] + price * changed,
        off_price=case.people.off_price[plain] + price * (own >= 0),
    )
    together = tuple(
        team._replace(classes=np.flatnonzero(np.isin(plain, team.classes)).astype(np.int64)) for team in case.together
    )
    return replace(case, people=people, agent_class=agent_class.ravel().astype(np.int32), together=together)


def classed(state: State, case: Case) -> State:
    """A state whose agents are of the classes of ``case``."""
    return state._replace(agent_class=case.agent_class)
