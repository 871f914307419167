"""Figures in words: rounded as planners read them, with their unit; what is undefined says so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from staffing.domain.calendar import WEEKDAYS
from staffing.evaluation.measures import Measure

if TYPE_CHECKING:
    import pandas as pd

UNDEFINED = "undefined"
NOT_BOUNDED = "not bounded"
_DECIMALS = {"contacts": 0, "s": 1, "h": 1}


def figure_text(measure: Measure, value: float, unit: str) -> str:
    """``83.1 %``, ``12.3 s``, ``1,204 contacts``, ``undefined`` (no contacts) or ``not bounded`` (endless wait)."""
    return _special(value) or _written(measure, value, unit, "", "%")


def difference_text(measure: Measure, value: float, unit: str) -> str:
    """The same with a sign; shares differ by percentage points."""
    return _special(value) or _written(measure, value, unit, "+", "points")


LEAST_TOLD_AGENTS = 0.05


def gap_lines(uncovered: pd.DataFrame, date_text: Callable[[dt.date], str] = str) -> list[str]:
    """One line per row of ``Evaluation.uncovered``: ``Monday 2026-11-23 09:00–11:00, voice: short by up to
    1.0 agents, 1.5 h in all``. ``date_text`` writes the date, where another calendar is shown too. Spans short by
    less than a twentieth of an agent are left out."""
    return [
        f"{WEEKDAYS[gap['day'].weekday()].capitalize()} {date_text(gap['day'])} {gap['from']}–{gap['to']}, "
        f"{gap['queue']}: short by up to {gap['short_agents']:.1f} agents, {gap['short_hours']:.1f} h in all"
        for gap in uncovered.to_dict("records")
        if gap["short_agents"] >= LEAST_TOLD_AGENTS
    ]


def table_text(rows: list[list[str]], header: list[str]) -> str:
    """A plain table: the first column left, the others right."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    lines = []
    for row in [header, *rows]:
        sides = [cell.ljust if k == 0 else cell.rjust for k, cell in enumerate(row)]
        lines.append("  ".join(side(width) for side, width in zip(sides, widths, strict=True)).rstrip())
    return "\n".join(lines)


def _special(value: float) -> str:
    if math.isnan(value):
        return UNDEFINED
    return NOT_BOUNDED if math.isinf(value) else ""


def _written(measure: Measure, value: float, unit: str, sign: str, percent: str) -> str:
    if measure.unit == "share":
        return f"{_positive_zero(value * 100, 1):{sign}.1f} {percent}"
    decimals = _DECIMALS.get(measure.unit, 0)
    return f"{_positive_zero(value, decimals):{sign},.{decimals}f} {unit}"


def _positive_zero(value: float, decimals: int) -> float:
    return round(value, decimals) + 0.0
