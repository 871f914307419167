"""Agents needed and rostered, and the service they give."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import (
    ACTIVITY,
    BLUE,
    CELL_PX,
    GREY,
    ORANGE,
    OVER,
    SERIES,
    SHORT,
    TEAL,
    clocked,
    dates_axis,
    palette,
    sized,
    time_x,
    tips,
    zero_line,
)
from staffing.domain.calendar import SiteCalendar
from staffing.language import date_text
from staffing.language import text as said


def required(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: start, agents (on the phone), agents_scheduled (to roster) of one queue."""
    shown = clocked(rows, site, "start")
    base = alt.Chart(shown).encode(x=time_x(shown["start"], site), detail="day:T")
    tooltip = [
        *tips("at"),
        alt.Tooltip("agents:Q", title=said("agents on the phone")),
        alt.Tooltip("agents_scheduled:Q", format=".1f", title=said("to roster")),
    ]
    roster = base.mark_area(color=TEAL, opacity=0.25, interpolate="step-after").encode(
        y=alt.Y("agents_scheduled:Q", title=said("agents"), stack=False)
    )
    phone = base.mark_line(color=TEAL, strokeWidth=2, interpolate="step-after").encode(y="agents:Q", tooltip=tooltip)
    return sized(alt.layer(roster, phone), 280)


def service(rows: pd.DataFrame, target: float | None, site: SiteCalendar) -> Any:
    """``rows``: start, service_level in [0, 1] of one queue; the target as a dashed line."""
    shown = clocked(rows, site, "start")
    points = (
        alt.Chart(shown)
        .mark_line(color=BLUE, strokeWidth=1.6, point=alt.OverlayMarkDef(size=14, color=BLUE))
        .encode(
            x=time_x(shown["start"], site),
            y=alt.Y(
                "service_level:Q", title=said("service level"), axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)
            ),
            detail="day:T",
            tooltip=[
                *tips("at"),
                alt.Tooltip("service_level:Q", title=said("service level"), format=".1%"),
                alt.Tooltip("agents:Q", title=said("agents"), format=".1f"),
            ],
        )
    )
    if target is None:
        return sized(points, 240)
    line = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(color=ORANGE, strokeDash=[5, 4], strokeWidth=1.5)
    return sized(alt.layer(points, line.encode(y="target:Q")), 240)


