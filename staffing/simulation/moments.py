"""Moments to come, as rows: what happens next in a simulation, of anybody or of each of a fixed number."""

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
def top(heap):
    return heap[0].time


def next_of_each(count: int) -> Rows:
    """One moment for each of ``count``, none yet: a tree of which a row holds the earlier of the two below it.

    Row 1 is the earliest of all; the last half of the rows are those of each.
    """
    half = 1 << max(count - 1, 1).bit_length()
    rows = np.zeros(2 * half, MOMENT)
    rows["time"] = NEVER
    return rows


@part
def move(tree, who, time):
    """Give one of the tree another moment.

    Every row above is written anew, without asking whether it must be, and the earlier of two is found without a
    branch: what cannot be foretold costs more than what is done in vain.
    """
    i = (tree.size >> 1) + who
    tree[i].time, tree[i].who = time, who
    while i > 1:
        other = tree[i ^ 1].time
        who = tree[i ^ np.int64(other < time)].who
        time = other if other < time else time
        i >>= 1
        tree[i].time, tree[i].who = time, who
