"""Contacts and handle times: what was, what is expected, and why."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from staffing.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    SERIES,
    TEAL,
    VIOLET,
    clocked,
    dates_axis,
    day_axis,
    palette,
    sized,
    time_x,
    tips,
    zero_line,
)
from staffing.domain.calendar import SiteCalendar
from staffing.language import marked
from staffing.language import text as said

MODELS = {
    "mix": marked("mix"),
    "regression": marked("regression"),
    "second_regression": marked("second regression"),
    "smoothing": marked("smoothing"),
    "boosting": marked("boosting"),
    "weekday_mean": marked("weekday mean"),
}  # Prophet, and models of the caller's own, have names


def daily_volumes(days: pd.DataFrame, site: SiteCalendar) -> Any:
    """``days``: queue, day, calls, label. Days that lack a figure leave a hole in the line."""
    queues = sorted(days["queue"].unique())
    lines = (
        alt.Chart(days)
        .mark_line(strokeWidth=1.4, interpolate="linear")
        .encode(
            x=alt.X("day:T", title=None, axis=day_axis(days["day"], site)),
            y=alt.Y("calls:Q", title=said("contacts a day"), scale=alt.Scale(zero=True)),
            color=alt.Color("queue:N", scale=palette(queues), legend=None if len(queues) == 1 else _legend()),
            tooltip=[
                *tips("queue", "label"),
                alt.Tooltip("calls", title=said("contacts"), format=",.0f"),
            ],
        )
    )
    return sized(lines.interactive(bind_y=False), 280)


def weekday_profile(profile: pd.DataFrame, weekdays: list[str]) -> Any:
    """``profile``: weekday, clock (HH:MM), calls: mean contacts per interval of each weekday, in week order."""
    chart = (
        alt.Chart(profile)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=alt.X("clock:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("calls:Q", title=said("contacts per interval")),
            color=alt.Color("weekday:N", sort=weekdays, scale=palette(weekdays), legend=_legend()),
            tooltip=[*tips("weekday", "clock"), alt.Tooltip("calls", title=said("contacts"), format=",.1f")],
        )
    )
    return sized(chart, 280)


def forecast_band(rows: pd.DataFrame, past: pd.DataFrame, site: SiteCalendar) -> Any:
    """Mean and p10–p90 band of one queue; ``past`` (start, calls, of) are actual contacts to compare with."""
    shown = clocked(rows, site, "start")
    x = time_x(shown["start"], site)
    tooltip = [
        *tips("at"),
        alt.Tooltip("calls:Q", format=",.1f", title=said("expected")),
        *tips("p10", "p90", form=",.0f"),
    ]
    chart = alt.Chart(shown)
    band = chart.mark_area(color=BLUE, opacity=0.22).encode(x=x, y="p10:Q", y2="p90:Q", detail="day:T")
    mean = chart.mark_line(color=BLUE, strokeWidth=2).encode(
        x=x, y=alt.Y("calls:Q", title=said("contacts per interval")), detail="day:T", tooltip=tooltip
    )
    layers = [band, mean]
    if len(past):
        layers.insert(0, _actual(clocked(past, site, "start")))
    return sized(alt.layer(*layers), 320)


def _actual(past: pd.DataFrame) -> Any:
    names = list(dict.fromkeys(past["of"]))
    return (
        alt.Chart(past)
        .mark_line(strokeWidth=1.2)
        .encode(
            x="start:T",
            y="calls:Q",
            color=alt.Color("of:N", scale=palette(names, (ORANGE, GREY)), legend=_legend()),
            detail="day:T",
            tooltip=[
                *tips("of", "at"),
                alt.Tooltip("calls:Q", title=said("contacts"), format=",.0f"),
            ],
        )
    )


def handle_time(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """Mean handle time per interval of one queue."""
    shown = clocked(rows, site, "start")
    chart = (
        alt.Chart(shown)
        .mark_line(color=TEAL, strokeWidth=2)
        .encode(
            x=time_x(shown["start"], site),
            y=alt.Y("aht_s:Q", title=said("seconds"), scale=alt.Scale(zero=False, padding=10)),
            detail="day:T",
            tooltip=[
                *tips("at"),
                alt.Tooltip("aht_s:Q", format=",.0f", title=said("handle time, s")),
            ],
        )
    )
    return sized(chart, 200)


def causes(rows: pd.DataFrame) -> Any:
    """``rows``: cause, calls, of one day: what each cause adds (+) or takes away (−), in the order given."""
    order = list(rows["cause"])
    base = alt.Chart(rows).encode(
        y=alt.Y("cause:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, labelFlush=False)),
        x=alt.X("calls:Q", title=said("contacts of the day")),
        tooltip=[*tips("cause"), alt.Tooltip("calls:Q", title=said("contacts"), format="+,.0f")],
    )
    colour = alt.condition("datum.calls < 0", alt.value(RED), alt.value(BLUE))
    bars = base.mark_bar(height=16, cornerRadius=2).encode(color=colour)
    return sized(bars, alt.Step(26))


def before_after(rows: pd.DataFrame, site: SiteCalendar) -> Any:
    """``rows``: start, calls, version: the same week under two versions of a scenario."""
    shown = clocked(rows, site, "start")
    versions = list(dict.fromkeys(shown["version"]))
    chart = (
        alt.Chart(shown)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=time_x(shown["start"], site),
            y=alt.Y("calls:Q", title=said("contacts per interval")),
            color=alt.Color("version:N", scale=palette(versions, (GREY, ORANGE)), legend=_legend()),
            detail="day:T",
            tooltip=[
                *tips("version", "at"),
                alt.Tooltip("calls:Q", title=said("contacts"), format=",.1f"),
            ],
        )
    )
    return sized(chart, 280)


def day_differences(rows: pd.DataFrame) -> Any:
    """``rows``: label, difference: contacts a day that the changes add or take away."""
    bars = (
        alt.Chart(rows)
        .mark_bar(cornerRadius=2, size=26)
        .encode(
            x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=140)),
            y=alt.Y("difference:Q", title=said("contacts, change")),
            color=alt.condition("datum.difference < 0", alt.value(TEAL), alt.value(ORANGE)),
            tooltip=[*tips("label"), alt.Tooltip("difference:Q", title=said("contacts, change"), format="+,.0f")],
        )
    )
    return sized(alt.layer(bars, zero_line()), 180)


def model_name(model: str) -> str:
    """A model of day totals, or the ``mix`` of them, in the reader's words."""
    return said(MODELS.get(model, model.replace("_", " ")))


