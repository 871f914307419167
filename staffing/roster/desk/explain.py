"""Why hours stay short, and what the cheapest ways out cost.

A remedy bends one rule for a few people: overtime, one hour less rest, work outside the stated availability;
or it gives them other shifts within the rules. Their weeks are really solved again, everybody else staying as is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.roster.case import BLOCKED, Case, Cover
from staffing.roster.desk.changes import shown
from staffing.roster.engine.price import roster_price, tour_price
from staffing.roster.engine.search import State, copy_state, load_state, put_in, respond, take_out
from staffing.roster.engine.workspace import workspace
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table

OVERTIME_H = 10.0  # one more shift of any usual length
LEAST_OVERTIME_H = 0.25
SHORTEST_REST_H = 10.0
FEWEST_HOURS = 0.2  # a remedy that covers less of a shortage than this is not worth a line
URGENCY = 8.0  # times its price a shortage is taken when a way out of it is sought
MOST_PEOPLE = 3  # in one remedy
MOST_ASKED = 200  # people tried for one remedy, so that large sites are answered in seconds


@dataclass(frozen=True)
class Remedy:
    """One rule bent for few people (or none bent, only their shifts): what it takes and what it is worth."""

    kind: str  # other shifts (no rule bent), overtime, outside availability, 10 h rest
    agents: tuple[str, ...]
    what: tuple[str, ...]  # by agent: the days changed
    price: float  # money paid more
    covers_hours: float  # of this shortage
    saves: float  # money saved in all, every shortage, excess and wish priced in; negative where it costs

    def __str__(self) -> str:
        who = ", ".join(f"{agent} ({what})" for agent, what in zip(self.agents, self.what, strict=True))
        price = f"{self.price + 0.0:+,.0f}" if abs(self.price) >= 0.5 else "nothing"
        worth = f"saves {self.saves:,.0f} in all" if self.saves >= 0 else f"{-self.saves:,.0f} dearer in all"
        return f"{self.kind}: {who} covers {self.covers_hours:.1f} h, pay {price}, {worth}"


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

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": "shortage", **asdict(self)}

    def __str__(self) -> str:
        where = ", ".join(f"{count} {what}" for what, count in self.people.items() if count)
        lines = [
            f"{self.start:%a %H:%M}–{self.end:%H:%M} '{self.queue}' is short {self.most_missing:.1f} "
            f"({self.short_hours:.1f} agent-hours): {where}"
        ]
        return "\n".join(lines + [f"  - {remedy}" for remedy in self.remedies])


def explain(inputs: Inputs, table: pd.DataFrame, *, most: int = 10) -> list[Shortage]:
    """The `most` largest shortages of a roster table, each with the cheapest remedy of every kind.

    A remedy is found by re-solving the weeks of up to three people, one after the other, with this shortage
    priced high; its price and worth are then those of the true prices.
    """
    case = build(inputs)
    breaks = _widest_breaks(case)
    state = load_table(inputs, case, table, breaks)
    blocks = sorted(_blocks(case, state), key=lambda block: -block[3])[:most]
    found: dict[Block, list[Remedy]] = {block: [] for block in blocks}
    for kind, bent in _bent_inputs(inputs).items() if blocks else ():
        trial = _Trial(kind, bent, None if bent is inputs else case, load_table(inputs, case, table, breaks))
        for block in blocks:
            found[block] += trial.remedies(block)
    return [_shortage(inputs, case, state, block, found[block]) for block in blocks]


Block = tuple[int, int, int, float]  # queue, first slot, end slot, short agent-hours


def _blocks(case: Case, state: State) -> list[Block]:
    """Stretches of neighbouring short slots per queue."""
    hours = case.grid.slot_min / 60
    missing = np.where(case.wanted, np.maximum(case.cover.need - state.counts, 0), 0.0)
    found = []
    for q, row in enumerate(missing):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row > 1e-9, [0]]).astype(int)))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            found.append((q, int(first), int(end), float(row[first:end].sum() * hours)))
    return found


def _bent_inputs(inputs: Inputs) -> dict[str, Inputs]:
    """The inputs with one rule bent for everybody; each is then used for one person at a time."""
    longer = tuple(
        contract.model_copy(
            update={
                "min_hours": min(167.0, contract.max_hours + LEAST_OVERTIME_H),  # so that the week is one of overtime
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


class _Trial:
    """One rule bent, tried on the people of a roster; the roster itself stays as it is."""

    def __init__(self, kind: str, inputs: Inputs, unbent: Case | None, begun: State) -> None:
        case = build(inputs)
        self.kind, self.inputs, self.case, self.unbent = kind, inputs, case, unbent
        self.begun = begun._replace(agent_class=case.agent_class)
        self.begun.price[:] = [_tour_cost(case, self.begun, i) for i in range(len(self.begun.price))]
        self.state = copy_state(self.begun)
        self.ws = workspace(case.options, case.automata, case.grid.slots)

    def remedies(self, block: Block) -> list[Remedy]:
        """At most one: people asked one after the other, whoever is worth most next, until the shortage is gone."""
        load_state(self.state, self.begun)
        cost, chosen = self._cost(), list[int]()
        pay = self._pay()
        while len(chosen) < MOST_PEOPLE and self._missing(block).sum() > 0:
            best = max(self._offers(block, chosen), key=lambda offer: (offer[0], -offer[1]), default=None)
            if best is None:
                break
            chosen.append(best[1])
            self._answer(best[1], self._urgent(block))
        covers = self._covered(block)
        if not chosen or covers < FEWEST_HOURS:
            return []
        names = tuple(self.case.agent_names[i] for i in chosen)
        what = tuple(_what(self.inputs, self.case, self.begun.tours[i], self.state.tours[i]) for i in chosen)
        return [Remedy(self.kind, names, what, self._pay() - pay, round(covers, 2), cost - self._cost())]

    def _offers(self, block: Block, chosen: list[int]) -> Iterator[tuple[float, int]]:
        """What each person who could help would be worth, and who."""
        cover = self._urgent(block)
        asked = [i for i in self._skilled(block[0]) if i not in chosen][:MOST_ASKED]
        covered, cost = self._covered(block), self._cost()
        for i in asked:
            kept = [part[i].copy() for part in self._parts]
            self._answer(i, cover)
            if self._covered(block) - covered >= FEWEST_HOURS and self._bends(i):
                yield cost - self._cost(), i
            take_out(i, self.state)
            for part, held in zip(self._parts, kept, strict=True):
                part[i] = held
            put_in(i, self.state)

    def _bends(self, i: int) -> bool:
        """Whether person `i`'s new week needs the bent rule; any week will do where no rule is bent."""
        if self.unbent is None:
            return True
        return tour_price(self.unbent, int(self.unbent.agent_class[i]), self.state.tours[i]) >= BLOCKED

    @property
    def _parts(self) -> tuple[np.ndarray, ...]:
        return self.state.tours, self.state.offsets, self.state.served, self.state.price

    def _answer(self, i: int, cover: Cover) -> None:
        p = self.case
        take_out(i, self.state)
        respond(i, np.empty((0, 0)), 0.0, cover, self.state, p.people, p.options, p.automata, self.ws)

    def _urgent(self, block: Block) -> Cover:
        q, first, end, _ = block
        short = self.case.cover.short.copy()
        short[q, first:end] *= URGENCY
        return self.case.cover._replace(short=short)

    def _skilled(self, q: int) -> Iterator[int]:
        """People with the skill of a queue, those with the fewest shifts first."""
        name = self.case.queue_names[q]
        order = np.argsort((self.begun.tours >= 0).sum(axis=1), kind="stable").tolist()
        return (i for i in order if not self.inputs.agents[i].skills or name in self.inputs.agents[i].skills)

    def _missing(self, block: Block) -> np.ndarray:
        q, first, end, _ = block
        return np.maximum(self.case.cover.need[q, first:end] - self.state.counts[q, first:end], 0)

    def _covered(self, block: Block) -> float:
        return block[3] - float(self._missing(block).sum()) * self.case.grid.slot_min / 60

    def _cost(self) -> float:
        return roster_price(self.case, self.state)

    def _pay(self) -> float:
        """Money for paid hours."""
        hour = [who.hour_cost for who in self.inputs.contracts]
        names = [contract.name for contract in self.inputs.contracts]
        total = 0.0
        for agent, tour in zip(self.inputs.agents, self.state.tours, strict=True):
            rate = hour[names.index(agent.contract)]
            hours = float(self.case.paid_min[tour[tour >= 0]].sum()) / 60
            total += hours * (self.inputs.prices.agent_hour if rate is None else rate)
        return total


