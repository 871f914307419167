"""Agents whom queues share: per interval how many of each skill group, and fewer than which cannot do.

Calls of queues that promise by one definition may wait in one line for agents who know them all. Chats and work
that can wait keep the agents the requirement gives them, from the same people. Nobody is counted twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import pandas as pd

from staffing import tables
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, PlanError
from staffing.queueing.multiskill import SkilledQueue, SkillGroup, Staffing, skilled_staffing
from staffing.requirements.live import Incoming, targets_of
from staffing.requirements.present import present_share
from staffing.requirements.queues import incoming_of, queues_of

_DEARER = 1e-3  # a skill more, so that specialists are taken where they do


@dataclass(frozen=True)
class SharedStaff:
    """``groups``: table SHARED_GROUPS; ``totals``: table SHARED_TOTALS."""

    groups: pd.DataFrame
    totals: pd.DataFrame


def shared_staff(forecast: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario) -> SharedStaff:
    """Staffing with shared agents of every interval, in steady state, beside ``needed`` (table REQUIREMENTS).

    Skill groups are the scenario's agents by the queues they know; of each all people are there, shrinkage taken
    off, and where they do not suffice as many more as it takes (``missing``). A service level kept over the day or
    week is kept here in every interval. Raises InputError where nobody knows a queue or nobody is known.
    """
    groups = skill_groups(scenario)
    own = {key: int(n) for key, n in needed.set_index(["queue", "start"])["agents"].items()}
    present = dict(zip(own, present_share(needed, forecast, needed, scenario), strict=True))
    by_start: dict[pd.Timestamp, list[SkilledQueue]] = {}
    for queue, rows in queues_of(forecast, scenario):
        incoming = incoming_of(rows, queue, scenario)
        for i, start in enumerate(incoming.starts):
            if incoming.is_open[i]:
                skilled = _skilled(incoming, i, scenario, own[queue.name, start])
                by_start.setdefault(start, []).append(skilled)
    parts, totals = [], []
    for start, queues in by_start.items():
        shares = {queue.name: float(present[queue.name, start]) for queue in queues}
        found, missing = _staffing(queues, [_there(group, shares) for group in groups])
        parts += [(start, g, _text(pool), n) for g, pools in found.pools.items() for pool, n in pools.items()]
        dearest = max(group.cost for group in groups)
        least = math.ceil(found.bound / dearest - 1e-9)
        apart = sum(own[queue.name, start] for queue in queues)
        totals.append((start, apart, sum(found.agents.values()), least, missing))
    return SharedStaff(
        tables.SHARED_GROUPS.check(_frame(parts, tables.SHARED_GROUPS, scenario)),
        tables.SHARED_TOTALS.check(_frame(totals, tables.SHARED_TOTALS, scenario)),
    )


def skill_groups(scenario: Scenario) -> list[SkillGroup]:
    """The scenario's agents by the queues they know. Raises InputError without any."""
    everything = frozenset(queue.name for queue in scenario.queues)
    heads = Counter(frozenset(agent.skills) or everything for agent in scenario.agents)
    if not heads:
        raise InputError("there are no agents whose skills could be shared.", remedy="Add people to agents.csv.")
    return [
        SkillGroup(_text(skills), skills, 1 + _DEARER * (len(skills) - 1), count)
        for skills, count in sorted(heads.items(), key=lambda item: (len(item[0]), _text(item[0])))
    ]


def _there(group: SkillGroup, shares: Mapping[str, float]) -> SkillGroup:
    """The group with as many people as shrinkage leaves: of its queues, the mean of ``shares`` present."""
    own = [share for name, share in shares.items() if name in group.skills]
    return replace(group, available=math.floor(group.available * fmean(own) + 1e-9)) if own else group


def _text(names: frozenset[str]) -> str:
    return " + ".join(sorted(names))


def _skilled(incoming: Incoming, i: int, scenario: Scenario, own: int) -> SkilledQueue:
    """Interval ``i`` of a queue, for which ``own`` agents of its own would do."""
    queue, calls, aht_s = incoming.queue, float(incoming.calls[i]), float(incoming.aht_s[i])
    target = scenario.target(queue)
    calls_wait = queue.channel == "voice" and not queue.repeats
    return SkilledQueue(
        queue.name,
        calls * aht_s / incoming.interval_s,
        aht_s,
        float(incoming.patience_s[i]),
        target.threshold_s,
        targets_of(target),
        queue.minimum_agents,
        None if calls_wait else own,
    )


def _staffing(queues: list[SkilledQueue], groups: list[SkillGroup]) -> tuple[Staffing, int]:
    """The staffing of an interval, and how many more than the people there are it takes."""
    try:
        return skilled_staffing(queues, groups), 0
    except PlanError:
        found = skilled_staffing(queues, [replace(group, available=math.inf) for group in groups])
        return found, sum(max(found.agents[group.name] - int(group.available), 0) for group in groups)


def _frame(rows: Sequence[tuple[object, ...]], table: tables.Table, scenario: Scenario) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=table.column_names)
    numbers = {column.name: float for column in table.columns if column.kind == "number"}
    start = pd.DatetimeIndex(frame["start"]) if rows else pd.DatetimeIndex([], tz=scenario.site.zone)
    return frame.assign(start=start).astype(numbers)
