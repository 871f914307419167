"""What each person carries of unloved shifts and missed wishes, who can be compared, and how it evens out.

One vocabulary for the roster that evens out, the table beside it and the ledger over past weeks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.domain.workforce import Agent
from staffing.roster.case import DatedShift
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import dated_shift
from staffing.roster.inputs.past import dated_past
from staffing.roster.inputs.people import burden_sorts, is_unwished

if TYPE_CHECKING:
    from staffing.roster.case import Case
    from staffing.roster.engine.search import State

#: What is carried, and what it is; the order is that of every array of counts.
CARRIED = {
    "weekend_days": "shifts begun on a weekend day of the site",
    "nights": "shifts with any minute in the night window of the labour rules",
    "late_shifts": "shifts that end late by the labour rules and are no night shifts",
    "undesired_shifts": "shifts of a kind marked as undesired",
    "missed_wishes": "shifts that go against a wish of the agent",
}
TOP_LEVEL = 2
FEW_DAYS = 0.5  # of the days that others were present: below it a person's presence is told
NAMED = 5  # people of a note, before it only counts
FAR_ABOVE = 4.0  # shifts above the fair share at which a person is named in the notes

Counts = NDArray[np.int64]  # (measures of CARRIED,)


def burden_of(agent: Agent, shift: DatedShift, date: dt.date, inputs: Inputs) -> Counts:
    """What one shift weighs for one person: 0 or 1 per measure."""
    missed = is_unwished(frozenset(agent.prefers), frozenset(agent.avoids), shift.template, date)
    return np.array([*burden_sorts(shift, weekend=inputs.calendar.is_weekend(date)), missed], np.int64)


def comparable(inputs: Inputs) -> NDArray[np.int64]:
    """A number per agent (row) and measure, the same for those whose shares are compared.

    They have the same contract, and the matter stands alike with them: they can work shifts of a sort and others,
    such shifts alone, or none of them, by team, home, hours and weekdays.
    """
    contracts = [agent.contract for agent in inputs.agents]
    columns = []
    for stands in standing(inputs).T.tolist():
        numbers: dict[tuple[str, int], int] = {}
        columns.append([numbers.setdefault(one, len(numbers)) for one in zip(contracts, stands, strict=True)])
    return np.array(columns, np.int64).T.reshape(len(contracts), len(CARRIED))


def days_present(agents: Sequence[Agent], calendar: SiteCalendar, dates: Sequence[dt.date]) -> NDArray[np.int64]:
    """On how many of these days each agent (row) was there to carry something, by measure: employed and not on leave;
    weekend days alone for those that are counted."""
    weekend = np.array([calendar.is_weekend(day) for day in dates], bool)
    there = np.array([[not agent.off_on(day) for day in dates] for agent in agents], bool)
    there = there.reshape(len(agents), len(dates))
    columns = [(there & weekend).sum(axis=1), *[there.sum(axis=1)] * (len(CARRIED) - 1)]
    return np.array(columns, np.int64).T


def above_share(counts: NDArray[np.int64], among: NDArray[np.int64], present: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far each agent lies above a fair share of each measure.

    `counts` and `present` are (weeks, agents, measures). A fair share is, week by week, what those compared
    (`comparable`) carried in all, by the days that each was present: nobody owes anything for weeks away, or gains.
    """
    share = np.zeros(counts.shape)
    for m in range(len(CARRIED)):
        for number in np.unique(among[:, m]):
            alike = among[:, m] == number
            days, carried = present[:, alike, m], counts[:, alike, m]
            whole = days.sum(axis=1, keepdims=True)
            by_days = carried.sum(axis=1, keepdims=True) * days / np.maximum(whole, 1)
            share[:, alike, m] = np.where(whole > 0, by_days, carried)
    above: NDArray[np.float64] = (counts - share).sum(axis=0)
    return above