def coverage(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: start, required, scheduled, net of one queue: required as a line over scheduled as an area."""
    shown = clocked(rows, site, "start")
    base = alt.Chart(shown).encode(x=time_x(shown["start"], site), detail="day:T")
    tooltip = [
        *tips("at"),
        alt.Tooltip("required:Q", title=said("required"), format=".0f"),
        alt.Tooltip("scheduled:Q", title=said("scheduled"), format=".1f"),
        alt.Tooltip("net:Q", title=said("net agents"), format="+.1f"),
    ]
    scheduled = base.mark_area(color=TEAL, opacity=0.35, interpolate="step-after").encode(
        y=alt.Y("scheduled:Q", title=said("agents on the phone"), stack=False), tooltip=tooltip
    )
    needed = base.mark_line(color=ORANGE, strokeWidth=2, interpolate="step-after").encode(
        y="required:Q", tooltip=tooltip
    )
    return sized(alt.layer(scheduled, needed), 280)


def net_heatmap(rows: pd.DataFrame, days: list[str], ink: str) -> Any:
    """``rows``: label (day), clock, net, text: over and under in colour and in figures; ``days`` in order.

    ``ink`` is the colour of text on the page.
    """
    most = max(float(rows["net"].abs().max()), 1.0)
    scale = alt.Scale(domain=[-most, 0, most], range=[SHORT, "#00000000", OVER], interpolate="rgb")
    base = alt.Chart(rows).encode(
        x=alt.X("clock:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, orient="top")),
        y=alt.Y("label:N", sort=days, title=None, axis=alt.Axis(labelLimit=170, labelFlush=False, labelBound=False)),
        tooltip=[
            *tips("label", "clock"),
            alt.Tooltip("net:Q", format="+.1f", title=said("net agents")),
        ],
    )
    cells = base.mark_rect(stroke=GREY, strokeOpacity=0.2).encode(color=alt.Color("net:Q", scale=scale, legend=None))
    on_colour = alt.condition(f"abs(datum.net) > {0.55 * most}", alt.value("#ffffff"), alt.value(ink))
    figures = base.mark_text(fontSize=10).encode(text="text:N", color=on_colour)
    return sized(alt.layer(cells, figures), alt.Step(CELL_PX + 6))


def gantt(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: agent, start, end, activity, label of one day; shifts with their breaks laid over them."""
    shown = clocked(rows, site, "start", "end")
    activities = list(dict.fromkeys(["shift", *shown["activity"]]))
    colours = tuple(ACTIVITY.get(name, SERIES[k % len(SERIES)]) for k, name in enumerate(activities))
    base = alt.Chart(shown).encode(
        x=alt.X("start:T", title=None, axis=alt.Axis(format="%H:%M", orient="top", tickCount=16)),
        x2="end:T",
        y=alt.Y(
            "agent:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=180, labelFontSize=11, labelOverlap=False, labelFlush=False),
        ),
        color=alt.Color(
            "activity:N", scale=palette(activities, colours), legend=alt.Legend(title=None, orient="bottom")
        ),
        tooltip=[*tips("agent", "activity"), alt.Tooltip("label", title=said("time"))],
    )
    shifts = base.transform_filter("datum.activity == 'shift'").mark_bar(height=13, cornerRadius=3, opacity=0.8)
    breaks = base.transform_filter("datum.activity != 'shift'").mark_bar(height=13)
    return sized(alt.layer(shifts, breaks), alt.Step(CELL_PX))


def drift(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: week, label, spread, above, agent: how far the load of most and least lie apart, week by week."""
    labels = list(dict.fromkeys(rows["label"]))
    shown = rows.assign(week=pd.to_datetime(rows["week"]))
    shown["day"] = [date_text(week.date(), site) for week in shown["week"]]
    chart = (
        alt.Chart(shown)
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("week:T", title=None, axis=dates_axis(sorted(set(shown["week"])), site)),
            y=alt.Y("spread:Q", title=said("shifts, most − least")),
            color=alt.Color(
                "label:N", scale=palette(labels, SERIES[: len(labels)]), legend=alt.Legend(title=None, orient="bottom")
            ),
            tooltip=[
                alt.Tooltip("day", title=said("week of")),
                alt.Tooltip("label", title=said("load")),
                alt.Tooltip("spread:Q", title=said("most − least"), format=".0f"),
                alt.Tooltip("agent", title=said("farthest above")),
                alt.Tooltip("above:Q", format="+.1f", title=said("above a fair share")),
            ],
        )
    )
    return sized(chart, 220)


def steps(rows: pd.DataFrame) -> Any:
    """``rows``: extra, hours_cost, lost_cost: the price of agents against the price of contacts lost."""
    shown = rows.melt(["extra"], ["hours_cost", "lost_cost"], "price", "money")
    hours, lost = said("agents' hours"), said("lost contacts")
    shown["price"] = shown["price"].map({"hours_cost": hours, "lost_cost": lost})
    chart = (
        alt.Chart(shown)
        .mark_bar(size=26)
        .encode(
            x=alt.X("extra:O", title=said("agents more or fewer in every interval"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("money:Q", title=said("cost of the week"), axis=alt.Axis(format="~s")),
            color=alt.Color(
                "price:N",
                scale=palette([hours, lost], (TEAL, SHORT)),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=[*tips("extra", "price"), alt.Tooltip("money:Q", title=said("cost"), format=",.0f")],
        )
    )
    return sized(chart, 240)


def measure_by_day(rows: pd.DataFrame, days: list[str], title: str, percent: bool) -> Any:
    """``rows``: scenario, label (day), value: one measure of several scenarios, day by day."""
    names = list(dict.fromkeys(rows["scenario"]))
    form = ".1%" if percent else ",.1f"
    chart = (
        alt.Chart(rows)
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("label:N", sort=days, title=None, axis=alt.Axis(labelAngle=0, labelLimit=150)),
            xOffset=alt.XOffset("scenario:N", sort=names),
            y=alt.Y("value:Q", title=title, axis=alt.Axis(format="%" if percent else "~s")),
            color=alt.Color("scenario:N", scale=palette(names), legend=alt.Legend(title=None, orient="top")),
            tooltip=[*tips("scenario", "label"), alt.Tooltip("value:Q", title=title, format=form)],
        )
    )
    return sized(chart, 280)


def net_lines(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: scenario, start, net: agents beyond the requirement, interval by interval."""
    shown = clocked(rows, site, "start")
    names = list(dict.fromkeys(shown["scenario"]))
    lines = (
        alt.Chart(shown)
        .mark_line(strokeWidth=1.5, interpolate="step-after")
        .encode(
            x=time_x(shown["start"], site),
            y=alt.Y("net:Q", title=said("scheduled − required, agents")),
            color=alt.Color("scenario:N", scale=palette(names), legend=alt.Legend(title=None, orient="top")),
            detail="day:T",
            tooltip=[*tips("scenario", "at"), alt.Tooltip("net:Q", title=said("net agents"), format="+.1f")],
        )
    )
    return sized(alt.layer(zero_line(), lines), 260)
