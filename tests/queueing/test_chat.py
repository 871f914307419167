"""Chat: one conversation is Erlang A, several gain less than their number, and a simulation agrees."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from staffing.errors import InputError
from staffing.queueing import Targets, measures
from staffing.queueing.chat import Conversation, chat_measures, smallest_chat_agents

THREE = Conversation(work_s=240, think_s=60, replies=8, concurrency=3)


@pytest.mark.parametrize("agents", [1, 40, 50, 60])
def test_one_chat_at_a_time_without_thinking_is_erlang_a(agents):
    chat = chat_measures(Conversation(60, 0, 1, 1), chats_per_hour=2880, agents=agents, threshold_s=20, patience_s=120)
    call = measures(calls_per_hour=2880, aht_s=60, agents=agents, threshold_s=20, patience_s=120)
    for name, value in call.__dict__.items():
        assert getattr(chat, name) == pytest.approx(value, rel=1e-10), name


def test_slots_that_do_not_slow_each_other_are_agents():
    """Where customers think for 60 s in all and the agent works no time, two slots serve as two agents."""
    lazy = Conversation(work_s=1e-6, think_s=60 / 7.0, replies=8, concurrency=2)
    chat = chat_measures(lazy, chats_per_hour=2880, agents=25, threshold_s=20, patience_s=120)
    call = measures(calls_per_hour=2880, aht_s=60, agents=50, threshold_s=20, patience_s=120)
    assert chat.service_level == pytest.approx(call.service_level, abs=1e-5)


def test_three_chats_are_not_three_agents():
    rates = THREE.completion_rates()
    assert rates[3] / rates[1] == pytest.approx(2.275, abs=0.001)
    found = chat_measures(THREE, chats_per_hour=216, agents=17, threshold_s=30, patience_s=120)
    assert found.service_level == pytest.approx(0.815, abs=0.001)


def simulated_service_level(talk: Conversation, rate: float, agents: int, patience: float, limit: float) -> float:
    """Every reply of every chat as an event; chats go to the agent with fewest."""
    rng = np.random.default_rng(11)
    reply_s, chats = talk.work_s / talk.replies, 40_000
    held, todo, busy = [0] * agents, [[] for _ in range(agents)], [False] * agents
    waiting: list[tuple[float, float]] = []
    events: list[tuple[float, int, int]] = []
    arrivals = np.cumsum(rng.exponential(1 / rate, chats))
    good, head, upcoming = 0, 0, 0

    def work(agent: int, now: float) -> None:
        if not busy[agent] and todo[agent]:
            todo[agent].pop()
            busy[agent] = True
            heapq.heappush(events, (now + rng.exponential(reply_s), 1, agent))

    def take(now: float) -> None:
        agent = int(np.argmin(held))
        held[agent] += 1
        todo[agent].append(now)
        work(agent, now)

    while upcoming < chats or events:
        if upcoming < chats and (not events or arrivals[upcoming] < events[0][0]):
            now, upcoming = float(arrivals[upcoming]), upcoming + 1
            if min(held) < talk.concurrency:
                good += 1
                take(now)
            else:
                waiting.append((now, now + rng.exponential(patience)))
            continue
        now, kind, agent = heapq.heappop(events)
        if kind == 2:
            todo[agent].append(now)
        else:
            busy[agent] = False
            if rng.random() >= 1 / talk.replies:
                heapq.heappush(events, (now + rng.exponential(talk.think_s), 2, agent))
            else:
                held[agent] -= 1
                while head < len(waiting):
                    came, leaves = waiting[head]
                    head += 1
                    if leaves >= now:
                        good += now - came <= limit
                        take(now)
                        break
        work(agent, now)
    return good / chats


def test_replies_simulated_one_by_one_agree():
    exact = chat_measures(THREE, chats_per_hour=216, agents=17, threshold_s=30, patience_s=120).service_level
    assert simulated_service_level(THREE, 0.06, 17, 120.0, 30.0) == pytest.approx(exact, abs=0.02)


def test_smallest_chat_agents_keep_the_target_and_one_fewer_does_not():
    targets = Targets(service_level=0.8, abandonment=0.05)
    found = smallest_chat_agents(THREE, targets, chats_per_hour=[0, 30, 216, 900], patience_s=120)
    assert found[0] == 0
    for chats, agents in zip([30, 216, 900], found[1:], strict=True):

        def kept(n, chats=chats):
            return targets.kept_by(chat_measures(THREE, chats_per_hour=chats, agents=n, patience_s=120))

        assert kept(int(agents))
        assert agents == 1 or not kept(int(agents) - 1)


def test_more_chats_at_once_never_need_more_agents():
    needs = [
        smallest_chat_agents(Conversation(240, 60, 8, k), Targets(service_level=0.8), chats_per_hour=300.0)
        for k in (1, 2, 3, 4)
    ]
    assert needs == sorted(needs, reverse=True)


def test_nobody_and_nothing():
    none = chat_measures(THREE, chats_per_hour=100, agents=0, patience_s=120)
    assert (none.service_level, none.abandonment) == (0.0, 1.0)
    assert np.isnan(chat_measures(THREE, chats_per_hour=0, agents=4).service_level)


@pytest.mark.parametrize("wrong", [{"work_s": 0}, {"replies": 0.5}, {"concurrency": 0}, {"think_s": -1}])
def test_bad_conversations_are_refused(wrong):
    with pytest.raises(InputError):
        Conversation(**({"work_s": 240} | wrong))


def test_part_agents_are_refused():
    with pytest.raises(InputError, match="agents"):
        chat_measures(THREE, chats_per_hour=100, agents=2.5)


def test_chats_of_any_work_and_patience_at_once_are_staffed_as_each_alone():
    """Dear days and cheap ones together give what a walk up from one agent gives for each."""
    rng, targets = np.random.default_rng(5), Targets(service_level=0.8, max_occupancy=0.9)
    volume, work_s, patience_s = rng.uniform(0, 400, 40), rng.uniform(60, 400, 40), rng.uniform(60, 600, 40)
    volume[3] = 0.0
    together = smallest_chat_agents(
        Conversation(work_s, 60, 8, 3), targets, chats_per_hour=volume, patience_s=patience_s
    )
    for chats, work, patience, found in zip(volume, work_s, patience_s, together, strict=True):
        walked, talk = 0, Conversation(work, 60, 8, 3)
        while chats and not targets.kept_by(
            chat_measures(talk, chats_per_hour=chats, agents=walked, patience_s=patience)
        ):
            walked += 1
        assert found == walked
