"""Rules on the order of days: rest, runs of work and of days off, nights, weekends, successions.

Each is judged by the person's rules of the day on which it is broken; days before the horizon count in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from staffing.roster.rules.hours import WEEK, is_night
from staffing.roster.rules.people import Person, Violation

if TYPE_CHECKING:
    from staffing.roster.given import Inputs

ONE_DAY = dt.timedelta(days=1)


def rest_between_shifts(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Between the end of a shift and the next start lie enough hours, more after a night; shifts never overlap."""
    for one, other in pairwise(person.every):
        rules = person.rules_on(other.date, inputs)
        rest_h = (other.start - one.end).total_seconds() / 3600
        owed_h = rules.rest_h(after_night=is_night(one, inputs))
        if other.date < inputs.start or rest_h >= owed_h or {one, other} <= set(person.elsewhere):
            continue
        what = f"{rest_h:g} h rest before {other.start:%H:%M}, at least {owed_h:g}"
        yield Violation("rest", person.agent.name, other.date, what, "" if rest_h < 0 else "min_rest_h")


def weekly_rest(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """In each week a day off lies in a rest that is long enough.

    A rest that is still open at the end lasts until the first start of any shift on the day after.
    """
    first_start = min(shift.first_start for shift in inputs.shifts)
    after = inputs.calendar.midnight(inputs.date(inputs.days)) + dt.timedelta(minutes=first_start)
    bounds = [(None, None), *((shift.start, shift.end) for shift in person.every), (after, None)]
    rests = [(end, start) for (_, end), (start, _) in pairwise(bounds)]
    for week in range(0, inputs.days, WEEK):
        hours = person.rules_on(inputs.date(week), inputs).weekly_rest_h
        dates = [inputs.date(week + k) for k in range(WEEK)]
        if hours is None:
            continue
        if not any(
            (end is None or (start - end).total_seconds() / 3600 >= hours)
            and any(date not in person.dates and (end is None or end.date() <= date) and date < start.date()
                    for date in dates)
            for end, start in rests
        ):  # fmt: skip
            what = f"no day off in a rest of {hours:g} h"
            yield Violation("weekly rest", person.agent.name, dates[0], what, "weekly_rest_h")


def one_shift_a_day(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most one shift begins on a day (a split shift is one shift with a long break)."""
    planned = [shift for shift in person.every if shift.date >= inputs.start]
    for date, shifts in groupby(planned, key=lambda shift: shift.date):
        count = len(list(shifts))
        if count > 1:
            yield Violation("one shift a day", person.agent.name, date, f"{count} shifts begin")


def runs(person: Person, inputs: Inputs) -> list[tuple[bool, dt.date, int]]:
    """Runs of equal days (worked?, first day, length) over the horizon and the known past."""
    first = inputs.date(-inputs.memory_days) if person.past_known else inputs.start
    days = (inputs.date(inputs.days) - first).days
    dates = [first + k * ONE_DAY for k in range(days)]
    found = []
    for worked, run in groupby(dates, key=lambda date: date in person.dates):
        members = list(run)
        found.append((worked, members[0], len(members)))
    return found


def days_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many working days in a row; each day beyond is one too many."""
    for worked, first, length in runs(person, inputs):
        for number in range(1, length + 1):
            date = first + (number - 1) * ONE_DAY
            most = person.rules_on(date, inputs).max_days_in_row
            if worked and number > most and date >= inputs.start:
                what = f"day {number} in a row, at most {most}"
                yield Violation("days in a row", person.agent.name, date, what, "max_days_in_row")


def short_runs(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """A run of working days that begins and ends in sight is long enough; one on the last day ends there where the
    person cannot work on the day after."""
    after = inputs.date(inputs.days)
    for worked, first, length in runs(person, inputs)[1:]:
        end = first + length * ONE_DAY
        if end == after and person.agent.can_work(after):
            continue
        end = min(end, after - ONE_DAY)
        least = person.rules_on(end, inputs).min_days_in_row
        if worked and length < least and end >= inputs.start:
            what = f"{length} day(s) between days off, at least {least}"
            yield Violation("days in a row", person.agent.name, end, what, "min_days_in_row", least - length)


def days_off_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Days off between two working days come in runs that are long enough."""
    for worked, first, length in runs(person, inputs)[1:-1]:
        end = first + length * ONE_DAY
        least = person.rules_on(end, inputs).min_days_off_in_row
        if not worked and length < least and end >= inputs.start:
            what = f"{length} day(s) off in a row, at least {least}"
            yield Violation("days off in a row", person.agent.name, end, what, "min_days_off_in_row", least - length)


def many_days_off(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many days off in a row; each day beyond is one too many. Granted time off is no such day, and the
    count begins anew after it."""
    run = 0
    for day in range(-inputs.memory_days if person.past_known else 0, inputs.days):
        date = inputs.date(day)
        granted = person.agent.off_on(date)
        run = 0 if granted or date in person.dates else run + 1
        most = person.rules_on(date, inputs).max_days_off_in_row
        if most is not None and run > most and day >= 0:
            what = f"day off {run} in a row, at most {most}"
            yield Violation("most days off in a row", person.agent.name, date, what, "max_days_off_in_row")


def nights_in_row(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """At most so many nights in a row; each night beyond is one too many."""
    nights = {shift.date for shift in person.every if is_night(shift, inputs)}
    for date in sorted(nights):
        run = next(k for k in range(1, len(nights) + 2) if date - k * ONE_DAY not in nights)
        most = person.rules_on(date, inputs).max_nights_in_row
        if most is not None and run > most and date >= inputs.start:
            what = f"night {run} in a row, at most {most}"
            yield Violation("nights in a row", person.agent.name, date, what, "max_nights_in_row")


def days_off_after_nights(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """After a run of nights come enough days off."""
    for one, other in pairwise(person.every):
        apart, owed = (other.date - one.date).days, person.rules_on(other.date, inputs).days_off_after_nights
        goes_on = apart == 1 and is_night(other, inputs)
        if other.date >= inputs.start and is_night(one, inputs) and not goes_on and apart - 1 < owed:
            what = f"{apart - 1} day(s) off after a night, {owed} are owed"
            lacking = owed - apart + 1
            yield Violation(
                "days off after nights", person.agent.name, other.date, what, "days_off_after_nights", lacking
            )


def weekends_of(person: Person, inputs: Inputs) -> list[tuple[list[dt.date], int]]:
    """Weekends in sight, past and horizon: their dates and how many of them are worked."""
    first = -inputs.memory_days if person.past_known else 0
    dates = [inputs.date(day) for day in range(first, inputs.days)]
    groups = [(is_weekend, list(run)) for is_weekend, run in groupby(dates, key=inputs.calendar.is_weekend)]
    return [(run, sum(date in person.dates for date in run)) for is_weekend, run in groups if is_weekend]


def weekends(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Not too many weekends with work in the plan, or in so many weeks with the past counted in."""
    used: list[dt.date] = []
    planned = inputs.plan_start or inputs.start
    for run, worked in weekends_of(person, inputs):
        day = next((date for date in run if date in person.dates and date >= inputs.start), None)
        rules, reached = person.rules_on(day or run[-1], inputs), run[-1] >= planned
        weeks = person.rules_on(inputs.start, inputs).weekend_weeks
        begun = next((date for date in run if date in person.dates and date < inputs.start), None)
        if begun is None and day is not None:
            near = [one for one in used if weeks is None or (run[0] - one).days < WEEK * weeks]
            if rules.max_weekends is not None and len(near) + 1 > rules.max_weekends:
                what = f"weekend number {len(near) + 1}, at most {rules.max_weekends}"
                yield Violation("weekends", person.agent.name, day, what, "max_weekends")
        if worked and (reached or weeks is not None):
            used.append(run[0])


def whole_weekends(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Where it is asked, a weekend is worked on all its days or on none."""
    for run, worked in weekends_of(person, inputs):
        if run[-1] < inputs.start or worked in (0, len(run)):
            continue
        broken = next(two for one, two in pairwise(run) if (one in person.dates) != (two in person.dates))
        if broken >= inputs.start and person.rules_on(broken, inputs).whole_weekends:
            what = "only part of a weekend is worked"
            yield Violation("whole weekends", person.agent.name, broken, what, "whole_weekends")


def successions(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """No shift follows on the day after one that it may not follow."""
    for one, other in pairwise(person.every):
        if other.date - one.date != ONE_DAY or one.template is None or other.template is None:
            continue
        pair = (one.template.name, other.template.name)
        if pair in person.rules_on(other.date, inputs).forbidden_next and other.date >= inputs.start:
            what = f"'{pair[1]}' follows '{pair[0]}'"
            yield Violation("forbidden succession", person.agent.name, other.date, what, "forbidden_next")
