"""All rules by name, and the check that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from staffing.roster.rules import hours, sequence, shifts, skills
from staffing.roster.rules.people import Person, Violation, people_of
from staffing.roster.rules.teams import teams_apart

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.given import Inputs

Checker = Callable[[Person, "Inputs"], Iterator[Violation]]

RULES: tuple[Checker, ...] = (
    hours.hours_per_week,
    hours.hours_per_period,
    hours.days_per_week,
    hours.weekend_days_per_week,
    hours.nights_per_week,
    hours.shifts_of_a_kind,
    hours.start_spread,
    sequence.rest_between_shifts,
    sequence.one_shift_a_day,
    sequence.weekly_rest,
    sequence.days_in_row,
    sequence.short_runs,
    sequence.days_off_in_row,
    sequence.many_days_off,
    sequence.nights_in_row,
    sequence.days_off_after_nights,
    sequence.weekends,
    sequence.whole_weekends,
    sequence.successions,
    shifts.kind,
    shifts.breaks,
    shifts.sessions,
    shifts.rotation,
    shifts.availability,
    shifts.time_off,
    shifts.employment,
    skills.skills,
    skills.shares,
    shifts.opening_hours,
    shifts.pinned,
)


def check(table: pd.DataFrame, inputs: Inputs) -> list[Violation]:
    """Every rule of a roster table that is broken though it never may be, strangers in it included."""
    known = {agent.name for agent in inputs.agents}
    strangers = [stranger(str(name), inputs) for name in dict.fromkeys(table["agent"]) if name not in known]
    broken = [fault for person in people_of(table, inputs) for fault in never_broken(person, inputs)]
    return [*strangers, *broken, *apart(table, inputs)]


def stranger(name: str, inputs: Inputs) -> Violation:
    """A roster that names somebody unknown."""
    return Violation("people", name, inputs.start, "is in the roster but not among the agents")


def never_broken(person: Person, inputs: Inputs) -> list[Violation]:
    """What one person's shifts break though it never may be."""
    return [violation for violation, price in judge(person, inputs) if price is None]


def apart(table: pd.DataFrame, inputs: Inputs) -> Iterator[Violation]:
    """Sessions that should be held together and are not, and teams that work apart."""
    yield from teams_apart(table, inputs)
    for session in inputs.sessions if len(table) else ():
        names = {agent.name for agent in inputs.agents if session.concerns(agent)}
        rows = table[(table["activity"] == session.activity) & table["agent"].isin(names)]
        dates = rows["start"].dt.tz_convert(inputs.calendar.zone).dt.date
        rows = rows[(dates >= session.start) & (dates <= session.end)]
        if session.together and rows["start"].nunique() > 1:
            what = f"'{session.name}' is held at {rows['start'].nunique()} times"
            yield Violation("sessions", str(rows["agent"].iloc[0]), session.start, what)


def bent(table: pd.DataFrame, inputs: Inputs) -> list[tuple[Violation, float]]:
    """Every rule that is broken at a price, with that price."""
    return [
        (violation, price)
        for person in people_of(table, inputs)
        for violation, price in judge(person, inputs)
        if price is not None
    ]


def judge(person: Person, inputs: Inputs, rules: Sequence[Checker] = RULES) -> Iterator[tuple[Violation, float | None]]:
    """Every rule that one person's shifts break, each with its price; None where it may never be broken."""
    for rule in rules:
        for found in rule(person, inputs):
            price = person.rules_on(found.date, inputs).prices.get(found.field)
            yield found, None if price is None else price * found.amount
