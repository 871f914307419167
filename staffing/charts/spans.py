"""Whole days and weeks: what comes and came, what it asks for."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import BLUE, GREY, ORANGE, RED, TEAL, clocked, palette, sized, time_x, tips
from staffing.domain.calendar import SiteCalendar
from staffing.language import text as said


def day_bars(rows: pd.DataFrame, past: pd.DataFrame, labels: list[str]) -> Any:
    """``rows``: label, calls, p10, p90 of whole days; ``past``: label, calls, of, what came on such days."""
    x = alt.X("label:N", sort=labels, title=None, axis=alt.Axis(labelAngle=0, labelLimit=140))
    tooltip = [
        *tips("label"),
        alt.Tooltip("calls:Q", format=",.0f", title=said("expected")),
        *tips("p10", "p90", form=",.0f"),
    ]
    base = alt.Chart(rows).encode(x=x, tooltip=tooltip)
    bars = base.mark_bar(color=BLUE, opacity=0.45, width={"band": 0.6}).encode(
        y=alt.Y("calls:Q", title=said("contacts a day"))
    )
    range_ = base.mark_rule(color=BLUE, strokeWidth=2).encode(y="p10:Q", y2="p90:Q")
    layers = [bars, range_]
    if len(past):
        names = list(dict.fromkeys(past["of"]))
        ticks = (
            alt.Chart(past)
            .mark_tick(thickness=3, width={"band": 0.6})
            .encode(
                x=x,
                y="calls:Q",
                color=alt.Color(
                    "of:N", scale=palette(names, (ORANGE, GREY)), legend=alt.Legend(title=None, orient="top")
                ),
                tooltip=[*tips("of", "label"), alt.Tooltip("calls:Q", title=said("contacts"), format=",.0f")],
            )
        )
        layers.append(ticks)
    return sized(alt.layer(*layers), 320)


def weeks_ahead(rows: pd.DataFrame, labels: list[str]) -> Any:
    """``rows``: label, hours, people_hours, events by week: hours to roster as bars, what contracts hold as ticks."""
    x = alt.X("label:N", sort=labels, title=None, axis=alt.Axis(labelAngle=-40, labelLimit=140))
    tooltip = [
        alt.Tooltip("label", title=said("week")),
        alt.Tooltip("hours:Q", format=",.0f", title=said("hours to roster")),
        alt.Tooltip("people_hours:Q", format=",.0f", title=said("hours of contracts")),
        alt.Tooltip("events", title=said("events")),
    ]
    base = alt.Chart(rows).encode(x=x, tooltip=tooltip)
    colour = alt.condition("datum.hours > datum.people_hours", alt.value(RED), alt.value(TEAL))
    bars = base.mark_bar(opacity=0.6, width={"band": 0.7}).encode(y=alt.Y("hours:Q", title=said("hours")), color=colour)
    held = base.mark_tick(color=ORANGE, thickness=3, width={"band": 0.9}).encode(y="people_hours:Q")
    return sized(alt.layer(bars, held), 300)


def against(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: start, calls, p10, p90, actual: a forecast with its range, and what came."""
    shown = clocked(rows, site, "start")
    x = time_x(shown["start"], site)
    base = alt.Chart(shown).encode(x=x)
    tooltip = [
        *tips("at"),
        alt.Tooltip("calls:Q", format=",.1f", title=said("expected")),
        alt.Tooltip("actual:Q", format=",.0f", title=said("came")),
    ]
    band = base.mark_area(color=BLUE, opacity=0.22).encode(y="p10:Q", y2="p90:Q", detail="day:T")
    mean = base.mark_line(color=BLUE, strokeWidth=2).encode(
        y=alt.Y("calls:Q", title=said("contacts per interval")), detail="day:T", tooltip=tooltip
    )
    came = base.mark_line(color=ORANGE, strokeWidth=1.6).encode(y="actual:Q", detail="day:T", tooltip=tooltip)
    return sized(alt.layer(band, mean, came), 300)


def required_days(rows: pd.DataFrame, labels: list[str]) -> Any:
    """``rows``: label, hours (on the phone), hours_scheduled (to roster) of whole days."""
    x = alt.X("label:N", sort=labels, title=None, axis=alt.Axis(labelAngle=0, labelLimit=140))
    tooltip = [
        alt.Tooltip("label", title=said("day")),
        alt.Tooltip("hours:Q", title=said("hours on the phone"), format=",.1f"),
        alt.Tooltip("hours_scheduled:Q", title=said("hours to roster"), format=",.1f"),
    ]
    base = alt.Chart(rows).encode(x=x, tooltip=tooltip)
    roster = base.mark_bar(color=TEAL, opacity=0.3, width={"band": 0.7}).encode(
        y=alt.Y("hours_scheduled:Q", title=said("hours"), stack=False)
    )
    phone = base.mark_bar(color=TEAL, width={"band": 0.35}).encode(y=alt.Y("hours:Q", stack=False))
    return sized(alt.layer(roster, phone), 280)


def service_days(rows: pd.DataFrame, target: float | None, labels: list[str]) -> Any:
    """``rows``: label, service_level in [0, 1] of whole days; the target as a dashed line."""
    x = alt.X("label:N", sort=labels, title=None, axis=alt.Axis(labelAngle=0, labelLimit=140))
    points = (
        alt.Chart(rows)
        .mark_point(color=BLUE, filled=True, size=90)
        .encode(
            x=x,
            y=alt.Y(
                "service_level:Q", title=said("service level"), axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)
            ),
            tooltip=[*tips("label"), alt.Tooltip("service_level:Q", title=said("service level"), format=".1%")],
        )
    )
    if target is None:
        return sized(points, 240)
    line = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(color=ORANGE, strokeDash=[5, 4], strokeWidth=1.5)
    return sized(alt.layer(points, line.encode(y="target:Q")), 240)
