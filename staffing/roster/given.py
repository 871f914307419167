"""What a roster is made from, in the planner's own objects; the rooms that build, check and mend rosters read it."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from staffing.domain.duties import Minimum, Session
from staffing.domain.owed import EPS, PersonDay, owed
from staffing.domain.shifts import ANY, FREE, ShiftLibrary
from staffing.domain.spans import WorkElsewhere
from staffing.domain.workforce import Agent, Contract, LabourRules, Rotation, RuleBook, RuleChange, ShiftTemplate
from staffing.tables import on_the_clock

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.prices import Prices


class RotationDay(NamedTuple):
    """A day of a rotation: its entry, and whether a shift is wanted."""

    entry: str
    fixed: bool


@dataclass(frozen=True)
class Inputs:
    """What the planner gives; `past`, `pinned`, `published` and `standing` are roster tables, on the site's clock."""

    requirements: pd.DataFrame
    agents: tuple[Agent, ...]
    contracts: tuple[Contract, ...]
    shifts: tuple[ShiftTemplate, ...]
    rules: LabourRules
    prices: Prices
    calendar: SiteCalendar
    start: dt.date
    days: int = 7
    queues: tuple[str, ...] = ()  # every queue of the site; empty means those of `requirements`
    past: pd.DataFrame | None = None
    pinned: pd.DataFrame | None = None
    published: pd.DataFrame | None = None  # when given, sessions held together keep the time they have in it
    rule_changes: tuple[RuleChange, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    sessions: tuple[Session, ...] = ()
    pieces: pd.DataFrame | None = None  # table SERVICE_PIECES: what whole days or weeks keep
    plan_start: dt.date | None = None  # where this is a later week of a plan; its first weeks are in `past`
    now: pd.Timestamp | None = None  # no shift is begun before it, but for those pinned
    standing: pd.DataFrame | None = None  # rows of people who are not planned anew and are present all the same

    def __post_init__(self) -> None:
        for name in ("past", "pinned", "published", "standing"):
            table = getattr(self, name)
            if table is not None:
                object.__setattr__(self, name, on_the_clock(table, self.calendar.zone))

    @cached_property
    def book(self) -> RuleBook:
        """Everybody's rules on every day."""
        return RuleBook(self.rules, self.rule_changes)

    @cached_property
    def known_shifts(self) -> ShiftLibrary:
        """Every kind of shift, to be found again from a roster's rows."""
        return ShiftLibrary(self.shifts)

    @property
    def kinds(self) -> tuple[ShiftTemplate, ...]:
        """The shift library with one template for each length of a kind; names are shared by its lengths."""
        return self.known_shifts.kinds

    @cached_property
    def memory_days(self) -> int:
        """How far back the rules look into the past roster."""
        weeks = [self.rules.weekend_weeks or 0]
        weeks += [int(change.rules.get("weekend_weeks") or 0) for change in self.rule_changes]
        weeks += [contract.period_weeks or 0 for contract in self.contracts]
        return 7 * max(1 + max(1, *weeks), self.days_into_plan // 7)

    @property
    def days_into_plan(self) -> int:
        """Days of the plan that lie before `start`."""
        return (self.start - (self.plan_start or self.start)).days

    def period(self, contract: Contract) -> tuple[int, int]:
        """Length in days of a contract's period, and how many lie before `start`; those of the plan without one."""
        if contract.period_weeks is None or contract.period_start is None:
            return self.days_into_plan + self.days, self.days_into_plan
        length = 7 * contract.period_weeks
        return length, (self.start - self.calendar.week_of(contract.period_start)).days % length

    def rules_of(self, agent: Agent | None, day: int) -> LabourRules:
        """The rules of a person on day number `day`; of the site as a whole when `agent` is None."""
        return self.book.of(agent, self.date(day))

    def allowed_kinds(self, agent: Agent, date: dt.date | None = None) -> frozenset[str]:
        """Shifts of the library that the agent's contract of a day, or any of the horizon, team and home allow."""
        dates = [self.date(day) for day in range(self.days)] if date is None else [date]
        contracts = dict.fromkeys(agent.contract_on(day) for day in dates)
        allowed = [self._contracts[name].shifts for name in contracts]
        return frozenset(
            shift.name
            for shift in self.shifts
            if any(not own or shift.name in own for own in allowed)
            and (not shift.teams or agent.team in shift.teams)
            and (not shift.home or agent.home)
        )

    def turn(self, agent: Agent, date: dt.date) -> RotationDay:
        """What the agent's rotation, or that of the team, says of a day."""
        for rotation in self.rotations:
            if rotation.name != agent.rotation and (agent.rotation or agent.team not in rotation.teams):
                continue
            begun = rotation.teams.get(agent.team, 0) if agent.rotation_week is None else agent.rotation_week
            first = self.calendar.week_of(rotation.start)
            weeks, day_of_week = divmod((date - first).days, 7)
            entry = rotation.entry(begun, weeks, day_of_week)
            return RotationDay(entry, rotation.is_daily(begun, weeks) and entry not in (ANY, FREE))
        return RotationDay(ANY, False)

    def owed(self, agent: Agent, first: dt.date, contract: Contract | None = None) -> tuple[int, int]:
        """Least paid minutes and days of the week that begins on a day (see `domain.owed`)."""
        days = self._week_of(agent, first)
        if contract is not None:
            return owed(contract, days)
        named = [agent.contract_on(first + dt.timedelta(days=k)) for k in range(7)]
        parts = [
            owed(self._contracts[name], [
                replace(day, employed=day.employed and own == name) for day, own in zip(days, named, strict=True)
            ])
            for name in dict.fromkeys(named)
        ]  # fmt: skip
        return sum(minutes for minutes, _ in parts), sum(least for _, least in parts)

    def terms(self, agent: Agent, first: dt.date) -> Contract:
        """The contract of the week that begins on a day; where it changes in mid-week, its most hours and days are
        those of each contract for as many of the person's days as it is in force."""
        dates = [first + dt.timedelta(days=k) for k in range(7)]
        days = [date for date, day in zip(dates, self._week_of(agent, first), strict=True) if day.works] or dates
        share = Counter(agent.contract_on(date) for date in days)
        contract = self.contract_on(agent, first)
        if len(share) < 2:
            return self._contracts[next(iter(share))]

        def mixed(field: str) -> float:
            return sum(count * getattr(self._contracts[name], field) for name, count in share.items()) / len(days)

        return contract.model_copy(
            update={
                **{field: mixed(field) for field in ("max_hours", "overtime_hours", "voluntary_hours")},
                **{field: math.ceil(mixed(field) - EPS) for field in ("max_days", "overtime_days")},
                "min_hours": 0.0,
                "min_days": 0,
            }
        )

    def owed_in_period(self, agent: Agent, first: dt.date) -> int:
        """Least paid minutes of the contract's period that begins on a day: of each of its weeks what that owes."""
        contract = self.contract_of(agent)
        if not contract.min_period_hours or contract.period_weeks is None:
            return 0
        weekly = contract.model_copy(update={"min_hours": contract.min_period_hours / contract.period_weeks})
        weeks = [first + dt.timedelta(weeks=k) for k in range(contract.period_weeks)]
        whole = owed(weekly, [PersonDay(works=True)] * 7)[0]
        left = [self.owed(agent, week, weekly)[0] for week in weeks]
        return int(contract.min_period_hours * 60) - sum(whole - one for one in left)

    def _week_of(self, agent: Agent, first: dt.date) -> tuple[PersonDay, ...]:
        """The days of a week, looked up once: checkers ask for them again with every change of a shift."""
        whose, week = self._weeks.get((agent.name, first), (None, ()))
        if whose is not agent:
            week = tuple(self._day_of(agent, first + dt.timedelta(days=k)) for k in range(7))
            self._weeks[agent.name, first] = agent, week
        return week

    @cached_property
    def _weeks(self) -> dict[tuple[str, dt.date], tuple[Agent, tuple[PersonDay, ...]]]:
        return {}

    def _day_of(self, agent: Agent, date: dt.date) -> PersonDay:
        turn, hours = self.turn(agent, date), agent.hours_off(date)
        named = next((shift for shift in self.shifts if turn.fixed and shift.name in turn.entry.split("|")), None)
        whole = date in self.calendar.closed_dates or any(date in span for span in agent.time_off)
        hours = () if agent.half_days_off(date) else hours
        granted_h = sum(end - start for start, end in hours) / 60 if hours else None
        return PersonDay(
            works=agent.can_work_on(date) and turn.entry != FREE,
            employed=agent.employed_on(date),
            granted_h=math.inf if whole else granted_h,
            planned_h=None if named is None else named.paid_min / 60,
            part_off=max(agent.half_days_off(date) / 2, self.calendar.part_closed(date)),
        )

    def pins_of(self, name: str) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
        """Activity, start and end of every pinned row of a person."""
        return self._pins.get(name, [])

    @cached_property
    def _pins(self) -> dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]]:
        found: dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]] = {}
        if self.pinned is not None:
            columns = (self.pinned[name] for name in ("agent", "activity", "start", "end"))
            for name, *row in zip(*columns, strict=True):
                found.setdefault(name, []).append(tuple(row))
        return found

    def elsewhere_span(self, work: WorkElsewhere) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last instant of work elsewhere."""
        import pandas as pd

        walls = (pd.Timestamp(work.day) + pd.Timedelta(minutes=m)
                 for m in (work.from_min, work.from_min + work.length_min))  # fmt: skip
        start, end = (w.tz_localize(self.calendar.zone, ambiguous=True, nonexistent="shift_forward") for w in walls)
        return start, end

    def date(self, day: int) -> dt.date:
        """The date of day number `day` of the horizon."""
        return self.start + dt.timedelta(days=day)

    def contract_of(self, agent: Agent) -> Contract:
        """The contract that is in force when the horizon begins."""
        return self.contract_on(agent, self.start)

    def contract_on(self, agent: Agent, date: dt.date) -> Contract:
        """The contract that an agent works a day under."""
        return self._contracts[agent.contract_on(date)]

    @cached_property
    def _contracts(self) -> dict[str, Contract]:
        return {contract.name: contract for contract in self.contracts}
