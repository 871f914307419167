"""Random edits of a roster, each judged by what it touches and by every rule asked of everybody."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from staffing.roster.desk.board import Board, Effect
from staffing.roster.desk.cover import held
from staffing.roster.desk.edit import Edit
from staffing.roster.given import Inputs
from staffing.roster.rules import Violation, check


def random_edit(rng: np.random.Generator, inputs: Inputs) -> Edit:
    """Somebody's day made free, or a shift of any kind put there, allowed or not."""
    who = inputs.agents[rng.integers(len(inputs.agents))].name
    day = inputs.date(int(rng.integers(inputs.days)))
    kind = inputs.kinds[rng.integers(len(inputs.kinds))]
    start = int(rng.choice(kind.starts_min))
    end = (start + kind.length_min) % 1440
    span = f"{kind.name} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    return Edit(who, day, "off" if rng.random() < 0.25 else span)


class Verdicts(NamedTuple):
    """What came of some edits: the roster after them, edits that break a rule, and where the two judgements differ."""

    table: pd.DataFrame
    broken: int
    differences: list[str]


class _Whole(NamedTuple):
    """A roster looked at as a whole, with nothing known of any other."""

    faults: list[Violation]
    hours: tuple[float, float, float]
    there: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, table: pd.DataFrame) -> _Whole:
        found = held(inputs, table)
        hours = float(found.short.sum()), float(found.over.sum()), _paid_hours(inputs, table)
        return cls(check(table, inputs), hours, found.there)


def _paid_hours(inputs: Inputs, table: pd.DataFrame) -> float:
    """Hours of all shifts less the breaks that their kind does not pay, counted row by row."""
    unpaid = {(kind.name, rule.name) for kind in inputs.kinds for rule in kind.breaks if not rule.paid}
    start, end = (pd.DatetimeIndex(table[name]).as_unit("s").asi8.tolist() for name in ("start", "end"))
    agent, activity, kind = (table[name].tolist() for name in ("agent", "activity", "kind"))
    shifts = [row for row, name in enumerate(activity) if name == "shift"]
    seconds = sum(end[row] - start[row] for row in shifts)
    for row, name in enumerate(activity):
        held_in = (s for s in shifts if agent[s] == agent[row] and start[s] <= start[row] < end[s])
        if name != "shift" and any((kind[s], name) in unpaid for s in held_in):
            seconds -= end[row] - start[row]
    return seconds / 3600


def judged_twice(inputs: Inputs, table: pd.DataFrame, rng: np.random.Generator, edits: int) -> Verdicts:
    """So many random edits one after the other, most of them kept, one in ten of two days at once."""
    broken, was, board, found = 0, _Whole.of(inputs, table), Board(inputs, table), list[str]()
    for number in range(edits):
        edit = [random_edit(rng, inputs) for _ in range(1 + int(rng.random() < 0.1))]
        board = board.turned(table) if rng.random() < 0.9 else Board(inputs, table)
        if board.broken != was.faults:
            found.append(f"edit {number}: before it {board.broken}, by the whole check {was.faults}")
        rows = board.edited(edit)
        effect, after = board.effect(rows), board.with_rows(rows)
        now = _Whole.of(inputs, after)
        found += [f"edit {number}, {edit}: {what}" for what in _differences(effect, was, now)]
        broken += bool(effect.broken)
        if rng.random() < 0.7:
            table, was = after, now
    return Verdicts(table, broken, found)


def _differences(effect: Effect, was: _Whole, now: _Whole) -> list[str]:
    broken = [fault for fault in now.faults if fault not in was.faults]
    mended = [fault for fault in was.faults if fault not in now.faults]
    hours = [new - old for new, old in zip(now.hours, was.hours, strict=True)]
    told = (effect.short_hours, effect.excess_hours, effect.paid_hours)
    slots = int((now.there != was.there).sum())
    return [
        *([f"breaks {effect.broken}, by the whole check {broken}"] * (list(effect.broken) != broken)),
        *([f"mends {effect.mended}, by the whole check {mended}"] * (list(effect.mended) != mended)),
        *(
            f"changes {one} hours, by the whole count {other}"
            for one, other in zip(told, hours, strict=True)
            if not math.isclose(one, other, abs_tol=1e-6)
        ),
        *([f"{len(effect.intervals)} slots, by the whole count {slots}"] * (len(effect.intervals) != slots)),
    ]
