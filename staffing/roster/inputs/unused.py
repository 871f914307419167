"""What a roster leaves unused though no rule is broken: people without a shift, shifts for nobody, idle prices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from staffing.roster.case import BLOCKED, Case
from staffing.roster.given import Inputs


def unused_notes(inputs: Inputs, case: Case) -> Iterator[str]:
    """A sentence for each such shift, person, price; whoever is away on all days of the plan that suit is not told."""
    yield from inputs.book.idle()
    suits = {agent.name: inputs.allowed_kinds(agent) for agent in inputs.agents}
    someone = frozenset().union(*suits.values())
    for name in dict.fromkeys(shift.name for shift in inputs.shifts):
        if name not in someone:
            yield f"The shift '{name}' suits nobody: mind the shifts of contracts, its teams, and who works at home."
    idle = np.all(case.people.price >= BLOCKED, axis=1)[case.agent_class]
    names = [
        agent.name
        for agent, nothing in zip(inputs.agents, idle.tolist(), strict=True)
        if nothing and any(agent.can_work(inputs.date(day)) for day in range(inputs.days))
    ]
    if names:
        yield f"No shift can be worked by {', '.join(names)}: mind contract, team, rotation, hours and weekdays."
