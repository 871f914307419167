"""For how much people may be asked on top of their roster: time given back, longer shifts, overtime, with its pay."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd

from staffing.domain.calendar import DAY_MIN
from staffing.roster.given import Inputs
from staffing.roster.rules.hours import WEEK, is_night
from staffing.roster.rules.people import Person, Worked

LONGEST_MIN = 240  # by which a shift is lengthened or shortened

Spell = tuple[pd.Timestamp, pd.Timestamp]


@dataclass
class Asking:
    """The hours asked for so far, by person and week, beside what contracts leave."""

    inputs: Inputs
    given_back: dict[tuple[str, dt.date], float] = field(default_factory=lambda: defaultdict(float))
    worked_on: dict[tuple[str, dt.date], float] = field(default_factory=lambda: defaultdict(float))
    _known: dict[tuple[str, pd.Timestamp, Spell], bool] = field(default_factory=dict, repr=False)

    def time_off_h(self, person: Person, shift: Worked) -> float:
        """Hours that may still be given back in the week of a shift."""
        return person.contract.voluntary_hours - self.given_back[person.agent.name, self._week(shift)]

    def longer_h(self, person: Person, shift: Worked) -> tuple[float, float]:
        """Hours that may still be worked on in the week of a shift: at the usual pay, and in all."""
        contract, week = person.contract, self._week(shift)
        worked_h = sum(one.paid_min for one in person.shifts if self._week(one) == week) / 60
        worked_h += self.worked_on[person.agent.name, week]
        usual_h = max(0.0, contract.max_hours - worked_h)
        return usual_h, usual_h + contract.overtime_hours - max(0.0, worked_h - contract.max_hours)

    def accept(self, person: Person, shift: Worked, hours: float, *, off: bool) -> None:
        """Count hours as given back or worked on."""
        (self.given_back if off else self.worked_on)[person.agent.name, self._week(shift)] += hours

    def pay(self, person: Person, hours: float, usual_h: float) -> float:
        """Money for hours worked on, of which so many lie within the contract."""
        contract = person.contract
        usual = self.inputs.prices.agent_hour if contract.hour_cost is None else contract.hour_cost
        return usual * min(hours, usual_h) + usual * contract.overtime_factor * max(0.0, hours - usual_h)

    def saved(self, person: Person, hours: float) -> float:
        """Money for paid hours given back, nothing where the contract goes on paying them."""
        return 0.0 if person.contract.voluntary_paid else self.pay(person, hours, hours)

    def lengths(self, most_min: float) -> list[pd.Timedelta]:
        """Lengths to ask for, shortest first."""
        step = self.inputs.calendar.interval_min
        return [pd.Timedelta(minutes=m) for m in range(step, int(min(most_min, LONGEST_MIN)) + 1, step)]

    def may_work(self, person: Person, shift: Worked, spell: Spell) -> bool:
        """Whether opening hours, availability, time off and rest leave room for a spell before or after a shift."""
        key = person.agent.name, shift.start, spell
        if key not in self._known:
            self._known[key] = self._has_room(person, shift, spell)
        return self._known[key]

    def _has_room(self, person: Person, shift: Worked, spell: Spell) -> bool:
        agent, calendar, (start, end) = person.agent, self.inputs.calendar, spell
        if not calendar.is_open(start, end):
            return False
        whole = min(start, shift.start), max(end, shift.end)
        from_min = whole[0].hour * 60 + whole[0].minute
        to_min = from_min + int((whole[1] - whole[0]).total_seconds()) // 60
        if whole[0].date() != shift.date or from_min < agent.earliest or agent.latest < min(to_min, DAY_MIN):
            return False
        last = (whole[1] - dt.timedelta(minutes=1)).date()
        return not agent.off_on(last) and not agent.hours_off(shift.date) and self._rested(person, shift, whole)

    def _week(self, shift: Worked) -> dt.date:
        return self.inputs.date((shift.date - self.inputs.start).days // WEEK * WEEK)

    def _rested(self, person: Person, shift: Worked, whole: Spell) -> bool:
        place = person.every.index(shift)
        for one, end, start in (
            (person.every[place - 1], None, whole[0]) if place else (None, None, None),
            (shift, whole[1], person.every[place + 1].start) if place + 1 < len(person.every) else (None, None, None),
        ):
            if one is None or start is None:
                continue
            owed_h = person.rules_on(start.date(), self.inputs).rest_h(after_night=is_night(one, self.inputs))
            if (start - (one.end if end is None else end)).total_seconds() < 3600 * owed_h:
                return False
        return True
