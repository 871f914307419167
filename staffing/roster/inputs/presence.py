"""Who is present when, read from a roster table alone: no shift template is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from staffing.domain.activities import OVERTIME, SHIFT, WORK

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.workforce import Agent
    from staffing.roster.case import Grid

AWAY = -1
# Rows are laid over each other: shifts, work elsewhere in them, and all else as breaks.
LAYERS = {SHIFT: 0, WORK: 1, OVERTIME: 1}
BREAKS = 2


def present(table: pd.DataFrame, grid: Grid, queues: tuple[str, ...], agents: Iterable[Agent]) -> np.ndarray:
    """Agents present (queues, slots): on shift, less breaks; work rows name another queue than the shift's.

    Those of `agents` whose handle times differ count as many agents as they stand for.
    """
    import pandas as pd

    counts = np.zeros((len(queues), grid.slots))
    if table.empty:
        return counts
    first, last = (np.clip(grid.slot(pd.DatetimeIndex(table[name])), 0, grid.slots) for name in ("start", "end"))
    agent, names = pd.factorize(table["agent"])
    served = np.full((len(names), grid.slots), AWAY)
    layer = np.array([LAYERS.get(name, BREAKS) for name in table["activity"].tolist()])
    index = {name: q for q, name in enumerate(queues)}
    number = np.array([index.get(name, AWAY) for name in table["queue"].tolist()])
    number[layer == BREAKS] = AWAY
    for k in range(BREAKS + 1):
        rows = np.flatnonzero(layer == k)
        row, slot = _slots(first[rows], last[rows])
        served[agent[rows[row]], slot] = number[rows[row]]
    who, slot = np.nonzero(served != AWAY)
    np.add.at(counts, (served[who, slot], slot), _amounts(names, queues, agents)[who, served[who, slot]])
    return counts


def _amounts(names: Sequence[str], queues: tuple[str, ...], agents: Iterable[Agent]) -> np.ndarray:
    """Agents that each of these people stands for at each queue."""
    found, row = np.ones((len(names), len(queues))), {name: i for i, name in enumerate(names)}
    for agent in agents:
        if agent.handle_factors and agent.name in row:
            found[row[agent.name]] = [agent.counts_as(name) for name in queues]
    return found


def _slots(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every slot of every span [first, last), with the number of its span."""
    length = np.maximum(last - first, 0)
    span = np.repeat(np.arange(len(length)), length)
    since = np.arange(len(span)) - np.repeat(np.cumsum(length) - length, length)
    return span, first[span] + since
