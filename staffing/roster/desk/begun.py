"""What has begun stays as it is: shifts that began before an instant, whatever is mended around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from staffing.errors import InputError
from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import joined
from staffing.roster.rules.people import Violation, people_of
from staffing.roster.rules.pins import OPEN, broken_by_pins
from staffing.roster.rules.registry import check, judge
from staffing.roster.rules.shifts import rotation
from staffing.store.roster_days import begun_before, by_person_day
from staffing.tables import ROSTER


@dataclass(frozen=True)
class Begun:
    """A roster parted into what has begun, people who are left alone, and what may still be mended.

    inputs : those of the people who are planned anew; their begun shifts are pinned, days gone by stay free.
    rows : rows of the begun shifts of these people.
    standing : rows of the others: a shift of theirs that has begun breaks a rule, so that no week could be built
        around it. What they work from now on stays too, but for days that were granted off since.
    published : the roster of those who are planned anew.
    """

    inputs: Inputs
    rows: pd.DataFrame
    standing: pd.DataFrame
    published: pd.DataFrame

    @classmethod
    def of(cls, inputs: Inputs, published: pd.DataFrame) -> Begun:
        """Part a roster at ``inputs.now``. Raises InputError when all of the roster has begun, or nobody is left."""
        if inputs.now is None:
            nothing = published.iloc[:0]
            return cls(inputs, nothing, nothing, published)
        if inputs.now >= inputs.calendar.midnight(inputs.date(inputs.days)):
            raise InputError(
                f"the roster from {inputs.start} is over: it is {inputs.now:%Y-%m-%d %H:%M}.",
                remedy="Mend a week that goes on, or say another instant with --now.",
            )
        begun = begun_before(published, inputs.now)
        stuck = {fault.agent for fault in settled_faults(inputs, begun)}
        own = inputs.calendar.zone
        agents = tuple(agent for agent in inputs.agents if agent.name not in stuck)
        if not agents:
            raise InputError(
                "everybody has begun a shift that breaks a rule; there is nobody whose week could be mended.",
                remedy="Loosen the rule for these days (rule_changes), or give it a price.",
            )
        rows = begun[~begun["agent"].isin(stuck)]
        standing = _still_standing(inputs, published[published["agent"].isin(stuck)])
        pinned = _without_days(inputs.pinned, rows, inputs, own)
        pinned = None if pinned is None else pinned[~pinned["agent"].isin(stuck)]
        mended = replace(
            inputs,
            agents=agents,
            pinned=joined(pinned, rows),
            standing=None if standing.empty else standing,
            minimums=tuple(one for one in inputs.minimums if any(map(one.counts, agents))),
        )
        return cls(mended, rows, standing, published[~published["agent"].isin(stuck)])

    def whole(self, table: pd.DataFrame) -> pd.DataFrame:
        """The mended roster with what has begun, row for row, and those who were left alone."""
        fresh = table if self.inputs.now is None else table.drop(begun_before(table, self.inputs.now).index)
        parts = [part for part in (fresh, self.rows, self.standing) if not part.empty]
        return ROSTER.check(pd.concat(parts, ignore_index=True)) if parts else table.iloc[:0]


def settled_faults(inputs: Inputs, begun: pd.DataFrame) -> Sequence[Violation]:
    """Rules that begun shifts and days gone by break by themselves; nothing can be done about them any more."""
    if inputs.now is None:
        return []
    today = inputs.now.tz_convert(inputs.calendar.zone).date()
    found = list(broken_by_pins(replace(inputs, pinned=begun)))
    for person in people_of(begun, inputs):
        for fault, price in judge(person, inputs, (*OPEN, rotation)):
            over = fault.date < today or fault.date in person.dates or not person.agent.can_work(fault.date)
            if price is None and over and fault not in found:
                found.append(fault)
    return found


def still_broken(inputs: Inputs, table: pd.DataFrame) -> tuple[list[Violation], list[Violation]]:
    """Rules that a roster breaks and that can still be mended, and those that what has begun breaks by itself."""
    every = check(table, inputs)
    if not every or inputs.now is None:
        return every, []
    settled = settled_faults(inputs, begun_before(table, inputs.now))
    return [fault for fault in every if fault not in settled], [fault for fault in every if fault in settled]


def _still_standing(inputs: Inputs, rows: pd.DataFrame) -> pd.DataFrame:
    """These people's rows without shifts yet to come on days that were granted off."""
    people = {agent.name: agent for agent in inputs.agents}
    gone = [
        part.index
        for (name, day), part in by_person_day(rows, inputs.calendar).items()
        if part["start"].min() >= inputs.now and name in people and people[name].off_on(day)
    ]
    return rows.drop(pd.Index([label for labels in gone for label in labels]))


def _without_days(
    pinned: pd.DataFrame | None, begun: pd.DataFrame, inputs: Inputs, zone: object
) -> pd.DataFrame | None:
    """Pins of days to come: what was worked, or not, on a day gone by is no longer a matter of pins."""
    if pinned is None or inputs.now is None:
        return pinned
    whole = begun[begun["activity"] == "shift"]
    worked = set(zip(whole["agent"], whole["start"].dt.tz_convert(zone).dt.date, strict=True))
    days = zip(pinned["agent"], pinned["start"].dt.tz_convert(zone).dt.date, strict=True)
    today = inputs.now.tz_convert(zone).date()
    return pinned[[day >= today and (name, day) not in worked for name, day in days]]
