"""Rules on single shifts: kind, breaks, availability, time off, opening hours."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.domain.duties import Session
from staffing.domain.shifts import ANY
from staffing.domain.workforce import BreakRule
from staffing.roster.rules.people import ActivitySpan, Person, Violation, Worked

if TYPE_CHECKING:
    from staffing.roster.given import Inputs


def kind(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Every shift is one of the site's kinds, on its weekday, and allowed by contract, team and home."""
    for shift in person.shifts:
        template, contract = shift.template, inputs.contract_on(person.agent, shift.date)
        if template is None:
            what = f"{shift.start:%H:%M}–{shift.end:%H:%M} is no known shift" + (f" '{shift.kind}'" * bool(shift.kind))
        elif contract.shifts and template.name not in contract.shifts:
            what = f"the contract does not allow '{template.name}'"
        elif template.teams and person.agent.team not in template.teams:
            what = f"'{template.name}' is not a shift of team '{person.agent.team}'"
        elif template.home and not person.agent.home:
            what = f"'{template.name}' is worked at home, which the person cannot"
        elif template.weekdays and WEEKDAYS[shift.date.weekday()] not in template.weekdays:
            what = f"'{template.name}' may not begin on this weekday"
        else:
            continue
        yield Violation("shift kind", person.agent.name, shift.date, what)


