"""Pins that break a rule by themselves, whatever else their person works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from staffing.roster.rules import sequence, shifts
from staffing.roster.rules.people import ActivitySpan, Violation, Worked, people_of
from staffing.roster.rules.registry import RULES, judge

if TYPE_CHECKING:
    from staffing.roster.given import Inputs

#: Rules that the shifts beside the pins may still keep.
OPEN = (
    sequence.short_runs,
    sequence.days_off_in_row,
    sequence.many_days_off,
    sequence.whole_weekends,
    shifts.breaks,
    shifts.sessions,
    shifts.pinned,
)
JUDGED = tuple(rule for rule in RULES if rule not in OPEN)
#: What a contract asks at least, which other shifts bring.
NOTHING_ASKED = {"min_hours": 0.0, "min_days": 0, "min_period_hours": None}


def broken_by_pins(inputs: Inputs) -> Iterator[Violation]:
    """Rules that may never be broken and that the pinned shifts break, the past counted in."""
    if inputs.pinned is None or inputs.pinned.empty:
        return
    eased = replace(inputs, contracts=tuple(one.model_copy(update=NOTHING_ASKED) for one in inputs.contracts))
    for plain in people_of(inputs.pinned[inputs.pinned["activity"] != "off"], eased):
        person = replace(plain, shifts=tuple(_with_breaks(shift, inputs) for shift in plain.shifts))
        for found, price in judge(person, eased, JUDGED) if person.shifts else ():
            if price is None and not (found.rule == "rotation" and found.date not in person.dates):
                yield found


def _with_breaks(shift: Worked, inputs: Inputs) -> Worked:
    """A pin tells no breaks: it has those of its kind, each as early as it may be."""
    kind = shift.template
    if kind is None or shift.inside or not kind.breaks:
        return shift
    inside = []
    for rule in kind.ordered_breaks:
        start = shift.start + dt.timedelta(minutes=rule.earliest_min)
        inside.append(ActivitySpan(rule.name, start, start + dt.timedelta(minutes=rule.minutes), None))
    return replace(shift, inside=tuple(inside))
