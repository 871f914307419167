"""All rules by name, and the check that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from staffing.roster.rules import hours, sequence, shifts
from staffing.roster.rules.people import Person, Violation, people_of

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.problem import Inputs

Rule = Callable[[Person, "Inputs"], Iterator[Violation]]

RULES: tuple[Rule, ...] = (
    hours.hours_per_week,
    hours.days_per_week,
    hours.weekend_days_per_week,
    hours.nights_per_week,
    hours.start_spread,
    sequence.rest_between_shifts,
    sequence.one_shift_a_day,
    sequence.days_in_row,
    sequence.days_off_in_row,
    sequence.nights_in_row,
    sequence.weekends,
    sequence.successions,
    shifts.kind,
    shifts.breaks,
    shifts.availability,
    shifts.time_off,
    shifts.skills,
    shifts.opening_hours,
    shifts.pinned,
)


def check(table: pd.DataFrame, inputs: Inputs) -> list[Violation]:
    """Every broken rule of a roster table, strangers in it included; empty when all rules hold."""
    known = {agent.name for agent in inputs.agents}
    first = inputs.start
    strangers = [
        Violation("people", str(name), first, "is in the roster but not among the agents")
        for name in dict.fromkeys(table["agent"])
        if name not in known
    ]
    found = [violation for person in people_of(table, inputs) for rule in RULES for violation in rule(person, inputs)]
    return strangers + found
