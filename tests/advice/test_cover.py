"""The cheapest cover on cases small enough to work out by hand, and against a search over whole people."""

import datetime as dt
import itertools

import numpy as np
import pytest

from staffing.advice.cover import HOURS, Team
from staffing.domain.scenario import Scenario
from staffing.errors import PlanError

MONDAY = dt.date(2026, 11, 23)


def scenario(agents=1, **fields):
    return Scenario.parse(
        {
            "queues": [{"name": "voice"}],
            "shifts": [
                {"name": "d", "length_min": 240, "first_start": "08:00", "last_start": "12:00", "step_min": 240}
            ],
            "contracts": [{"name": "c", "max_hours": 20, "max_days": 5}],
            "agents": [{"name": f"a{k}", "contract": "c"} for k in range(agents)],
            "prices": {"agent_hour": 20.0, "shortage_hour": 80.0},
            **fields,
        }
    )


def need(*cells, queues=1):
    out = np.zeros((queues, HOURS))
    for queue, day, first, last, agents in cells:
        out[queue, 24 * day + first : 24 * day + last] = agents
    return out


def test_one_shift_meets_one_morning():
    cover = Team(scenario(), MONDAY).cover(need((0, 0, 8, 12, 1)))
    assert cover.cost == pytest.approx(4 * 20.0)
    assert cover.short.sum() == pytest.approx(0.0, abs=1e-9)


def test_what_nobody_can_work_is_short_and_priced():
    cover = Team(scenario(), MONDAY).cover(need((0, 0, 20, 22, 1)))
    assert cover.short.sum() == pytest.approx(2.0)
    assert cover.cost == pytest.approx(2 * 80.0)


def test_the_weeks_hours_run_out():
    every_morning = need(*((0, day, 8, 12, 1) for day in range(7)))
    cover = Team(scenario(), MONDAY).cover(every_morning)
    assert cover.paid_hours == pytest.approx(20.0)
    assert cover.short.sum() == pytest.approx(8.0)


def test_hours_agreed_are_paid_needed_or_not():
    least = [{"name": "c", "min_hours": 12, "max_hours": 20, "max_days": 5}]
    cover = Team(scenario(contracts=least), MONDAY).cover(need((0, 0, 8, 12, 1)))
    assert cover.cost == pytest.approx(12 * 20.0)


def test_time_off_and_skills_hold():
    people = [
        {"name": "a", "contract": "c", "skills": ["voice"], "time_off": ["2026-11-23"]},
        {"name": "b", "contract": "c", "skills": ["chat"]},
    ]
    plain = scenario().model_dump()
    both = Scenario.parse({**plain, "queues": [{"name": "voice"}, {"name": "chat"}], "agents": people})
    cover = Team(both, MONDAY).cover(need((0, 0, 8, 12, 1), (1, 0, 8, 12, 1), queues=2))
    assert cover.short[0].sum() == pytest.approx(4.0)
    assert cover.short[1].sum() == pytest.approx(0.0, abs=1e-9)


def test_no_plan_of_whole_people_is_cheaper():
    """Every way two people can work mornings or afternoons of three days, priced by hand."""
    wanted = need((0, 0, 8, 16, 1), (0, 1, 10, 14, 2), (0, 2, 12, 16, 1))
    team = Team(scenario(agents=2), MONDAY)
    bound = team.cover(wanted).cost
    cheapest = np.inf
    for shifts in itertools.product(range(3), repeat=6):  # per day: people in the morning, in the afternoon
        present = np.zeros(HOURS)
        for k, people in enumerate(shifts):
            start = 24 * (k // 2) + (8 if k % 2 == 0 else 12)
            present[start : start + 4] += people
        if all(shifts[2 * d] + shifts[2 * d + 1] <= 2 for d in range(3)):
            short = np.maximum(wanted[0] - present, 0).sum()
            cheapest = min(cheapest, 20.0 * 4 * sum(shifts) + 80.0 * short)
    assert bound <= cheapest + 1e-6
    assert bound >= 0.7 * cheapest


def test_nobody_to_work_is_said():
    night = [{"name": "night", "length_min": 480, "first_start": "22:00", "last_start": "22:00"}]
    people = [{"name": "a", "contract": "c", "latest": "18:00"}]
    with pytest.raises(PlanError, match="no one can work"):
        Team(Scenario.parse({**scenario().model_dump(), "shifts": night, "agents": people}), MONDAY).cover(need())


def test_the_cost_alone_is_that_of_the_cover_whatever_came_before():
    rng = np.random.default_rng(3)
    hours = [{"name": "c", "min_hours": 4, "max_hours": 20, "max_days": 5}]
    team = Team(scenario(agents=6, contracts=hours), MONDAY)
    for _ in range(12):
        needed = rng.uniform(0, 5, (1, HOURS)) * (rng.random((1, HOURS)) < rng.random())
        assert team.cost(needed) == pytest.approx(team.cover(needed).cost, rel=1e-9)
