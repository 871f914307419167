"""What the engine solves: one case as arrays, with the names to read a solution back. It knows no planner's object.

All times are slots of the planning grid, all prices are in the unit of the objective. A *tour* is one
option (a dated shift) or -1 (off) per day; a *price of slots* `worth[group, slot]` says what one more
present agent of a skill group is worth in that slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

BLOCKED = 1e15  # a price no feasible tour reaches; larger than any sum of real prices
OFF = -1


@dataclass(frozen=True)
class SolveLimits:
    """How long and how far to optimise: wall seconds, relative gap, seed, solver threads."""

    seconds: float = 60.0
    gap: float = 0.01
    seed: int = 1
    threads: int = 1

    def __post_init__(self) -> None:
        if self.seconds <= 0 or not 0 <= self.gap < 1 or self.threads < 1:
            raise ValueError("Expected seconds > 0, 0 <= gap < 1, threads >= 1.")


@dataclass(frozen=True)
class DatedShift:
    """A template begun on one day, as the rules see it."""

    template: str
    start_min: int  # local minutes after midnight
    paid_min: int
    night: bool
    undesired: bool
    late: bool = False
    length_min: int = 0
    night_min: int = 0  # minutes within the night window
    session: int = -1  # number of the session held in it


class Options(NamedTuple):
    """Dated shifts sorted by day, with the break windows of their templates (offsets from shift start)."""

    day_ptr: NDArray[np.int32]  # (days + 1,) first option of each day
    start: NDArray[np.int32]  # (options,) absolute slot
    length: NDArray[np.int32]  # (options,) slots
    kind: NDArray[np.int32]  # (options,) what the rules see; 0 is kept for a day off
    template: NDArray[np.int32]  # (options,)
    break_ptr: NDArray[np.int32]  # (templates + 1,) first break of each template
    break_len: NDArray[np.int32]  # (breaks,) slots
    break_lo: NDArray[np.int32]  # (breaks,) earliest offset
    break_hi: NDArray[np.int32]  # (breaks,) latest offset
    break_gap: NDArray[np.int32]  # (breaks,) least slots since the end of the break before
    break_shape: NDArray[np.int32]  # (breaks,) breaks of equal length and window width share a shape
    shape_len: NDArray[np.int32]  # (shapes,)
    shape_width: NDArray[np.int32]  # (shapes,) places in the window
    apart: NDArray[np.bool_]  # (templates,) the windows keep gap and order wherever breaks are placed


class Automata(NamedTuple):
    """Rule automata of all contracts, laid out by day: from a node and a kind of day to the next node."""

    layer_ptr: NDArray[np.int32]  # (automata, days + 2) first node of each layer
    next_node: NDArray[np.int32]  # (nodes, kinds) or -1 where a rule forbids
    price: NDArray[np.float64]  # (nodes, kinds) price of soft rules
    final: NDArray[np.float64]  # (nodes,) price of ending here, BLOCKED where a rule forbids
    order: NDArray[np.int32]  # (automata, options) options of a day, earliest ready for work first
    fit: NDArray[np.int32]  # (automata, options) how many of yesterday's `order` leave enough rest
    added: NDArray[np.int16]  # (nodes, kinds, totals) what a day adds to totals over the whole horizon
    least: NDArray[np.int32]  # (automata, totals) of the whole horizon
    most: NDArray[np.int32]  # (automata, totals)


class AgentClasses(NamedTuple):
    """Classes of interchangeable agents."""

    automaton: NDArray[np.int32]  # (classes,)
    group: NDArray[np.int32]  # (classes,) skill group
    price: NDArray[np.float64]  # (classes, options), BLOCKED where not allowed
    off_price: NDArray[np.float64]  # (classes, days)


class Cover(NamedTuple):
    """What presence is worth: prices per agent and slot (rows, slots).

    Rows are queues, and after them minimums: a present agent counts `amount` in the one queue served and one in every
    minimum of the group. Where `table` holds prices of presence (convex, by whole agents; `tabled` rows), they
    stand in for need, short and excess; past its end each agent costs `excess`.
    """

    need: NDArray[np.float64]  # agents wanted, fractional
    short: NDArray[np.float64]  # price of one agent too few
    excess: NDArray[np.float64]  # price of one agent too many
    floor: NDArray[np.float64]  # least agents
    floor_short: NDArray[np.float64]  # extra price of one agent below the floor
    group_ptr: NDArray[np.int32]  # (groups + 1,)
    group_queue: NDArray[np.int32]  # queues of each skill group
    marks: NDArray[np.int32]  # (groups, most) rows of the minimums that a group counts in, -1 beyond
    tabled: NDArray[np.bool_]  # (rows,)
    table: NDArray[np.float64]  # (rows, slots, agents + 1), or nothing in its last dimension
    amount: NDArray[np.float64]  # (groups, rows) agents of the usual handle time that one of the group stands for
    share: NDArray[np.float64]  # (groups, rows) least share of a week's presence while the queue is open; 0: none
    wanted: NDArray[np.bool_]  # (rows, slots) the queue is open; nowhere in the rows of minimums


@dataclass(frozen=True)
class Grid:
    """Slots of equal length from local midnight of the first day, one day past the horizon."""

    origin: pd.Timestamp  # UTC
    slot_min: int
    slots: int
    interval_slots: int = 1  # of a planning interval

    def slot(self, instants: pd.DatetimeIndex) -> NDArray[np.int64]:
        """Slot numbers of tz-aware instants."""
        seconds = instants.as_unit("s").asi8 - int(self.origin.timestamp())
        return np.asarray(seconds // (60 * self.slot_min), np.int64)

    def instants(self, slots: NDArray[np.int64], zone: object) -> pd.DatetimeIndex:
        """Local instants of slot numbers."""
        import pandas as pd

        utc = self.origin + pd.to_timedelta(np.asarray(slots) * self.slot_min, unit="min")
        return pd.DatetimeIndex(utc).tz_convert(zone)


class KeptTogether(NamedTuple):
    """A team whose people, where they work on one of these days, begin and end together."""

    classes: NDArray[np.int64]  # numbers of its classes, which hold nobody else
    days: NDArray[np.bool_]  # (days,)


@dataclass(frozen=True)
class Case:
    """Arrays for the engines, with the names to read a solution back."""

    grid: Grid
    options: Options
    automata: Automata
    people: AgentClasses  # classes, sorted by skill group
    cover: Cover
    agent_class: NDArray[np.int32]  # (agents,)
    agent_names: tuple[str, ...]
    queue_names: tuple[str, ...]
    shifts: tuple[DatedShift, ...]  # (options,)
    paid_min: NDArray[np.int32]  # (options,)
    break_names: tuple[tuple[str, ...], ...]  # of each template, in order
    elastic: tuple[str, ...]  # agents whose minimum hours or days cannot be met
    together: tuple[KeptTogether, ...] = ()

    def __post_init__(self) -> None:
        """Totals over the horizon are priced without the rest from day to day: refuse what would drop it."""
        yesterday = np.concatenate([[0], np.diff(self.options.day_ptr)[:-1]])
        everyone = np.repeat(yesterday, np.diff(self.options.day_ptr))
        if self.counts_totals and (self.automata.fit < everyone).any():
            raise ValueError("Totals over the horizon need the rest between days as a rule of the tour (limits.Rest).")
        if self.counts_totals and ((self.cover.share > 0).any() or self.together):
            raise ValueError("Totals over the horizon go neither with shares of time nor with teams together.")

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """Where queues are open (rows, slots)."""
        return self.cover.wanted

    @property
    def plain_groups(self) -> NDArray[np.bool_]:
        """Skill groups whose people count as one agent each, whatever they serve, and owe no share of their time."""
        return np.asarray((self.cover.amount == 1).all(axis=1) & (self.cover.share <= 0).all(axis=1))

    @property
    def days(self) -> int:
        return len(self.options.day_ptr) - 1

    @property
    def counts_totals(self) -> bool:
        """Whether a rule counts a total over the whole horizon."""
        return self.automata.added.shape[2] > 0

    @property
    def class_size(self) -> NDArray[np.int64]:
        """Agents in each class."""
        return np.bincount(self.agent_class, minlength=len(self.people.automaton))
