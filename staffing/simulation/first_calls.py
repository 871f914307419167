"""First calls of several queues, in order of time."""

from __future__ import annotations

from staffing.compiled import part
from staffing.simulation.calls import NEVER


@part
def next_first(queues):
    """The queue whose next first call comes earliest, and when."""
    first, time = -1, NEVER
    for q in range(queues.size):
        if queues[q].time < time:
            first, time = q, queues[q].time
    return first, time


@part
def look_ahead(queue, calls):
    """Note when the next first call of the queue comes."""
    queue.time = calls[queue.next].arrival if queue.next < queue.last else NEVER
