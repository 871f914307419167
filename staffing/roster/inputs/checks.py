"""What is asked of a roster has to be possible to mean: whole weeks, known names, somebody to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from staffing.errors import InputError
from staffing.roster.given import Inputs
from staffing.tables import REQUIREMENTS


def check(inputs: Inputs) -> None:
    """Refuse inputs that cannot be meant, each with one clear error."""
    if not inputs.agents:
        raise InputError("there are no agents to roster.", remedy="Add people to agents.csv.")
    if not inputs.shifts:
        raise InputError("there are no shifts to work.", remedy="Add at least one shift template.")
    if inputs.days % 7 or not 7 <= inputs.days <= 42:
        raise InputError(f"cannot plan {inputs.days} days.", remedy="Plan 1 to 6 whole weeks (7 to 42 days).")
    REQUIREMENTS.check(inputs.requirements)
    if inputs.requirements.empty:
        raise InputError("the requirements table is empty.", remedy="Compute requirements for this week first.")
    contracts = {contract.name for contract in inputs.contracts}
    shifts = {shift.name for shift in inputs.shifts}
    queues = set(inputs.queues) | set(inputs.requirements["queue"])
    for contract in inputs.contracts:
        _known(f"contract '{contract.name}'", "shift", contract.shifts, shifts)
    for agent in inputs.agents:
        _known(f"agent '{agent.name}'", "contract", agent.contract_names, contracts)
        _known(f"agent '{agent.name}'", "skill", agent.skills, queues)
    _known("a rule", "shift", inputs.rules.shift_names, shifts)
    for change in inputs.rule_changes:
        _known(f"'{change.name}'", "shift", change.as_rules.shift_names, shifts)
    _room_beside_work_elsewhere(inputs)
    for minimum in inputs.minimums:
        _known(f"minimum '{minimum.name}'", "skill", (minimum.skill,) if minimum.skill else (), queues)
        if not any(minimum.counts(agent) for agent in inputs.agents):
            raise InputError(f"the minimum '{minimum.name}' counts none of the agents.", remedy="Change its kind.")


def _room_beside_work_elsewhere(inputs: Inputs) -> None:
    """Refuse hours elsewhere that are more than a contract allows by themselves."""
    for agent in inputs.agents if any(one.elsewhere for one in inputs.agents) else ():
        for week in range(0, inputs.days, 7):
            first = inputs.date(week)
            days = [first + dt.timedelta(days=k) for k in range(7)]
            hours = sum(work.length_min for work in agent.elsewhere if work.day in days) / 60
            terms = inputs.terms(agent, first)
            if hours > (most := terms.max_hours + terms.overtime_hours):
                raise InputError(
                    f"'{agent.name}' works {hours:g} h elsewhere in the week of {first}, the contract allows {most:g} "
                    "h in all.",
                    remedy="Correct elsewhere in agents.csv, or max_hours of the contract.",
                )


def _known(owner: str, what: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            remedy = f"Known: {', '.join(sorted(known)) or 'none'}."
            raise InputError(f"{owner} names the unknown {what} '{name}'.", remedy=remedy)
