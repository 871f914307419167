"""What shrinkage leaves, worked out by hand: two half-hours, one session, shares from past attendance in the first.

Of the first half-hour's rostered time past attendance lost 20 % planned and 10 % unplanned; of the second it tells
nothing, so the scenario's 10 % and 20 % stand in. Every stage that asks must get the same answer.
"""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.advice.launch_dates import PricingDesk
from staffing.domain.demand import Queue
from staffing.domain.duties import Session
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget, Shrinkage
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.evaluation import evaluate
from staffing.evaluation.outlook import staffed_at
from staffing.planner import Planner
from staffing.requirements import requirements, service_pieces, shared_staff
from staffing.requirements.present import present_share
from staffing.service import Staffed, live

ZONE, MONDAY = "Europe/Berlin", dt.date(2026, 11, 23)
START = pd.date_range(f"{MONDAY} 09:00", periods=2, freq="30min", tz=ZONE)
PEOPLE = 30
SESSION = Session(name="product", minutes=6, start=MONDAY, agents=("a0", "a1", "a2", "a3", "a4"))
PLANNED, UNPLANNED = np.array([0.2, 0.1]), np.array([0.1, 0.2])
AGENTS = 14.0  # 100 calls of 180 s in a half-hour, 80 % within 20 s, by Erlang C
PLACED_H = 5 * 6 / 60


def plan(*sessions: Session, **changes) -> Scenario:
    crew = tuple(Agent(name=f"a{i}", contract="full") for i in range(PEOPLE))
    day = ShiftTemplate(name="day", length_min=60, first_start=540, last_start=540)
    return Scenario(
        site={"timezone": ZONE, "interval_min": 30, "opening": {"monday": "09:00-10:00"}},
        shrinkage=Shrinkage(planned=0.1, unplanned=0.2, from_history=True),
        agents=crew,
        contracts=(Contract(name="full", max_hours=40),),
        shifts=(day,),
        sessions=sessions,
        **{"queues": (Queue(name="voice", model="erlang_c", aht_s=180.0),)} | changes,
    )


def calls() -> pd.DataFrame:
    bands = {name: [100.0, 100.0] for name in ("calls", "p10", "p50", "p90")}
    past = {"planned_shrinkage": [0.2, np.nan], "unplanned_shrinkage": [0.1, np.nan]}
    return pd.DataFrame({"queue": "voice", "start": START, "aht_s": 180.0, **bands, **past})


def by_hand(*, placed_h: float, agents: float = AGENTS) -> np.ndarray:
    """The planned hours of both half-hours less the hours placed, each by the same proportion."""
    planned_h = sum(agents / ((1 - p) * (1 - u)) * p / 2 for p, u in zip(PLANNED, UNPLANNED, strict=True))
    return (1 - PLANNED * (1 - placed_h / planned_h)) * (1 - UNPLANNED)


LEFT = by_hand(placed_h=PLACED_H)


def test_history_stands_before_the_scenario_and_sessions_are_not_taken_off_twice():
    needed = pd.DataFrame({"queue": "voice", "start": START, "agents": AGENTS})
    assert present_share(needed, calls(), needed, plan()) == pytest.approx([0.8 * 0.9, 0.9 * 0.8])
    assert present_share(needed, calls(), needed, plan(SESSION)) == pytest.approx(LEFT)
    later = SESSION.model_copy(update={"end": MONDAY + dt.timedelta(days=1)})  # placed by the roster of that day
    assert present_share(needed, calls(), needed, plan(later)) == pytest.approx([0.72, 0.72])
    whole = SESSION.model_copy(update={"minutes": 480})  # more than all that was planned
    assert present_share(needed, calls(), needed, plan(whole)) == pytest.approx(1 - UNPLANNED)
    plain = plan(SESSION).patched({"shrinkage": {"from_history": False}})
    rostered_h = 2 * AGENTS / 0.72 / 2
    assert present_share(needed, calls(), needed, plain) == pytest.approx([(0.9 + PLACED_H / rostered_h) * 0.8] * 2)


def test_the_requirement_and_the_pieces_of_a_day_roster_by_it():
    needed = requirements(calls(), plan(SESSION))
    assert needed["agents"].tolist() == [AGENTS, AGENTS]
    assert needed["agents_scheduled"].to_numpy() == pytest.approx(AGENTS / LEFT)
    day = plan(SESSION, service=ServiceTarget(service_level=0.8, over="day"))
    pieces = service_pieces(calls(), day)
    left = present_share(pieces, calls(), requirements(calls(), day), day)
    assert (pieces["agents"] / pieces["agents_scheduled"]).to_numpy() == pytest.approx(left)
    assert not np.allclose(left, present_share(pieces, calls(), pieces, plan()))


def test_the_outlook_counts_the_same_hours():
    needed = requirements(calls(), plan(SESSION))
    found = staffed_at(calls(), needed, plan(SESSION))
    assert found["rostered_hours"].to_numpy() == pytest.approx(needed["agents_scheduled"].to_numpy() / 2)


def test_the_evaluation_takes_the_same_share_off():
    rows = [(f"a{i}", START[0], START[0] + pd.Timedelta(hours=1), "shift", "voice") for i in range(10)]
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
    needed = requirements(calls(), plan(SESSION))
    made = evaluate(calls(), needed, table, plan(SESSION), start=MONDAY, days=1)
    assert made.intervals["scheduled"].to_numpy() == pytest.approx(10 * LEFT)


def test_shared_staff_has_as_many_people_as_it_leaves():
    """Thirty people, 21.6 of them there without the session, 22.2 and 21.9 with it; 22 asked for in each half-hour."""
    assert by_hand(placed_h=PLACED_H, agents=22) * PEOPLE == pytest.approx([22.19, 21.86], abs=0.01)
    queue = Queue(name="voice", model="erlang_c", aht_s=180.0, minimum_agents=22)
    for sessions, missing in (((), [1, 1]), ((SESSION,), [0, 1])):
        case = plan(*sessions, queues=(queue,))
        needed = requirements(calls(), case)
        assert shared_staff(calls(), needed, case).totals["missing"].tolist() == missing


def test_launch_advice_waits_for_the_agents_that_it_leaves():
    case = plan(SESSION)
    needed = requirements(calls(), case)
    desk = PricingDesk(Planner(None), case, [MONDAY])  # type: ignore[arg-type]  # no forecast is made
    staffed = np.full((1, 7 * 24), 25.0)
    amounts = live(
        Staffed(np.full(2, 100.0), np.full(2, 180.0), np.full(2, 1800.0), 25 * LEFT),
        case.queues[0],
        case.target(case.queues[0]),
    )
    wait_s = amounts["waited_s"].sum() / amounts["answered"].sum()
    assert desk._wait_s(calls(), needed, staffed, case) == pytest.approx(wait_s)