class Before(NamedTuple):
    """What everybody carried before the plan and on how many days they were there, both (weeks, agents, measures)."""

    counts: NDArray[np.int64]
    present: NDArray[np.int64]

    @classmethod
    def of(cls, inputs: Inputs) -> Before:
        """The past roster, week by week; nothing is known without one."""
        rows = {agent.name: row for row, agent in enumerate(inputs.agents)}
        shifts = list(dated_past(inputs))
        weeks = max(((inputs.start - date).days + 6) // 7 for _, date, _ in shifts) if shifts else 0
        counts = np.zeros((weeks, len(rows), len(CARRIED)), np.int64)
        for name, date, shift in shifts:
            agent = inputs.agents[rows[name]]
            counts[((inputs.start - date).days - 1) // 7, rows[name]] += burden_of(agent, shift, date, inputs)
        starts = [inputs.start - dt.timedelta(days=7 * (k + 1)) for k in range(weeks)]
        present = [_present(inputs, first, 7) for first in starts]
        return cls(counts, np.array(present, np.int64).reshape(counts.shape))

    def above(self, inputs: Inputs) -> NDArray[np.float64]:
        """How far each agent (row) lies above the fair share of each measure."""
        return above_share(self.counts, comparable(inputs), self.present)


def _present(inputs: Inputs, first: dt.date, days: int) -> NDArray[np.int64]:
    dates = [first + dt.timedelta(days=k) for k in range(days)]
    return days_present(inputs.agents, inputs.calendar, dates)


def levels(inputs: Inputs) -> Mapping[str, tuple[int, ...]]:
    """How far above a fair share the past has left each agent per measure: 0, 1 or 2 (one or more shifts).

    A shift of that sort is priced with the level times the price of an undesired shift, so that those who
    have carried more are asked last.
    """
    above = Before.of(inputs).above(inputs)
    level = np.clip(np.floor(above), 0, TOP_LEVEL).astype(int)
    return {agent.name: tuple(row.tolist()) for agent, row in zip(inputs.agents, level, strict=True)}


def even_out(inputs: Inputs, case: Case, state: State) -> None:
    """Exchange whole weeks among equals so that those who carried least of their shares so far take the heaviest.

    Equals share a class: every tour of the class is allowed to each of them at the same price, so the
    roster's price and cover stay as they are.
    """
    people = {agent.name: agent for agent in inputs.agents}
    carried = Before.of(inputs).above(inputs).sum(axis=1)
    weight = np.array([
        tour_burden(people[name], inputs, case, tour).sum()
        for name, tour in zip(case.agent_names, state.tours, strict=True)
    ])  # fmt: skip
    for k in range(len(case.people.automaton)):
        members = np.flatnonzero(state.agent_class == k)
        heavy = sorted(members, key=lambda i: (-weight[i], i))
        light = sorted(members, key=lambda i: (carried[i], i))
        for part in (state.tours, state.offsets, state.served, state.price):
            part[light] = part[heavy]


def tour_burden(agent: Agent, inputs: Inputs, case: Case, tour: np.ndarray) -> Counts:
    """Burden of a tour for a person."""
    shifts = [(day, case.shifts[option]) for day, option in enumerate(tour) if option >= 0]
    counts = [burden_of(agent, shift, inputs.date(day), inputs) for day, shift in shifts]
    return np.sum(counts, axis=0) if counts else np.zeros(len(CARRIED), np.int64)


def fairness_table(inputs: Inputs, case: Case, state: State) -> pd.DataFrame:
    """Per agent: shifts, paid_hours, each measure of this plan, of the past (past_…), and above a fair share of
    both together (above_…)."""
    before = Before.of(inputs)
    past = before.counts.sum(axis=0)
    now = np.array([tour_burden(a, inputs, case, t) for a, t in zip(inputs.agents, state.tours, strict=True)])
    here = _present(inputs, inputs.start, inputs.days)
    counts, present = (
        np.concatenate([then, one[None]]) for then, one in ((before.counts, now), (before.present, here))
    )
    above = above_share(counts, comparable(inputs), present)
    worked = [tour[tour >= 0] for tour in state.tours]
    return pd.DataFrame(
        {
            "agent": [agent.name for agent in inputs.agents],
            "shifts": [len(tour) for tour in worked],
            "paid_hours": [float(case.paid_min[tour].sum()) / 60 for tour in worked],
            **{measure: now[:, m] for m, measure in enumerate(CARRIED)},
            **{f"past_{measure}": past[:, m] for m, measure in enumerate(CARRIED)},
            "past_days_present": before.present.sum(axis=0)[:, -1],
            **{f"above_{measure}": above[:, m] for m, measure in enumerate(CARRIED)},
        }
    )


def drift_notes(fairness: pd.DataFrame) -> tuple[str, ...]:
    """Who has come to carry far more than a fair share of something."""
    found = []
    for measure in CARRIED:
        above = fairness[fairness[f"above_{measure}"] >= FAR_ABOVE].sort_values(f"above_{measure}", ascending=False)
        names = [f"{row['agent']} {row[f'above_{measure}']:.0f}" for row in above.to_dict("records")]
        if names:
            what = measure.replace("_", " ")
            found.append(f"More {what} than a fair share, past weeks counted in: {', '.join(names)}.")
    return (*found, *_presence_note(fairness))


def _presence_note(fairness: pd.DataFrame) -> list[str]:
    """Whose share is that of fewer days, because they were away or are new."""
    most = int(fairness["past_days_present"].max()) if len(fairness) else 0
    fewer = fairness[fairness["past_days_present"] < FEW_DAYS * most]
    names = [f"{row['agent']} on {row['past_days_present']} of {most} days" for row in fewer.to_dict("records")]
    more = [f"{len(names) - NAMED} others"] if len(names) > NAMED else []
    return [f"Fair shares go by the days present before: {', '.join([*names[:NAMED], *more])}."] if names else []


def spread(fairness: pd.DataFrame) -> pd.DataFrame:
    """Mean, least, most and standard deviation over agents of every measure, past included."""
    totals = fairness.assign(**{m: fairness[m] + fairness[f"past_{m}"] for m in CARRIED})
    return totals[list(CARRIED)].agg(["mean", "min", "max", "std"]).T


def standing(inputs: Inputs) -> NDArray[np.int64]:
    """Per agent (row) and measure whether no shift that can be worked is of the sort (0), some (1) or all are (2)."""
    known: dict[tuple[frozenset[str], int, int, frozenset[bool]], list[int]] = {}
    found = []
    for agent in inputs.agents:
        days = [inputs.date(day) for day in range(7)]
        weekends = frozenset(inputs.calendar.is_weekend(day) for day in days if agent.can_work_on(day))
        key = (inputs.allowed_kinds(agent), agent.earliest, agent.latest, weekends)
        if key not in known:
            shifts = [shift for shift in _shifts(inputs) if shift.template in key[0] and _lies_within(shift, agent)]
            sorts = [burden_sorts(shift, weekend=weekend) for shift in shifts for weekend in weekends]
            known[key] = [any(some) + all(some) for some in zip(*sorts, strict=True)] if sorts else [0] * 4
        found.append([*known[key], 1])
    return np.array(found, np.int64)


def _shifts(inputs: Inputs) -> list[DatedShift]:
    rules = inputs.rules_of(None, 0)
    return [dated_shift(kind, start, rules) for kind in inputs.kinds for start in kind.starts_min]


def _lies_within(shift: DatedShift, agent: Agent) -> bool:
    end = shift.start_min + shift.length_min
    return shift.start_min >= agent.earliest and (agent.latest >= DAY_MIN or end <= agent.latest)
