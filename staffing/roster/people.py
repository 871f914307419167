"""Agents in classes of equals: what each class may work, what it costs, and the rules as automata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.domain.calendar import WEEKDAYS
from staffing.domain.workforce import Agent, Contract
from staffing.roster.arrays import BLOCKED, Automata
from staffing.roster.automaton import DatedShift, RuleAutomaton, TourRule, build_automaton
from staffing.roster.limits import (
    WEEK,
    DaysInRow,
    DaysOffInRow,
    NightsInRow,
    SpanTotal,
    StartSpread,
    Successions,
    Weekends,
    WholeWeekends,
)
from staffing.roster.options import DAY_MIN, Catalogue
from staffing.roster.past import Past
from staffing.roster.pins import Pins
from staffing.roster.problem import Grid, Inputs

SHORTFALL_PER_MIN = 50.0 / 60  # price units per paid minute or, times 480, per day below a minimum


@dataclass(frozen=True)
class AgentClass:
    """What makes agents interchangeable for the roster."""

    contract: str
    skills: tuple[str, ...]
    weekdays: tuple[str, ...]
    hours: tuple[int, int]
    time_off: tuple[int, ...]  # days of the horizon, -1 and `days` included
    prefers: frozenset[str]
    avoids: frozenset[str]
    past: Past
    pins: Pins = ()
    published: Pins | None = None  # the tour from which every change is priced
    burden: tuple[int, ...] = (0, 0, 0)  # how far above the average, per measure of `burden.MEASURES`


def class_of(agent: Agent, inputs: Inputs, past: Past) -> AgentClass:
    """The class of one agent, without pins, published shifts and burdens."""
    off = [day for day in range(inputs.days + 1) if _granted(agent, inputs.date(day))]
    weekdays = tuple(day for day in WEEKDAYS if day in agent.days)
    return AgentClass(
        agent.contract, tuple(sorted(agent.skills)), weekdays, (agent.earliest, agent.latest), tuple(off),
        frozenset(agent.prefers), frozenset(agent.avoids), past,
    )  # fmt: skip


def _granted(agent: Agent, date: dt.date) -> bool:
    return any(date in span for span in agent.time_off)


def option_prices(who: AgentClass, contract: Contract, inputs: Inputs, catalogue: Catalogue,
                  grid: Grid) -> NDArray[np.float64]:  # fmt: skip
    """Price of each option for a class: paid hours and missed wishes; BLOCKED where it may not work."""
    hour_cost = inputs.prices.agent_hour if contract.hour_cost is None else contract.hour_cost
    prices = np.array([shift.paid_min for shift in catalogue.shifts]) / 60 * hour_cost
    for option, (shift, day) in enumerate(zip(catalogue.shifts, catalogue.day, strict=True)):
        if not may_work(who, contract, inputs, shift, int(day)) or not _rested(who, catalogue, option, grid):
            prices[option] = BLOCKED
            continue
        date = inputs.date(int(day))
        sorts = (inputs.calendar.is_weekend(date), shift.night, shift.undesired)
        missed = is_unwished(who.prefers, who.avoids, shift.template, date)
        prices[option] += inputs.prices.undesired_shift * (missed + sum(np.multiply(who.burden, sorts)))
        if who.published is not None and (day, option) not in who.published:
            prices[option] += inputs.change_price
    for day, pinned in who.pins:
        others = slice(catalogue.day_ptr[day], catalogue.day_ptr[day + 1])
        kept = prices[pinned] if pinned >= 0 else BLOCKED
        prices[others] = BLOCKED
        if pinned >= 0:
            prices[pinned] = kept
    return prices


def off_prices(who: AgentClass, days: int, change_price: float) -> NDArray[np.float64]:
    """Price of each day off: a change where a shift was published, BLOCKED where one is pinned."""
    prices = np.zeros(days)
    if who.published is not None:
        prices[[day for day, option in who.published if option >= 0]] = change_price
    prices[[day for day, option in who.pins if option >= 0]] = BLOCKED
    return prices


def may_work(who: AgentClass, contract: Contract, inputs: Inputs, shift: DatedShift, day: int) -> bool:
    """Whether contract, availability and granted time off let the class work a shift."""
    if contract.shifts and shift.template not in contract.shifts:
        return False
    if WEEKDAYS[inputs.date(day).weekday()] not in who.weekdays:
        return False
    length = next(template.length_min for template in inputs.shifts if template.name == shift.template)
    end = shift.start_min + length
    earliest, latest = who.hours
    if shift.start_min < earliest or (latest < DAY_MIN and end > latest):
        return False
    return day not in who.time_off and not (end > DAY_MIN and day + 1 in who.time_off)


def _rested(who: AgentClass, catalogue: Catalogue, option: int, grid: Grid) -> bool:
    return bool(catalogue.start[option] * grid.slot_min >= who.past.ready_min)


def is_unwished(prefers: frozenset[str], avoids: frozenset[str], template: str, date: dt.date) -> bool:
    """Whether a shift is one the person avoids, or off the preferred kinds."""
    kinds = {name for name in prefers if name not in WEEKDAYS}
    return template in avoids or WEEKDAYS[date.weekday()] in avoids or (bool(kinds) and template not in kinds)


def rules_of(who: AgentClass, contract: Contract, inputs: Inputs, *, elastic: bool) -> list[TourRule]:
    """The rules that bind a class; with `elastic`, its minimum hours and days bend at a price."""
    rules, days = inputs.rules, inputs.days
    minute_price = SHORTFALL_PER_MIN * inputs.prices.agent_hour if elastic else None
    day_price = minute_price * 480 if minute_price is not None else None
    lows = [minimum_after_time_off(contract, week, who.time_off) for week in range(days // WEEK)]
    none = (0,) * len(lows)
    weekends = weekend_numbers(inputs)
    found: list[TourRule] = [
        SpanTotal(
            _paid, tuple(minutes for minutes, _ in lows), round(contract.max_hours * 60), shortfall_price=minute_price
        ),
        SpanTotal(_one, tuple(least for _, least in lows), contract.max_days, shortfall_price=day_price),
        DaysInRow(rules.max_days_in_row, 1 if elastic else rules.min_days_in_row),
    ]
    if rules.max_weekend_days is not None:
        counted = frozenset(day for day, number in enumerate(weekends) if number is not None)
        found.append(SpanTotal(_one, none, rules.max_weekend_days, counted=counted))
    if rules.max_nights_per_week is not None:
        found.append(SpanTotal(_night, none, rules.max_nights_per_week))
    if rules.max_nights_in_row is not None or rules.days_off_after_nights:
        found.append(NightsInRow(rules.max_nights_in_row or WEEK, rules.days_off_after_nights))
    if rules.min_days_off_in_row > 1:
        found.append(DaysOffInRow(rules.min_days_off_in_row))
    if rules.max_weekends is not None:
        found.append(Weekends(weekends, rules.max_weekends))
    if rules.whole_weekends:
        found.append(WholeWeekends(weekends))
    if rules.forbidden_next:
        found.append(Successions(frozenset(rules.forbidden_next)))
    if rules.max_start_spread_min is not None:
        found.append(StartSpread(rules.max_start_spread_min))
    return found


def minimum_after_time_off(contract: Contract, week: int, time_off: Sequence[int]) -> tuple[int, int]:
    """Least paid minutes and days of a week: each granted day off takes one day's share away."""
    off = sum(day // WEEK == week for day in time_off)
    left = max(0.0, 1 - off / (contract.min_days or contract.max_days))
    return int(contract.min_hours * 60 * left), max(0, contract.min_days - off)


def weekend_numbers(inputs: Inputs) -> tuple[int | None, ...]:
    """Per day the number of its weekend, None on other days; adjoining weekend days share a number."""
    numbers: list[int | None] = []
    current, inside = -1, False
    for day in range(inputs.days):
        weekend = inputs.calendar.is_weekend(inputs.date(day))
        current += weekend and not inside
        inside = weekend
        numbers.append(current if weekend else None)
    return tuple(numbers)


def _paid(shift: DatedShift) -> int:
    return shift.paid_min


def _one(shift: DatedShift) -> int:
    return 1


def _night(shift: DatedShift) -> int:
    return int(shift.night)


def shift_kinds(rule_sets: Sequence[Sequence[TourRule]], catalogue: Catalogue) -> tuple[np.ndarray, list[DatedShift]]:
    """Kind of each option (from 1) such that no rule tells options of a kind apart, and one of each kind."""
    index: dict[tuple[object, ...], int] = {}
    seen: dict[DatedShift, int] = {}
    sample: list[DatedShift] = []
    distinct = {(type(rule), getattr(rule, "amount", None)): rule for rules in rule_sets for rule in rules}
    for shift in catalogue.shifts:
        if shift not in seen:
            signature = tuple(rule.label(shift) for rule in distinct.values())
            seen[shift] = index.setdefault(signature, len(index)) + 1
            if len(index) > len(sample):
                sample.append(shift)
    return np.array([seen[shift] for shift in catalogue.shifts], np.int32), sample


def automaton_of(rules: Sequence[TourRule], sample: Sequence[DatedShift], day_kinds: Sequence[frozenset[int]],
                 past: Sequence[DatedShift | None]) -> RuleAutomaton:  # fmt: skip
    """The automaton of one class."""
    labels = [[rule.label(shift) for rule in rules] for shift in sample]
    return build_automaton(rules, labels, day_kinds, past)


def rest_order(inputs: Inputs, catalogue: Catalogue, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """`order` and `fit` of one automaton (see kernels.Automata): who is rested for what."""
    rest = int(np.ceil(inputs.rules.min_rest_h * 60 / grid.slot_min))
    ready = catalogue.start + catalogue.length + rest
    order, fit = np.zeros(len(ready), np.int32), np.zeros(len(ready), np.int32)
    for day in range(inputs.days):
        today = slice(catalogue.day_ptr[day], catalogue.day_ptr[day + 1])
        order[today] = np.argsort(ready[today], kind="stable")
        if day:
            yesterday = slice(catalogue.day_ptr[day - 1], catalogue.day_ptr[day])
            fit[today] = np.searchsorted(np.sort(ready[yesterday]), catalogue.start[today], side="right")
    return order, fit


def lay_out(automata: Sequence[RuleAutomaton], order: np.ndarray, fit: np.ndarray) -> Automata:
    """All automata in the flat arrays that the kernels read."""
    days, kinds = len(automata[0].next_node), automata[0].next_node[0].shape[1]
    width = max(len(automaton.totals) for automaton in automata)
    limits = np.zeros((2, len(automata), width), np.int32)
    layer_ptr = np.zeros((len(automata), days + 2), np.int32)
    next_node, price, final, count = [], [], [], []
    base = 0
    for a, automaton in enumerate(automata):
        for day in range(days):
            layer_ptr[a, day] = base
            table = automaton.next_node[day]
            base += len(table)
            next_node.append(np.where(table >= 0, table + base, -1))
            price.append(automaton.price[day])
            final.append(np.full(len(table), BLOCKED))
            count.append(np.pad(automaton.count[day], ((0, 0), (0, 0), (0, width - len(automaton.totals)))))
        layer_ptr[a, days] = base
        ends = len(automaton.final)
        base += ends
        layer_ptr[a, days + 1] = base
        next_node.append(np.full((ends, kinds), -1))
        price.append(np.zeros((ends, kinds)))
        final.append(automaton.final)
        count.append(np.zeros((ends, kinds, width), np.int16))
        if automaton.totals:
            limits[:, a, : len(automaton.totals)] = np.array(automaton.totals).T
    return Automata(
        layer_ptr,
        np.concatenate(next_node).astype(np.int32),
        np.concatenate(price),
        np.concatenate(final),
        np.tile(order, (len(automata), 1)).astype(np.int32),
        np.tile(fit, (len(automata), 1)).astype(np.int32),
        np.concatenate(count).astype(np.int16),
        limits[0],
        limits[1],
    )
