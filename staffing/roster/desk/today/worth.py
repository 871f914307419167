"""What people present are worth in the rest of a day: contacts answered in time, and the money they stand for.

A contact in time is worth as much as makes an agent short of the requirement, over the rest of the day, cost the
price of shortage. Where hours are paid for it, contacts beyond those that the requirement promises are worth a part of
that, or else overtime would buy what the roster did not. Prices are the concave hull over as many agents as there
could be, so that a deep shortage too is worth mending step by step, but not one that nobody can mend; contacts are what
the service model says. Queues whose work waits for a
deadline have no waits to lose: there shortage and excess cost their price against the requirement, as in the roster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import minimum_slots, requirement_slots
from staffing.service import Staffed, is_live, live, patience_of

Floats = NDArray[np.float64]

BEYOND = 0.25  # of their price contacts in time beyond the requirement are worth, where hours are paid for them


@dataclass(frozen=True)
class Worth:
    """Arrays over (rows, slots, agents + 1) of the grid's slots from `first`; rows are queues, then minimums.

    price : money that so many present save against nobody; paid : the same where hours are paid for it.
    in_time, base : contacts in time, and those they are a share of (see `ServiceTarget.definition`); 0 where no waits
        are measured.
    need : (rows, slots) agents wanted, `open` where the queue is.
    """

    first: int
    queues: tuple[str, ...]
    price: Floats
    paid: Floats
    in_time: Floats
    base: Floats
    need: Floats
    open: NDArray[np.bool_]

    @property
    def most(self) -> int:
        """The largest number of agents that is told apart."""
        return self.price.shape[2] - 1


@dataclass(frozen=True)
class Stretch:
    """Slots `first` to before `end` of a grid, the most people that are told apart in them, and how many there could
    be at each queue, (queues, slots)."""

    grid: Grid
    first: int
    end: int
    most: int
    reach: NDArray[np.int64]


def worth_of(inputs: Inputs, scenario: Scenario, calls: pd.DataFrame, stretch: Stretch) -> Worth:
    """The worth of people in a stretch of slots; `calls` is a forecast table, the requirement is that of `inputs`."""
    grid, first, end, most = stretch.grid, stretch.first, stretch.end, stretch.most
    queues = tuple(sorted(set(inputs.requirements["queue"])))
    need, wanted = (part[:, first:end] for part in requirement_slots(inputs, grid, queues))
    least, dear = (part[:, first:end] for part in minimum_slots(inputs, grid))
    agents, hours = np.arange(most + 1.0), grid.slot_min / 60
    price = -inputs.prices.shortage_hour * np.maximum(need[..., None] - agents, 0) * hours
    price -= inputs.prices.excess_hour * np.maximum(agents - need[..., None], 0) * hours * wanted[..., None]
    in_time, base = np.zeros((2, *price.shape))
    for row, name in enumerate(queues):
        queue = next(one for one in scenario.queues if one.name == name)
        if not is_live(queue):
            continue
        rows = _rows(calls, inputs, name, stretch)
        in_time[row], base[row] = _contacts(rows, scenario, queue, stretch)
        short = inputs.prices.shortage_hour * hours
        price[row] = _priced(in_time[row], need[row], short) * _hull(in_time[row], stretch.reach[row])
    paid = _paid_for(price, need)
    minimums = -dear[..., None] * np.maximum(least[..., None] - agents, 0) * hours
    nothing = np.zeros(minimums.shape)
    return Worth(
        first=first,
        queues=queues,
        price=np.concatenate([price, minimums]),
        paid=np.concatenate([paid, minimums]),
        in_time=np.concatenate([in_time, nothing]),
        base=np.concatenate([base, nothing]),
        need=np.concatenate([need, least]),
        open=np.concatenate([wanted, least > 0]),
    )


def _rows(calls: pd.DataFrame, inputs: Inputs, name: str, stretch: Stretch) -> pd.DataFrame:
    """Forecast rows of a queue within the slots, each with its first slot and the share of its people on the phone."""
    own = calls[calls["queue"] == name].reset_index(drop=True)
    needed = inputs.requirements[inputs.requirements["queue"] == name][["start", "agents", "agents_scheduled"]]
    own = own.merge(needed, on="start", how="left")
    share = (own["agents"] / own["agents_scheduled"]).where(own["agents_scheduled"] > 0)
    own = own.assign(slot=stretch.grid.slot(pd.DatetimeIndex(own["start"])), share=share)
    own = own[(own["slot"] >= stretch.first) & (own["slot"] < stretch.end) & (own["calls"] > 0)]
    usual = own["share"].mean() if own["share"].notna().any() else 1.0
    return own.assign(share=own["share"].fillna(usual)).reset_index(drop=True)


def _contacts(rows: pd.DataFrame, scenario: Scenario, queue: Queue, stretch: Stretch) -> tuple[Floats, Floats]:
    """Contacts in time, and those they are measured against, by slot and agents present."""
    first, end, most = stretch.first, stretch.end, stretch.most
    width = scenario.site.interval_min // stretch.grid.slot_min
    count = len(rows)
    agents = np.arange(most + 1.0)[:, None] * rows["share"].to_numpy(float)
    demand = Staffed(
        calls=np.tile(rows["calls"].to_numpy(float), most + 1),
        aht_s=np.tile(rows["aht_s"].to_numpy(float), most + 1),
        interval_s=np.full(count * (most + 1), 60.0 * scenario.site.interval_min),
        agents=agents.ravel(),
        patience_s=np.tile(patience_of(rows, queue), most + 1),
    )
    amounts = live(demand, queue, scenario.target(queue))
    found = np.zeros((2, end - first, most + 1))
    for part, name in zip(found, ("in_time", "base"), strict=True):
        each = np.nan_to_num(amounts[name]).reshape(most + 1, count).T / width
        for k in range(width):
            slot = rows["slot"].to_numpy(int) - first + k
            inside = slot < end - first
            part[slot[inside]] = each[inside]
    return found[0], found[1]


def _priced(in_time: Floats, need: Floats, short: float) -> float:
    """Money of a contact in time; `short` is what an agent too few in a slot costs."""
    wanted = np.ceil(need).astype(int)
    slots = np.flatnonzero((wanted >= 1) & (wanted < in_time.shape[1]))
    last = in_time[slots, wanted[slots]] - in_time[slots, wanted[slots] - 1]  # what the last agent wanted adds
    return short * len(slots) / max(float(last.sum()), 1e-9)


def _paid_for(price: Floats, need: Floats) -> Floats:
    """What presence is worth where an hour is paid for it: beyond the requirement only a part."""
    wanted = np.minimum(np.ceil(need).astype(int), price.shape[2] - 1)
    enough = np.take_along_axis(price, wanted[..., None], axis=2)
    return np.asarray(np.minimum(price, enough) + BEYOND * np.maximum(price - enough, 0.0))


def _hull(values: Floats, reach: NDArray[np.int64]) -> Floats:
    """The least concave curve above each row as far as there could be people, beyond that the row as it is."""
    found = values.copy()
    for whole, most in zip(found, reach.tolist(), strict=True):
        row, corners = whole[: most + 1], [0]
        for n in range(1, len(row)):
            while len(corners) > 1 and _rises(row, corners[-2], corners[-1], n):
                corners.pop()
            corners.append(n)
        row[:] = np.interp(np.arange(len(row)), corners, row[corners])
    return found


def _rises(row: Floats, one: int, two: int, three: int) -> bool:
    """Whether the middle of three points lies below the line between the others."""
    return bool((row[two] - row[one]) * (three - one) <= (row[three] - row[one]) * (two - one))
