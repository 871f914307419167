"""Chat: agents who hold several conversations at once, as limited processor sharing.

A conversation alternates between the agent's replies and the customer's thinking, so an agent with j of
them is a repairman with j machines: busy a share U_j of the time, finishing μ_j conversations a second
(Luo & Zhang 2013, "Staffing and control of instant messaging contact centers"; Tezcan & Zhang 2014,
"Routing and staffing in customer service chat systems with impatient customers"). New conversations go to
the agent with fewest; when all are full customers wait with patience.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from staffing.compiled import kernel
from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets
from staffing.queueing.checks import Floats, floats, positive, require
from staffing.queueing.erlang import Measures, as_measures, nobody_answers, with_queue


@dataclass(frozen=True)
class Conversation:
    """What one chat takes.

    work_s : the agent's own work in a chat, all replies together, > 0.
    think_s : mean time a customer takes to answer a reply, ≥ 0.
    replies : the agent's replies in a chat, ≥ 1, mean.
    concurrency : most chats one agent holds at once, ≥ 1.
    """

    work_s: float
    think_s: float = 60.0
    replies: float = 8.0
    concurrency: int = 3

    def __post_init__(self) -> None:
        positive("work_s", self.work_s)
        floats("think_s", self.think_s, "a number of at least 0")
        floats("replies", self.replies, "a number of at least 1", low=1.0)
        if self.concurrency != int(self.concurrency) or self.concurrency < 1:
            raise InputError(f"must be a whole number from 1 up (found {self.concurrency}).",
                             where=Where(field="concurrency"))  # fmt: skip

    def completion_rates(self) -> Floats:
        """Chats per second that an agent with j = 0…concurrency of them finishes.

        U_j = 1 − 1/Σ_i j!/(j − i)!·(s/z)ⁱ with s the work of a reply and z the thinking that goes with each,
        (replies − 1)/replies of ``think_s``, for nobody answers the last reply.
        """
        reply_s, think_s = self.work_s / self.replies, self.think_s * (self.replies - 1) / self.replies
        rates = [0.0]
        for held in range(1, int(self.concurrency) + 1):
            idle = 0.0
            if think_s > 0:
                idle = 1 / sum(math.perm(held, i) * (reply_s / think_s) ** i for i in range(held + 1))
            rates.append((1 - idle) / self.work_s)
        return np.array(rates)


@kernel
def _chat_states(rate, agents, patience_rate, threshold, finish, out):  # type: ignore[no-untyped-def]
    """``steady_state`` of a chat queue, per second; ``finish[j]`` is an agent's rate with j chats."""
    slots = finish.size - 1
    for i in range(rate.size):
        n = agents[i]
        most = n * finish[slots]
        if patience_rate[i] == 0.0 and most <= rate[i]:
            out[i, :] = 0.0
            out[i, 0] = out[i, 2] = out[i, 4] = out[i, 6] = 1.0
            out[i, 7] = out[i, 8] = math.inf
            continue
        ratio, scale, one = 1.0, 0.0, 1.0
        for chats in range(1, n * slots):
            held, more = divmod(chats, n)
            ratio = one + ratio * (more * finish[held + 1] + (n - more) * finish[held]) / rate[i]
            if ratio > 1e250:
                ratio, one, scale = ratio * 1e-250, one * 1e-250, scale + 250.0 * math.log(10.0)
        with_queue(ratio / rate[i], scale, most - rate[i], rate[i], patience_rate[i], threshold[i], out[i])


def chat_measures(
    conversation: Conversation,
    *,
    chats_per_hour: ArrayLike,
    agents: ArrayLike,
    threshold_s: ArrayLike = 30.0,
    patience_s: ArrayLike = math.inf,
) -> Measures:
    """Every measure of a chat queue; waits are until the first agent takes the chat. Arguments broadcast.

    ``occupancy`` is the share of time an agent is at work on some reply. No chats: NaN, as for calls.
    Raises InputError.
    """
    n, rate, limit, patience = np.broadcast_arrays(
        floats("agents", agents, "a whole number of at least 0"),
        floats("chats_per_hour", chats_per_hour, "a number of at least 0") / 3600,
        floats("threshold_s", threshold_s, "a number of at least 0"),
        positive("patience_s", patience_s, endless=True),
    )
    require(n == np.floor(n), "agents", n, "a whole number of at least 0")
    terms = np.full((*rate.shape, 9), np.nan)
    some = (rate > 0) & (n > 0)
    part, finish = np.empty((int(some.sum()), 9)), conversation.completion_rates()
    _chat_states(rate[some], n[some].astype(np.int64), 1 / patience[some], limit[some], finish, part)
    terms[some] = part
    none = (rate > 0) & (n == 0)
    terms[none] = nobody_answers(np.exp(-limit[none] / patience[none]), patience[none])
    found = as_measures(terms, rate, np.ones_like(rate), np.asarray(n))
    with np.errstate(invalid="ignore"):
        busy = np.where(np.isinf(found.asa_s), 1.0, found.occupancy * conversation.work_s)
    return Measures(**{**found.__dict__, "occupancy": busy}).as_floats()


def smallest_chat_agents(
    conversation: Conversation,
    targets: Targets,
    *,
    chats_per_hour: ArrayLike,
    threshold_s: float = 30.0,
    patience_s: float = math.inf,
) -> Any:
    """Smallest whole number of chat agents that meets ``targets``, per element of ``chats_per_hour``.

    No chats need nobody. Raises InputError, also for targets that no number of agents meets.
    """
    volume = floats("chats_per_hour", chats_per_hour, "a number of at least 0")
    if targets.abandonment == 0.0 and math.isfinite(patience_s):
        raise InputError("must be inf where the target abandonment is 0.", where=Where(field="patience_s"))

    def good(chats: float) -> Callable[[int], bool]:
        def meets(agents: int) -> bool:
            found = chat_measures(
                conversation, chats_per_hour=chats, agents=agents, threshold_s=threshold_s, patience_s=patience_s
            )
            return targets.kept_by(found)

        return meets

    best = float(conversation.completion_rates()[-1])
    smallest = [
        smallest_meeting(good(float(chats)), math.ceil(chats / 3600 / best)) if chats > 0 else 0
        for chats in volume.ravel()
    ]
    return smallest[0] if volume.ndim == 0 else np.array(smallest, dtype=np.int64).reshape(volume.shape)


def smallest_meeting(good: Callable[[int], bool], guess: int) -> int:
    """Smallest number ≥ 1 for which ``good`` holds, which holds from some number on. Raises InputError."""
    low, high, step = 0, max(guess, 1), 1
    if good(high):
        while high - step > 0 and good(high - step):
            high, step = high - step, 2 * step
        low = max(high - step, 0)
    else:
        while not good(high):
            low, high, step = high, high + step, 2 * step
            if step > 2**24:
                raise InputError("no number of agents meets the targets.", remedy="Ease the targets.")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
