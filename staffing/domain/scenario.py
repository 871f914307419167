"""A scenario: everything a plan depends on besides history. A base plus named changes; never mutated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, model_validator

from staffing.domain.activities import ASKED
from staffing.domain.base import FIRST_DAY, LAST_DAY, FieldError, Frozen, Many, default
from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.demand import LIVE, Adjustment, Event, ExcludedDays, Queue, QueueTotal
from staffing.domain.duties import Minimum, Pin, Session
from staffing.domain.patches import Patch, laid_over, lever_patch, refuse_halves
from staffing.domain.prices import Prices
from staffing.domain.service import ServiceTarget, Shrinkage
from staffing.domain.simulating import SimulationOptions
from staffing.domain.toml import parse_toml
from staffing.domain.workforce import Agent, Contract, LabourRules, Rotation, RuleChange, ShiftTemplate
from staffing.errors import InputError, Where

Change = Callable[["Scenario"], Patch]
NamedItem = TypeVar("NamedItem", Queue, Event)


class SolveOptions(Frozen):
    """How long and how far the roster is optimised.

    Parameters
    ----------
    seconds : time limit.
    gap : stop when the roster's price lies this share above the proven bound, in [0, 1).
    threads : of the solver.
    """

    seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.01
    threads: Annotated[int, Field(ge=1, le=64)] = 1


class ForecastChoice(Frozen):
    """How contacts are forecast.

    Parameters
    ----------
    models : the models of day totals that take part, such as ``["prophet"]``; empty means the mix of all of them.
    """

    models: Many[str] = default(())


PATHS, PATHS_TO_MEET = 200, 1000  # from 200 the share of days that hold is known to 2 points only, from 1,000 to 1

#: By what name the levers of volume are causes of a forecast: of the site, and of a queue.
LEVERS = ("volume factor", "volume of the queue", "self-service")


class Scenario(Frozen):
    """Site, demand, targets, people, rules and prices under one name.

    Parameters
    ----------
    description : what the scenario is about, in words.
    totals : sums of queues that the forecast shows, and makes agree with its queues.
    volume_factor, aht_factor : multiply every forecast contact and handle time ("what if 10 % more", or the share of
        history's contacts that this site takes); contacts that came are multiplied alike where both are compared.
    seed : of everything that is drawn.
    paths : sample paths of the forecast; left out, PATHS, and PATHS_TO_MEET where staff is found from them.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]{0,59}$")] = "base"
    description: str = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    paths: Annotated[int, Field(ge=20, le=2000)] | None = None
    volume_factor: Annotated[float, Field(gt=0, le=20)] = 1.0
    aht_factor: Annotated[float, Field(gt=0, le=20)] = 1.0
    site: SiteCalendar = SiteCalendar()
    queues: Annotated[Many[Queue], Field(min_length=1)]
    totals: Many[QueueTotal] = default(())
    forecast: ForecastChoice = ForecastChoice()
    service: ServiceTarget = ServiceTarget(service_level=0.8, threshold_s=20)
    shrinkage: Shrinkage = Shrinkage()
    events: Many[Event] = default(())
    adjustments: Many[Adjustment] = default(())
    excluded: Many[ExcludedDays] = default(())
    contracts: Many[Contract] = default(())
    agents: Many[Agent] = default(())
    shifts: Many[ShiftTemplate] = default(())
    rules: LabourRules = LabourRules()
    rule_changes: Many[RuleChange] = default(())
    rotations: Many[Rotation] = default(())
    minimums: Many[Minimum] = default(())
    sessions: Many[Session] = default(())
    pins: Many[Pin] = default(())
    prices: Prices = Prices()
    solve: SolveOptions = SolveOptions()
    simulation: SimulationOptions = SimulationOptions()

    def __repr__(self) -> str:
        counts = ((self.queues, "queue"), (self.agents, "agent"), (self.shifts, "shift"), (self.events, "event"))
        told = ", ".join(f"{len(items)} {what}{'' if len(items) == 1 else 's'}" for items, what in counts)
        return f"<Scenario '{self.name}': {told}>"

    __str__ = __repr__

    @model_validator(mode="after")
    def _names_agree(self) -> Scenario:
        for field in (
            "queues", "totals", "events", "contracts", "agents", "shifts", "rule_changes", "rotations", "minimums",
            "sessions",
        ):  # fmt: skip
            _unique(field, [item.name for item in getattr(self, field)])
        queues = {queue.name for queue in self.queues}
        contracts = {contract.name for contract in self.contracts}
        shifts = {shift.name for shift in self.shifts}
        for total in self.totals:
            _known("totals", f"total '{total.name}'", "queue", total.queues, queues)
            if total.name in queues:
                raise FieldError("totals", f"'{total.name}' is a queue; a total needs a name of its own")
        for event in self.events:
            named = (*event.queues, event.moves_to) if event.moves_to else event.queues
            _known("events", f"event '{event.name}'", "queue", named, queues)
        for contract in self.contracts:
            _known("contracts", f"contract '{contract.name}'", "shift", contract.shifts, shifts)
        for agent in self.agents:
            _known("agents", f"agent '{agent.name}'", "contract", agent.contract_names, contracts)
            named = (*agent.skills, *agent.secondary, *agent.shares, *agent.handle_factors)
            _known("agents", f"agent '{agent.name}'", "skill", named, queues)
            wishes = (*agent.prefers, *agent.avoids)
            _known("agents", f"agent '{agent.name}'", "shift or weekday", wishes, shifts | {*WEEKDAYS, *ASKED})
            rotations = {rotation.name for rotation in self.rotations}
            _known(
                "agents", f"agent '{agent.name}'", "rotation", (agent.rotation,) if agent.rotation else (), rotations
            )
        self._duties_agree()
        for adjustment in self.adjustments:
            _known("adjustments", "an adjustment", "queue", (adjustment.queue,) if adjustment.queue else (), queues)
        for span in self.excluded:
            _known("excluded", "an excluded span", "queue", (span.queue,) if span.queue else (), queues)
        return self

    def _duties_agree(self) -> None:
        """Rule changes, rotations, minimums and sessions name what there is, and minimums count somebody."""
        known = {
            "contract": {contract.name for contract in self.contracts},
            "team": {agent.team for agent in self.agents},
            "agent": {agent.name for agent in self.agents},
        }
        for field in ("rule_changes", "sessions"):
            for item in getattr(self, field):
                for what, names in known.items():
                    _known(field, f"'{item.name}'", what, getattr(item, f"{what}s"), names)
        shifts = {shift.name for shift in self.shifts}
        for shift in self.shifts if self.agents else ():
            _known("shifts", f"shift '{shift.name}'", "team", shift.teams, known["team"])
        _known("rules", "a rule", "shift", self.rules.shift_names, shifts)
        for change in self.rule_changes:
            _known("rule_changes", f"'{change.name}'", "shift", change.as_rules.shift_names, shifts)
        pinned: dict[tuple[str, dt.date], str] = {}
        for pin in self.pins:
            _known("pins", f"the pin of {pin.day}", "agent", (pin.agent,), known["agent"])
            first = pinned.setdefault((pin.agent, pin.day), pin.shift)
            if first != pin.shift:
                raise FieldError("pins", f"{pin.day} of '{pin.agent}' is pinned to {first} and to {pin.shift}")
        for rotation in self.rotations:
            _known("rotations", f"rotation '{rotation.name}'", "shift", rotation.shift_names, shifts)
            _known("rotations", f"rotation '{rotation.name}'", "team", rotation.teams, known["team"])
        for minimum in self.minimums:
            if self.agents and not any(minimum.counts(agent) for agent in self.agents):
                raise FieldError("minimums", f"minimum '{minimum.name}' counts none of the agents")

    def queue(self, name: str) -> Queue:
        """The queue of that name. Raises InputError."""
        return _named(self.queues, name, "queue")

    def event(self, name: str) -> Event:
        """The event of that name. Raises InputError."""
        return _named(self.events, name, "event")

    def only(self, *fields: str) -> Self:
        """These fields alone, for work that may look at nothing else: any other one raises AttributeError."""
        seen = copy(self)
        object.__setattr__(seen, "__dict__", {field: getattr(self, field) for field in fields})
        return seen

    def corrections(self) -> tuple[Adjustment, ...]:
        """The planner's corrections of the forecast, the levers of volume among them, each under a name of its own."""
        site, own, contained = LEVERS
        levers = [("", self.volume_factor, site)]
        for queue in self.queues:
            levers += [(queue.name, queue.volume_factor, own), (queue.name, 1 - queue.contained, contained)]
        always = [
            Adjustment(queue=queue, start=FIRST_DAY, end=LAST_DAY, factor=factor, reason=why)
            for queue, factor, why in levers
            if factor != 1.0
        ]
        return (*self.adjustments, *always)

    def aht_factors(self) -> dict[str, float]:
        """What multiplies each queue's handle times: the scenario's factor, the queue's, and what automation leaves."""
        totals = {total.name: self.aht_factor for total in self.totals}
        return totals | {one.name: self.aht_factor * one.aht_factor * (1 - one.automated) for one in self.queues}

    def volume_factors(self) -> dict[str, float]:
        """What multiplies each queue's contacts, by all levers together."""
        return {one.name: self.volume_factor * one.volume_factor * (1 - one.contained) for one in self.queues}

    @property
    def sample_paths(self) -> int:
        """How many sample paths the forecast draws."""
        if self.paths is not None:
            return self.paths
        surely = any(self.target(queue).meet is not None for queue in self.queues)
        return PATHS_TO_MEET if surely else PATHS

    def target(self, queue: Queue) -> ServiceTarget:
        """The promise of a queue: its own, or else the scenario's."""
        return queue.service or self.service

    def promise(self, queue: str) -> str:
        """What the queue of that name promises, in words. Raises InputError."""
        asked = self.queue(queue)
        deferred = asked.channel not in LIVE
        return f"done within {asked.deadline_min} min" if deferred else self.target(asked).text()

    def patched(self, patch: Mapping[str, Any], where: Where | None = None) -> Self:
        """A new scenario with nested changes (``patch``) laid over this one; ``where`` names their file in errors.

        Tables merge field by field; lists of things with names of their own (events, queues, agents, …) merge by
        ``name``: a new name is added, ``remove = true`` takes one out. Other lists are replaced. A field set to
        ``{ remove = true }`` goes back to its default. Raises InputErrors.
        """
        where = where or Where()
        refuse_halves({"events": (Event, _names(self.events)), "queues": (Queue, _names(self.queues))}, patch, where)
        kept = {field: getattr(self, field) for field in type(self).model_fields if field not in patch}
        plain = self.model_dump(exclude_none=True, include=set(patch))  # what is not touched was checked at its birth
        return type(self).parse({**kept, **laid_over(plain, patch, where)}, where)

    def with_changes(self, *changes: Change, **fields: Any) -> Self:
        """A new scenario: ``base.with_changes(move("app-4.0", to="2026-12-02"), service_level=0.85)``.

        A field becomes what it is given: an object or a list of objects replaces what was there, a table (dict) changes
        the fields it names. Raises InputErrors; a list of named tables is refused, for it could mean either.
        """
        scenario = self
        for change in changes:
            scenario = scenario.patched(change(scenario))
        return scenario.patched(lever_patch(fields, type(self).model_fields)) if fields else scenario

    def to_toml(self) -> str:
        """The whole scenario as TOML; ``Scenario.from_toml`` reads back an equal one."""
        import tomli_w

        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True, exclude_defaults=True))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a scenario from a TOML file of its own. Raises InputError(s)."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot be read: {error}.", where=Where(str(path))) from None
        return cls.from_toml(text, Where(Path(path).name))

    @classmethod
    def from_toml(cls, text: str, where: Where | None = None) -> Self:
        """A scenario from the ``text`` of a TOML file; ``where`` names it. Raises InputError(s)."""
        return cls.parse(parse_toml(text, where), where)


def _names(items: Iterable[Queue | Event]) -> list[str]:
    return [item.name for item in items]


def _named(items: Iterable[NamedItem], name: str, what: str) -> NamedItem:
    names = {item.name: item for item in items}
    if name not in names:
        known = ", ".join(names) or "none"
        raise InputError(f"there is no {what} '{name}'.", remedy=f"Known: {known}.")
    return names[name]


def _unique(field: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FieldError(field, f"the name '{twice[0]}' is used twice; names must differ")


def _known(field: str, owner: str, what: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise FieldError(field, f"{owner} names the unknown {what} '{name}'; known: {listed}")
