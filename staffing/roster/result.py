"""The roster a planner reads: who works when, what it proves, what stays uncovered, how fair it is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from staffing.roster.case import Case, Grid
from staffing.roster.engine.run import Solution
from staffing.roster.engine.search import State
from staffing.roster.given import Inputs
from staffing.roster.inputs.fairness import drift_notes, even_out, fairness_table
from staffing.roster.inputs.priorities import prefer_primary, secondary_hours
from staffing.roster.inputs.sessions import lacking_notes
from staffing.roster.inputs.unused import unused_notes
from staffing.roster.promise import Promises, promise_table
from staffing.roster.rules import bent
from staffing.roster.rules.teams import teams_apart
from staffing.tables import ROSTER

NAMED = 3  # people of a note, before it only counts


@dataclass(frozen=True)
class Roster:
    """A week's (or several weeks') roster and what is known about it.

    Attributes
    ----------
    table : agent, start, end, activity, queue. A ``shift`` row spans the whole shift, breaks lie inside
        it; ``work`` rows inside a shift name the queue where it is not the one of the shift.
    objective, bound, gap : price of the roster, proven lower bound, (objective − bound) / objective.
    status : ``optimal``, ``gap reached``, ``search finished`` or ``time limit``.
    paid_hours, short_hours, excess_hours : paid time; agent-hours below and above the requirement.
    uncovered : queue, start (hour), short_hours of every hour that is short.
    lacking : minimum, start (hour), short_hours of every hour in which a minimum of people of a kind is not met.
    fairness : per agent: shifts, paid_hours, the counts of ``inputs.fairness.CARRIED``, the same counts over the past
        roster (past_…), and above a fair share of both together (above_…).
    promises : queue, period, surplus (contacts in time beyond the promise) of service levels kept over a day or
        week; hours short and in excess are then told against the least staff that keeps it.
    notes : what a planner must know, e.g. whose contract minimum cannot be met.
    """

    table: pd.DataFrame
    objective: float
    bound: float
    gap: float
    seconds: float
    status: str
    paid_hours: float
    short_hours: float
    excess_hours: float
    uncovered: pd.DataFrame
    fairness: pd.DataFrame
    notes: tuple[str, ...] = ()
    lacking: pd.DataFrame = field(default_factory=pd.DataFrame)
    promises: pd.DataFrame | None = None

    def __repr__(self) -> str:
        shifts = int((self.table["activity"] == "shift").sum())
        return (
            f"<Roster: {self.table['agent'].nunique()} people, {shifts:,} shifts, {self.paid_hours:,.0f} h paid, "
            f"{self.short_hours:,.1f} h short; {self.status}, gap {self.gap:.2%}>"
        )


def read_back(
    inputs: Inputs, case: Case, solution: Solution, *, even: bool = True, promises: Promises | None = None
) -> Roster:
    """The planner's view of a solution; with `even`, equals exchange weeks so that burdens even out, and people
    queues so that primary skills go first."""
    state = solution.state
    if even:
        even_out(inputs, case, state)
        prefer_primary(inputs, case, state)
    table = roster_table(inputs, case, state)
    hours = case.grid.slot_min / 60
    missing = np.where(case.wanted, np.maximum(case.cover.need - state.counts, 0), 0.0) * hours
    beyond = np.where(case.wanted, np.maximum(state.counts - case.cover.need, 0), 0.0) * hours
    worked = state.tours[state.tours >= 0]
    gap = (solution.objective - solution.bound) / solution.objective if solution.objective > 0 else 0.0
    fairness, lacking = fairness_table(inputs, case, state), lacking_people(case, inputs, state)
    kept = None if promises is None else promise_table(promises, state)
    return Roster(
        table=table,
        objective=solution.objective,
        bound=solution.bound,
        gap=gap,
        seconds=solution.seconds,
        status=solution.status,
        paid_hours=float(case.paid_min[worked].sum()) / 60,
        short_hours=float(missing.sum()),
        excess_hours=float(beyond.sum()),
        uncovered=short_by_hour(case.grid, inputs, missing, case.queue_names, "queue"),
        fairness=fairness,
        notes=(
            *_lowered_notes(case),
            *bent_notes(inputs, table),
            *drift_notes(fairness),
            *_lacking_notes(lacking),
            *_secondary_notes(secondary_hours(inputs, case, state)),
            *promise_notes(kept),
            *lacking_notes(inputs, table),
            *_apart_notes(inputs, table),
            *unused_notes(inputs, case),
        ),
        lacking=lacking,
        promises=kept,
    )


def _lowered_notes(case: Case) -> list[str]:
    """Whose minimums were lowered, the first few by name."""
    names = list(case.elastic)
    if not names:
        return []
    others = [f"{len(names) - NAMED} others"] if len(names) > NAMED else []
    return [
        f"No week within contract and availability exists for {', '.join([*names[:NAMED], *others])}; the minimum was "
        "lowered. Why names the rules that clash."
    ]


def bent_notes(inputs: Inputs, table: pd.DataFrame) -> list[str]:
    """A sentence for each rule that is broken at a price: how often, and for how much in all."""
    if not inputs.rules.prices and not any(change.priced for change in inputs.rule_changes):
        return []
    found: dict[str, list[float]] = {}
    for violation, price in bent(table, inputs):
        found.setdefault(violation.rule, []).append(price)
    return [
        f"The rule '{rule}' is broken {len(prices)} times at its price, {sum(prices):,.0f} in all."
        for rule, prices in found.items()
    ]


def _lacking_notes(lacking: pd.DataFrame) -> list[str]:
    hours = lacking.groupby("minimum")["short_hours"].sum()
    return [f"The minimum '{name}' lacks {short:.1f} agent-hours." for name, short in hours.items()]


def _secondary_notes(hours: float) -> list[str]:
    """How much cover needs secondary skills."""
    return [f"Secondary skills serve {hours:.1f} agent-hours that cover needs."] if hours else []


def _apart_notes(inputs: Inputs, table: pd.DataFrame) -> list[str]:
    """A sentence for each person for whom no week with the team was found."""
    names = dict.fromkeys(fault.agent for fault in teams_apart(table, inputs))
    return [f"{name} has no week with the team alone: the contract or a rule forbids it." for name in names]


def promise_notes(kept: pd.DataFrame | None) -> list[str]:
    """A sentence for each promise that is missed."""
    broken = [] if kept is None else kept[kept["surplus"] < -1e-6].itertuples()
    return [
        f"The service level of '{row.queue}' is missed by {-row.surplus:.1f} contacts in the period from "
        f"{row.period:%Y-%m-%d}."
        for row in broken
    ]


def roster_table(inputs: Inputs, case: Case, state: State) -> pd.DataFrame:
    """Shift, break and work rows of all agents, in order of agent and start."""
    rows: list[_Row] = []
    for i, name in enumerate(case.agent_names):
        for day in range(case.days):
            if state.tours[i, day] >= 0:
                rows += _shift_rows(inputs, case, state, i, day, name)
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue", "kind"])
    zone = inputs.calendar.zone
    for column in ("start", "end"):
        table[column] = case.grid.instants(table[column].to_numpy(np.int64), zone)
    for column in ("agent", "activity", "queue", "kind"):
        table[column] = table[column].astype("str")
    return ROSTER.check(table)


_Row = tuple[str, int, int, str, str | None, str | None]


def _shift_rows(inputs: Inputs, case: Case, state: State, i: int, day: int, name: str) -> list[_Row]:
    option = state.tours[i, day]
    start, length = int(case.options.start[option]), int(case.options.length[option])
    served = state.served[i, start : start + length]
    present = served[served >= 0]
    main = int(np.bincount(present).argmax()) if len(present) else 0
    kind, template = case.shifts[option].template, case.options.template[option]
    rows: list[_Row] = [(name, start, start + length, "shift", case.queue_names[main], kind)]
    lengths = case.options.break_len[case.options.break_ptr[template] :]
    for j, activity in enumerate(case.break_names[template]):
        begin = start + int(state.offsets[i, day, j])
        rows.append((name, begin, begin + int(lengths[j]), activity, None, None))
    edges = np.flatnonzero(np.diff(served)) + 1
    for first, last in zip([0, *edges], [*edges, length], strict=True):
        if served[first] >= 0 and served[first] != main:
            queue = case.queue_names[served[first]]
            rows.append((name, start + int(first), start + int(last), "work", queue, None))
    return rows


def lacking_people(case: Case, inputs: Inputs, state: State) -> pd.DataFrame:
    """Hours in which minimums are not met: minimum, start, short_hours."""
    rows = slice(len(case.queue_names), None)
    missing = np.maximum(case.cover.need[rows] - state.counts[rows], 0) * case.grid.slot_min / 60
    return short_by_hour(case.grid, inputs, missing, tuple(minimum.name for minimum in inputs.minimums), "minimum")


def short_by_hour(grid: Grid, inputs: Inputs, missing: np.ndarray, names: tuple[str, ...], column: str) -> pd.DataFrame:
    """Short agent-hours by row and hour of the day, only where there are any; `names` of the rows go to `column`."""
    row, slot = np.nonzero(missing > 1e-9)
    frame = pd.DataFrame(
        {
            column: np.array(names, dtype=object)[row] if len(row) else np.array([], dtype=object),
            "start": grid.instants(slot, inputs.calendar.zone),
            "short_hours": missing[row, slot],
        }
    )
    frame[column] = frame[column].astype("str")
    frame["start"] -= pd.to_timedelta(frame["start"].dt.minute, unit="min")
    return frame.groupby([column, "start"], as_index=False)["short_hours"].sum()
