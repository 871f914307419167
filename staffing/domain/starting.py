"""Shifts and contracts to start from: common kinds, fitted to the hours in which a site is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from staffing.domain.calendar import DAY_MIN, OpenSpan, Weekday
from staffing.domain.shifts import BreakRule, ShiftTemplate
from staffing.domain.workforce import Contract

STEP_MIN = 30
SHORT_BREAK_MIN = 15
#: Kinds of shifts: name, length with breaks in minutes, unpaid lunch in minutes, paid breaks of a quarter of an hour.
KINDS: tuple[tuple[str, int, int, int], ...] = (
    ("day-8h", 510, 30, 2),
    ("part-5h", 300, 0, 1),
    ("long-10h", 630, 30, 2),
    ("half-4h", 240, 0, 1),
)
NIGHT = ("night-8h", 480, 30, 2)


def shift_kinds(opening: Mapping[Weekday, Sequence[OpenSpan]]) -> tuple[ShiftTemplate, ...]:
    """Common shifts that lie within the opening hours; a night shift where the site is open at midnight."""
    first, last = hours_of(opening)
    fitting = [kind for kind in KINDS if kind[1] <= last - first]
    made = [
        shift_kind(name, length, (first, max(first, last - length)), lunch_min=lunch, breaks=breaks)
        for name, length, lunch, breaks in fitting
    ]
    if (first, last) == (0, DAY_MIN):
        name, length, lunch, breaks = NIGHT
        made.append(shift_kind(name, length, (1320, 1380), lunch_min=lunch, breaks=breaks, undesired=True))
    if not made:  # open for less than the shortest kind: one shift over all of it
        made.append(shift_kind("day", max(60, last - first), (first, first), lunch_min=0, breaks=0))
    return tuple(made)


def shift_kind(
    name: str, length_min: int, starts: tuple[int, int], *, lunch_min: int, breaks: int, undesired: bool = False
) -> ShiftTemplate:
    """A kind of shift whose breaks lie evenly in it; ``starts`` are its first and last, minutes after midnight."""
    return ShiftTemplate(
        name=name,
        length_min=length_min,
        first_start=starts[0],
        last_start=starts[1],
        step_min=STEP_MIN,
        breaks=even_breaks(length_min, lunch_min, breaks),
        undesired=undesired,
    )


def even_breaks(length_min: int, lunch_min: int, breaks: int) -> tuple[BreakRule, ...]:
    """Paid breaks of a quarter of an hour and an unpaid lunch among them, each within a window about its even place."""
    kinds = [("break", SHORT_BREAK_MIN, True)] * breaks
    if lunch_min:
        kinds.insert(len(kinds) // 2, ("lunch", lunch_min, False))
    gap = length_min // (len(kinds) + 1)
    slack = max(0, gap // 4) // 15 * 15
    places = [(gap * (k + 1)) // 15 * 15 for k in range(len(kinds))]
    return tuple(
        BreakRule(
            name=what,
            minutes=minutes,
            paid=paid,
            earliest_min=max(0, place - slack),
            latest_min=min(place + slack, length_min - minutes),
        )
        for (what, minutes, paid), place in zip(kinds, places, strict=True)
    )


def contract_kinds() -> tuple[Contract, ...]:
    """Common contracts; each may work every shift."""
    return (
        Contract(name="full-time", min_hours=32, max_hours=40, min_days=4, max_days=5),
        Contract(name="part-time", min_hours=15, max_hours=25, min_days=3, max_days=5),
    )


def hours_of(opening: Mapping[Weekday, Sequence[OpenSpan]]) -> tuple[int, int]:
    """Earliest opening and latest closing of any day, minutes after midnight; the whole day where always open."""
    spans = [span for day in opening.values() for span in day]
    if not spans:
        return 0, DAY_MIN
    return min(span.start_min for span in spans), max(span.end_min for span in spans)