def _tour_cost(case: Case, state: State, i: int) -> float:
    """Price of a person's week; of one that breaks a rule, that of its shifts alone."""
    k = int(state.agent_class[i])
    price = tour_price(case, k, state.tours[i])
    if price < BLOCKED:
        return price
    shifts = [case.people.price[k, option] for option in state.tours[i] if option >= 0]
    return float(sum(price for price in shifts if price < BLOCKED))


def _what(inputs: Inputs, case: Case, before: np.ndarray, after: np.ndarray) -> str:
    changed = np.flatnonzero(before != after)
    parts = [
        f"{inputs.date(int(day)):%a} {shown(inputs, case, before[day])} → {shown(inputs, case, after[day])}"
        for day in changed
    ]
    return "; ".join(parts) or "other breaks"


def _shortage(inputs: Inputs, case: Case, state: State, block: Block, remedies: list[Remedy]) -> Shortage:
    q, first, end, short_hours = block
    missing = np.maximum(case.cover.need[q, first:end] - state.counts[q, first:end], 0)
    instants = case.grid.instants(np.array([first, end]), inputs.calendar.zone)
    return Shortage(
        case.queue_names[q],
        instants[0],
        instants[1],
        short_hours,
        float(missing.max()),
        _where_people_are(inputs, case, state, q, first + int(missing.argmax())),
        tuple(sorted(remedies, key=lambda remedy: (-remedy.saves, remedy.kind))),
    )


def _where_people_are(inputs: Inputs, case: Case, state: State, q: int, slot: int) -> dict[str, int]:
    """Where everybody with the queue's skill is in a slot."""
    counts = dict.fromkeys(("present", "in other queues", "on a break", "off", "not available"), 0)
    moment = case.grid.instants(np.array([slot]), inputs.calendar.zone)[0]
    minute = moment.hour * 60 + moment.minute
    for i, agent in enumerate(inputs.agents):
        if not agent.has_skill(case.queue_names[q]):
            continue
        served = state.served[i, slot]
        if served >= 0:
            counts["present" if served == q else "in other queues"] += 1
        elif _inside_shift(case, state.tours[i], slot):
            counts["on a break"] += 1
        elif not agent.can_work(moment.date()) or not agent.earliest <= minute < agent.latest:
            counts["not available"] += 1
        else:
            counts["off"] += 1
    return counts


def _inside_shift(case: Case, tour: np.ndarray, slot: int) -> bool:
    options = case.options
    return any(
        options.start[option] <= slot < options.start[option] + options.length[option] for option in tour if option >= 0
    )


def _widest_breaks(case: Case) -> int:
    return max(1, int(np.diff(case.options.break_ptr).max()))
