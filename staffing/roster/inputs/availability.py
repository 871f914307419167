"""When a class of people may work a shift: kinds, days, hours, leave, rest beside the past and work elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.domain.calendar import DAY_MIN
from staffing.domain.shifts import ANY
from staffing.roster.case import DatedShift

if TYPE_CHECKING:
    from staffing.roster.given import Inputs
    from staffing.roster.inputs.agent_class import AgentClass


def may_work(who: AgentClass, shift: DatedShift, at: tuple[int, int]) -> bool:
    """Whether contract, team, rotation, availability and granted time off let the class work a shift.

    `at` is its day, and its end on the wall clock in minutes after that day's midnight.
    """
    day, end = at
    if shift.template not in who.kinds[day] or not turn_allows(who.turns[day], shift.template):
        return False
    if day in who.unfit or who.elsewhere[day] is not None or shift.session not in (-1, *who.sessions):
        return False
    earliest, latest = who.hours
    if shift.start_min < earliest or (latest < DAY_MIN and end > latest):
        return False
    if any(_meets(shift.start_min, end, day, hours) for hours in who.hours_off):
        return False
    return day not in who.time_off and not (end > DAY_MIN and day + 1 in who.time_off)


def _meets(start_min: int, end_min: int, day: int, hours: tuple[int, int, int]) -> bool:
    """Whether a shift of a day lies in some of the hours that are off."""
    midnight = DAY_MIN * (hours[0] - day)
    return start_min < midnight + hours[2] and end_min > midnight + hours[1]


def turn_allows(entry: str, template: str) -> bool:
    """Whether an entry of a rotation lets a kind of shift be worked."""
    return entry == ANY or template in entry.split("|")


def is_rested(who: AgentClass, inputs: Inputs, day: int, start_min: int) -> bool:
    """Whether the rest since the shift before the horizon is long enough, or priced."""
    rules = inputs.book.rules(who.rules[day])
    owed_min = 0.0 if "min_rest_h" in rules.prices else 60 * rules.rest_h(after_night=who.past.night)
    return start_min >= who.past.end_min + owed_min


def is_too_near(who: AgentClass, inputs: Inputs, shift: DatedShift, at: tuple[int, int, int]) -> bool:
    """Whether a shift (day, minutes from and to) leaves too short a rest, unless that is priced, beside work
    elsewhere."""
    day, start_min, end_min = at
    rules = inputs.book.rules(who.rules[day])
    before, after = (
        0.0 if "min_rest_h" in rules.prices else 60 * rules.rest_h(after_night=night) for night in (False, True)
    )
    return any(
        start_min < end + (after if night else before) and begin < end_min + (after if shift.night else before)
        for begin, end, night in who.busy
    )
