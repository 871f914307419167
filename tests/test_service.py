"""Service of an interval against results known by hand and against a small Markov chain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

from staffing.domain.demand import Queue
from staffing.domain.service import ServiceTarget
from staffing.errors import TableError
from staffing.queueing import Targets
from staffing.queueing.chat import Conversation, smallest_chat_agents
from staffing.queueing.interval import Demand as TimedDemand
from staffing.queueing.transient import transient_day
from staffing.service import AMOUNTS, SERVICE_OF, Amounts, Staffed, is_live, live

TARGET = ServiceTarget(service_level=0.8, threshold_s=20)
PATIENT = Queue(name="voice", model="erlang_c")


def amounts(agents: float, calls: float = 10, queue: Queue = PATIENT, target: ServiceTarget = TARGET) -> Amounts:
    """One half-hour with handle times of 180 s: 10 calls are one erlang."""
    return live(Staffed(*(np.array([x]) for x in (calls, 180.0, 1800.0, agents))), queue, target)


def test_two_agents_on_one_erlang() -> None:
    # Erlang C: C(2, 1) = 1/(2 + 1); mean wait C·AHT/(n − a); within T: 1 − C·exp(−(n − a)T/AHT).
    found = {name: float(value[0]) for name, value in amounts(2).items()}
    expected = {
        "offered": 10,
        "in_time": 10 * (1 - math.exp(-20 / 180) / 3),
        "base": 10,
        "answered": 10,
        "lost": 0,
        "unserved": 0,
        "waited_s": 10 * 60,
        "queued_s": 10 * 60,
        "busy": 1,
        "queue_length": 1 / 3,
        "overrun": 0,
    }
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_quarter_of_an_agent_more_is_a_quarter_of_the_interval_with_one_more() -> None:
    two, three, between = amounts(2), amounts(3), amounts(2.25)
    for name in AMOUNTS:
        assert between[name] == pytest.approx(0.75 * two[name] + 0.25 * three[name], rel=1e-12), name


@pytest.mark.parametrize("agents", [2 - 1e-12, 2 + 1e-12])
def test_rounding_does_not_cost_an_agent(agents: float) -> None:
    for name, value in amounts(agents).items():
        assert value == pytest.approx(amounts(2)[name], rel=1e-12), name


def test_more_work_than_agents_and_nobody_hangs_up() -> None:
    found = amounts(2, calls=40)
    assert found["in_time"][0] == 0
    assert found["waited_s"][0] == found["queued_s"][0] == found["queue_length"][0] == math.inf
    assert found["busy"][0] == 2
    assert found["unserved"][0] == pytest.approx(20)
    assert found["lost"][0] == 0


def test_nobody_there() -> None:
    patient, hasty = amounts(0), amounts(0, queue=Queue(name="voice", patience_s=120))
    assert (patient["in_time"][0], patient["waited_s"][0], patient["unserved"][0]) == (0, math.inf, 10)
    assert (hasty["in_time"][0], hasty["answered"][0], hasty["waited_s"][0], hasty["lost"][0]) == (0, 0, 0, 10)
    assert hasty["queued_s"][0] == pytest.approx(10 * 120)


def test_without_contacts_everything_is_undefined() -> None:
    assert all(np.isnan(value[0]) for value in amounts(3, calls=0).values())


def palm(load: float, agents: int, patience: float, threshold: float) -> dict[str, float]:
    """M/M/n+M by its balance equations and, for waits, the matrix exponential of one caller's way forward.

    Times are in handle times. Shares of offered: answered within, abandoned within, abandoned at all; and
    the mean wait of the answered times their share.
    """
    ahead, theta = 150, 1 / patience
    weight = [1.0]
    for k in range(1, agents + ahead):
        weight.append(weight[-1] * load / (min(k, agents) + max(k - agents, 0) * theta))
    state = np.array(weight) / sum(weight)
    rates = agents + theta * np.arange(ahead)
    generator = np.zeros((ahead + 2, ahead + 2))
    served, gone = ahead, ahead + 1
    for k in range(ahead):
        generator[k, k - 1 if k else served] += rates[k]
        generator[k, gone] += theta
        generator[k, k] -= rates[k] + theta
    arrives = np.concatenate([state[agents:], [0.0, 0.0]])
    soon = arrives @ expm(generator * threshold)
    queued = float(np.arange(ahead) @ state[agents:])
    waiting = -np.linalg.inv(generator[:ahead, :ahead])
    answered_wait = arrives[:ahead] @ waiting @ waiting @ generator[:ahead, served]
    at_once = state[:agents].sum()
    return {"within": at_once + soon[served], "short": soon[gone], "lost": queued * theta / load, "wait": answered_wait}


@pytest.mark.parametrize("definition", ["offered", "answered", "excl_short_abandons", "wait_within_threshold"])
@pytest.mark.parametrize(("calls", "agents", "patience_s"), [(10, 2, 180), (30, 2, 120), (42, 5, 300)])
def test_definitions_of_service_level(definition: str, calls: float, agents: int, patience_s: float) -> None:
    target = ServiceTarget.parse({"service_level": 0.8, "threshold_s": 30, "definition": definition})
    found = amounts(agents, calls, Queue(name="voice", patience_s=patience_s), target)
    chain = palm(calls / 10, agents, patience_s / 180, 30 / 180)
    level = {
        "offered": chain["within"],
        "answered": chain["within"] / (1 - chain["lost"]),
        "excl_short_abandons": chain["within"] / (1 - chain["short"]),
        "wait_within_threshold": chain["within"] + chain["short"],
    }[definition]
    assert found["in_time"][0] / found["base"][0] == pytest.approx(level, rel=1e-9)
    assert found["lost"][0] / calls == pytest.approx(chain["lost"], rel=1e-9)
    assert found["waited_s"][0] / calls == pytest.approx(chain["wait"] * 180, rel=1e-9)
    assert found["busy"][0] == pytest.approx(calls / 10 * (1 - chain["lost"]), rel=1e-9)


def test_deferred_work_has_no_waits_here() -> None:
    email = Queue(name="mail", channel="email")
    assert not is_live(email)
    found = SERVICE_OF[email.channel](Staffed(*(np.ones(2) for _ in range(4))), email, TARGET)
    assert all(np.isnan(value).all() for value in found.values())


def test_chat_is_measured_by_the_model_it_is_staffed_by() -> None:
    chat = Queue(name="chat", channel="chat", concurrency=3, think_s=60, replies=8)
    target = ServiceTarget(service_level=0.8, threshold_s=30)
    need = smallest_chat_agents(
        Conversation(180.0, 60.0, 8.0, 3), Targets(service_level=0.8), chats_per_hour=120, threshold_s=30
    )
    enough, fewer = (amounts(n, calls=60, queue=chat, target=target) for n in (need, need - 1))
    assert enough["in_time"][0] >= 0.8 * enough["base"][0]
    assert fewer["in_time"][0] < 0.8 * fewer["base"][0]
    assert enough["busy"][0] == pytest.approx(6)


def test_what_callers_do_again_is_offered_too() -> None:
    # Nobody hangs up and a fifth of the answered comes back: 10 first calls are 12.5 calls.
    back = Queue(name="voice", model="erlang_c", resolution=0.8)
    found, plain = amounts(3, queue=back), amounts(3, calls=12.5)
    assert {name: found[name][0] for name in AMOUNTS} == pytest.approx({name: plain[name][0] for name in AMOUNTS})
    # In balance offered = first + redialled share of the lost.
    redial = amounts(1, queue=Queue(name="voice", patience_s=60.0, redial_share=0.5))
    assert redial["offered"][0] == pytest.approx(10 + 0.5 * redial["lost"][0])


THROUGH_TIME = Queue(name="voice", model="transient", patience_s=120.0)
CALLS, STAFF = [30.0, 60, 90, 40], [4.0, 8, 9, 3]


def through_time(agents, calls=CALLS, starts=range(4), target: ServiceTarget = TARGET) -> Amounts:
    """Half-hours of 180 s calls, by default one after the other."""
    size = len(calls)
    start_s = 1800 * np.array(list(starts), dtype=np.int64)
    columns = (np.array(calls), np.full(size, 180.0), np.full(size, 1800.0), np.array(agents, float))
    return live(Staffed(*columns, start_s), THROUGH_TIME, target)


def test_a_queue_staffed_through_time_is_measured_through_time() -> None:
    demand = TimedDemand.of(CALLS, 180.0, 120.0, interval_s=1800, threshold_s=20)
    day, found = transient_day(demand, STAFF), through_time(STAFF)
    assert found["in_time"] == pytest.approx(day.service_level * CALLS)
    assert found["lost"] == pytest.approx(day.abandonment * CALLS)
    assert found["waited_s"] == pytest.approx((1 - day.abandonment) * day.asa_s * CALLS)
    assert found["overrun"].sum() * 30 == pytest.approx(day.overrun_min.sum() + day.after_close_min)
    assert found["busy"][:3] / (STAFF + found["overrun"])[:3] == pytest.approx(day.occupancy[:3])
    apart = live(
        Staffed(*(np.array(x, float) for x in (CALLS, [180.0] * 4, [1800.0] * 4, STAFF))), THROUGH_TIME, TARGET
    )
    assert abs(found["in_time"] - apart["in_time"]).max() > 0.5


def test_through_time_a_quarter_of_an_agent_is_a_quarter_of_the_days_with_one_more() -> None:
    fewer, more, between = (through_time(np.array(STAFF) + part) for part in (0.0, 1.0, 0.25))
    for name in AMOUNTS:
        assert between[name] == pytest.approx(0.75 * fewer[name] + 0.25 * more[name], rel=1e-9), name


def test_order_of_rows_does_not_matter_and_a_gap_is_closed_time() -> None:
    order = [2, 0, 3, 1]
    shuffled = through_time([STAFF[i] for i in order], [CALLS[i] for i in order], order)
    for name, value in through_time(STAFF).items():
        assert shuffled[name] == pytest.approx(value[order]), name
    gap = through_time([8.0, 8], [60.0, 60], [0, 4])
    closed = through_time([8.0, 0, 0, 0, 8], [60.0, 0, 0, 0, 60], range(5))
    for name in ("in_time", "lost", "waited_s"):
        assert gap[name] == pytest.approx(closed[name][[0, 4]]), name
    assert gap["overrun"].sum() == pytest.approx(closed["overrun"].sum())


@pytest.mark.parametrize("definition", ["offered", "answered", "excl_short_abandons", "wait_within_threshold"])
def test_every_definition_is_measured_through_time(definition) -> None:
    target = ServiceTarget(service_level=0.8, threshold_s=20, definition=definition)
    day = transient_day(TimedDemand.of(CALLS, 180.0, 120.0, interval_s=1800, threshold_s=20), STAFF)
    found = through_time(STAFF, target=target)
    assert found["in_time"] / found["base"] == pytest.approx(Targets(0.8, definition).level_of(day))


def test_overlapping_intervals_are_refused() -> None:
    with pytest.raises(TableError, match="overlap"):
        through_time(STAFF, starts=[0, 1, 1, 2])
