"""What customers of one queue live through, interval by interval: amounts that add up over intervals.

Shares and mean waits are never added. Each interval yields contacts (answered in time, answered, lost) and
seconds waited; the ratio of two sums is then the right figure for an interval, a day or a week alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staffing.domain.demand import LIVE, Channel, Queue
from staffing.domain.service import ServiceTarget
from staffing.errors import TableError
from staffing.queueing import Measures, measures
from staffing.queueing.chat import Conversation, chat_measures
from staffing.queueing.interval import Demand as TimedDemand
from staffing.queueing.retrials import Callers, all_calls
from staffing.queueing.transient import StaffedDay, transient_day

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Amounts = dict[str, Floats]

#: Per interval: contacts offered, redials and repeats included; contacts that meet the threshold and the contacts
#: they are a share of, contacts answered, lost and beyond capacity, seconds the answered waited, seconds all
#: waited, agents busy, contacts waiting, agents who finish a contact past their time.
AMOUNTS = (
    "offered",
    "in_time",
    "base",
    "answered",
    "lost",
    "unserved",
    "waited_s",
    "queued_s",
    "busy",
    "queue_length",
    "overrun",
)
#: Days by which a transient day with fractions of agents is averaged.
PATHS = 8


@dataclass(frozen=True)
class Staffed:
    """One queue's intervals: contacts, handle time, interval length, fractional agents on the phone.

    ``start_s`` (epoch seconds) tells which intervals follow each other; without it each stands by itself.
    ``patience_s`` is mean patience; None takes the queue's.
    """

    calls: Floats
    aht_s: Floats
    interval_s: Floats
    agents: Floats
    start_s: NDArray[np.int64] | None = None
    patience_s: Floats | None = None

    def patience_of(self, queue: Queue) -> Floats:
        """Mean patience in each interval, seconds; inf where nobody hangs up."""
        return np.full(self.calls.shape, queue.steady_patience_s) if self.patience_s is None else self.patience_s


def patience_of(rows: pd.DataFrame, queue: Queue) -> Floats:
    """Mean patience in each of ``rows`` of a forecast, seconds, inf where nobody hangs up: the one rule for it.

    It comes from past abandoned contacts and waits where the queue asks for it and the forecast has it.
    """
    usual = queue.steady_patience_s
    if not queue.patience_from_history or queue.model == "erlang_c" or "patience_s" not in rows:
        return np.full(len(rows), usual)
    return np.asarray(rows["patience_s"].fillna(usual), dtype=float)


def live(demand: Staffed, queue: Queue, target: ServiceTarget) -> Amounts:
    """Waiting contacts: the chat model, Erlang A, or C where nobody hangs up; undefined without contacts.

    Intervals of a queue staffed through time inherit what those before them leave, if it is known which they are.
    A fraction of an agent is that share of the interval (through time: of the days) with one agent more.
    """
    if queue.channel == "voice" and queue.model == "transient" and demand.start_s is not None:
        return _through_time(demand, demand.start_s, queue, target)
    whole = np.floor(np.round(demand.agents, 9))
    share = np.clip(demand.agents - whole, 0, 1)
    share[share < 1e-9] = 0.0
    fewer = _at(whole, demand, queue, target)
    more = _at(whole + (share > 0), demand, queue, target)
    return {name: _between(fewer[name], more[name], share) for name in AMOUNTS}


def deferred(demand: Staffed, queue: Queue, target: ServiceTarget) -> Amounts:
    """Work that waits for its deadline: hours are compared, waits are not measured here."""
    return {name: np.full(demand.calls.shape, np.nan) for name in AMOUNTS}


#: The one place where a channel chooses how its service is measured.
SERVICE_OF: dict[Channel, Callable[[Staffed, Queue, ServiceTarget], Amounts]] = {
    "voice": live,
    "chat": live,
    "callback": deferred,
    "email": deferred,
    "back_office": deferred,
}


def is_live(queue: Queue) -> bool:
    """Whether the queue's contacts wait for an agent, so that waits and service levels mean something."""
    return queue.channel in LIVE


