"""Whose rules clash: people for whom no week exists, the rules that together forbid it, and ways out.

The rules named for a person are irreducible: with any one of them bent, a week exists or another of them was
not needed. They are found by bending one after the other and keeping bent what changes nothing (deletion filter,
Chinneck & Dravnieks 1991).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.domain.labour import LOOSEST
from staffing.domain.workforce import Agent, Contract
from staffing.errors import InputError
from staffing.roster.case import SolveLimits
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.solving import solve

Relaxation = Callable[[Inputs], Inputs]

ALONE_S = 5.0  # for one person's best week, which takes a moment

#: Every field of the labour rules that can forbid a week, by name.
NAMES: dict[str, str] = {
    "min_rest_h": "rest between shifts",
    "min_rest_after_night_h": "rest after nights",
    "weekly_rest_h": "weekly rest",
    "max_days_in_row": "most days in a row",
    "min_days_in_row": "fewest days in a row",
    "min_days_off_in_row": "fewest days off in a row",
    "max_days_off_in_row": "most days off in a row",
    "max_weekend_days": "weekend days a week",
    "max_weekends": "weekends in the plan",
    "whole_weekends": "whole weekends",
    "max_nights_per_week": "nights a week",
    "max_nights_in_row": "nights in a row",
    "days_off_after_nights": "days off after nights",
    "forbidden_next": "forbidden successions",
    "max_start_spread_min": "spread of starts in a week",
    "max_shifts_of": "shifts of a kind",
    "team_together": "teams that work together",
}


@dataclass(frozen=True)
class WayOut:
    """One rule bent for such a person: the paid hours that a week can have then, and what the difference costs.

    ``hours`` is None where bending the rule alone is not enough.
    """

    rule: str
    hours: float | None
    price: float | None

    def __str__(self) -> str:
        if self.hours is None or self.price is None:
            return f"bending '{self.rule}' alone is not enough"
        return f"bending '{self.rule}' makes {self.hours:g} paid hours possible, {self.price:+,.2f}"


@dataclass(frozen=True)
class Clash:
    """People whose contract, availability and rules leave no week, and the rules that together forbid it."""

    agents: tuple[str, ...]
    rules: tuple[str, ...]
    ways_out: tuple[WayOut, ...]

    def __str__(self) -> str:
        head = f"No week exists for {', '.join(self.agents)}: these clash: {', '.join(self.rules) or 'other rules'}"
        return "\n".join([head, *(f"  - {way}" for way in self.ways_out)])

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": "clash", **asdict(self)}


def clashes(inputs: Inputs) -> list[Clash]:
    """Everybody without a week under the rules as they are; people of one clash are named together."""
    found: dict[tuple[tuple[str, ...], tuple[WayOut, ...]], list[str]] = {}
    for agent in inputs.agents:
        alone = _alone(inputs, agent)
        if not _has_week(alone):
            rules = _irreducible(alone)
            ways = tuple(_way_out(alone, name) for name in rules)
            found.setdefault((rules, ways), []).append(agent.name)
    return [Clash(tuple(names), rules, ways) for (rules, ways), names in found.items()]


def _alone(inputs: Inputs, agent: Agent) -> Inputs:
    """The inputs with one person and that person's contract and pins."""
    pinned, past = (
        None if table is None else table[table["agent"] == agent.name] for table in (inputs.pinned, inputs.past)
    )
    now = inputs.contract_of(agent)
    contracts = (now, *(one for one in inputs.contracts if one.name in agent.contract_names and one is not now))
    return replace(inputs, agents=(agent,), contracts=contracts, pinned=pinned, past=past, published=None)


def _has_week(inputs: Inputs) -> bool:
    try:
        return not build(inputs).elastic
    except InputError:  # pins that break a rule
        return False


def _irreducible(inputs: Inputs) -> tuple[str, ...]:
    """Rules of which each is needed for the clash."""
    bent, needed = inputs, []
    for name, bend in bends(inputs).items():
        looser = bend(bent)
        if _has_week(looser):
            needed.append(name)
        else:
            bent = looser
    return tuple(needed)


def bends(inputs: Inputs) -> Mapping[str, Relaxation]:
    """Every rule that can be bent for the one person of `inputs`, by name; those in force alone."""
    agent, contract = inputs.agents[0], inputs.contracts[0]
    found: dict[str, Relaxation] = {
        name: _rule_bend(field, LOOSEST[field])
        for field, name in NAMES.items()
        if getattr(inputs.rules, field) != LOOSEST[field]
    }
    if inputs.rule_changes:
        found["rules of some people or from a day on"] = lambda given: replace(given, rule_changes=())
    if inputs.rotations:
        found["rotation"] = lambda given: replace(given, rotations=())
    if agent.time_off:
        found["time off"] = lambda given: _person(given, time_off=())
    if agent.employed_from or agent.employed_until:
        found["employment"] = lambda given: _person(given, employed_from=None, employed_until=None)
    if agent.elsewhere:
        found["work elsewhere"] = lambda given: _person(given, elsewhere=())
    if set(agent.days) != set(WEEKDAYS) or agent.other_weeks_from:
        every = {"days": WEEKDAYS, "other_days": (), "other_weeks_from": None}
        found["weekdays available"] = lambda given: _person(given, **every)
    if (agent.earliest, agent.latest) != (0, DAY_MIN):
        found["hours available"] = lambda given: _person(given, earliest=0, latest=DAY_MIN)
    if inputs.pinned is not None and not inputs.pinned.empty:
        found["pinned shifts"] = lambda given: replace(given, pinned=None)
    if contract.max_days < 7:
        found["most days of the contract"] = lambda given: _contract(given, max_days=7)
    found["most hours of the contract"] = lambda given: _contract(given, max_hours=168.0)
    if contract.min_days:
        found["fewest days of the contract"] = lambda given: _contract(given, min_days=0)
    if contract.min_hours:
        found["fewest hours of the contract"] = lambda given: _contract(given, min_hours=0.0)
    return found


def _rule_bend(field: str, loosest: Any) -> Relaxation:
    return lambda given: replace(given, rules=given.rules.model_copy(update={field: loosest}))


def _person(given: Inputs, **fields: Any) -> Inputs:
    return replace(given, agents=(given.agents[0].model_copy(update=fields),))


def _contract(given: Inputs, **fields: Any) -> Inputs:
    changed: Contract = given.contracts[0].model_copy(update=fields)
    return replace(given, contracts=(changed, *given.contracts[1:]))


def _way_out(alone: Inputs, name: str) -> WayOut:
    """The rule bent and the person's week solved anew, against the week that the lowered minimum leaves now."""
    before, after = _hours(alone), _hours(bends(alone)[name](alone))
    if after is None:
        return WayOut(name, None, None)
    contract = alone.contracts[0]
    hour_cost = alone.prices.agent_hour if contract.hour_cost is None else contract.hour_cost
    return WayOut(name, after, (after - (before or 0.0)) * hour_cost)


def _hours(inputs: Inputs) -> float | None:
    """Paid hours of the person's best weeks; None where pins break a rule."""
    try:
        return solve(inputs, SolveLimits(seconds=ALONE_S, gap=0.0)).paid_hours
    except InputError:
        return None
