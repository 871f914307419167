"""From the planner's objects to the arrays of `Problem`; what cannot be meant is refused here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from staffing.errors import InputError
from staffing.roster import people as who
from staffing.roster.arrays import BLOCKED, Automata, Options, People
from staffing.roster.automaton import RuleAutomaton, TourRule
from staffing.roster.burden import levels
from staffing.roster.options import Catalogue, catalogue_of, grid_of, requirement_slots
from staffing.roster.past import Past, pasts_of
from staffing.roster.people import AgentClass
from staffing.roster.pins import pins_of
from staffing.roster.problem import Grid, Inputs, Problem
from staffing.roster.search import Cover
from staffing.tables import REQUIREMENTS

NOWHERE = ""  # the queue of people none of whose queues needs anybody in this plan


def build(inputs: Inputs) -> Problem:
    """The problem of these inputs. Raises InputError for what cannot be meant."""
    check(inputs)
    grid = grid_of(inputs)
    catalogue = catalogue_of(inputs, grid)
    classes = _classes(inputs, catalogue, grid)
    distinct = sorted(set(classes), key=lambda c: (c.skills, classes.index(c)))
    queues = (*sorted(set(inputs.requirements["queue"])), NOWHERE)
    kind, automata, automaton_of_class, prices, elastic = _class_arrays(distinct, inputs, catalogue, grid)
    groups, cover, wanted = _cover(distinct, inputs, grid, queues)
    crowd = People(
        np.array(automaton_of_class, np.int32), np.array(groups, np.int32), prices,
        np.array([who.off_prices(c, inputs.days, inputs.change_price) for c in distinct]),
    )  # fmt: skip
    index = {c: k for k, c in enumerate(distinct)}
    agent_class = np.array([index[c] for c in classes], np.int32)
    return Problem(
        grid, _options(inputs, catalogue, kind, grid), automata, crowd, cover, agent_class,
        tuple(a.name for a in inputs.agents), queues,
        catalogue.shifts,
        np.array([shift.paid_min for shift in catalogue.shifts], np.int32), wanted,
        tuple(a.name for a, k in zip(inputs.agents, agent_class, strict=True) if elastic[k]),
    )  # fmt: skip


def _classes(inputs: Inputs, catalogue: Catalogue, grid: Grid) -> list[AgentClass]:
    """The class of every agent."""
    pasts, burdens = pasts_of(inputs), levels(inputs)
    pins = pins_of(inputs, inputs.pinned, catalogue, grid)
    published = pins_of(inputs, inputs.published, catalogue, grid)
    return [
        replace(
            who.class_of(agent, inputs, pasts.get(agent.name, Past())),
            pins=pins.get(agent.name, ()),
            published=None if inputs.published is None else published.get(agent.name, ()),
            burden=burdens[agent.name],
        )
        for agent in inputs.agents
    ]


def check(inputs: Inputs) -> None:
    """Refuse inputs that cannot be meant, each with one clear error."""
    if not inputs.agents:
        raise InputError("there are no agents to roster.", remedy="Add people to agents.csv.")
    if not inputs.shifts:
        raise InputError("there are no shifts to work.", remedy="Add at least one shift template.")
    if inputs.days % 7 or not 7 <= inputs.days <= 42:
        raise InputError(f"cannot plan {inputs.days} days.", remedy="Plan 1 to 6 whole weeks (7 to 42 days).")
    REQUIREMENTS.check(inputs.requirements)
    if inputs.requirements.empty:
        raise InputError("the requirements table is empty.", remedy="Compute requirements for this week first.")
    contracts = {contract.name for contract in inputs.contracts}
    shifts = {shift.name for shift in inputs.shifts}
    queues = set(inputs.queues) | set(inputs.requirements["queue"])
    for contract in inputs.contracts:
        _known(f"contract '{contract.name}'", "shift", contract.shifts, shifts)
    for agent in inputs.agents:
        _known(f"agent '{agent.name}'", "contract", (agent.contract,), contracts)
        _known(f"agent '{agent.name}'", "skill", agent.skills, queues)


def _known(owner: str, what: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            remedy = f"Known: {', '.join(sorted(known)) or 'none'}."
            raise InputError(f"{owner} names the unknown {what} '{name}'.", remedy=remedy)


def _class_arrays(
    classes: Sequence[AgentClass], inputs: Inputs, catalogue: Catalogue, grid: Grid
) -> tuple[np.ndarray, Automata, list[int], np.ndarray, list[bool]]:
    """Kinds of options, automata, automaton and prices per class, and who needs elastic minima."""
    contracts = {contract.name: contract for contract in inputs.contracts}
    prices = np.array([who.option_prices(c, contracts[c.contract], inputs, catalogue, grid) for c in classes])
    strict = [who.rules_of(c, contracts[c.contract], inputs, elastic=False) for c in classes]
    bends = [who.rules_of(c, contracts[c.contract], inputs, elastic=True) for c in classes]
    kind, sample = who.shift_kinds(strict, catalogue)
    order, fit = who.rest_order(inputs, catalogue, grid)
    index: dict[tuple[object, ...], int] = {}
    automata: list[RuleAutomaton] = []

    def number(c: AgentClass, rules: Sequence[TourRule], price: np.ndarray) -> int:
        kinds = _day_kinds(c, price, kind, catalogue)
        key = (*rules, *kinds, *(rule.begin(c.past.days) for rule in rules))
        if key not in index:
            index[key] = len(automata)
            automata.append(who.automaton_of(rules, sample, kinds, c.past.days))
        return index[key]

    chosen = [number(c, rules, price) for c, rules, price in zip(classes, strict, prices, strict=True)]
    elastic = [not automata[a].feasible or not _rested_tour(automata[a], price, kind, order, fit, catalogue)
               for a, price in zip(chosen, prices, strict=True)]  # fmt: skip
    for k in np.flatnonzero(elastic).tolist():
        chosen[k] = number(classes[k], bends[k], prices[k])
        automaton = automata[chosen[k]]
        if not automaton.feasible or not _rested_tour(automaton, prices[k], kind, order, fit, catalogue):
            raise InputError(
                f"the pinned shifts of class '{classes[k].contract}' with pins on day(s) "
                f"{', '.join(str(inputs.date(day)) for day, _ in classes[k].pins)} break a rule.",
                remedy="Take a pin off or move it.",
            )
    return kind, who.lay_out(automata, order, fit), chosen, prices, elastic


def _day_kinds(c: AgentClass, price: np.ndarray, kind: np.ndarray, catalogue: Catalogue) -> tuple[frozenset[int], ...]:
    """Kinds that each day may have for a class; 0 unless a shift is pinned."""
    worked = {day for day, option in c.pins if option >= 0}
    spans = zip(catalogue.day_ptr, catalogue.day_ptr[1:], strict=False)
    return tuple(
        frozenset(kind[first:last][price[first:last] < BLOCKED].tolist()) | (set() if day in worked else {0})
        for day, (first, last) in enumerate(spans)
    )


def _rested_tour(
    automaton: RuleAutomaton, price: np.ndarray, kind: np.ndarray, order: np.ndarray, fit: np.ndarray,
    catalogue: Catalogue,
) -> bool:  # fmt: skip
    """Whether some tour obeys both the automaton and the rest between days (reachability, no prices).

    `reached[node]` holds the least rank in rest order of a shift that ends the day there, -1 after a day off.
    """
    reached: dict[int, int] = {0: -1}
    for day, table in enumerate(automaton.next_node):
        first, last = int(catalogue.day_ptr[day]), int(catalogue.day_ptr[day + 1])
        rank = np.empty(last - first, int)
        rank[order[first:last]] = np.arange(last - first)
        after: dict[int, int] = {}
        for node, ready in reached.items():
            if table[node, 0] >= 0:
                after[int(table[node, 0])] = -1
            for option in range(first, last):
                to = int(table[node, kind[option]])
                if to >= 0 and price[option] < BLOCKED and ready < fit[option]:
                    after[to] = min(after.get(to, last), int(rank[option - first]))
        reached = after
    return any(automaton.final[node] < BLOCKED for node in reached)


def _options(inputs: Inputs, catalogue: Catalogue, kind: np.ndarray, grid: Grid) -> Options:
    breaks = [rule for shift in inputs.shifts for rule in sorted(shift.breaks, key=lambda r: r.earliest_min)]
    ptr = np.concatenate([[0], np.cumsum([len(shift.breaks) for shift in inputs.shifts])]).astype(np.int32)
    slot = grid.slot_min
    length = np.array([rule.minutes // slot for rule in breaks], np.int32)
    low = np.array([-(-rule.earliest_min // slot) for rule in breaks], np.int32)
    high = np.array([rule.latest_min // slot for rule in breaks], np.int32)
    gap = np.full(len(breaks), -(-inputs.rules.break_gap_min // slot), np.int32)
    shapes = list(dict.fromkeys(zip(length.tolist(), (high - low + 1).tolist(), strict=True)))
    shape = [shapes.index(pair) for pair in zip(length.tolist(), (high - low + 1).tolist(), strict=True)]
    apart = [bool((high[a:b][:-1] + length[a:b][:-1] + gap[a:b][1:] <= low[a:b][1:]).all()) for a, b in pairwise(ptr)]
    return Options(
        catalogue.day_ptr, catalogue.start, catalogue.length, kind, catalogue.template, ptr,
        length, low, high, gap, np.array(shape, np.int32),
        np.array([length for length, _ in shapes], np.int32), np.array([width for _, width in shapes], np.int32),
        np.array(apart, np.bool_),
    )  # fmt: skip


def _cover(
    classes: Sequence[AgentClass], inputs: Inputs, grid: Grid, queues: tuple[str, ...]
) -> tuple[list[int], Cover, np.ndarray]:
    need, wanted = requirement_slots(inputs, grid, queues)
    hours = grid.slot_min / 60
    real = queues[:-1]
    skill_sets = [tuple(name for name in c.skills or real if name in real) or (NOWHERE,) for c in classes]
    distinct = list(dict.fromkeys(skill_sets))
    ptr = np.concatenate([[0], np.cumsum([len(skills) for skills in distinct])]).astype(np.int32)
    served = np.array([queues.index(name) for skills in distinct for name in skills], np.int32)
    cover = Cover(
        need, wanted * inputs.prices.shortage_hour * hours, wanted * inputs.prices.excess_hour * hours,
        np.zeros_like(need), np.zeros_like(need), ptr, served,
    )  # fmt: skip
    return [distinct.index(skills) for skills in skill_sets], cover, wanted


def presence_before(inputs: Inputs, grid: Grid) -> pd.DataFrame:
    """Rows of the past roster that reach into the horizon."""
    if inputs.past is None:
        return pd.DataFrame(columns=["agent", "start", "end", "activity", "queue"])
    return inputs.past[inputs.past["end"] > grid.origin]
