"""Queues that share people, played run after run; what each run adds up to, day by day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from staffing.domain.scenario import Scenario
from staffing.domain.simulating import SimulationOptions
from staffing.service import is_live
from staffing.simulation.calls import WINDOW, Calls, Floats, Ints, Rows, pool, taken
from staffing.simulation.chats import Talk, serve_chats
from staffing.simulation.drawing import draw
from staffing.simulation.lines import Horizon, QueueTraffic
from staffing.simulation.people import People
from staffing.simulation.skills import Again, Routing, play
from staffing.simulation.tally import AMOUNTS, BINS, attend, count

BESIDE = "arrival_s", "patience_s"
Played = tuple[Floats, Ints, Calls, Ints]  # seconds waited, by whom, the contacts, their positions in the period


@dataclass
class Sums:
    """Of one queue: ``days`` (runs × days × AMOUNTS), ``intervals`` (× AMOUNTS, all runs), ``waits`` (days × bins)."""

    intervals: Floats
    waits: Floats
    days: list[Floats] = field(default_factory=list)


@dataclass
class Floor:
    """Queues (``lines``) and the ``people`` who serve them; ``routing`` has their skill groups.

    ``own`` is the queue of each group whose people count as its staff, −1 where they count for all; ``pace`` (people ×
    queues; left out, once) how many times over a contact's handle time somebody takes for it.
    """

    lines: list[QueueTraffic]
    people: People
    routing: Routing
    own: Ints
    scenario: Scenario
    span: Horizon
    pace: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    sums: list[Sums] = field(init=False)
    overrun_s: Floats = field(init=False)
    calls: int = 0

    def __post_init__(self) -> None:
        if not self.pace.size:
            self.pace = np.ones((len(self.people.names), len(self.lines)))
        slots, days = self.span.day_of.size, len(self.span.days)
        self.sums = [Sums(np.zeros((slots, len(AMOUNTS))), np.zeros((days, BINS))) for _ in self.lines]
        self.overrun_s = np.zeros((len(self.people.names), 2))
        most = max(line.most for line in self.lines)
        self._rooms = [(*np.empty((3, most)), np.empty(most, np.int64)) for _ in self.lines]
        self._windows = np.zeros(self.people.room, WINDOW)
        self._first = np.zeros(len(self.people.names) + 1, np.int64)

    def run(self, seed: np.uint64, number: int) -> None:
        """Play a run and add it up."""
        made = self.people.present(seed, number, self._windows, self._first)
        windows = self._windows[:made]
        windows["overrun"] = 0.0
        drawn = [self._drawn(seed, number, q) for q in range(len(self.lines))]
        played = self._play(drawn, windows, (seed, number))
        self.calls += sum(calls.arrival_s.size for _, _, calls, _ in played)
        for q, one in enumerate(played):
            self._add(q, one, windows)

    def _drawn(self, seed: np.uint64, number: int, q: int) -> tuple[Calls, Ints]:
        line, room = self.lines[q], self._rooms[q]
        row, width = number % len(line.counts), (line.slot.size,)
        aht_s = line.aht_s if line.aht_s.ndim == 1 else line.aht_s[row]
        shapes = (line.handle.knots, line.handle.tail), (line.patience.knots, line.patience.tail)
        made = draw(
            seed, number, line.key, line.counts[row], line.slot, self.span.interval_s, np.broadcast_to(aht_s, width),
            line.patience_s, *shapes, room,
        )  # fmt: skip
        arrival, handle, patience, slot = (column[:made] for column in room)
        if not is_live(line.queue):
            arrival = np.maximum(arrival, line.release_s[slot])
        return Calls(arrival, handle, patience), slot

    def _play(self, drawn: list[tuple[Calls, Ints]], windows: Rows, stream: tuple[np.uint64, int]) -> list[Played]:
        queue = self.lines[0].queue
        if len(self.lines) > 1 or not is_live(queue) or (queue.repeats and queue.channel == "voice"):
            return self._play_together(drawn, windows, stream)
        (calls, slot), pace = drawn[0], self.pace[:, 0].copy()
        if queue.channel == "chat" and queue.concurrency > 1:
            talk = talk_of(self.lines[0], self.scenario.simulation, stream)
            wait, by = serve_chats(calls, windows, self._first, talk, pace)
        else:
            wait, by = np.empty(slot.size), np.empty(slot.size, np.int64)
            pool(calls.arrival_s, calls.handle_s, calls.patience_s, self._first, pace, windows, wait, by)
        return [(wait, by, replace(calls, handle_s=taken(calls.handle_s, by, pace)), slot)]

    def _play_together(
        self, drawn: list[tuple[Calls, Ints]], windows: Rows, stream: tuple[np.uint64, int]
    ) -> list[Played]:
        again = None
        if any(line.queue.repeats for line in self.lines):
            again = [
                _again(line, calls, self.scenario, stream) for line, (calls, _) in zip(self.lines, drawn, strict=True)
            ]
        how = self.routing, self.pace
        served, later = play([calls for calls, _ in drawn], windows, self._first, how, again)
        out = []
        for (calls, slot), one, new in zip(drawn, served, later, strict=True):
            last = self.span.day_of.size - 1
            more = np.minimum((new.arrival_s / self.span.interval_s).astype(np.int64), last)
            arrival, patience = (np.concatenate([getattr(c, n) for c in (calls, new)]) for n in BESIDE)
            both = Calls(arrival, one.handle_s, patience)
            out.append((one.wait_s, one.agent, both, np.concatenate([slot, more])))
        return out

    def _add(self, q: int, played: Played, windows: Rows) -> None:
        line, sums, (wait, by, calls, slot) = self.lines[q], self.sums[q], played
        out = np.zeros_like(sums.intervals)
        promise = (line.threshold_s, line.definition, line.due_s)
        grid = (self.span.interval_s, line.day_of)
        count((calls.arrival_s, calls.handle_s, slot), (wait, by), promise, grid, out, sums.waits)
        for group in np.flatnonzero(self.own == q):
            attend(windows, group, self.span.interval_s, out, self.overrun_s)
        sums.intervals += out
        begins = np.flatnonzero(np.diff(self.span.day_of, prepend=-1))
        sums.days.append(np.add.reduceat(out, begins, axis=0))


def talk_of(line: QueueTraffic, options: SimulationOptions, stream: tuple[np.uint64, int]) -> Talk:
    """How chats of the queue go, and when an agent who will leave takes no more of them."""
    queue, replies = line.queue, max(round(line.queue.replies), 1)
    stop_s = float(np.mean(line.aht_s)) if options.chat_stop_min is None else options.chat_stop_min * 60
    return Talk(replies, queue.think_s, queue.concurrency, (*stream, line.key), stop_s, options.chats_handed_over)


def _again(line: QueueTraffic, calls: Calls, scenario: Scenario, stream: tuple[np.uint64, int]) -> Again:
    """Who calls again, and when: the same callers in every scenario that has the same calls."""
    rng, count = np.random.default_rng([int(x) for x in (*stream, line.key)]), calls.arrival_s.size
    options, queue = scenario.simulation, line.queue
    redials, repeats = rng.random(count) < queue.redial_share, rng.random(count) < 1 - queue.resolution
    soon, late = rng.exponential(options.redial_after_min * 60, count), rng.exponential(1.0, count)
    return Again(np.where(redials, soon, np.inf), np.where(repeats, late * options.repeat_after_min * 60, np.inf))
