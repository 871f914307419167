"""The same call centre in simpy, the general simulation library: one process per agent, one for each queue's calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import simpy

Call = tuple[float, float, float, int, int]  # arrival, handle time, patience, queue, number


@dataclass
class Centre:
    """``ask`` and ``take``: queue by group, −1 where a group does not know a queue."""

    env: simpy.Environment
    ask: list[list[int]]
    take: list[list[int]]
    waiting: list[list[Call]]
    idle: list[tuple[int, Any]] = field(default_factory=list)  # group and what wakes the agent, longest idle first
    waits: dict[int, tuple[float, bool]] = field(default_factory=dict)  # per call: seconds, answered
    overrun: float = 0.0

    def comes(self, call: Call) -> None:
        able = [one for one in self.idle if self.ask[call[3]][one[0]] >= 0]
        if not able:
            self.waiting[call[3]].append(call)
            return
        chosen = min(able, key=lambda one: self.ask[call[3]][one[0]])  # the first of equals has been idle longest
        self.idle.remove(chosen)
        chosen[1].succeed(call)

    def next_for(self, group: int) -> Call | None:
        for line in self.waiting:
            while line and self.env.now - line[0][0] > line[0][2]:
                gone = line.pop(0)
                self.waits[gone[4]] = gone[2], False
        able = [line for q, line in enumerate(self.waiting) if line and self.take[q][group] >= 0]
        if not able:
            return None
        return min(able, key=lambda line: (self.take[line[0][3]][group], line[0][0])).pop(0)


def _calls(centre: Centre, calls: list[Call]) -> Any:
    for call in calls:
        yield centre.env.timeout(call[0] - centre.env.now)
        centre.comes(call)


def _agent(centre: Centre, windows: list[tuple[float, float, int, bool]]) -> Any:
    env, later = centre.env, 0.0
    for start, end, group, whole in windows:
        if start + later > env.now:
            yield env.timeout(start + later - env.now)
        while env.now < end:
            call = centre.next_for(group)
            if call is None:
                wake = env.event()
                centre.idle.append((group, wake))
                yield wake | env.timeout(end - env.now)
                if not wake.triggered:
                    centre.idle.remove((group, wake))
                    break
                call = wake.value
            centre.waits[call[4]] = env.now - call[0], True
            yield env.timeout(call[1])
        later = env.now - end if whole and env.now > end else 0.0


def simulate(
    calls: list[list[Call]],
    agents: list[list[tuple[float, float, int, bool]]],
    ask: list[list[int]],
    take: list[list[int]],
) -> dict[int, tuple[float, bool]]:
    """Seconds waited and whether answered, by the calls' number; who hung up unseen is left out."""
    centre = Centre(simpy.Environment(), ask, take, [[] for _ in calls])
    for own in calls:
        centre.env.process(_calls(centre, own))
    for windows in agents:
        centre.env.process(_agent(centre, windows))
    centre.env.run()
    return centre.waits