def weights(rows: pd.DataFrame) -> Any:
    """``rows``: horizon, model, weight of one queue: how much each model has to say so many days ahead."""
    rows = rows.assign(model=rows["model"].map(model_name), horizon=rows["horizon"].map(said))
    chart = (
        alt.Chart(rows)
        .mark_bar(height=18)
        .encode(
            x=alt.X("weight:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("horizon:N", title=None, sort=None, axis=alt.Axis(labelLimit=200)),
            color=alt.Color("model:N", scale=palette(sorted(rows["model"].unique())), legend=_legend()),
            tooltip=[*tips("horizon", "model"), alt.Tooltip("weight:Q", title=said("weight"), format=".0%")],
        )
    )
    return sized(chart, alt.Step(30))


def by_model(rows: pd.DataFrame) -> Any:
    """``rows``: day, model, calls, label: what the mix and chosen models say of whole days."""
    rows = rows.assign(model=rows["model"].map(model_name))
    names = list(dict.fromkeys(rows["model"]))
    chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2, point=True)
        .encode(
            x=alt.X("label:N", sort=list(dict.fromkeys(rows["label"])), title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("calls:Q", title=said("contacts a day"), scale=alt.Scale(zero=False, padding=10)),
            color=alt.Color("model:N", scale=palette(names), legend=_legend()),
            tooltip=[
                *tips("model", "label"),
                alt.Tooltip("calls:Q", title=said("contacts"), format=",.0f"),
            ],
        )
    )
    return sized(chart, 220)


def timeline(events: pd.DataFrame, week: pd.DataFrame, site: SiteCalendar) -> Any:
    """``events``: name, kind, start, until, on, state (in words), label; ``week``: start, until of the planned week."""
    kinds = sorted(events["kind"].unique())
    shade = alt.Chart(week).mark_rect(color=GREY, opacity=0.16).encode(x="start:T", x2="until:T")
    bars = (
        alt.Chart(events)
        .mark_bar(height=16, cornerRadius=4)
        .encode(
            x=alt.X("start:T", title=None, axis=_dates_axis(events["start"].min(), events["until"].max(), site)),
            x2="until:T",
            y=alt.Y(
                "name:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, labelOverlap=False, labelFlush=False)
            ),
            color=alt.Color(
                "kind:N", scale=palette(kinds, (BLUE, ORANGE, VIOLET, TEAL, RED, SERIES[5])), legend=_legend()
            ),
            opacity=alt.condition("datum.on", alt.value(1.0), alt.value(0.3)),
            tooltip=[*tips("name", "kind"), alt.Tooltip("label", title=said("days")), *tips("state")],
        )
    )
    return sized(alt.layer(shade, bars), alt.Step(26))


def _dates_axis(first: pd.Timestamp, last: pd.Timestamp, site: SiteCalendar) -> alt.Axis:
    """At most a dozen dates, each once."""
    step = max(1, -(-(last - first).days // 12))
    return dates_axis(pd.date_range(first, last, freq=f"{step}D"), site, orient="top")


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=240)
