"""Why hours stay short, and what the cheapest ways out cost.

A remedy bends one rule for one person: overtime, one hour less rest, work outside the stated availability.
Its price and effect are exact: the person's best week under the bent rule, everybody else staying as is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.roster.arrays import workspace
from staffing.roster.build import build
from staffing.roster.load import load_table
from staffing.roster.problem import Inputs, Problem
from staffing.roster.search import State, copy_state, cover_cost, load_state, respond, take_out

OVERTIME_H = 8.0
SHORTEST_REST_H = 10.0
FEWEST_HOURS = 0.2  # a remedy that covers less of a shortage than this is not worth a line


@dataclass(frozen=True)
class Remedy:
    """One rule bent for one person: what it takes, its price, what it covers and what it saves in all."""

    kind: str  # other shifts (no rule bent), overtime, outside availability, 10 h rest
    agent: str
    what: str
    price: float  # money paid more, without the shortage it saves
    covers_hours: float  # of this shortage
    saves: float  # money saved in all, shortage and excess priced in

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent}: {self.what}, covers {self.covers_hours:g} h for {self.price:,.2f}"


@dataclass(frozen=True)
class Shortage:
    """A stretch of slots in which a queue is short, where its people are, and the cheapest remedies."""

    queue: str
    start: pd.Timestamp
    end: pd.Timestamp
    short_hours: float
    most_missing: float
    people: dict[str, int]  # with the skill: present, elsewhere, on a break, off, not available
    remedies: tuple[Remedy, ...]

    def __str__(self) -> str:
        where = ", ".join(f"{count} {what}" for what, count in self.people.items() if count)
        lines = [
            f"{self.start:%a %H:%M}–{self.end:%H:%M} '{self.queue}' is short {self.most_missing:.1f} "
            f"({self.short_hours:.1f} agent-hours): {where}"
        ]
        return "\n".join(lines + [f"  - {remedy}" for remedy in self.remedies])


def explain(inputs: Inputs, table: pd.DataFrame, *, most: int = 10, remedies: int = 3) -> list[Shortage]:
    """The `most` largest shortages of a roster table, each with its cheapest remedies."""
    problem = build(inputs)
    breaks = _widest_breaks(problem)
    state = load_table(inputs, problem, table, breaks)
    blocks = sorted(_blocks(problem, state), key=lambda block: -block[3])[:most]
    if not blocks:
        return []
    effects: dict[tuple[str, str], _Effect] = {}
    for kind, bent in _bent_inputs(inputs).items():
        for effect in _effects(kind, bent, build(bent), table, breaks):
            effects.setdefault((effect.agent, effect.what), effect)
    return [_shortage(inputs, problem, state, block, list(effects.values()), remedies) for block in blocks]


Block = tuple[int, int, int, float]  # queue, first slot, end slot, short agent-hours


def _blocks(problem: Problem, state: State) -> list[Block]:
    """Stretches of neighbouring short slots per queue."""
    hours = problem.grid.slot_min / 60
    missing = np.where(problem.wanted, np.maximum(problem.cover.need - state.counts, 0), 0.0)
    found = []
    for q, row in enumerate(missing):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row > 1e-9, [0]]).astype(int)))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            found.append((q, int(first), int(end), float(row[first:end].sum() * hours)))
    return found


@dataclass(frozen=True)
class _Effect:
    """What bending a rule for one person would do."""

    kind: str
    agent: str
    what: str
    price: float
    saves: float
    added: np.ndarray  # (queues, slots) presence gained


def _bent_inputs(inputs: Inputs) -> dict[str, Inputs]:
    """The inputs with one rule bent for everybody; each is then used for one person at a time."""
    longer = tuple(
        contract.model_copy(
            update={
                "max_hours": min(168.0, contract.max_hours + OVERTIME_H),
                "max_days": min(7, contract.max_days + 1),
            }
        )
        for contract in inputs.contracts
    )
    anytime = tuple(
        agent.model_copy(update={"days": WEEKDAYS, "earliest": 0, "latest": DAY_MIN}) for agent in inputs.agents
    )
    found = {
        "other shifts": inputs,
        "overtime": replace(inputs, contracts=longer),
        "outside availability": replace(inputs, agents=anytime),
    }
    if inputs.rules.min_rest_h > SHORTEST_REST_H:
        rested = inputs.rules.model_copy(update={"min_rest_h": SHORTEST_REST_H})
        found[f"{SHORTEST_REST_H:g} h rest"] = replace(inputs, rules=rested)
    return found


def _effects(kind: str, inputs: Inputs, problem: Problem, table: pd.DataFrame, breaks: int) -> list[_Effect]:
    """Effect of the bent rule for each person whose best week it improves."""
    state = load_table(inputs, problem, table, breaks)
    answer = _answerer(problem, state)
    found = []
    for i, name in enumerate(problem.agent_names):
        before, present, tour = copy_state(state), state.counts.copy(), state.tours[i].copy()
        old = _tour_cost(problem, state, i)
        cost = cover_cost(problem.cover, state.counts)
        answer(i)
        price = float(state.price[i]) - old
        saves = cost - cover_cost(problem.cover, state.counts) - price
        if saves > 1e-9:
            what = _what(inputs, problem, tour, state.tours[i])
            found.append(_Effect(kind, name, what, price, saves, state.counts - present))
        load_state(state, before)
    return found


def _answerer(problem: Problem, state: State) -> Callable[[int], None]:
    ws = workspace(problem.options, problem.automata, problem.grid.slots)
    guide = np.empty((0, 0))

    def answer(i: int) -> None:
        take_out(i, state)
        respond(i, guide, 0.0, problem.cover, state, problem.people, problem.options, problem.automata, ws)

    return answer


def _tour_cost(problem: Problem, state: State, i: int) -> float:
    prices = problem.people.price[state.agent_class[i]]
    return float(sum(prices[option] for option in state.tours[i] if option >= 0))


def _what(inputs: Inputs, problem: Problem, before: np.ndarray, after: np.ndarray) -> str:
    changed = np.flatnonzero(before != after)
    parts = [
        f"{inputs.date(int(day)):%a} {_hours(inputs, problem, before[day])} → {_hours(inputs, problem, after[day])}"
        for day in changed
    ]
    return "; ".join(parts) or "other breaks"


def _hours(inputs: Inputs, problem: Problem, option: int) -> str:
    if option < 0:
        return "off"
    start = int(problem.options.start[option])
    ends = problem.grid.instants(np.array([start, start + problem.options.length[option]]), inputs.calendar.zone)
    return f"{ends[0]:%H:%M}–{ends[1]:%H:%M}"


def _shortage(
    inputs: Inputs, problem: Problem, state: State, block: Block, effects: list[_Effect], most: int
) -> Shortage:
    q, first, end, short_hours = block
    hours = problem.grid.slot_min / 60
    missing = np.maximum(problem.cover.need[q, first:end] - state.counts[q, first:end], 0)
    ranked = []
    for effect in effects:
        covers = float(np.minimum(np.maximum(effect.added[q, first:end], 0), missing).sum() * hours)
        if covers >= FEWEST_HOURS:
            remedy = Remedy(effect.kind, effect.agent, effect.what, effect.price, round(covers, 2), effect.saves)
            ranked.append((-effect.saves, effect.agent, effect.kind, remedy))
    instants = problem.grid.instants(np.array([first, end]), inputs.calendar.zone)
    return Shortage(
        problem.queue_names[q],
        instants[0],
        instants[1],
        short_hours,
        float(missing.max()),
        _where_people_are(inputs, problem, state, q, first + int(missing.argmax())),
        tuple(item[-1] for item in sorted(ranked, key=lambda item: item[:3])[:most]),
    )


def _where_people_are(inputs: Inputs, problem: Problem, state: State, q: int, slot: int) -> dict[str, int]:
    """Where everybody with the queue's skill is in a slot."""
    counts = dict.fromkeys(("present", "in other queues", "on a break", "off", "not available"), 0)
    moment = problem.grid.instants(np.array([slot]), inputs.calendar.zone)[0]
    minute = moment.hour * 60 + moment.minute
    for i, agent in enumerate(inputs.agents):
        if agent.skills and problem.queue_names[q] not in agent.skills:
            continue
        served = state.served[i, slot]
        if served >= 0:
            counts["present" if served == q else "in other queues"] += 1
        elif _inside_shift(problem, state.tours[i], slot):
            counts["on a break"] += 1
        elif not agent.can_work(moment.date()) or not agent.earliest <= minute < agent.latest:
            counts["not available"] += 1
        else:
            counts["off"] += 1
    return counts


def _inside_shift(problem: Problem, tour: np.ndarray, slot: int) -> bool:
    options = problem.options
    return any(
        options.start[option] <= slot < options.start[option] + options.length[option] for option in tour if option >= 0
    )


def _widest_breaks(problem: Problem) -> int:
    return max(1, int(np.diff(problem.options.break_ptr).max()))


def edit_effect(inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Agent-hours of shortage that a planner's edit adds (positive) or saves (negative)."""
    problem = build(inputs)
    hours = problem.grid.slot_min / 60
    short = []
    for table in (before, after):
        state = load_table(inputs, problem, table, _widest_breaks(problem))
        short.append(np.where(problem.wanted, np.maximum(problem.cover.need - state.counts, 0), 0.0).sum() * hours)
    return float(short[1] - short[0])
