"""The shift library in pictures: when each kind of shift is worked, and where its breaks lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import GREY, ORANGE, TEAL, VIOLET, palette, sized
from staffing.domain.shifts import ShiftTemplate

WORK, PAID, UNPAID, STARTS = "work", "paid break", "unpaid break", "starts"


def library(shifts: Sequence[ShiftTemplate]) -> Any:
    """A bar for each kind at its first start, its breaks at the middle of their windows; a line to its last end."""
    rows = pd.DataFrame([row for shift in shifts for row in _rows(shift)], columns=["shift", "what", "from", "to"])
    order = [shift.name for shift in shifts]
    y = alt.Y("shift:N", sort=order, title=None, axis=alt.Axis(labelLimit=110))
    axis = alt.Axis(title=None, labelExpr="(datum.value % 24) + ':00'", tickMinStep=1, tickCount=8, grid=True)
    x = alt.X("from:Q", axis=axis, scale=alt.Scale(nice=False, zero=False, padding=14))
    base = alt.Chart(rows)
    line = (
        base.transform_filter(alt.datum.what == STARTS).mark_rule(color=GREY, strokeWidth=2).encode(y=y, x=x, x2="to")
    )
    bars = (
        base.transform_filter(alt.datum.what != STARTS)
        .mark_bar(size=16, cornerRadius=3)
        .encode(
            y=y,
            x=x,
            x2="to",
            color=alt.Color("what:N", scale=palette([WORK, PAID, UNPAID], (TEAL, ORANGE, VIOLET)), legend=None),
        )
    )
    return sized(alt.layer(line, bars), alt.Step(30))


def _rows(shift: ShiftTemplate) -> list[tuple[str, str, float, float]]:
    first, end = shift.first_start / 60, (shift.first_start + shift.length_min) / 60
    rows = [(shift.name, STARTS, first, (shift.last_start + shift.length_min) / 60), (shift.name, WORK, first, end)]
    for rule in shift.ordered_breaks:
        if rule.belongs_to(shift.length_min):
            begins = (shift.first_start + (rule.earliest_min + rule.latest_min) / 2) / 60
            rows.append((shift.name, PAID if rule.paid else UNPAID, begins, begins + rule.minutes / 60))
    return rows
