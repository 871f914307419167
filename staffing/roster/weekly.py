"""Several weeks one after the other: each is solved with the weeks before it as its past."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from staffing.roster.case import SolveLimits
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.given import Inputs
from staffing.roster.inputs.fairness import drift_notes
from staffing.roster.result import Roster
from staffing.roster.solving import solve

WEEK = 7
STATUSES = ("time limit", "search finished", "gap reached", "optimal")  # the worst first
NOTE = "Solved week by week: the bound of each week holds after the weeks before it, not for all weeks at once."


def solve_weekly(
    inputs: Inputs,
    limits: SolveLimits,
    progress: Callable[[SolveProgress], None] | None = None,
    hand_over: Callable[[Roster], None] | None = None,
) -> Roster:
    """A roster of all weeks of the horizon; time that a week leaves over goes to the next ones.

    `hand_over` hears of complete rosters, and so of none before the last week.
    """
    begun, past, made = time.monotonic(), inputs.past, list[Roster]()
    weeks = inputs.days // WEEK
    for week in range(weeks):
        part = replace(
            inputs, start=inputs.date(WEEK * week), days=WEEK, past=past, plan_start=inputs.plan_start or inputs.start
        )
        left = max(limits.seconds - (time.monotonic() - begun), limits.seconds / weeks / 2)
        complete = partial(_hand_over, made, begun, hand_over) if hand_over and week == weeks - 1 else None
        made.append(solve(part, replace(limits, seconds=left / (weeks - week)), progress, complete))
        past = _joined([past, made[-1].table])
    return _sum(made, time.monotonic() - begun)


def _hand_over(before: Sequence[Roster], begun: float, to: Callable[[Roster], None], last: Roster) -> None:
    to(_sum([*before, last], time.monotonic() - begun))


def _joined(tables: Sequence[pd.DataFrame | None]) -> pd.DataFrame:
    return pd.concat([table for table in tables if table is not None and not table.empty], ignore_index=True)


def _sum(weeks: Sequence[Roster], seconds: float) -> Roster:
    """All weeks as one roster: figures add up, the status is the worst."""
    objective, bound = (sum(getattr(week, name) for week in weeks) for name in ("objective", "bound"))
    return Roster(
        table=_joined([week.table for week in weeks]).sort_values(["agent", "start"], kind="stable", ignore_index=True),
        objective=objective,
        bound=bound,
        gap=(objective - bound) / objective if objective > 0 else 0.0,
        seconds=seconds,
        status=min((week.status for week in weeks), key=STATUSES.index),
        paid_hours=sum(week.paid_hours for week in weeks),
        short_hours=sum(week.short_hours for week in weeks),
        excess_hours=sum(week.excess_hours for week in weeks),
        uncovered=pd.concat([week.uncovered for week in weeks], ignore_index=True),
        fairness=_fairness([week.fairness for week in weeks]),
        lacking=pd.concat([week.lacking for week in weeks], ignore_index=True),
        promises=_promises([week.promises for week in weeks]),
        notes=(*_notes(weeks), NOTE),
    )


def _notes(weeks: Sequence[Roster]) -> list[str]:
    """What each week tells, and of shares that drift what the last one does."""
    past = {note for week in weeks[:-1] for note in drift_notes(week.fairness)}
    last = drift_notes(weeks[-1].fairness)
    told = dict.fromkeys(note for week in weeks for note in week.notes)
    return [note for note in told if note not in past or note in last]


def _promises(weeks: Sequence[pd.DataFrame | None]) -> pd.DataFrame | None:
    known = [week for week in weeks if week is not None]
    return pd.concat(known, ignore_index=True) if known else None


def _fairness(weeks: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Counts of all weeks; the past is that of the first, how far above a fair share that of the last."""
    counts = [name for name in weeks[0].columns if name != "agent" and not name.startswith(("past_", "above_"))]
    whole = weeks[0].copy()
    above = [name for name in whole.columns if name.startswith("above_")]
    whole[above] = weeks[-1][above]
    whole[counts] = sum(week[counts] for week in weeks[1:]) + weeks[0][counts]
    return whole
