"""Agents in classes of equals: what each class may work, what it costs, and the rules as automata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import ASKED
from staffing.domain.calendar import WEEKDAYS
from staffing.domain.workforce import Agent
from staffing.roster.case import BLOCKED, Automata, DatedShift, Grid
from staffing.roster.engine.automaton import RuleAutomaton, TourRule, build_automaton
from staffing.roster.given import Inputs
from staffing.roster.inputs.agent_class import AgentClass
from staffing.roster.inputs.availability import is_rested, is_too_near, may_work
from staffing.roster.inputs.options import Catalogue
from staffing.roster.inputs.past import PastShifts, busy_elsewhere, dated_elsewhere
from staffing.roster.inputs.sessions import sessions_of


def class_of(agent: Agent, inputs: Inputs, past: PastShifts) -> AgentClass:
    """The class of one agent, without pins, published shifts and burdens."""
    off = [day for day in range(-len(past.days), inputs.days + 1) if agent.off_on(inputs.date(day))]
    contracts = [inputs.contract_on(agent, inputs.date(day)) for day in range(inputs.days)]
    turns = [inputs.turn(agent, inputs.date(day)) for day in range(inputs.days)]
    fixed = {day for day, turn in enumerate(turns) if turn.fixed and day not in off}
    return AgentClass(
        terms=tuple(inputs.terms(agent, inputs.date(day)) for day in range(0, inputs.days, 7)),
        hour_cost=tuple(inputs.prices.agent_hour if c.hour_cost is None else c.hour_cost for c in contracts),
        skills=tuple(sorted(agent.skills)),
        shares=tuple(sorted(agent.shares.items())),
        counts_as=tuple((name, agent.counts_as(name)) for name in sorted(agent.handle_factors)),
        team=agent.team if any(inputs.rules_of(agent, day).team_together for day in range(inputs.days)) else "",
        marks=tuple(m for m, minimum in enumerate(inputs.minimums) if minimum.counts(agent)),
        sessions=sessions_of(agent, inputs),
        kinds=tuple(inputs.allowed_kinds(agent, inputs.date(day)) for day in range(inputs.days)),
        unfit=frozenset(day for day in range(inputs.days + 1) if not agent.can_work_on(inputs.date(day))),
        elsewhere=tuple(dated_elsewhere(inputs, agent, inputs.date(day)) for day in range(inputs.days)),
        busy=busy_elsewhere(inputs, agent),
        hours=(agent.earliest, agent.latest),
        time_off=tuple(off),
        hours_off=tuple((d, *hours) for d in range(inputs.days + 1) for hours in agent.hours_off(inputs.date(d))),
        owed=tuple(inputs.owed(agent, inputs.date(day)) for day in range(0, inputs.days, 7)),
        owed_in_period=_owed_in_periods(agent, inputs),
        prefers=frozenset(agent.prefers),
        avoids=frozenset(agent.avoids),
        rules=tuple(inputs.book.key(agent, inputs.date(day)) for day in range(inputs.days)),
        turns=tuple(turn.entry for turn in turns),
        fixed_turns=frozenset(fixed),
        past=past,
    )


def _owed_in_periods(agent: Agent, inputs: Inputs) -> tuple[int, ...]:
    contract = inputs.contract_of(agent)
    if not contract.min_period_hours:
        return ()
    span, begun_days = inputs.period(contract)
    first = [day - (day + begun_days) % span for day in range(inputs.days)]
    owed = {day: inputs.owed_in_period(agent, inputs.date(day)) for day in set(first)}
    return tuple(owed[day] for day in first)


def settled(who: AgentClass, rules: Sequence[TourRule], inputs: Inputs) -> AgentClass:
    """The class with its past told as what the rules remember, so that equals in this are equals."""
    versions = [inputs.book.rules(key) for key in who.rules]
    longest_h = max(rules.rest_h(after_night=who.past.night) for rules in versions)
    tired = who.past.end_min + 60 * longest_h > 0
    memories = tuple(rule.begin(who.past.days) for rule in rules)
    past = PastShifts((), who.past.end_min, who.past.night) if tired else PastShifts()
    return replace(who, time_off=tuple(day for day in who.time_off if day >= 0), past=past, memories=memories)


def option_prices(who: AgentClass, inputs: Inputs, catalogue: Catalogue, grid: Grid) -> NDArray[np.float64]:
    """Price of each option for a class: paid hours and missed wishes; BLOCKED where it may not work."""
    hour_cost = np.array(who.hour_cost)[catalogue.day]
    prices = np.array([shift.paid_min for shift in catalogue.shifts]) / 60 * hour_cost
    prices += hour_cost * _allowances(inputs, catalogue)
    first_slot = 0 if inputs.now is None else first_free_slot(inputs.now, grid)
    for option, (shift, day) in enumerate(zip(catalogue.shifts, catalogue.day.tolist(), strict=True)):
        start_min = int(catalogue.start[option]) * grid.slot_min
        gone = catalogue.start[option] < first_slot and (day, option) not in who.pins
        end_min = int(catalogue.ends_min[option])
        own = may_work(who, shift, (day, end_min)) and is_rested(who, inputs, day, start_min)
        length_min = int(catalogue.length[option]) * grid.slot_min
        if gone or not own or is_too_near(who, inputs, shift, (day, start_min, start_min + length_min)):
            prices[option] = BLOCKED
            continue
        prices[option] += inputs.prices.undesired_shift * _unloved(who, inputs, shift, day)
    for day, pinned in who.pins:
        others = slice(catalogue.day_ptr[day], catalogue.day_ptr[day + 1])
        kept = prices[pinned] if pinned >= 0 else BLOCKED
        prices[others] = BLOCKED
        if pinned >= 0:
            prices[pinned] = kept
    return prices


def first_free_slot(now: pd.Timestamp, grid: Grid) -> int:
    """The first slot in which a shift may still begin."""
    return -int((grid.origin - now) // pd.Timedelta(minutes=grid.slot_min))


def _allowances(inputs: Inputs, catalogue: Catalogue) -> NDArray[np.float64]:
    """Hours of pay on top for work at night and on weekends, per option."""
    hours = []
    for shift, day in zip(catalogue.shifts, catalogue.day.tolist(), strict=True):
        rules, weekend = inputs.rules_of(None, day), inputs.calendar.is_weekend(inputs.date(day))
        minutes = rules.night_allowance * shift.night_min + rules.weekend_allowance * weekend * shift.paid_min
        hours.append(minutes / 60)
    return np.array(hours)


def _unloved(who: AgentClass, inputs: Inputs, shift: DatedShift, day: int) -> int:
    """A missed wish counts once, and every unloved sort of shift as often as the class is above its share."""
    date = inputs.date(day)
    missed = is_unwished(who.prefers, who.avoids, shift.template, date)
    sorts = (*burden_sorts(shift, weekend=inputs.calendar.is_weekend(date)), missed)
    return int(missed) + sum(level for level, counts in zip(who.burden, sorts, strict=True) if counts)


def off_prices(who: AgentClass, days: int) -> NDArray[np.float64]:
    """Price of each day off: BLOCKED where a shift is pinned or its turn comes."""
    prices = np.zeros(days)
    prices[sorted(must_work(who))] = BLOCKED
    return prices


def must_work(who: AgentClass) -> set[int]:
    """Days that cannot be free."""
    free = {day for day, option in who.pins if option < 0}
    return {day for day, option in who.pins if option >= 0} | (who.fixed_turns - free)


def burden_sorts(shift: DatedShift, *, weekend: bool) -> tuple[bool, ...]:
    """The unloved sorts a shift is of: on a weekend, at night, late, undesired."""
    return weekend, shift.night, shift.late, shift.undesired


def is_unwished(prefers: frozenset[str], avoids: frozenset[str], template: str, date: dt.date) -> bool:
    """Whether a shift is one the person avoids, or off the preferred kinds."""
    kinds = {name for name in prefers if name not in (*WEEKDAYS, *ASKED)}
    return template in avoids or WEEKDAYS[date.weekday()] in avoids or (bool(kinds) and template not in kinds)


def shift_kinds(rule_sets: Sequence[Sequence[TourRule]], catalogue: Catalogue) -> tuple[np.ndarray, list[DatedShift]]:
    """Kind of each option (from 1) such that no rule tells options of a kind apart, and one of each kind."""
    index: dict[tuple[object, ...], int] = {}
    seen: dict[DatedShift, int] = {}
    sample: list[DatedShift] = []
    distinct = {(type(rule), getattr(rule, "amount", rule)): rule for rules in rule_sets for rule in rules}
    for shift in catalogue.shifts:
        if shift not in seen:
            signature = tuple(rule.label(shift) for rule in distinct.values())
            seen[shift] = index.setdefault(signature, len(index)) + 1
            if len(index) > len(sample):
                sample.append(shift)
    return np.array([seen[shift] for shift in catalogue.shifts], np.int32), sample


def automaton_of(rules: Sequence[TourRule], sample: Sequence[DatedShift], day_kinds: Sequence[frozenset[int]],
                 memories: Sequence[Hashable]) -> RuleAutomaton:  # fmt: skip
    """The automaton of one class."""
    labels = [[rule.label(shift) for rule in rules] for shift in sample]
    return build_automaton(rules, labels, day_kinds, memories)


def rest_order(who: AgentClass, inputs: Inputs, catalogue: Catalogue, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """`order` and `fit` of one automaton (see kernels.Automata): who is rested for what on the day after.

    Where short rests are priced only overlap is forbidden here.
    """
    end = catalogue.start + catalogue.length
    nights = np.array([shift.night for shift in catalogue.shifts])
    order, fit = np.zeros(len(end), np.int32), np.zeros(len(end), np.int32)
    for day in range(inputs.days):
        today = slice(catalogue.day_ptr[day], catalogue.day_ptr[day + 1])
        ready = end[today] + _rest_slots(who, inputs, min(day + 1, inputs.days - 1), nights[today], grid)
        order[today] = np.argsort(ready, kind="stable")
        if day + 1 < inputs.days:
            tomorrow = slice(catalogue.day_ptr[day + 1], catalogue.day_ptr[day + 2])
            fit[tomorrow] = np.searchsorted(np.sort(ready), catalogue.start[tomorrow], side="right")
    return order, fit


def _rest_slots(who: AgentClass, inputs: Inputs, day: int, nights: np.ndarray, grid: Grid) -> np.ndarray:
    """Slots of rest owed before a shift of a day, after a night shift or another."""
    rules = inputs.book.rules(who.rules[day])
    if "min_rest_h" in rules.prices:
        return np.zeros(len(nights), int)
    hours = np.where(nights, rules.rest_h(after_night=True), rules.rest_h(after_night=False))
    return np.ceil(hours * 60 / grid.slot_min).astype(int)


def lay_out(automata: Sequence[RuleAutomaton], rests: Sequence[tuple[np.ndarray, np.ndarray]]) -> Automata:
    """All automata in the flat arrays that the kernels read; shared nodes are laid out once."""
    different = list({id(automaton.next_node): automaton for automaton in automata}.values())
    width = max(len(automaton.totals) for automaton in automata)
    limits = np.zeros((2, len(automata), width), np.int32)
    layers: dict[int, np.ndarray] = {}
    next_node, price, final, count = [], [], [], []
    base = 0
    for automaton in different:
        sizes = [*(len(table) for table in automaton.next_node), len(automaton.final)]
        layers[id(automaton.next_node)] = ptr = base + np.concatenate([[0], np.cumsum(sizes)])
        base = int(ptr[-1])
        kinds, ends = automaton.next_node[0].shape[1], len(automaton.final)
        tables = [np.where(table >= 0, table + first, -1) for table, first in zip(automaton.next_node, ptr[1:-1])]
        next_node += [*tables, np.full((ends, kinds), -1)]
        price += [*automaton.price, np.zeros((ends, kinds))]
        final += [np.full(sum(sizes[:-1]), BLOCKED), automaton.final]
        rows = np.concatenate([*automaton.count, np.zeros((ends, kinds, len(automaton.totals)), np.int16)])
        count.append(np.pad(rows, ((0, 0), (0, 0), (0, width - len(automaton.totals)))))
    for a, automaton in enumerate(automata):
        if automaton.totals:
            limits[:, a, : len(automaton.totals)] = np.array(automaton.totals).T
    return Automata(
        layer_ptr=np.array([layers[id(automaton.next_node)] for automaton in automata], np.int32),
        next_node=np.concatenate(next_node).astype(np.int32),
        price=np.concatenate(price),
        final=np.concatenate(final),
        order=np.array([order for order, _ in rests], np.int32),
        fit=np.array([fit for _, fit in rests], np.int32),
        added=np.concatenate(count).astype(np.int16),
        least=limits[0],
        most=limits[1],
    )
