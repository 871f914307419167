"""What a roster table covers: agents present against the need, hours short and over, hours paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, requirement_slots
from staffing.roster.inputs.past import presence
from staffing.roster.inputs.presence import present
from staffing.roster.result import Roster, short_by_hour
from staffing.roster.rules.people import people_of


@dataclass(frozen=True)
class Held:
    """What a roster table holds up against the requirement: slots of the grid by queue, and agent-hours."""

    grid: Grid
    queues: tuple[str, ...]
    need: np.ndarray
    wanted: np.ndarray
    there: np.ndarray

    @property
    def short(self) -> np.ndarray:
        """Agent-hours missing (queues, slots)."""
        return np.where(self.wanted, np.maximum(self.need - self.there, 0), 0.0) * self.grid.slot_min / 60

    @property
    def over(self) -> np.ndarray:
        """Agent-hours beyond the need (queues, slots)."""
        return np.where(self.wanted, np.maximum(self.there - self.need, 0), 0.0) * self.grid.slot_min / 60


def held(inputs: Inputs, table: pd.DataFrame) -> Held:
    """The cover that a roster table gives, shifts begun before the horizon counted in."""
    grid = grid_of(inputs)
    queues = tuple(sorted(set(inputs.requirements["queue"])))
    need, wanted = requirement_slots(inputs, grid, queues)
    there = present(table, grid, queues, inputs.agents) + presence(inputs, grid, queues)
    return Held(grid, queues, need, wanted, there)


def as_roster(inputs: Inputs, table: pd.DataFrame) -> Roster:
    """A roster table that no solver made: its hours are counted, objective and bound are undefined (NaN)."""
    found, unknown = held(inputs, table), float("nan")
    hours = paid_hours(inputs, table), float(found.short.sum()), float(found.over.sum())
    gaps = short_by_hour(found.grid, inputs, found.short, found.queues, "queue")
    people = pd.DataFrame({"agent": [agent.name for agent in inputs.agents]})
    return Roster(table, unknown, unknown, unknown, 0.0, "kept", *hours, gaps, people)


def paid_hours(inputs: Inputs, table: pd.DataFrame) -> float:
    """Paid hours of the roster's shifts."""
    return sum(shift.paid_min for person in people_of(table, inputs) for shift in person.shifts) / 60
