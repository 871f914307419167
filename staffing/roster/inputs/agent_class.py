"""What makes people interchangeable for a roster."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from staffing.domain.labour import Key
from staffing.domain.workforce import Contract
from staffing.roster.case import DatedShift
from staffing.roster.inputs.past import PastShifts
from staffing.roster.inputs.pins import Pins

NO_BURDEN = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class AgentClass:
    """What makes agents interchangeable for the roster."""

    terms: tuple[Contract, ...]  # of each week
    hour_cost: tuple[float, ...]  # pay of an hour of each day
    skills: tuple[str, ...]
    shares: tuple[tuple[str, float], ...]  # least shares of time by skill
    counts_as: tuple[tuple[str, float], ...]  # agents that one stands for, by skill, where that is not one
    team: str  # of those who keep together with their team on some day; empty for all others
    marks: tuple[int, ...]  # minimums in which they count, by number
    sessions: tuple[int, ...]  # training and meetings they need, by number
    kinds: tuple[frozenset[str], ...]  # shifts that contract, team and home allow, of each day
    unfit: frozenset[int]  # days of the horizon and the day after it that the person never works
    elsewhere: tuple[DatedShift | None, ...]  # what the person works for another site, of each day
    busy: tuple[tuple[int, int, bool], ...]  # its minutes after the first midnight, from and to, and whether by night
    hours: tuple[int, int]
    time_off: tuple[int, ...]  # days of the horizon and the day after it, and below 0 those of a past not yet settled:
    # granted, or outside the employment
    hours_off: tuple[tuple[int, int, int], ...]  # day, and the minutes after its midnight from which and to which
    owed: tuple[tuple[int, int], ...]  # least paid minutes and days of each week
    owed_in_period: tuple[int, ...]  # least paid minutes of the contract's period that each day belongs to
    prefers: frozenset[str]
    avoids: frozenset[str]
    rules: tuple[Key, ...]  # of each day, as the rule book knows them
    turns: tuple[str, ...]  # what the rotation says of each day, "any" where it says nothing
    fixed_turns: frozenset[int]  # days on which the rotation wants a shift
    past: PastShifts
    memories: tuple[Hashable, ...] = ()  # what the rules remember of the past
    pins: Pins = ()
    burden: tuple[int, ...] = NO_BURDEN  # how far above the fair share, per measure of `fairness.CARRIED`
