"""A heap of moments to come, as rows: what happens next in a simulation."""

from __future__ import annotations

import numpy as np

from staffing.compiled import part
from staffing.simulation.calls import NEVER, Rows

#: The earliest on top; the last row's ``who`` is their number.
MOMENT = np.dtype([("time", "f8"), ("who", "i8")])


def moments(room: int) -> Rows:
    """An empty heap."""
    rows = np.zeros(room + 2, MOMENT)
    rows["time"] = NEVER
    return rows


@part
def sink(heap, size):
    """Let the top of the heap sink to its place; the row after the last moment holds a time that never comes."""
    time, who, i = heap[0].time, heap[0].who, 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        child += heap[child + 1].time < heap[child].time
        if heap[child].time >= time:
            break
        heap[i].time, heap[i].who = heap[child].time, heap[child].who
        i = child
    heap[i].time, heap[i].who = time, who


@part
def push(heap, time, who):
    i = heap[-1].who
    heap[-1].who += 1
    while i > 0 and heap[(i - 1) >> 1].time > time:
        up = (i - 1) >> 1
        heap[i].time, heap[i].who = heap[up].time, heap[up].who
        i = up
    heap[i].time, heap[i].who = time, who


@part
def drop(heap):
    """Take the top away."""
    last = heap[-1].who - 1
    heap[-1].who = last
    heap[0].time, heap[0].who = heap[last].time, heap[last].who
    heap[last].time = NEVER
    sink(heap, last)


@part
def change(heap, time):
    """Give the top a later time."""
    heap[0].time = time
    sink(heap, heap[-1].who)


@part
def top(heap):
    return heap[0].time
