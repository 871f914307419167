"""Rules on the order of days: rest, runs of work and of days off, nights, weekends, successions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from staffing.roster.rules.hours import is_night
from staffing.roster.rules.people import Person, Violation

if TYPE_CHECKING:
    from staffing.roster.problem import Inputs

ONE_DAY = dt.timedelta(days=1)
PAST_DAYS = 14


def rest_between_shifts(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Between the end of a shift and the next start lie enough hours; shifts never overlap."""
    for one, other in pairwise(person.every):
        rest_h = (other.start - one.end).total_seconds() / 3600
        if rest_h < inputs.rules.min_rest_h and other.date >= inputs.start:
            what = f"{rest_h:g} h rest before {other.start:%H:%M}, at least {inputs.rules.min_rest_h:g}"
            yield Violation("rest", person.agent.name, other.date, what)


def one_shift_a_day(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most one shift begins on a day (a split shift is one shift with a long break)."""
    for date, shifts in groupby(person.shifts, key=lambda shift: shift.date):
        count = len(list(shifts))
        if count > 1:
            yield Violation("one shift a day", person.agent.name, date, f"{count} shifts begin")


def runs(person: Person, inputs: Inputs) -> list[tuple[bool, dt.date, int]]:
    """Runs of equal days (worked?, first day, length) over the horizon and the known past."""
    first = inputs.start - PAST_DAYS * ONE_DAY if person.past_known else inputs.start
    days = (inputs.date(inputs.days) - first).days
    dates = [first + k * ONE_DAY for k in range(days)]
    found = []
    for worked, run in groupby(dates, key=lambda date: date in person.dates):
        members = list(run)
        found.append((worked, members[0], len(members)))
    return found


def days_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many working days in a row; a run that begins and ends in sight is long enough too."""
    rules, found = inputs.rules, runs(person, inputs)
    for k, (worked, first, length) in enumerate(found):
        last = first + (length - 1) * ONE_DAY
        if not worked or last < inputs.start:
            continue
        if length > rules.max_days_in_row:
            what = f"{length} days in a row, at most {rules.max_days_in_row}"
            yield Violation("days in a row", person.agent.name, last, what)
        if length < rules.min_days_in_row and 0 < k < len(found) - 1 and last + ONE_DAY >= inputs.start:
            what = f"{length} day(s) between days off, at least {rules.min_days_in_row}"
            yield Violation("days in a row", person.agent.name, first, what)


def days_off_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Days off between two working days come in runs that are long enough."""
    found, least = runs(person, inputs), inputs.rules.min_days_off_in_row
    for worked, first, length in found[1:-1]:
        if not worked and length < least and first + length * ONE_DAY >= inputs.start:
            what = f"{length} day(s) off in a row, at least {least}"
            yield Violation("days off in a row", person.agent.name, first, what)


def nights_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many nights in a row, and enough days off after them."""
    rules = inputs.rules
    nights = {shift.date for shift in person.every if is_night(shift, inputs)}
    for date in sorted(nights):
        run = next(k for k in range(1, len(nights) + 2) if date - k * ONE_DAY not in nights)
        if rules.max_nights_in_row is not None and run > rules.max_nights_in_row and date >= inputs.start:
            what = f"{run} nights in a row, at most {rules.max_nights_in_row}"
            yield Violation("nights in a row", person.agent.name, date, what)
        if date + ONE_DAY in nights:
            continue
        for k in range(1, rules.days_off_after_nights + 1):
            if date + k * ONE_DAY in person.dates and date + k * ONE_DAY >= inputs.start:
                what = f"works {k} day(s) after a night, {rules.days_off_after_nights} day(s) off are owed"
                yield Violation("days off after nights", person.agent.name, date + k * ONE_DAY, what)
                break


def weekends(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Not too many weekends with work in the horizon; where asked, a weekend is worked whole or not."""
    dates = [inputs.date(day) for day in range(inputs.days)]
    used = 0
    for is_weekend, run in groupby(dates, key=inputs.calendar.is_weekend):
        members = list(run)
        worked = sum(date in person.dates for date in members)
        if not is_weekend or not worked:
            continue
        used += 1
        if inputs.rules.max_weekends is not None and used > inputs.rules.max_weekends:
            what = f"weekend number {used}, at most {inputs.rules.max_weekends}"
            yield Violation("weekends", person.agent.name, members[0], what)
        if inputs.rules.whole_weekends and worked < len(members):
            yield Violation("whole weekends", person.agent.name, members[0], "only part of a weekend is worked")


def successions(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """No shift follows on the day after one that it may not follow."""
    for one, other in pairwise(person.every):
        if other.date - one.date != ONE_DAY or one.template is None or other.template is None:
            continue
        pair = (one.template.name, other.template.name)
        if pair in inputs.rules.forbidden_next and other.date >= inputs.start:
            what = f"'{pair[1]}' follows '{pair[0]}'"
            yield Violation("forbidden succession", person.agent.name, other.date, what)