def callers_of(queue: Queue, patience_s: float) -> Callers:
    """What the callers of ``queue`` do; all whose matter is not settled call again."""
    return Callers(patience_s, queue.redial_share, queue.resolution, repeat_share=1.0)


def all_calls_of(queue: Queue, hourly: Floats, aht_s: Floats, agents: Floats, patience_s: Floats) -> Floats:
    """Calls per hour in each interval, redials and repeats included."""
    found = np.empty(hourly.shape)
    for patience in np.unique(patience_s):
        alike = patience_s == patience
        found[alike] = all_calls(callers_of(queue, float(patience)), hourly[alike], aht_s[alike], agents[alike])
    return found


def _between(fewer: Floats, more: Floats, share: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(share > 0, (1 - share) * fewer + share * more, fewer)


def _through_time(demand: Staffed, start_s: NDArray[np.int64], queue: Queue, target: ServiceTarget) -> Amounts:
    """Amounts of the intervals as they follow each other, the first found empty.

    The staff is rounded up on a share of the days that is its fraction, in all intervals by the same draw, so
    that people who stay are not exchanged; ``PATHS`` equally likely draws stand for all. Redials and repeats are
    those of the steady state.
    """
    if start_s.size == 0:
        return {name: np.empty(0) for name in AMOUNTS}
    step_s = float(demand.interval_s[0])
    at = np.asarray((start_s - start_s.min()) / step_s, dtype=np.int64)
    if np.any(demand.interval_s != step_s) or np.unique(at).size < at.size:
        raise TableError("a queue staffed through time needs intervals of one length that do not overlap.")
    agents, calls = np.zeros(at.max() + 1), np.zeros(at.max() + 1)
    agents[at], calls[at] = np.round(demand.agents, 9), demand.calls
    before = np.argsort(at)[np.searchsorted(np.sort(at), np.arange(calls.size), side="right") - 1]
    aht_s = demand.aht_s[before]  # in a gap the contacts in hand are those of the interval before it
    patience_s = demand.patience_of(queue)[before]
    calls[calls / step_s == 0] = 0.0
    draws = (np.arange(PATHS) + 0.5) / PATHS if np.any(agents % 1) else np.zeros(1)
    paths = []
    for draw in draws:
        day = Staffed(calls, aht_s, np.full(calls.shape, step_s), np.floor(agents + draw), patience_s=patience_s)
        paths.append(_day(day, queue, target))
    amounts = {name: np.mean([path[name] for path in paths], axis=0) for name in AMOUNTS}
    kept = {name: np.where(calls > 0, value, np.nan)[at] for name, value in amounts.items()}
    late = np.bincount(before, amounts["overrun"], minlength=at.size)
    return kept | {"busy": amounts["busy"][at] + late, "overrun": late}


def _day(demand: Staffed, queue: Queue, target: ServiceTarget) -> Amounts:
    """Amounts of intervals that follow each other with whole agents; ``busy`` without those past their time."""
    calls, aht_s, agents, interval_s = demand.calls, demand.aht_s, demand.agents, float(demand.interval_s[0])
    patience_s = demand.patience_of(queue)
    if queue.repeats:
        calls = all_calls_of(queue, calls * 3600 / interval_s, aht_s, agents, patience_s) * interval_s / 3600
    timed = TimedDemand.of(calls, aht_s, patience_s, interval_s=interval_s, threshold_s=target.threshold_s)
    day = transient_day(timed, agents)
    answered = 1 - day.abandonment
    in_time, base = _service_level_parts(day, target, answered)
    per_call = {
        "offered": np.ones_like(answered),
        "in_time": in_time,
        "base": base,
        "answered": answered,
        "lost": 1 - answered,
        "unserved": np.zeros_like(answered),
        "waited_s": answered * np.nan_to_num(day.asa_s),
        "queued_s": day.mean_wait_s,
    }
    amounts = {name: np.where(calls > 0, calls * value, 0.0) for name, value in per_call.items()}
    late = day.overrun_min * 60 / interval_s
    busy = np.nan_to_num(day.occupancy) * (agents + late) - late * (agents > 0)
    late[-1] += day.after_close_min * 60 / interval_s
    return amounts | {"busy": busy, "queue_length": day.queue_length, "overrun": late}


def _at(agents: Floats, demand: Staffed, queue: Queue, target: ServiceTarget) -> Amounts:
    """Amounts with a whole number of agents in every interval."""
    some = demand.calls / demand.interval_s > 0  # a volume too small to be a rate is none
    amounts = {name: np.full(some.shape, np.nan) for name in AMOUNTS}
    columns = (demand.calls, demand.aht_s, demand.interval_s, agents, demand.patience_of(queue))
    calls, aht_s, interval_s, n, patience_s = (x[some] for x in columns)
    if queue.repeats and queue.channel == "voice":
        calls = all_calls_of(queue, calls * 3600 / interval_s, aht_s, n, patience_s) * interval_s / 3600
    rate = calls / interval_s
    seen = Staffed(calls, aht_s, interval_s, n, patience_s=patience_s)
    m = (_chat if queue.channel == "chat" else _calls)(seen, queue, target)
    endless = np.isinf(m.mean_wait_s)
    answered = np.where(endless, 1.0, 1 - m.abandonment)
    with np.errstate(invalid="ignore"):
        waited_s = np.where(answered > 0, answered * m.asa_s, 0.0)
    in_time, base = _service_level_parts(m, target, answered)
    beyond = np.where(np.isinf(patience_s), np.clip(1 - n / (rate * _capacity_s(aht_s, queue)), 0, 1), 0.0)
    per_call = {
        "offered": np.ones_like(rate),
        "in_time": in_time,
        "base": base,
        "answered": answered,
        "lost": 1 - answered,
        "unserved": beyond,
        "waited_s": np.where(endless, np.inf, waited_s),
        "queued_s": m.mean_wait_s,
    }
    for name, value in per_call.items():
        amounts[name][some] = calls * value
    amounts["busy"][some] = np.where(n > 0, n * m.occupancy, 0.0)
    amounts["queue_length"][some] = m.queue_length
    amounts["overrun"][some] = 0.0
    return amounts


def _calls(demand: Staffed, queue: Queue, target: ServiceTarget) -> Measures:
    return measures(
        arrival_rate_per_s=demand.calls / demand.interval_s,
        aht_s=demand.aht_s,
        agents=demand.agents,
        threshold_s=target.threshold_s,
        patience_s=demand.patience_of(queue),
    )


def _chat(demand: Staffed, queue: Queue, target: ServiceTarget) -> Measures:
    """``aht_s`` is the agent's own work in a chat, as in requirements."""
    return chat_measures(
        conversation_of(queue, demand.aht_s),
        chats_per_hour=demand.calls * 3600 / demand.interval_s,
        agents=demand.agents,
        threshold_s=target.threshold_s,
        patience_s=demand.patience_of(queue),
    )


def conversation_of(queue: Queue, work_s: Floats) -> Conversation:
    """The chats of ``queue``; ``work_s`` is the agent's own work in each."""
    return Conversation(work_s, queue.think_s, queue.replies, queue.concurrency)


def _capacity_s(aht_s: Floats, queue: Queue) -> Floats:
    """Seconds between the contacts that one agent, never idle, can finish."""
    if queue.channel != "chat":
        return aht_s
    return np.asarray(1 / conversation_of(queue, aht_s).completion_rates()[..., -1])


def _service_level_parts(m: Measures | StaffedDay, target: ServiceTarget, answered: Floats) -> tuple[Floats, Floats]:
    """Per contact offered: the part that counts as served in time, and the part it is measured against."""
    everyone = np.ones_like(answered)
    return {
        "offered": (m.service_level, everyone),
        "answered": (m.service_level, answered),
        "excl_short_abandons": (m.service_level, m.service_level + 1 - m.probability_wait_within_threshold),
        "wait_within_threshold": (m.probability_wait_within_threshold, everyone),
    }[target.definition]
