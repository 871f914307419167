"""Rules on amounts: paid hours of weeks and periods, days, nights and weekend days a week."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffing.roster.rules.people import Person, Violation, Worked

if TYPE_CHECKING:
    from staffing.roster.given import Inputs

WEEK = 7
DAY_MIN = 1440


def weeks(person: Person, inputs: Inputs) -> Iterator[tuple[dt.date, list[Worked]]]:
    """First day and shifts of each week of the horizon."""
    for week in range(inputs.days // WEEK):
        first = inputs.date(week * WEEK)
        last = first + dt.timedelta(days=WEEK - 1)
        yield first, [shift for shift in person.every if first <= shift.date <= last]


def hours_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Paid hours a week lie within the contract, overtime and voluntary time off counted in, after leave and days
    outside the employment."""
    for first, shifts in weeks(person, inputs):
        contract = inputs.terms(person.agent, first)
        most = contract.max_hours + contract.overtime_hours
        minutes = sum(shift.paid_min for shift in shifts)
        usual = inputs.owed(person.agent, first)[0]
        least = max(0, usual - round(contract.voluntary_hours * 60))
        if not least <= minutes <= most * 60:
            what = f"{minutes / 60:g} paid hours, the contract wants {least / 60:g} to {most:g}"
            yield Violation("hours per week", person.agent.name, first, what)


def hours_per_period(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Paid hours of each period of several weeks lie within the contract, the past counted in."""
    low, high = person.contract.min_period_hours, person.contract.max_period_hours
    for first, after, shifts in periods(person, inputs) if (low, high) != (None, None) else ():
        hours = sum(shift.paid_min for shift in shifts) / 60
        if high is not None and hours > high and shifts[-1].date >= inputs.start:
            yield Violation("hours per period", person.agent.name, first, f"{hours:g} paid hours, at most {high:g}")
        least = inputs.owed_in_period(person.agent, first) / 60
        if low is not None and hours < least and after <= inputs.date(inputs.days):
            yield Violation("hours per period", person.agent.name, first, f"{hours:g} paid hours, at least {least:g}")


def periods(person: Person, inputs: Inputs) -> Iterator[tuple[dt.date, dt.date, list[Worked]]]:
    """First day, day after the last, and shifts of each period of the contract, or of the plan without one."""
    contract, first = person.contract, inputs.plan_start or inputs.start
    if contract.period_weeks is None or contract.period_start is None:
        length = inputs.date(inputs.days) - first
    else:
        length = dt.timedelta(weeks=contract.period_weeks)
        first = inputs.calendar.week_of(contract.period_start)
        first += (inputs.start - first) // length * length
    while first < inputs.date(inputs.days):
        yield first, first + length, [shift for shift in person.every if first <= shift.date < first + length]
        first += length


def shifts_of_a_kind(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many shifts of a kind in each period; those beyond it before the horizon are not charged again."""
    for first, _, shifts in periods(person, inputs):
        judged = max(first, inputs.start)
        for name, most in person.rules_on(judged, inputs).max_shifts_of.items():
            dates = [shift.date for shift in shifts if shift.template and shift.template.name == name]
            beyond = max(0, len(dates) - most) - max(0, sum(date < inputs.start for date in dates) - most)
            if beyond > 0:
                what = f"{len(dates)} shifts '{name}', at most {most}"
                yield Violation("shifts of a kind", person.agent.name, judged, what, "max_shifts_of", beyond)


def days_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Shifts a week lie within the contract; each day of leave lowers the minimum by one, and voluntary time
    off by the days' share of its hours."""
    for first, shifts in weeks(person, inputs):
        contract = inputs.terms(person.agent, first)
        most = min(WEEK, contract.max_days + contract.overtime_days)
        minutes, least = inputs.owed(person.agent, first)
        if contract.voluntary_hours and minutes:
            least = math.ceil(least * max(0, minutes - round(contract.voluntary_hours * 60)) / minutes)
        if not least <= len(shifts) <= most:
            what = f"{len(shifts)} shifts, the contract wants {least} to {most}"
            yield Violation("days per week", person.agent.name, first, what)


def weekend_days_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many weekend days are worked in one week."""
    for first, shifts in weeks(person, inputs):
        most = person.rules_on(first, inputs).max_weekend_days
        worked = sum(inputs.calendar.is_weekend(shift.date) for shift in shifts)
        if most is not None and worked > most:
            what = f"{worked} weekend days, at most {most}"
            yield Violation("weekend days", person.agent.name, first, what, "max_weekend_days", worked - most)


def is_night(shift: Worked, inputs: Inputs) -> bool:
    """Whether any minute of a shift, by the local clock, lies in the night window."""
    rules = inputs.book.of(None, shift.date)
    night_min = (rules.night_to - rules.night_from) % DAY_MIN
    since_min = (shift.start_min - rules.night_from) % DAY_MIN  # since the last night began
    return since_min < night_min or (night_min > 0 and since_min + shift.minutes > DAY_MIN)


def nights_per_week(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many night shifts are worked in one week."""
    for first, shifts in weeks(person, inputs):
        most = person.rules_on(first, inputs).max_nights_per_week
        nights = sum(is_night(shift, inputs) for shift in shifts)
        if most is not None and nights > most:
            what = f"{nights} nights, at most {most}"
            yield Violation("nights per week", person.agent.name, first, what, "max_nights_per_week", nights - most)


def start_spread(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Starts of one week lie close together."""
    for first, shifts in weeks(person, inputs):
        most = person.rules_on(first, inputs).max_start_spread_min
        starts = [shift.start_min for shift in shifts]
        if most is not None and starts and max(starts) - min(starts) > most:
            apart = max(starts) - min(starts)
            what = f"starts differ by {apart} minutes, at most {most}"
            yield Violation("start spread", person.agent.name, first, what, "max_start_spread_min", (apart - most) / 60)
