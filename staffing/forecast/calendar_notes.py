"""What of the calendar a planner may have meant otherwise."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.calendar import SiteCalendar, SpecialDays
from staffing.domain.demand import Event
from staffing.forecast.day_level.days import DayFacts

FAR_DAYS = 400  # beyond the last day forecast; further ones are likely slips of the pen
LEAST_GUESS = 0.05  # log units; what a rule moves by less is not worth a note
NEW_SHUT = (
    "{a} never met before, taken as closed like the holidays before. If it is worked, list it under special_days with "
    "its opening hours."
)
NEW_WORKED = (
    "{a} never met before, taken as worked, though holidays before were closed. "
    "If it is not, list it under closed_dates, where days that nobody works stand."
)
NEW_GUESSED = (
    "{a} never met before, guessed between its weekday and the weekend. What is known better, say by an event, or "
    "under closed_dates."
)
NOW_SHUT = (
    "{a} was worked before and closed last time, taken as closed. If it is worked, list it under special_days with its "
    "opening hours."
)
NOW_WORKED = "{a} was closed before and worked last time, taken as worked. If it is closed, list it under closed_dates."


@dataclass(frozen=True)
class DoubtfulHolidays:
    """Holidays among the days ``facts`` that a queue may have otherwise; ``taken`` is which of them, by remark, in
    which they stand at {a}."""

    queue: str
    facts: DayFacts
    taken: Mapping[str, np.ndarray]


def calendar_notes(calendar: SiteCalendar, last: dt.date) -> list[str]:
    """Notes on special days far beyond the ``last`` day forecast, and on periods of one name that overlap."""
    far = [special for special in calendar.special_days if (special.start - last).days > FAR_DAYS]
    notes = [
        f"special day '{special.name}' on {special.start} lies far beyond the last day forecast, {last}, and changes "
        "nothing here. Look at its year."
        for special in far
    ]
    periods = sorted(calendar.periods(), key=lambda period: (_plain(period.name), period.start))
    return notes + [_overlap(one, other) for one, other in itertools.pairwise(periods) if _overlaps(one, other)]


def _overlaps(one: SpecialDays, other: SpecialDays) -> bool:
    return _plain(one.name) == _plain(other.name) and other.start <= one.last


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _overlap(one: SpecialDays, other: SpecialDays) -> str:
    until = min(one.last, other.last)
    if one.name != other.name:
        return (
            f"the periods '{one.name}' and '{other.name}' overlap from {other.start} to {until}; they count as two. "
            "Write their names alike if they are one."
        )
    return (
        f"two periods named '{one.name}' overlap from {other.start} to {until}; these days count once. Make them one, "
        "or name them apart."
    )


def holiday_notes(queues: Sequence[DoubtfulHolidays]) -> list[str]:
    """How doubtful holidays are taken; one note for all queues of which it says the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in queues:
        for remark, days in one.taken.items():
            named = zip(one.facts.holiday_name[days], one.facts.dates[days], strict=True)
            if holidays := ", ".join(f"{name} ({date})" for name, date in named):
                found.setdefault((holidays, remark), []).append(one.queue)
    return [f"{', '.join(names)}: {remark.format(a=holidays)}" for (holidays, remark), names in found.items()]


def closed_day_notes(events: Sequence[Event], dates: np.ndarray, shut: Mapping[str, np.ndarray]) -> list[str]:
    """Notes on enabled events all of whose days are closed in the queues they touch; ``shut`` by queue and date."""
    notes = []
    for event in events:
        during = (dates >= np.datetime64(event.start)) & (dates <= np.datetime64(event.last))
        whole = int(during.sum()) == event.days
        touched = [closed[during] for queue, closed in shut.items() if event.touches(queue)]
        if event.enabled and whole and touched and all(closed.all() for closed in touched):
            days = f"{event.start}" if event.days == 1 else f"{event.start} to {event.last}"
            notes.append(
                f"event '{event.name}' falls on closed days only ({days}); nobody calls then, so only what it does "
                "on the days around it counts. Look at its date."
            )
    return notes
