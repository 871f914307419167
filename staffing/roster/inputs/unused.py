"""What a roster leaves unused though no rule is broken: people without a shift, shifts for nobody, idle prices; and
queues that nobody can serve."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from staffing.roster.case import BLOCKED, Case
from staffing.roster.given import Inputs


def unused_notes(inputs: Inputs, case: Case) -> Iterator[str]:
    """A sentence for each such shift, person, price; whoever is away on all days of the plan that suit is not told."""
    yield from inputs.book.idle()
    yield from _without_skill(inputs)
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


def _without_skill(inputs: Inputs) -> Iterator[str]:
    """Queues that need people and that nobody has the skill for."""
    hours = inputs.requirements["agents_scheduled"] * inputs.calendar.interval_min / 60
    for name, needed in hours.groupby(inputs.requirements["queue"]).sum().items():
        if needed > 0 and not any(agent.has_skill(str(name)) for agent in inputs.agents):
            yield f"Nobody has the skill '{name}': the {needed:.0f} agent-hours that it needs stay short."
