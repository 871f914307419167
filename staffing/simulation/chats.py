"""Chats: an agent holds several at once, writes one reply at a time, and customers think in between.

A new chat goes to whoever holds fewest. The model is that of limited processor sharing (``queueing.chat``), with the
handle times as drawn, cut into equal replies, and each agent's own hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.compiled import kernel, part
from staffing.simulation.calls import NEVER, Calls, Floats, Ints, Rows
from staffing.simulation.drawing import stream, unit
from staffing.simulation.moments import drop, moments, push, top

CHAT = np.dtype([
    ("arrival", "f8"), ("handle", "f8"), ("patience", "f8"), ("wait", "f8"), ("by", "i8"), ("left", "i8"),
    ("follows", "i8"),
])  # fmt: skip
#: ``head``, ``tail``: chats whose customer waits for a reply; ``done``: when the agent last finished anything;
#: ``pace``: how many times over the agent takes a chat's handle time.
DESK = np.dtype([
    ("first", "i8"), ("window", "i8"), ("last", "i8"), ("held", "i8"), ("busy", "i8"), ("head", "i8"),
    ("tail", "i8"), ("done", "f8"), ("pace", "f8"),
])  # fmt: skip
NONE = -1


@dataclass(frozen=True)
class Talk:
    """``replies`` per chat (at least 1), ``think_s`` until the customer answers one, ``concurrency`` chats at once;
    ``draws``: the first number of the stream of thinking times. No agent is given a new chat in the last ``stop_s``
    before a break or a shift's end (in at most half of the window); with ``handed_over`` a chat whose agent has gone
    goes on with a colleague who has room when its customer writes next, else its agent stays."""

    replies: int
    think_s: float
    concurrency: int
    draws: tuple[np.uint64, int, np.uint64]
    stop_s: float = 0.0
    handed_over: bool = False


def serve_chats(
    chats: Calls, windows: Rows, first: Ints, talk: Talk, pace: Floats | None = None
) -> tuple[Floats, Ints]:  # fmt: skip
    """Seconds each chat waits and by whom it is taken (−1: nobody); fills the windows' ``overrun``.

    Replies take an agent their handle time ``pace`` times over (per agent; left out, once).
    """
    rows = np.zeros(chats.arrival_s.size, CHAT)
    rows["arrival"], rows["handle"], rows["patience"] = chats.arrival_s, chats.handle_s, chats.patience_s
    rows["by"], rows["left"], rows["follows"] = NONE, talk.replies, NONE
    desks = np.zeros(first.size - 1, DESK)
    desks["first"], desks["window"], desks["last"] = first[:-1], first[:-1], first[1:]
    desks["head"], desks["tail"], desks["busy"] = NONE, NONE, NONE
    windows["overrun"] = 0.0
    model = (talk.replies, talk.think_s, talk.concurrency, *talk.draws, talk.stop_s, talk.handed_over)
    desks["pace"] = 1.0 if pace is None else pace
    _chats(rows, windows, desks, model, np.sort(windows["start"]), moments(2 * rows.size))
    return rows["wait"].copy(), rows["by"].copy()


@part
def _here(desk, windows, now, stop_s):
    """Whether the agent takes new chats, ``stop_s`` before a window's end no more; windows that are over are left
    behind. A break that is taken in full begins when the last chat is over."""
    while desk.window < desk.last and windows[desk.window].end <= now:
        desk.window += 1
    w = desk.window
    if w == desk.last:
        return False
    late = windows[w - 1].overrun if w > desk.first and windows[w - 1].whole else 0.0
    begin, end = windows[w].start + late, windows[w].end
    goes_on = windows[w].at_work or (w + 1 < desk.last and windows[w + 1].start == end)
    return begin <= now and (goes_on or now < end - min(stop_s, (end - begin) / 2))


@part
def _least_loaded(desks, windows, now, concurrency, stop_s):
    """Who takes a new chat: of those who hold fewest, who finished something longest ago; −1 where nobody can."""
    best = NONE
    for agent in range(desks.size):
        desk = desks[agent]
        if desk.held >= concurrency or not _here(desk, windows, now, stop_s):
            continue
        if best < 0 or (desk.held, desk.done) < (desks[best].held, desks[best].done):
            best = agent
    return best


@part
def _ask(chats, desk, chat):
    """The customer of the chat waits for a reply."""
    chats[chat].follows = NONE
    if desk.head < 0:
        desk.head = chat
    else:
        chats[desk.tail].follows = chat
    desk.tail = chat


@part
def _write(chats, desk, agent, now, replies, coming):
    """The agent, if not writing, begins the next reply."""
    if desk.busy >= 0 or desk.head < 0:
        return
    chat = desk.head
    desk.head, desk.busy = chats[chat].follows, chat
    push(coming, now + chats[chat].handle * desk.pace / replies, 2 * agent)


@part
def _take_over(chats, desks, chat, windows, now, model):
    """The customer of a chat has answered: who goes on with it, a colleague only where its agent has gone."""
    concurrency, stop_s, handed_over = model
    own = chats[chat].by
    if not handed_over or _here(desks[own], windows, now, 0.0):
        return own
    other = _least_loaded(desks, windows, now, concurrency, stop_s)
    if other < 0:
        return own
    desks[own].held -= 1
    desks[other].held += 1
    chats[chat].by = other
    return other


@part
def _past(desk, windows, now):
    """Note how long past a window's end, with no other begun and no other work, a reply was finished."""
    w = desk.window
    while w < desk.last and windows[w].end <= now:
        w += 1
    if w > desk.first and not windows[w - 1].at_work and (w == desk.last or now < windows[w].start):
        windows[w - 1].overrun = max(windows[w - 1].overrun, now - windows[w - 1].end)


