"""Stated chances against what came, and paid hours against waits and losses."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import BLUE, GREY, ORANGE, sized, tips


def calibration(bins: pd.DataFrame, *, stated: str, held: str) -> Any:
    """``bins``: days, promised, held, low, high (shares): points as large as their days, on the line where true."""
    share = alt.Axis(format="%", tickCount=5)
    x = alt.X("promised:Q", title=stated, axis=share, scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("held:Q", title=held, axis=share, scale=alt.Scale(domain=[0, 1]))
    tooltip = [*tips("bin", "days"), *tips("promised", "held", "low", "high", form=".0%")]
    true = alt.Chart(pd.DataFrame({"promised": [0.0, 1.0], "held": [0.0, 1.0]}))
    line = true.mark_line(color=GREY, strokeDash=[5, 4]).encode(x=x, y=y)
    base = alt.Chart(bins).encode(x=x)
    reach = base.mark_rule(color=BLUE, opacity=0.6).encode(y="low:Q", y2="high:Q")
    size = alt.Size("days:Q", legend=None, scale=alt.Scale(range=[40, 400], zero=True))
    points = base.mark_point(filled=True, color=BLUE, opacity=1).encode(y=y, size=size, tooltip=tooltip)
    counts = base.mark_text(dx=14, align="left", color=GREY).encode(y="held:Q", text="days:Q")
    return sized(alt.layer(line, reach, points, counts), 280)


def frontier(rows: pd.DataFrame, against: str, *, hours: str, what: str) -> Any:
    """``rows``: more, people, paid_hours and the column ``against``; the plan (more = 0) stands out on the line."""
    shown = rows.assign(plan=rows["more"] == 0)
    base = alt.Chart(shown).encode(
        x=alt.X("paid_hours:Q", title=hours, scale=alt.Scale(zero=False)),
        y=alt.Y(f"{against}:Q", title=what, scale=alt.Scale(zero=True)),
    )
    tooltip = [
        *tips("people", "more"),
        *tips("paid_hours", form=",.0f"),
        alt.Tooltip(against, title=what, format=",.0f"),
        *tips("total", "wages", "lost", "waiting", form=",.0f"),
    ]
    line = base.mark_line(color=GREY, strokeWidth=1.5)
    dots = base.mark_point(filled=True, opacity=1).encode(
        color=alt.condition("datum.plan", alt.value(ORANGE), alt.value(BLUE)),
        size=alt.condition("datum.plan", alt.value(150), alt.value(50)),
        tooltip=tooltip,
    )
    return sized(alt.layer(line, dots), 240)
