"""A naive twin of the simulation, written from its rules alone: it looks at everybody at every moment.

Moments are the ends and starts of windows, ends of calls and of breaks, and arrivals, in this order when they meet.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass, field


@dataclass
class Person:
    windows: list[tuple[float, float, int, bool]]  # start, end, group, whether the break after it is taken in full
    free_from: float = 0.0  # busy, or on a break put off, until then
    in_call: bool = False
    idle_since: float | None = None
    overrun: float = 0.0
    rest: tuple[float, float, float, int, int] | None = None  # what is put down when the window ends
    pace: list[float] = field(default_factory=list)  # how many times over a call of each queue takes its handle time

    def settle(self, now: float) -> None:
        """A call or a break has ended at ``now``: windows that are over are left behind, breaks put off."""
        back = now
        while self.windows and self.windows[0][1] <= back:
            _, end, _, whole = self.windows.pop(0)
            if self.windows:
                back = max(back, self.windows[0][0] + (back - end if whole else 0.0))
        self.free_from, self.in_call = back, False

    def takes_calls(self, now: float) -> bool:
        return bool(self.windows) and not self.in_call and max(self.free_from, self.windows[0][0]) <= now

    def work(self, now: float, call: tuple[float, float, float, int, int], put_down: bool) -> float:
        """Takes the call; returns for how many seconds."""
        pace, (_, end, _, whole) = self.pace[call[3]] if self.pace else 1.0, self.windows[0]
        done = now + call[2] * pace
        if put_down and done > end:
            self.rest, done = (*call[:2], (done - end) / pace, *call[3:]), end
        self.free_from, self.in_call, self.idle_since = done, True, None
        if done > end:
            self.past(done, end, whole)
        return done - now

    def past(self, done: float, end: float, whole: bool) -> None:
        if whole:
            self.overrun += done - end
            return
        off = [(b[1], a[0]) for b, a in itertools.pairwise(self.windows)] + [(self.windows[-1][1], math.inf)]
        self.overrun += sum(max(min(done, stop) - begin, 0.0) for begin, stop in off)


@dataclass
class Twin:
    people: list[Person]
    ask: list[list[int]]  # queue by group, −1: does not know
    take: list[list[int]]
    put_down: list[bool] = field(default_factory=list)
    waiting: list[tuple[float, float, float, int, int]] = field(default_factory=list)  # came, gone, handle, queue, id
    seen: dict[int, tuple[float, int]] = field(default_factory=dict)  # call: seconds waited, by whom
    took: dict[int, float] = field(default_factory=dict)  # call: seconds worked on it

    def run(self, calls: list[tuple[float, float, float, int]]) -> dict[int, tuple[float, int]]:
        """``calls``: arrival, handle time, patience, queue. Returns seconds waited and by whom (−1: hung up)."""
        moments = [(call[0], 2, number) for number, call in enumerate(calls)]
        for who, person in enumerate(self.people):
            moments += [(window[1], 0, who) for window in person.windows]
            moments += [(window[0], 0.5, who) for window in person.windows]
        heapq.heapify(moments)
        while moments:
            now, what, number = heapq.heappop(moments)
            if what == 2:
                came, handle, patience, queue = calls[number]
                self.waiting.append((came, came + patience, handle, queue, number))
            else:
                for back in self.turn(now, self.people[number], what):
                    heapq.heappush(moments, (back, 1, number))
            self.match(now, moments)
        for *_, number in self.waiting:
            self.seen[number] = (calls[number][2], -1)
        return self.seen

    def turn(self, now: float, person: Person, what: float) -> list[float]:
        """What happens to a person; returns when a break put off ends."""
        if what == 1 and person.free_from == now:
            if person.rest is not None:
                self.waiting = [person.rest, *self.waiting]
                person.rest = None
            person.settle(now)
            return [person.free_from] if person.free_from > now else []
        here = what == 0 and not person.in_call and person.free_from <= now
        if here and person.windows and person.windows[0][1] == now:
            person.windows.pop(0)
            person.idle_since = None
        return []

    def match(self, now: float, moments: list[tuple[float, float, int]]) -> None:
        for person in self.people:
            if person.takes_calls(now) and person.idle_since is None:
                person.idle_since = now
        while True:
            found = self.pair(now)
            if found is None:
                return
            call, who = found
            self.waiting.remove(call)
            before = self.took.get(call[4], 0.0)
            self.seen[call[4]] = (now - call[0] - before, who)
            self.took[call[4]] = before + self.people[who].work(
                now, call, bool(self.put_down) and self.put_down[call[3]]
            )
            heapq.heappush(moments, (self.people[who].free_from, 1, who))

    def pair(self, now: float) -> tuple[tuple[float, float, float, int, int], int] | None:
        for call in [call for call in self.waiting if call[1] < now]:
            self.waiting.remove(call)
            self.seen[call[4]] = (call[1] - call[0], -1)
        able = [
            (call, who)
            for who, person in enumerate(self.people)
            if person.takes_calls(now)
            for call in self.waiting
            if self.ask[call[3]][person.windows[0][2]] >= 0
        ]
        by_agent = len({who for _, who in able}) == 1  # one who is free now, or one call that has come

        def rank(pair: tuple) -> tuple:
            call, who = pair
            person = self.people[who]
            group = person.windows[0][2]
            return (self.take[call[3]][group], call[0]) if by_agent else (self.ask[call[3]][group], person.idle_since)

        return min(able, key=rank, default=None)
