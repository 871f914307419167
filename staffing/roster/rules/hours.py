"""Rules on amounts: paid hours, days, nights and weekend days a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffing.roster.rules.people import Person, Violation, Worked

if TYPE_CHECKING:
    from staffing.roster.problem import Inputs

WEEK = 7
DAY_MIN = 1440


def weeks(person: Person, inputs: Inputs) -> Iterator[tuple[dt.date, list[Worked]]]:
    """First day and shifts of each week of the horizon."""
    for week in range(inputs.days // WEEK):
        first = inputs.date(week * WEEK)
        last = first + dt.timedelta(days=WEEK - 1)
        yield first, [shift for shift in person.shifts if first <= shift.date <= last]


def share_at_work(person: Person, first: dt.date) -> tuple[float, int]:
    """Share of the weekly minimum that is left after granted days off, and how many days are off."""
    off = sum(any(first + dt.timedelta(days=k) in span for span in person.agent.time_off) for k in range(WEEK))
    usual = person.contract.min_days or person.contract.max_days
    return max(0.0, 1 - off / usual), off


def hours_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Paid hours a week lie within the contract; each granted day off lowers the minimum by a day's share."""
    for first, shifts in weeks(person, inputs):
        minutes = sum(shift.paid_min for shift in shifts)
        least = int(person.contract.min_hours * 60 * share_at_work(person, first)[0])
        if not least <= minutes <= person.contract.max_hours * 60:
            what = f"{minutes / 60:g} paid hours, the contract wants {least / 60:g} to {person.contract.max_hours:g}"
            yield Violation("hours per week", person.agent.name, first, what)


def days_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Shifts a week lie within the contract; each granted day off lowers the minimum by one."""
    for first, shifts in weeks(person, inputs):
        least = max(0, person.contract.min_days - share_at_work(person, first)[1])
        if not least <= len(shifts) <= person.contract.max_days:
            what = f"{len(shifts)} shifts, the contract wants {least} to {person.contract.max_days}"
            yield Violation("days per week", person.agent.name, first, what)


def weekend_days_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many weekend days are worked in one week."""
    most = inputs.rules.max_weekend_days
    for first, shifts in weeks(person, inputs):
        worked = sum(inputs.calendar.is_weekend(shift.date) for shift in shifts)
        if most is not None and worked > most:
            yield Violation("weekend days", person.agent.name, first, f"{worked} weekend days, at most {most}")


def is_night(shift: Worked, inputs: Inputs) -> bool:
    """Whether any minute of a shift, by the local clock, lies in the night window."""
    low, high = inputs.rules.night_from, inputs.rules.night_to
    minutes = range(shift.start_min, shift.start_min + shift.minutes, 5)
    in_night = (lambda m: low <= m < high) if low < high else (lambda m: m >= low or m < high)
    return low != high and any(in_night(minute % DAY_MIN) for minute in minutes)


def nights_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many night shifts are worked in one week."""
    most = inputs.rules.max_nights_per_week
    for first, shifts in weeks(person, inputs):
        nights = sum(is_night(shift, inputs) for shift in shifts)
        if most is not None and nights > most:
            yield Violation("nights per week", person.agent.name, first, f"{nights} nights, at most {most}")


def start_spread(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Starts of one week lie close together."""
    most = inputs.rules.max_start_spread_min
    for first, shifts in weeks(person, inputs):
        starts = [shift.start_min for shift in shifts]
        if most is not None and starts and max(starts) - min(starts) > most:
            what = f"starts differ by {max(starts) - min(starts)} minutes, at most {most}"
            yield Violation("start spread", person.agent.name, first, what)
