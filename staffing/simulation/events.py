"""The events of a centre with several queues and groups: a loop over moments, on rows alone.

At each moment a window ends or starts, a call or a break ends, somebody calls again, or a first call comes; when
several meet, in this order. Whoever is free then takes a call that waits, or rests; a call takes who rests, or waits.
What is put down at a window's end is like a call that comes then, with the place in line that it had.
"""

from __future__ import annotations

import numpy as np

from staffing.compiled import kernel, part
from staffing.simulation.calls import NEVER, past_end
from staffing.simulation.moments import drop, move, push, top

OFF, IDLE, BUSY, AWAY, WAITING, HUNG_UP = 0, 1, 2, 3, -2, -1
STRIDE = 7919  # a later call has the patience of the call so many places on

#: One row per call, queue after queue, with room behind for those that come again; ``follows``: the next in line.
#: ``handle`` is what is left to do, in the queue's own time; of what is done, the seconds it took. ``wait`` is below
#: zero while what others worked on it was put down.
CALL = np.dtype([
    ("arrival", "f8"), ("handle", "f8"), ("patience", "f8"), ("wait", "f8"), ("queue", "i4"), ("by", "i4"),
    ("follows", "i4"),
], align=True)  # fmt: skip
#: Of each call, seconds until its caller calls again (see Again); without rows nobody does.
LATER = np.dtype([("redial", "f8"), ("repeat", "f8")])
#: ``window`` is the present or next one, ``last`` one past the agent's own; ``after``, ``before``: in the ring of the
#: group's idle, which begins and ends with a row of the group's own, behind all agents, whose ``since`` never comes;
#: ``in_hand``: the call that will be put down at the window's end, or −1.
INTS = "state", "window", "last", "after", "before", "in_hand"
AGENT = np.dtype([("since", "f8"), *((name, "i8") for name in INTS)])
#: A queue or a group: those of its calls who wait, as a line; the call that comes next, and one past the last; where
#: what it knows begins and ends in a table LINK, lowest rank first.
LINE = np.dtype([
    ("head", "i8"), ("tail", "i8"), ("next", "i8"), ("last", "i8"), ("first", "i8"), ("end", "i8"),
    ("put_down", "?"),
], align=True)  # fmt: skip
LINK = np.dtype([("what", "i8"), ("rank", "i8")])


@part
def _rest(agents, agent, ring, now):
    """The agent waits for a call, last in the ring of the group's idle."""
    one, last = agents[agent], agents[ring].before
    one.state, one.since, one.after, one.before = IDLE, now, ring, last
    agents[last].after = agent
    agents[ring].before = agent


@part
def _rise(agents, agent):
    """The agent leaves the ring."""
    ahead, behind = agents[agent].before, agents[agent].after
    agents[ahead].after = behind
    agents[behind].before = ahead


@part
def _longest_idle(queue, asked, rings, agents):
    """The agent whom a call of the queue takes; −1 where nobody is idle."""
    best, rank, since = -1, -1, NEVER
    for k in range(queue.first, queue.end):
        if best >= 0 and asked[k].rank > rank:
            break
        agent = agents[rings + asked[k].what].after
        idle = agents[agent].since
        earlier = idle < since or (idle == since and agent < best)
        best, rank, since = agent if earlier else best, asked[k].rank if earlier else rank, min(idle, since)
    return best


@part
def _longest_waiting(group, now, taken, queues, calls):
    """The call that a free agent of the group takes off its line; −1 where nobody waits. Callers gone are passed."""
    best, rank, chosen = -1, -1, -1
    for k in range(group.first, group.end):
        if best >= 0 and taken[k].rank > rank:
            break
        q = taken[k].what
        call = queues[q].head
        while call >= 0 and now - calls[call].arrival > calls[call].patience:
            calls[call].wait, calls[call].by = calls[call].patience, HUNG_UP
            call = calls[call].follows
        queues[q].head = call
        if call >= 0 and (best < 0 or calls[call].arrival < calls[best].arrival):
            best, rank, chosen = call, taken[k].rank, q
    if best >= 0:
        queues[chosen].head = calls[best].follows
    return best


@part
def _take_place(call, queue, calls):
    """What was put down waits where it stood, before all that came later."""
    before, behind = -1, queue.head
    while behind >= 0 and calls[behind].arrival < calls[call].arrival:
        before, behind = behind, calls[behind].follows
    calls[call].follows = behind
    if before < 0:
        queue.head = call
    else:
        calls[before].follows = call
    if behind < 0:
        queue.tail = call


@part
def _queue_up(call, now, queue, calls, later, coming):
    """The call waits; who will call again when he hangs up is noted."""
    if calls[call].wait < 0.0:
        _take_place(call, queue, calls)
        return
    if queue.head < 0:
        queue.head = call
    else:
        calls[queue.tail].follows = call
    queue.tail = call
    if later.size > 0 and later[call].redial < NEVER and calls[call].patience < NEVER:
        push(coming, now + calls[call].patience + later[call].redial, call)