@kernel
def _chats(chats, windows, desks, model, starts, coming):
    """``coming`` holds replies that will be written (even: twice the agent) and customers' answers (odd: a chat)."""
    replies, think_s, concurrency, seed, run, key, stop_s, handed_over = model
    moving = (concurrency, stop_s, handed_over)
    base, spoken, line, arriving, begun = stream(seed, run, key), 0, 0, 0, 0
    while True:
        comes = chats[arriving].arrival if arriving < chats.size else NEVER
        begins = starts[begun] if begun < starts.size else NEVER
        now = min(top(coming), min(begins, comes))
        if now >= NEVER:
            break
        agent = NONE
        if begins == now:
            begun += 1
        elif comes == now:
            arriving += 1
        else:
            what = coming[0].who
            drop(coming)
            if what % 2 == 0:
                agent = what // 2
                desk = desks[agent]
                chat, desk.busy, desk.done = desk.busy, NONE, now
                chats[chat].left -= 1
                _past(desk, windows, now)
                if chats[chat].left > 0:
                    spoken += 1
                    think = -think_s * np.log(1.0 - unit(base + np.uint64(spoken)))
                    push(coming, now + think, 2 * chat + 1)
                else:
                    desk.held -= 1
            else:
                agent = _take_over(chats, desks, what // 2, windows, now, moving)
                _ask(chats, desks[agent], what // 2)
        while line < arriving:
            if chats[line].by == NONE and now - chats[line].arrival <= chats[line].patience:
                taker = _least_loaded(desks, windows, now, concurrency, stop_s)
                if taker < 0:
                    break
                chats[line].wait, chats[line].by = now - chats[line].arrival, taker
                desks[taker].held += 1
                _ask(chats, desks[taker], line)
                _write(chats, desks[taker], taker, now, replies, coming)
            line += 1
        if agent >= 0:
            _write(chats, desks[agent], agent, now, replies, coming)
    for chat in range(chats.size):
        if chats[chat].by == NONE:
            chats[chat].wait = chats[chat].patience
