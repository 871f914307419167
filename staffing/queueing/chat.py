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
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.compiled import kernel
from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets
from staffing.queueing.checks import Floats, floats, positive, require
from staffing.queueing.erlang import Measures, as_measures, nobody_answers, with_queue


@dataclass(frozen=True)
class Conversation:
    """What one chat takes, or chats that differ in the work alone.

    work_s : the agent's own work in a chat, all replies together, > 0; a number or an array.
    think_s : mean time a customer takes to answer a reply, ≥ 0.
    replies : the agent's replies in a chat, ≥ 1, mean.
    concurrency : most chats one agent holds at once, ≥ 1.
    """

    work_s: ArrayLike
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
        """Chats per second that an agent with j = 0…concurrency of them finishes, along the last axis.

        U_j = 1 − 1/Σ_i j!/(j − i)!·(s/z)ⁱ with s the work of a reply and z the thinking that goes with each,
        (replies − 1)/replies of ``think_s``, for nobody answers the last reply.
        """
        work_s = np.asarray(self.work_s, dtype=float)
        reply_s, think_s = work_s / self.replies, self.think_s * (self.replies - 1) / self.replies
        rates = [np.zeros_like(work_s)]
        for held in range(1, int(self.concurrency) + 1):
            idle: Any = 0.0
            if think_s > 0:
                idle = 1 / sum(math.perm(held, i) * (reply_s / think_s) ** i for i in range(held + 1))
            rates.append((1 - idle) / work_s)
        return np.stack(rates, axis=-1)


@kernel
def _chat_states(rate, agents, patience_rate, threshold, finish, out):  # type: ignore[no-untyped-def]
    """``steady_state`` of chat queues, per second; ``finish[i, j]`` is the rate of an agent of queue i with j chats."""
    slots = finish.shape[1] - 1
    for i in range(rate.size):
        n = agents[i]
        most = n * finish[i, slots]
        if patience_rate[i] == 0.0 and most <= rate[i]:
            out[i, :] = 0.0
            out[i, 0] = out[i, 2] = out[i, 4] = out[i, 6] = 1.0
            out[i, 7] = out[i, 8] = math.inf
            continue
        ratio, scale, one = 1.0, 0.0, 1.0
        for chats in range(1, n * slots):
            held, more = divmod(chats, n)
            ratio = one + ratio * (more * finish[i, held + 1] + (n - more) * finish[i, held]) / rate[i]
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
    """Every measure of a chat queue; waits are until the first agent takes the chat. All broadcast.

    ``occupancy`` is the share of time an agent is at work on some reply. No chats: NaN, as for calls.
    Raises InputError.
    """
    n, rate, limit, patience, work_s = np.broadcast_arrays(
        floats("agents", agents, "a whole number of at least 0"),
        floats("chats_per_hour", chats_per_hour, "a number of at least 0") / 3600,
        floats("threshold_s", threshold_s, "a number of at least 0"),
        positive("patience_s", patience_s, endless=True),
        conversation.work_s,
    )
    require(n == np.floor(n), "agents", n, "a whole number of at least 0")
    terms = np.full((*rate.shape, 9), np.nan)
    some = (rate > 0) & (n > 0)
    part, finish = np.empty((int(some.sum()), 9)), conversation.completion_rates()
    finish = np.broadcast_to(finish, (*rate.shape, finish.shape[-1]))[some]
    _chat_states(rate[some], n[some].astype(np.int64), 1 / patience[some], limit[some], finish, part)
    terms[some] = part
    none = (rate > 0) & (n == 0)
    terms[none] = nobody_answers(np.exp(-limit[none] / patience[none]), patience[none])
    found = as_measures(terms, rate, np.ones_like(rate), np.asarray(n))
    with np.errstate(invalid="ignore"):
        busy = np.where(np.isinf(found.asa_s), 1.0, found.occupancy * work_s)
    return Measures(**{**found.__dict__, "occupancy": busy}).as_floats()


def smallest_chat_agents(
    conversation: Conversation,
    targets: Targets,
    *,
    chats_per_hour: ArrayLike,
    threshold_s: float = 30.0,
    patience_s: ArrayLike = math.inf,
) -> Any:
    """Smallest whole number of chat agents that meets ``targets``; work, volume and patience broadcast.

    No chats need nobody. Raises InputError, also for targets that no number of agents meets.
    """
    volume, patience, best = np.broadcast_arrays(
        floats("chats_per_hour", chats_per_hour, "a number of at least 0"),
        positive("patience_s", patience_s, endless=True),
        conversation.completion_rates()[..., -1],
    )
    work_s = np.broadcast_to(conversation.work_s, volume.shape)
    if targets.abandonment == 0.0 and np.isfinite(patience).any():
        raise InputError("must be inf where the target abandonment is 0.", where=Where(field="patience_s"))
    some = volume > 0

    def meets(agents: NDArray[np.int64], which: NDArray[np.int64]) -> NDArray[np.bool_]:
        found = chat_measures(
            replace(conversation, work_s=work_s[some][which]),
            chats_per_hour=volume[some][which],
            agents=agents,
            threshold_s=threshold_s,
            patience_s=patience[some][which],
        )
        return targets.kept_by(found)

    smallest = np.zeros(volume.shape, dtype=np.int64)
    smallest[some] = _smallest(meets, np.ceil(volume[some] / 3600 / best[some]).astype(np.int64))
    return int(smallest) if volume.ndim == 0 else smallest


def _smallest(
    good: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]], guess: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Smallest numbers ≥ 1 for which ``good``, which holds from some number on, holds in each element.

    ``good(numbers, which)`` tells it of the elements ``which``. Raises InputError.
    """
    low, high, step = np.zeros_like(guess), np.maximum(guess, 1), 1
    which = np.arange(guess.size)
    while (which := which[~good(high[which], which)]).size:
        low[which] = high[which]
        high[which] += step
        step *= 2
        if step > 2**24:
            raise InputError("no number of agents meets the targets.", remedy="Ease the targets.")
    while (which := np.flatnonzero(high - low > 1)).size:
        middle = (low[which] + high[which]) // 2
        kept = good(middle, which)
        low[which] = np.where(kept, low[which], middle)
        high[which] = np.where(kept, middle, high[which])
    return high
