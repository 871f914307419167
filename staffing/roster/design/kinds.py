"""Kinds of shifts that a site could have: one start and one length each, with the breaks of that length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.domain.shifts import BreakRule, ShiftTemplate
from staffing.roster.case import Grid
from staffing.roster.given import Inputs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ShiftStart:
    """One start (minutes after midnight) of one shift template, as long as it is short."""

    template: ShiftTemplate
    start_min: int

    @property
    def length_min(self) -> int:
        return self.template.length_min

    @property
    def paid_hours(self) -> float:
        return self.template.paid_min / 60

    @property
    def text(self) -> str:
        """``08:00–17:00``."""
        end = (self.start_min + self.length_min) % DAY_MIN
        return f"{self.start_min // 60:02d}:{self.start_min % 60:02d}–{end // 60:02d}:{end % 60:02d}"

    def presence(self, slot_min: int) -> Floats:
        """Share of one person present in each slot of the shift, breaks spread evenly over their windows."""
        here = np.ones(self.length_min // slot_min)
        for rule in self.template.breaks:
            first, last = rule.earliest_min, rule.latest_min + rule.minutes
            edges = np.arange(len(here) + 1) * slot_min
            inside = np.clip(np.minimum(edges[1:], last) - np.maximum(edges[:-1], first), 0, None)
            here -= inside / slot_min * rule.minutes / (last - first)
        return np.maximum(here, 0.0)


@dataclass(frozen=True)
class Reach:
    """Which kinds are looked at: starts every so many minutes, lengths from and to, every so many minutes."""

    start_step_min: int = 30
    shortest_min: int = 240
    longest_min: int = 600
    length_step_min: int = 30

    def lengths(self) -> range:
        return range(self.shortest_min, self.longest_min + 1, self.length_step_min)


def library_kinds(inputs: Inputs) -> list[ShiftStart]:
    """Today's library: every start of every length of every shift, each once."""
    found: dict[tuple[int, int], ShiftStart] = {}
    for shift in inputs.kinds:
        for start in shift.starts_min:
            found.setdefault((start, shift.length_min), ShiftStart(shift, start))
    return list(found.values())


def possible_kinds(inputs: Inputs, reach: Reach) -> list[ShiftStart]:
    """Every start and length within `reach`; breaks are those of the library's shift nearest in length, their windows
    drawn out or in with it."""
    lengths = {length: _template(inputs.kinds, length) for length in reach.lengths()}
    starts = range(0, DAY_MIN, reach.start_step_min)
    return [
        ShiftStart(template, start) for template, start in product(lengths.values(), starts) if template is not None
    ]


def _template(library: Sequence[ShiftTemplate], length_min: int) -> ShiftTemplate | None:
    """A nameless shift of a length; None where the breaks have no room in it."""
    like = min(library, key=lambda shift: (abs(shift.length_min - length_min), shift.name))
    share = length_min / like.length_min
    breaks = []
    for rule in like.breaks:
        earliest, latest = (15 * round(minute * share / 15) for minute in (rule.earliest_min, rule.latest_min))
        latest = min(latest, length_min - rule.minutes)
        if latest < earliest:
            return None
        breaks.append(
            BreakRule(name=rule.name, minutes=rule.minutes, paid=rule.paid, earliest_min=earliest, latest_min=latest)
        )
    plain = {"name": "new", "length_min": length_min, "first_start": 0, "last_start": 0, "breaks": tuple(breaks)}
    return ShiftTemplate(**plain)


def fits(kind: ShiftStart, inputs: Inputs, grid: Grid, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """On which days of the horizon the kind lies within opening hours."""
    closed = np.concatenate([[0], np.cumsum(~is_open)])
    first = np.array([_first_slot(kind, inputs, grid, day) for day in range(inputs.days)])
    last = np.minimum(first + kind.length_min // grid.slot_min, len(is_open))
    on_day = np.array([
        not kind.template.weekdays or WEEKDAYS[inputs.date(day).weekday()] in kind.template.weekdays
        for day in range(inputs.days)
    ])  # fmt: skip
    return np.asarray((closed[last] == closed[first]) & on_day)


def _first_slot(kind: ShiftStart, inputs: Inputs, grid: Grid, day: int) -> int:
    import pandas as pd

    midnight = inputs.calendar.midnight(inputs.date(day))
    return int(grid.slot(pd.DatetimeIndex([midnight]))[0]) + kind.start_min // grid.slot_min
