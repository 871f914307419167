"""From the planner's objects to the arrays of `Case`; a class without any week is refused here."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from staffing.errors import InputError
from staffing.roster.case import BLOCKED, AgentClasses, Automata, Case, DatedShift, Grid, Options
from staffing.roster.engine.automaton import RuleAutomaton, TourRule
from staffing.roster.given import Inputs
from staffing.roster.inputs import people as who
from staffing.roster.inputs.agent_class import AgentClass
from staffing.roster.inputs.binding import name_of, rules_of
from staffing.roster.inputs.checks import check
from staffing.roster.inputs.covering import cover_of, group_of, together_of
from staffing.roster.inputs.fairness import levels
from staffing.roster.inputs.options import Catalogue, catalogue_of, grid_of
from staffing.roster.inputs.past import pasts_of
from staffing.roster.inputs.pins import pins_of
from staffing.roster.inputs.sessions import with_published_times
from staffing.roster.rules.pins import broken_by_pins

NOWHERE = ""  # the queue of people none of whose queues needs anybody in this plan


def build(inputs: Inputs) -> Case:
    """The case of these inputs. Raises InputError for what cannot be meant."""
    check(inputs)
    inputs = with_published_times(inputs)
    grid = grid_of(inputs)
    catalogue = catalogue_of(inputs, grid)
    classes = _classes(inputs, catalogue, grid)
    distinct = sorted(set(classes), key=lambda c: (*group_of(c), classes.index(c)))
    queues = (*sorted(set(inputs.requirements["queue"])), NOWHERE)
    kind, automata, automaton_of_class, prices, elastic = _class_arrays(distinct, inputs, catalogue, grid)
    groups, cover = cover_of(distinct, inputs, catalogue, grid, queues)
    crowd = AgentClasses(
        automaton=np.array(automaton_of_class, np.int32),
        group=np.array(groups, np.int32),
        price=prices,
        off_price=np.array([who.off_prices(c, inputs.days) for c in distinct]),
    )
    index = {c: k for k, c in enumerate(distinct)}
    agent_class = np.array([index[c] for c in classes], np.int32)
    return Case(
        grid=grid,
        options=_options(inputs, catalogue, kind, grid),
        automata=automata,
        people=crowd,
        cover=cover,
        agent_class=agent_class,
        agent_names=tuple(a.name for a in inputs.agents),
        queue_names=queues,
        shifts=catalogue.shifts,
        paid_min=np.array([shift.paid_min for shift in catalogue.shifts], np.int32),
        break_names=tuple(tuple(rule.name for rule in kind.template.ordered_breaks) for kind in catalogue.kinds),
        together=together_of(distinct, inputs),
        elastic=tuple(a.name for a, k in zip(inputs.agents, agent_class, strict=True) if elastic[k]),
    )


def _classes(inputs: Inputs, catalogue: Catalogue, grid: Grid) -> list[AgentClass]:
    """The class of every agent."""
    pasts, burdens = pasts_of(inputs), levels(inputs)
    pins = pins_of(inputs, inputs.pinned, catalogue, grid)
    found = []
    for agent in inputs.agents:
        plain = who.class_of(agent, inputs, pasts[agent.name])
        if plain.past.days:
            rules = rules_of(plain, inputs, catalogue, elastic=False)
            plain = who.settled(plain, rules, inputs)
        found.append(
            replace(
                plain,
                pins=pins.get(agent.name, ()),
                burden=burdens[agent.name],
            )
        )
    return found


def _class_arrays(
    classes: Sequence[AgentClass], inputs: Inputs, catalogue: Catalogue, grid: Grid
) -> tuple[np.ndarray, Automata, list[int], np.ndarray, list[bool]]:
    """Kinds of options, automata, automaton and prices per class, and who needs elastic minima."""
    prices = np.array([who.option_prices(c, inputs, catalogue, grid) for c in classes])
    strict = [rules_of(c, inputs, catalogue, elastic=False) for c in classes]
    bends = [rules_of(c, inputs, catalogue, elastic=True) for c in classes]
    kind, sample = who.shift_kinds(strict, catalogue)
    index: dict[tuple[object, ...], int] = {}
    automata: list[RuleAutomaton] = []
    rests: list[tuple[np.ndarray, np.ndarray]] = []
    rest_of: dict[tuple[object, ...], tuple[np.ndarray, np.ndarray]] = {}

    def number(c: AgentClass, rules: Sequence[TourRule], price: np.ndarray) -> int:
        kinds = _day_kinds(c, price, kind, catalogue)
        key: tuple[object, ...] = (*rules, *kinds, *c.memories, *c.rules)
        if key not in index:
            index[key] = len(automata)
            automata.append(who.automaton_of(rules, sample, kinds, c.memories))
            if c.rules not in rest_of:
                rest_of[c.rules] = who.rest_order(c, inputs, catalogue, grid)
            rests.append(rest_of[c.rules])
        return index[key]

    chosen = [number(c, rules, price) for c, rules, price in zip(classes, strict, prices, strict=True)]
    elastic = [not automata[a].feasible or not _rested_tour(automata[a], price, kind, *rests[a], catalogue)
               for a, price in zip(chosen, prices, strict=True)]  # fmt: skip
    for k in np.flatnonzero(elastic).tolist():
        chosen[k] = number(classes[k], bends[k], prices[k])
        automaton, rest = automata[chosen[k]], rests[chosen[k]]
        if not automaton.feasible or not _rested_tour(automaton, prices[k], kind, *rest, catalogue):
            owners = zip(inputs.agents, _classes(inputs, catalogue, grid), strict=True)
            names = [agent.name for agent, own in owners if own == classes[k]]
            kinds = _day_kinds(classes[k], prices[k], kind, catalogue)
            raise _no_tour(classes[k], inputs, names, _against(bends[k], sample, kinds, classes[k].memories))
    return kind, who.lay_out(automata, rests), chosen, prices, elastic


def _against(
    rules: Sequence[TourRule], sample: Sequence[DatedShift], kinds: Sequence[frozenset[int]], past: Sequence[Hashable]
) -> list[str]:
    """Names of the rules without any one of which a week would be left."""
    found = []
    for left_out, rule in enumerate(rules):
        others = [one for one in rules if one is not rule]
        memories = [memory for number, memory in enumerate(past) if number != left_out]
        if name_of(rule) and who.automaton_of(others, sample, kinds, memories).feasible:
            found.append(name_of(rule))
    return found


def _no_tour(c: AgentClass, inputs: Inputs, names: Sequence[str], rules: Sequence[str]) -> InputError:
    """What keeps these people, a class, from any week at all; `rules`, each of which alone would do so."""
    if c.pins:
        dates = ", ".join(str(inputs.date(day)) for day, _ in c.pins)
        found = [
            f"on {fault.date} {fault.what} ({fault.rule})" for fault in broken_by_pins(inputs) if fault.agent in names
        ]
        why = "; ".join(dict.fromkeys(found)) or f"no week with them obeys {' and '.join(rules) or 'every rule'}"
        return InputError(
            f"the pins of {', '.join(names)} on {dates} break a rule: {why}.",
            remedy="Take a pin off or move it; or loosen the rule, or give it a price.",
        )
    if c.fixed_turns:
        dates = ", ".join(str(inputs.date(day)) for day in sorted(c.fixed_turns))
        return InputError(
            f"the rotation of people with the contract '{c.terms[0].name}' wants shifts on {dates} that a rule, the "
            "contract or their availability forbids.",
            remedy="Change the rotation, or let its entries say 'any' or 'off'.",
        )
    return InputError(
        f"no week at all obeys the rules of people with the contract '{c.terms[0].name}', not even one without shifts.",
        remedy="Check max_days_in_row, min_days_off_in_row and the rules that changed.",
    )


def _day_kinds(c: AgentClass, price: np.ndarray, kind: np.ndarray, catalogue: Catalogue) -> tuple[frozenset[int], ...]:
    """Kinds that each day may have for a class; 0 unless a shift is pinned."""
    worked = who.must_work(c)
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
    own = [kind.template.ordered_breaks for kind in catalogue.kinds]
    breaks = [rule for rules in own for rule in rules]
    ptr = np.concatenate([[0], np.cumsum([len(rules) for rules in own])]).astype(np.int32)
    slot = grid.slot_min
    length = np.array([rule.minutes // slot for rule in breaks], np.int32)
    low = np.array([-(-rule.earliest_min // slot) for rule in breaks], np.int32)
    high = np.array([rule.latest_min // slot for rule in breaks], np.int32)
    gap = np.full(len(breaks), -(-inputs.rules.break_gap_min // slot), np.int32)
    shapes = list(dict.fromkeys(zip(length.tolist(), (high - low + 1).tolist(), strict=True)))
    shape = [shapes.index(pair) for pair in zip(length.tolist(), (high - low + 1).tolist(), strict=True)]
    apart = [bool((high[a:b][:-1] + length[a:b][:-1] + gap[a:b][1:] <= low[a:b][1:]).all()) for a, b in pairwise(ptr)]
    return Options(
        day_ptr=catalogue.day_ptr,
        start=catalogue.start,
        length=catalogue.length,
        kind=kind,
        template=catalogue.template,
        break_ptr=ptr,
        break_len=length,
        break_lo=low,
        break_hi=high,
        break_gap=gap,
        break_shape=np.array(shape, np.int32),
        shape_len=np.array([length for length, _ in shapes], np.int32),
        shape_width=np.array([width for _, width in shapes], np.int32),
        apart=np.array(apart, np.bool_),
    )
