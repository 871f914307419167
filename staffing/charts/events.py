"""Events: the month they lie in, what past ones did, which hours they load, when a launch is cheapest."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import BLUE, GREY, ORANGE, RED, TEAL, in_tongue, palette, sized, tips, zero_line
from staffing.language import text as said

SHARE = alt.Axis(format="+.0%", tickCount=4)
PER_ROW = 4


def month(days: pd.DataFrame, weekdays: list[str]) -> Any:
    """``days``: week, weekday, label, names (of that day's events), count, planned (in the planned week)."""
    weeks = list(dict.fromkeys(days["week"]))
    x = alt.X("weekday:N", sort=weekdays, title=None, axis=alt.Axis(labelAngle=0, orient="top", domain=False))
    y = alt.Y("week:N", sort=weeks, title=None, axis=alt.Axis(labels=False, ticks=False, domain=False))
    base = alt.Chart(days).encode(x=x, y=y, tooltip=[*tips("label"), alt.Tooltip("names", title=said("events"))])
    cells = base.mark_rect(cornerRadius=4, strokeWidth=1.5, strokeOpacity=1).encode(
        color=alt.condition("datum.count > 0", alt.value(ORANGE), alt.value(GREY)),
        fillOpacity=alt.condition("datum.count > 0", alt.value(0.22), alt.value(0.1)),
        stroke=alt.condition("datum.planned", alt.value(BLUE), alt.value("transparent")),
    )
    dates = base.mark_text(dy=-12, color=GREY, fontSize=11).encode(text="label:N")
    names = base.mark_text(dy=7, fontSize=11, fontWeight="bold", limit=130, color=ORANGE).encode(text="short:N")
    return sized(alt.layer(cells, dates, names), alt.Step(48))


def past_responses(rows: pd.DataFrame) -> Any:
    """Small multiples of past events aligned on day one. ``rows``: event, size, day, actual, learned (shares)."""
    order = list(dict.fromkeys(rows["event"]))
    labels = alt.Axis(labelAngle=0, labelExpr="datum.value == 1 || datum.value % 5 == 0 ? datum.label : ''")
    x = alt.X("day:O", title=said("day of the event"), axis=labels)  # ordinal: there is no day 0
    bars = (
        alt.Chart(rows)
        .mark_bar(color=BLUE, opacity=0.5)
        .encode(
            x=x,
            y=alt.Y("actual:Q", title=said("contacts added"), axis=SHARE),
            tooltip=[
                *tips("event", "day"),
                alt.Tooltip("actual:Q", title=said("came"), format="+.1%"),
                alt.Tooltip("learned:Q", title=said("learnt"), format="+.1%"),
            ],
        )
    )
    line = alt.Chart(rows).mark_line(color=ORANGE, strokeWidth=2.2).encode(x=x, y="learned:Q")
    panel = alt.layer(bars, line).properties(width=170, height=110)
    facet = alt.Facet("event:N", sort=order, title=None, header=alt.Header(labelLimit=180))
    return in_tongue(panel.facet(facet, columns=PER_ROW).configure_view(strokeWidth=0))


def learned(rows: pd.DataFrame) -> Any:
    """One kind's effect by day. ``rows``: queue, day, effect, low, high (shares)."""
    queues = list(dict.fromkeys(rows["queue"]))
    base = alt.Chart(rows).encode(
        x=alt.X(
            "day:O", title=said("day of an event of the usual size"), axis=alt.Axis(labelAngle=0, labelOverlap=True)
        ),
        color=alt.Color("queue:N", scale=palette(queues), legend=alt.Legend(title=None, orient="top")),
        xOffset=alt.XOffset("queue:N", sort=queues),
    )
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(
        y=alt.Y("effect:Q", title=said("contacts added"), axis=SHARE),
        tooltip=[*tips("queue", "day"), *tips("effect", "low", "high", form="+.1%")],
    )
    ranges = base.mark_rule(strokeWidth=2, opacity=0.6).encode(y="low:Q", y2="high:Q")
    return sized(alt.layer(zero_line(), ranges, dots), 220)


def hours(rows: pd.DataFrame) -> Any:
    """One kind's effect by hour. ``rows``: queue, hour, effect, low, high (shares); hours of one sort."""
    queues = list(dict.fromkeys(rows["queue"]))
    since = (rows["hours"] == "since start").all()
    title = said("hours since the start") if since else said("hour of the day")
    base = alt.Chart(rows).encode(
        x=alt.X("hour:Q", title=title, axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("queue:N", scale=palette(queues), legend=alt.Legend(title=None, orient="top")),
    )
    band = base.mark_area(opacity=0.18, interpolate="step-after").encode(y="low:Q", y2="high:Q")
    line = base.mark_line(strokeWidth=2, interpolate="step-after").encode(
        y=alt.Y("effect:Q", title=said("contacts added"), axis=SHARE),
        tooltip=[*tips("queue", "hour"), *tips("effect", "low", "high", form="+.0%")],
    )
    return sized(alt.layer(zero_line(), band, line), 220)


def launch_dates(rows: pd.DataFrame, currency: str) -> Any:
    """``rows``: label, cost, extra_hours, shortage_hours, wait_s, state (best, worst, open, closed), by date."""
    states = {"best": said("best"), "worst": said("worst"), "open": said("possible"), "closed": said("closed")}
    colours = (TEAL, RED, BLUE, GREY)
    bars = (
        alt.Chart(rows.assign(state=rows["state"].map(states)))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=-55, labelOverlap=False)),
            y=alt.Y("cost:Q", title=said("cost of the launch, {currency}", currency=currency)),
            color=alt.Color(
                "state:N", scale=palette([*states.values()], colours), legend=alt.Legend(title=None, orient="top")
            ),
            tooltip=[
                alt.Tooltip("label", title=said("first day")),
                alt.Tooltip("cost:Q", title=said("cost"), format=",.0f"),
                alt.Tooltip("extra_hours:Q", format=",.1f", title=said("extra agent-hours")),
                alt.Tooltip("shortage_hours:Q", format=",.1f", title=said("hours short")),
                alt.Tooltip("wait_s:Q", format=",.1f", title=said("expected wait, s")),
            ],
        )
    )
    return sized(alt.layer(zero_line(), bars), 260)


def promises(rows: pd.DataFrame) -> Any:
    """``rows``: event, queue, of (promised, came, next estimate; in words), share: added to contacts."""
    named = list(dict.fromkeys(rows["of"]))
    dots = (
        alt.Chart(rows)
        .mark_point(filled=True, size=90, opacity=0.95)
        .encode(
            x=alt.X("share:Q", title=said("contacts added"), axis=alt.Axis(format="+.0%")),
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color(
                "of:N", scale=palette(named, (GREY, BLUE, ORANGE)), legend=alt.Legend(title=None, orient="top")
            ),
            shape=alt.Shape(
                "of:N", scale=alt.Scale(domain=named, range=["circle", "square", "triangle-right"]), legend=None
            ),
            tooltip=[*tips("name", "of"), alt.Tooltip("share:Q", title=said("change"), format="+.1%")],
        )
    )
    return sized(dots, alt.Step(30))
