"""Rules on what people serve: queues they have the skill for, and enough of those they owe a share of their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from staffing.roster.rules.hours import weeks
from staffing.roster.rules.people import Person, Violation, Worked

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.given import Inputs


def skills(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """People serve only queues they have the skill for."""
    for shift in person.shifts:
        served = {shift.queue, *(span.queue for span in shift.inside)} - {None, ""}
        wrong = sorted(name for name in served if name and person.agent.skills and name not in person.agent.skills)
        if wrong:
            yield Violation("skills", person.agent.name, shift.date, f"serves '{wrong[0]}' without the skill")


def shares(person: Person, inputs: Inputs) -> Iterator[Violation]:
    """Enough of the week's time is served at each skill of which a share is owed, less than an interval lacking."""
    for name, share in person.agent.shares.items():
        spans = _open_spans(name, inputs)
        for first, worked in weeks(person, inputs):
            at_work = [span for shift in worked if shift.queue for span in _served(shift)]
            in_hours = sum(_minutes_within(start, end, spans) for start, end, _ in at_work)
            given = sum(_minutes_within(start, end, spans) for start, end, queue in at_work if queue == name)
            if given <= share * in_hours - inputs.calendar.interval_min:
                what = f"{given / 60:g} of {in_hours / 60:g} h at '{name}', the least share is {share:.0%}"
                yield Violation("share of time", person.agent.name, first, what)


def _open_spans(queue: str, inputs: Inputs) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Stretches of the horizon in which a queue is open."""
    rows = inputs.requirements
    starts = rows.loc[rows["queue"] == queue, "start"].sort_values().tolist()
    step, end = dt.timedelta(minutes=inputs.calendar.interval_min), inputs.calendar.midnight(inputs.date(inputs.days))
    found: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for start in starts:
        if start >= end:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], start + step)
        else:
            found.append((start, start + step))
    return found


def _served(shift: Worked) -> Iterator[tuple[pd.Timestamp, pd.Timestamp, str | None]]:
    """Stretches of a shift between breaks and sessions, each with the queue served in it."""
    away = [*shift.breaks, *shift.sessions, *shift.absent]
    work = [span for span in shift.inside if span not in away]
    edges = sorted({shift.start, shift.end, *(edge for span in (*away, *work) for edge in (span.start, span.end))})
    for start, end in pairwise(edges):
        if start >= shift.start and end <= shift.end and not any(one.start <= start < one.end for one in away):
            yield start, end, next((one.queue for one in work if one.start <= start < one.end), shift.queue)


def _minutes_within(start: pd.Timestamp, end: pd.Timestamp, spans: list[tuple[pd.Timestamp, pd.Timestamp]]) -> float:
    overlaps = ((min(end, last) - max(start, first)).total_seconds() for first, last in spans)
    return sum(max(0.0, overlap) for overlap in overlaps) / 60
