"""Whole rosters of drawn sites: no rule broken, and the objective recounted from the published table alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from staffing.domain.duties import Minimum, Session
from staffing.domain.labour import PRICED
from staffing.domain.workforce import Agent, Contract, LabourRules, Rotation, RuleChange
from staffing.roster import SolveLimits, solve
from staffing.roster.given import Inputs
from staffing.roster.rules import bent, check
from staffing.roster.rules.hours import weeks
from staffing.roster.rules.people import Person, Worked, people_of
from tests.roster.sites import DAY, LATE, NIGHT, PRICES, START, need, site

MISSED_SESSION_HOURS = 40.0


def paid(person: Person, inputs: Inputs) -> float:
    """Pay of one person: hours, allowances, overtime, time off that is paid all the same, and missed wishes."""
    contract, total = person.contract, 0.0
    for first, shifts in weeks(person, inputs):
        hours = sum(shift.paid_min for shift in shifts) / 60
        off = sum(any(first + dt.timedelta(days=k) in span for span in person.agent.time_off) for k in range(7))
        least = contract.min_hours * max(0.0, 1 - off / (contract.min_days or contract.max_days))
        total += hours + max(0.0, hours - contract.max_hours) * (contract.overtime_factor - 1)
        total += max(0.0, least - hours) * contract.voluntary_paid
        total += sum(on_top(shift, inputs) for shift in shifts)
        total += PRICES.undesired_shift * sum(shift.template.name in person.agent.avoids for shift in shifts)
    return total


def on_top(shift: Worked, inputs: Inputs) -> float:
    """Hours of pay for work at night and on weekends."""
    rules = inputs.book.of(None, shift.date)
    minutes = pd.date_range(shift.start, shift.end, freq="1min", inclusive="left")
    clock = minutes.hour * 60 + minutes.minute
    at_night = int(((clock >= rules.night_from) | (clock < rules.night_to)).sum())
    weekend = inputs.calendar.is_weekend(shift.date) * shift.paid_min
    return (rules.night_allowance * at_night + rules.weekend_allowance * weekend) / 60


def at_work(table: pd.DataFrame, moment: pd.Timestamp) -> set[str]:
    """Who is at work at a moment, on no break and in no session."""
    now = table[(table["start"] <= moment) & (moment < table["end"])]
    away = set(now.loc[~now["activity"].isin(["shift", "work"]), "agent"])
    return set(now.loc[now["activity"] == "shift", "agent"]) - away


def cover(inputs: Inputs, table: pd.DataFrame) -> float:
    """Price of shortage, excess and minimums, hour by hour."""
    people, total = {agent.name: agent for agent in inputs.agents}, 0.0
    wanted = inputs.requirements.set_index("start")["agents_scheduled"]
    for start, agents in wanted.items():
        present = at_work(table, start)
        total += PRICES.shortage_hour * max(0.0, agents - len(present)) + max(0.0, len(present) - agents)
        minute = start.hour * 60
        for minimum in inputs.minimums:
            if minimum.holds_on(start.date()) and minimum.earliest <= minute < minimum.latest:
                some = sum(minimum.counts(people[name]) for name in present)
                total += (minimum.shortage_hour or PRICES.shortage_hour) * max(0.0, minimum.agents - some)
    return total + after_the_last_midnight(wanted, table)


def after_the_last_midnight(wanted: pd.Series, table: pd.DataFrame) -> float:
    """Nobody but the last night is there until six, before any shift of the next day; wanted is what was a week ago."""
    hours = [start for start in wanted.index if start.date() == START and start.hour < 6]
    missing = [max(0.0, wanted[start] - len(at_work(table, start + pd.Timedelta(days=7)))) for start in hours]
    return float(PRICES.shortage_hour * sum(missing))


def missed(inputs: Inputs, table: pd.DataFrame) -> float:
    """Price of sessions that somebody did not get."""
    needed = {(s.activity, a.name) for s in inputs.sessions for a in inputs.agents if s.concerns(a)}
    held = set(zip(table["activity"], table["agent"], strict=True))
    return MISSED_SESSION_HOURS * PRICES.agent_hour * len(needed - held)


RULES = st.builds(
    LabourRules,
    min_rest_h=st.sampled_from([9.0, 11.0]),
    weekly_rest_h=st.sampled_from([None, 35.0]),
    max_weekend_days=st.sampled_from([None, 1]),
    min_days_off_in_row=st.integers(1, 2),
    max_days_off_in_row=st.sampled_from([None, 3]),
    days_off_after_nights=st.integers(0, 1),
    max_nights_per_week=st.sampled_from([None, 2]),
    night_allowance=st.sampled_from([0.0, 0.35]),
    weekend_allowance=st.sampled_from([0.0, 0.4]),
    night_from=st.just("22:00"),
    night_to=st.just("06:00"),
    prices=st.dictionaries(st.sampled_from(sorted(PRICED)), st.sampled_from([0.5, 6.0]), max_size=4),
)
TERMS = st.fixed_dictionaries(
    {"min_hours": st.sampled_from([0, 16]), "overtime_hours": st.sampled_from([0, 8]),
     "overtime_days": st.integers(0, 1), "voluntary_hours": st.sampled_from([0, 8]), "voluntary_paid": st.booleans()}
)  # fmt: skip
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"team": st.sampled_from(["a", "b"]), "senior": st.booleans(), "avoids": st.sampled_from([(), ("late",)]),
         "time_off": st.sampled_from([(), ("2026-03-03",)]), "languages": st.sampled_from([(), ("fa",)])}
    ),
    min_size=3, max_size=5,
)  # fmt: skip
SESSION = Session(
    name="news", minutes=60, start=START, end=START + dt.timedelta(days=4), earliest="08:00", latest="18:00"
)


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(rules=RULES, terms=TERMS, crew=PEOPLE, trained=st.booleans(), together=st.booleans(), rotates=st.booleans(),
       seed=st.integers(0, 99))  # fmt: skip
def test_the_objective_is_what_the_published_table_costs(rules: LabourRules, terms: dict[str, object],
                                                         crew: list[dict[str, object]], trained: bool, together: bool,
                                                         rotates: bool, seed: int) -> None:  # fmt: skip
    agents = tuple(Agent.parse({"name": f"p{i}", "contract": "free", **one}) for i, one in enumerate(crew))
    contract = Contract.parse({"name": "free", "max_hours": 32, "max_days": 4, **terms})
    table = need(0.0)
    table["agents_scheduled"] = np.random.default_rng(seed).uniform(0, 3, len(table)).round(1)
    plain = site(*agents, rules=rules, contracts=(contract,), shifts=(DAY, LATE, NIGHT), requirements=table)
    minimums = [Minimum(name="seniors", senior=True, agents=1, earliest="09:00", latest="15:00"),
                Minimum(name="persian", language="fa", agents=2, weekdays=("friday",), shortage_hour=2)]  # fmt: skip
    rotation = Rotation(name="turns", start=START, weeks=(("day|late",), ("night|late",)), teams={"a": 0, "b": 1})
    stricter = RuleChange(name="b", teams=("b",), start=START + dt.timedelta(days=3), rules={"max_days_in_row": 2})
    inputs = replace(
        plain,
        minimums=tuple(one for one in minimums if any(map(one.counts, agents))),
        sessions=(SESSION.model_copy(update={"together": together}),) if trained else (),
        rotations=(rotation,) if rotates else (),
        rule_changes=(stricter,),
    )
    made = solve(inputs, SolveLimits(seconds=3, gap=0.02))
    assert check(made.table, inputs) == []
    persons = people_of(made.table, inputs)
    cost = sum(paid(person, inputs) for person in persons) + cover(inputs, made.table)
    cost += sum(price for _, price in bent(made.table, inputs)) + missed(inputs, made.table)
    assert made.objective == pytest.approx(cost)
    assert made.bound <= made.objective + 1e-6