def breaks(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Every break of the kind is there once, as long as it should be, in its window, apart from the next."""
    for shift in person.shifts:
        if shift.template is None:
            continue
        taken = sorted(shift.breaks, key=lambda span: span.start)
        rules = _owed(shift, shift.template.ordered_breaks, taken)
        if len(rules) != len(taken):
            what = f"{len(taken)} breaks, a '{shift.template.name}' has {len(rules)}"
            yield Violation("breaks", person.agent.name, shift.date, what)
            continue
        for rule, span in zip(rules, taken, strict=True):
            what = _break_fault(shift, rule, span)
            if what:
                yield Violation("breaks", person.agent.name, shift.date, what)
        for one, other in pairwise(taken):
            gap_min = (other.start - one.end).total_seconds() / 60
            if gap_min < inputs.rules.break_gap_min:
                what = f"{gap_min:g} minutes between breaks, at least {inputs.rules.break_gap_min}"
                yield Violation("breaks", person.agent.name, shift.date, what)


def _owed(shift: Worked, rules: Sequence[BreakRule], taken: list[ActivitySpan]) -> list[BreakRule]:
    """The breaks of the kind, without those that somebody absent for a part of their window does not take."""
    begun, lacking = shift.planned[0], Counter(rule.name for rule in rules) - Counter(span.activity for span in taken)
    owed = []
    for rule in rules:
        first, last = (begun + dt.timedelta(minutes=m) for m in (rule.earliest_min, rule.latest_min + rule.minutes))
        missed = lacking[rule.name] > 0 and any(span.start < last and first < span.end for span in shift.absent)
        lacking[rule.name] -= missed
        owed += [] if missed else [rule]
    return owed


def _break_fault(shift: Worked, rule: BreakRule, span: ActivitySpan) -> str:
    offset_min = (span.start - shift.planned[0]).total_seconds() / 60
    if span.activity != rule.name or span.minutes != rule.minutes:
        return f"'{rule.name}' of {rule.minutes} minutes is missing"
    if not rule.earliest_min <= offset_min <= rule.latest_min:
        return f"'{rule.name}' begins {offset_min:g} minutes in, outside its window"
    return ""


def availability(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Shifts lie on the days and within the hours a person can work."""
    agent = person.agent
    for shift in person.shifts:
        end_min = shift.end_min
        if not agent.can_work_on(shift.date):
            what = "cannot work on this weekday"
        elif shift.start_min < agent.earliest:
            what = f"begins {shift.start:%H:%M}, before the person can"
        elif agent.latest < DAY_MIN and end_min > agent.latest:
            what = f"ends {shift.end:%H:%M}, after the person can"
        else:
            continue
        yield Violation("availability", agent.name, shift.date, what)


def time_off(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """No shift reaches into a granted day off, or into granted hours."""
    for shift in person.shifts:
        last = (shift.end - dt.timedelta(minutes=1)).date()
        if any(day in span for span in person.agent.time_off for day in (shift.date, last)):
            yield Violation("time off", person.agent.name, shift.date, "works on a granted day off")
        elif any(_overlaps(shift, day, hours) for day in {shift.date, last} for hours in person.agent.hours_off(day)):
            yield Violation("time off", person.agent.name, shift.date, "works in granted hours")


def _overlaps(shift: Worked, day: dt.date, hours: tuple[int, int]) -> bool:
    """Whether a shift lies in some of these hours (minutes after midnight) of a day, on the wall clock."""
    midnight = dt.datetime.combine(day, dt.time())
    start, end = (one.replace(tzinfo=None).to_pydatetime() for one in (shift.start, shift.end))
    return start < midnight + dt.timedelta(minutes=hours[1]) and end > midnight + dt.timedelta(minutes=hours[0])


def employment(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """No shift lies outside the employment."""
    for shift in person.shifts:
        last = (shift.end - dt.timedelta(minutes=1)).date()
        if not (person.agent.employed_on(shift.date) and person.agent.employed_on(last)):
            yield Violation("employment", person.agent.name, shift.date, "works outside the employment")


def opening_hours(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Shifts lie inside opening hours."""
    for shift in person.shifts:
        if not inputs.calendar.is_open(shift.start, shift.end):
            what = f"{shift.start:%H:%M}–{shift.end:%H:%M} reaches outside opening hours"
            yield Violation("opening hours", person.agent.name, shift.date, what)


def sessions(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Training and meetings are the person's own, once each, in their days and hours, beside the breaks; those
    held together are held at one time. One for which there was no room is told in the roster's notes.
    """
    for session in inputs.sessions:
        found = [(shift, span) for shift in person.shifts for span in shift.sessions if _is_held(session, span)]
        if len(found) > int(session.concerns(person.agent)):
            what = f"'{session.name}' is held {len(found)} times"
            yield Violation("sessions", person.agent.name, found[0][0].date, what)
    for shift in person.shifts:
        for span in shift.sessions:
            clash = span.start < shift.start or span.end > shift.end
            clash |= any(span.start < one.end and one.start < span.end for one in shift.breaks)
            if clash or not any(_is_held(session, span) for session in inputs.sessions):
                what = f"'{span.activity}' at {span.start:%H:%M} lies outside its hours, its shift or on a break"
                yield Violation("sessions", person.agent.name, shift.date, what)


def _is_held(session: Session, span: ActivitySpan) -> bool:
    """Whether a row of a roster is this session."""
    start_min = span.start.hour * 60 + span.start.minute
    return (
        (span.activity, span.minutes) == (session.activity, session.minutes)
        and session.start <= span.start.date() <= session.end
        and session.earliest <= start_min <= session.latest - session.minutes
    )


def rotation(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Shifts follow the person's rotation; a day of which it wants a shift is worked, unless off is granted."""
    for day in range(inputs.days):
        date = inputs.date(day)
        turn, shift = inputs.turn(person.agent, date), person.on(date)
        granted = person.agent.off_on(date)
        name = shift.template.name if shift and shift.template else ""
        if shift is None and turn.fixed and not granted:
            what = f"the rotation wants '{turn.entry}'"
        elif name and turn.entry != ANY and name not in turn.entry.split("|"):
            what = f"works '{name}', the rotation says '{turn.entry}'"
        else:
            continue
        yield Violation("rotation", person.agent.name, date, what)


def pinned(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Pinned shifts are where they were pinned, and days pinned free are free."""
    kept = {(shift.start, shift.end) for shift in person.shifts}
    for activity, start, end in inputs.pins_of(person.agent.name):
        date = start.tz_convert(inputs.calendar.zone).date()
        if not inputs.start <= date < inputs.date(inputs.days):
            continue
        if activity == "shift" and (start, end) not in kept:
            yield Violation("pinned", person.agent.name, date, f"the pinned shift at {start:%H:%M} is not kept")
        if activity == "off" and person.on(date) is not None:
            yield Violation("pinned", person.agent.name, date, "works on a day that is pinned free")
