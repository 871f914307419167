"""A roster's period played again and again against the forecast's sample paths, until its service is known."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import AT_WORK
from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.evaluation.timeline import cut, epoch_s, lay_out
from staffing.requirements.present import lost_shares
from staffing.service import is_live
from staffing.simulation.calls import Floats
from staffing.simulation.floor import Floor
from staffing.simulation.lines import Horizon, QueueTraffic, Shapes, Worlds, lines_of
from staffing.simulation.people import people_of
from staffing.simulation.result import Simulated, read
from staffing.simulation.skills import Routing

LEAST_RUNS = 100  # fewer say too little of the chance that a day holds
LOOK_EVERY = 20


@dataclass(frozen=True)
class SimulatedWeek:
    """What is played: a forecast's ``worlds``, requirements (for what shrinkage leaves) and a roster's ``activities``:
    its rows with their ``queue``, number of ``shift`` and whether they are ``unpaid`` (see ``Evaluation``; left out, no
    break is paid).
    """

    worlds: Worlds
    requirements: pd.DataFrame
    activities: pd.DataFrame
    scenario: Scenario
    start: dt.date
    days: int = 7
    shapes: Shapes = field(default_factory=Shapes)


def simulate(
    week: SimulatedWeek,
    *,
    runs: int | None = None,
    seed: int | None = None,
    told: Callable[[float], None] | None = None,
) -> Simulated:
    """Play the week ``runs`` times at most (default: the scenario's); fewer once the service level is known.

    Run r takes sample path r, or begins again with the first; contacts, absences and all else come from ``seed``
    (default: the scenario's), the same under every scenario. ``told`` hears the share done, and may raise Cancelled.
    Raises InputError where forecast and roster are of other weeks.
    """
    scenario = week.scenario
    most, key = runs or scenario.simulation.runs, np.uint64(scenario.seed if seed is None else seed)
    floors = floors_of(week)
    begun, done = time.process_time(), 0
    while done < most and not (done >= LEAST_RUNS and done % LOOK_EVERY == 0 and _known(floors, scenario)):
        for floor in floors:
            floor.run(key, done)
        done += 1
        if told is not None:
            told(done / most)
    spent_s = time.process_time() - begun
    return read(floors, scenario, week.shapes, (done, spent_s))


def _known(floors: list[Floor], scenario: Scenario) -> bool:
    """Whether the whole period's service level is known as exactly as asked."""
    days = sum(np.array(sums.days).sum(axis=1) for floor in floors for sums in floor.sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = days[:, 1] / days[:, 2]
    share = share[np.isfinite(share)]
    return share.size > 1 and 1.96 * share.std(ddof=1) / np.sqrt(share.size) <= scenario.simulation.tolerance


def floors_of(week: SimulatedWeek) -> list[Floor]:
    """Queues apart where nobody serves two, together where somebody does."""
    span = Horizon.of(week.scenario, week.start, week.days)
    lines = lines_of(week.worlds, week.scenario, span, week.shapes)
    pieces = _pieces(week, span)
    absent = _absent(pieces, week)
    floors = []
    for together in _together(lines, pieces, week.scenario):
        names = [line.queue.name for line in together]
        own = pieces[pieces["queue"].isin(names)]
        own, routing, of = _groups(own, names, week.scenario)
        people = people_of(own, absent, week.scenario, span.begin_s)
        pace = _pace(people.names, names, week.scenario)
        floors.append(Floor(together, people, routing, of, week.scenario, span, pace))
    return floors


def _pace(people: Sequence[str], queues: Sequence[str], scenario: Scenario) -> Floats:
    """How many times over a contact's handle time each person takes for one of each queue."""
    factors = {agent.name: agent.handle_factors for agent in scenario.agents}
    return np.array([[factors.get(name, {}).get(queue, 1.0) for queue in queues] for name in people]).reshape(
        len(people), len(queues)
    )


def _pieces(week: SimulatedWeek, span: Horizon) -> pd.DataFrame:
    """Time on the phone inside the period, by agent and start. Raises InputError without any."""
    rows = week.activities.reset_index(drop=True)
    unpaid = rows["unpaid"].to_numpy(bool) if "unpaid" in rows else ~rows["activity"].isin(AT_WORK).to_numpy(bool)
    pieces = cut(lay_out(rows), rows, unpaid).join(rows[["agent", "queue", "shift"]], on="row")
    paid = pieces[pieces["paid"] & ~pieces["on_phone"]]
    rests = {*zip(paid["shift"], paid["start_s"], strict=True)}
    pieces = pieces[pieces["on_phone"]]
    end_s = span.begin_s + span.day_of.size * span.interval_s
    inside = pieces[(pieces["end_s"] > span.begin_s) & (pieces["start_s"] < end_s)]
    if len(pieces) and inside.empty:
        first = pd.Timestamp(int(pieces["start_s"].min()), unit="s", tz="UTC").tz_convert(week.scenario.site.zone)
        raise InputError(
            f"the roster begins on {first:%Y-%m-%d}; nobody works in the week of {week.start}.",
            remedy="Simulate the week that is rostered.",
        )
    inside = inside.sort_values(["agent", "start_s"], kind="stable").reset_index(drop=True)
    rest_paid = [end in rests for end in zip(inside["shift"], inside["end_s"], strict=True)]
    return inside.assign(at_work=_work_follows(inside, rows, week.scenario), rest_paid=rest_paid)


def _work_follows(pieces: pd.DataFrame, rows: pd.DataFrame, scenario: Scenario) -> NDArray[np.bool_]:
    """Whether a piece ends with other paid work, another queue or a session, instead of a break or the shift's end."""
    sessions = rows[rows["activity"].isin([session.activity for session in scenario.sessions])]
    begins = {*zip(pieces["agent"], pieces["start_s"], strict=True)}
    begins |= {*zip(sessions["agent"], epoch_s(sessions["start"]), strict=True)}
    return np.array([end in begins for end in zip(pieces["agent"], pieces["end_s"], strict=True)], dtype=bool)


def _absent(pieces: pd.DataFrame, week: SimulatedWeek) -> pd.DataFrame:
    """Per shift: ``planned`` and ``unplanned`` shares, the means over its intervals."""
    step = int(week.scenario.site.interval_min * 60)
    count = ((pieces["end_s"] - 1) // step - pieces["start_s"] // step + 1).to_numpy(dtype=np.int64)
    rows = pieces.loc[np.repeat(pieces.index, count), ["queue", "shift", "start_s"]]
    ahead = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    instants = pd.to_datetime((rows["start_s"] // step + ahead) * step, unit="s", utc=True)
    rows = rows.assign(start=pd.DatetimeIndex(instants).tz_convert(week.scenario.site.zone))
    planned, unplanned = lost_shares(rows, week.worlds.calls, week.requirements, week.scenario)
    return rows.assign(planned=planned, unplanned=unplanned).groupby("shift")[["planned", "unplanned"]].mean()


def _together(lines: list[QueueTraffic], pieces: pd.DataFrame, scenario: Scenario) -> list[list[QueueTraffic]]:
    """Queues by who serves them: those that share nobody stand apart; chats are held apart from calls."""
    number = {line.queue.name: q for q, line in enumerate(lines)}
    group = list(range(len(lines)))
    for names in _shared(pieces, scenario):
        known = [number[name] for name in names if name in number and _mixes(lines[number[name]])]
        for one, other in itertools.pairwise(known):
            a, b = group[one], group[other]
            group = [min(a, b) if g in (a, b) else g for g in group]
    return [[line for line, g in zip(lines, group, strict=True) if g == which] for which in sorted(set(group))]


def _mixes(line: QueueTraffic) -> bool:
    return not (line.queue.channel == "chat" and line.queue.concurrency > 1)


def _shared(pieces: pd.DataFrame, scenario: Scenario) -> list[tuple[str, ...]]:
    """Sets of queues that one person serves in a shift, or by skills."""
    served = {tuple(sorted(set(names))) for names in pieces.groupby("shift")["queue"].agg(tuple)}
    if scenario.simulation.routing == "rostered":
        return sorted(served)
    everything = tuple(queue.name for queue in scenario.queues)
    working = set(pieces["agent"])
    skills = {agent.skills or everything for agent in scenario.agents if agent.name in working}
    return sorted(served | skills)


def _groups(pieces: pd.DataFrame, names: list[str], scenario: Scenario) -> tuple[pd.DataFrame, Routing, np.ndarray]:
    """The pieces with their skill group, how calls and groups find each other, and whose staff each group is."""
    put_down = tuple(scenario.simulation.put_down and not is_live(scenario.queue(name)) for name in names)
    queue = pieces["queue"].map({name: q for q, name in enumerate(names)}).to_numpy()
    if scenario.simulation.routing == "rostered" or len(names) == 1:
        rank = np.where(np.eye(len(names), dtype=bool), 0, -1).astype(np.int64)
        return pieces.assign(group=queue), Routing(rank, rank, put_down), np.arange(len(names))
    skills = {agent.name: agent.skills or tuple(names) for agent in scenario.agents}
    kinds = sorted({(int(q), tuple(sorted(skills[a]))) for q, a in zip(queue, pieces["agent"], strict=True)})
    number = {kind: g for g, kind in enumerate(kinds)}
    group = [number[int(q), tuple(sorted(skills[a]))] for q, a in zip(queue, pieces["agent"], strict=True)]
    rank = np.full((len(names), len(kinds)), -1)
    for g, (own, known) in enumerate(kinds):
        for q, name in enumerate(names):
            if name in known or q == own:
                rank[q, g] = 0 if q == own else 1 + (not is_live(scenario.queue(name)))
    return pieces.assign(group=group), Routing(rank, rank, put_down), np.array([own for own, _ in kinds])