@part
def _answer(number, calls, agent, now, windows, put_down, pace):
    """The agent takes the call. Returns when it is done, or put down."""
    call, w = calls[number], agent.window
    worked = min(call.wait, 0.0)
    call.wait += now - call.arrival
    work = call.handle * pace
    agent.state, done = BUSY, now + work
    if done > windows[w].end:
        goes_on = w + 1 < agent.last and windows[w + 1].start == windows[w].end
        if put_down and not goes_on:
            call.handle, done, agent.in_hand = (done - windows[w].end) / pace, windows[w].end, number
            return done
        windows[w].overrun += past_end(w, agent.last, done, windows)
    call.handle = work - worked
    return done


@part
def _put_down(agent, now, calls):
    """What the agent has not finished at a window's end, or −1; what was worked on it is taken off its wait."""
    call, agent.in_hand = agent.in_hand, -1
    if call >= 0:
        calls[call].wait += calls[call].arrival - now
        calls[call].by = WAITING
    return call


@part
def _edge(number, windows, agents):
    """A window ends or starts. Returns the agent who is free now, or −1."""
    w = number % windows.size
    who = windows[w].agent
    agent = agents[who]
    if agent.window != w:
        return -1
    if number >= windows.size:
        return who if agent.state == OFF else -1
    if agent.state == IDLE:
        _rise(agents, who)
        agent.state = OFF
        agent.window += 1
    return -1


@part
def _done(who, now, windows, agents, busy):
    """The agent has finished a call or a break, and is free now, or else (False) back later or not at all."""
    back, agent = now, agents[who]
    w, last = agent.window, agent.last
    while w < last and windows[w].end <= back:
        late = back - windows[w].end if windows[w].whole else 0.0
        w += 1
        if w < last:
            back = max(back, windows[w].start + late)
    agent.window = w
    if w < last and back <= now:
        return True
    late = w < last and back > windows[w].start
    agent.state = AWAY if late else OFF
    move(busy, who, back if late else NEVER)
    return False


@part
def _call_again(calls, later, size, came, coming, pace):
    """The caller on top of ``coming`` (below 0: who was answered) calls again. Returns whether he does."""
    now, who = coming[0].time, coming[0].who
    drop(coming)
    before = who if who >= 0 else -1 - who
    if who >= 0 and calls[before].by >= 0:
        return False
    other, call = (before + STRIDE) % came, calls[size]
    call.queue, call.arrival, call.handle = calls[before].queue, now, calls[before].handle
    if calls[before].by >= 0:
        call.handle /= pace[calls[before].by, call.queue]
    call.patience, call.by, call.follows, call.wait = calls[other].patience, WAITING, -1, 0.0
    later[size].redial, later[size].repeat = later[other].redial, later[other].repeat
    return True


@part
def _next_edge(edge, order, windows, first):
    """When the next window begins (numbers from ``first``) or ends."""
    if edge == order.size:
        return NEVER
    n = order[edge]
    return windows[n].end if n < first else windows[n - first].start


@part
def _look_ahead(q, queues, calls, firsts):
    """Note when the next first call of the queue comes."""
    call = queues[q].next
    move(firsts, q, calls[call].arrival if call < queues[q].last else NEVER)


@kernel
def skills(calls, later, windows, order, agents, pace, queues, asked, groups, taken, busy, firsts, coming):
    """Fills ``calls`` (wait, by; in handle what the answered took) and ``windows`` (overrun); returns how many calls
    came, −1 without room for more.

    A call takes an agent its handle time ``pace`` (agents × queues) times over. ``busy`` holds when each agent in a
    call, or on a break put off, is done, ``firsts`` when each queue's next first call comes, ``coming`` who calls
    again.
    """
    edge, came, first, rings = 0, queues[queues.size - 1].last, windows.size, agents.size - groups.size
    edge_time = _next_edge(edge, order, windows, first)
    for q in range(queues.size):
        _look_ahead(q, queues, calls, firsts)
    size = came
    while True:
        done_time, again_time = busy[1].time, top(coming)
        now = min(min(edge_time, done_time), min(again_time, firsts[1].time))
        call, free = -1, -1
        if now >= NEVER:
            break
        if edge_time == now:
            free = _edge(order[edge], windows, agents)
            edge += 1
            edge_time = _next_edge(edge, order, windows, first)
        elif done_time == now:
            who = busy[1].who
            free = who if _done(who, now, windows, agents, busy) else -1
            call = _put_down(agents[who], now, calls)
        elif again_time == now:
            if size == calls.size:
                return -1
            if _call_again(calls, later, size, came, coming, pace):
                call, size = size, size + 1
        else:
            q = firsts[1].who
            call = queues[q].next
            queues[q].next += 1
            _look_ahead(q, queues, calls, firsts)
        if call >= 0:
            free = _longest_idle(queues[calls[call].queue], asked, rings, agents)
            if free < 0:
                _queue_up(call, now, queues[calls[call].queue], calls, later, coming)
                continue
            _rise(agents, free)
        elif free >= 0:
            group = windows[agents[free].window].group
            call = _longest_waiting(groups[group], now, taken, queues, calls)
            if call < 0:
                move(busy, free, NEVER)
                _rest(agents, free, rings + group, now)
                continue
        else:
            continue
        calls[call].by = free
        q = calls[call].queue
        done = _answer(call, calls, agents[free], now, windows, queues[q].put_down, pace[free, q])
        move(busy, free, done)
        if later.size > 0 and later[call].repeat < NEVER:
            push(coming, done + later[call].repeat, -1 - call)
    return size
