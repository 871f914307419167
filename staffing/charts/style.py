"""Colours that read on light and dark and to the colour-blind, and time as the site's clock shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from staffing.domain.calendar import SiteCalendar
from staffing.language import day_and_month, is_month_start, marked, spoken, weekday_short
from staffing.language import text as said

schemapi.disable_debug_mode()  # every part of a chart checked against the grammar takes longer than the chart itself

BLUE, ORANGE, TEAL, VIOLET, RED, GREY = "#3f86d0", "#dd8a35", "#23998c", "#9273c6", "#cc5062", "#84919c"
SERIES = (BLUE, ORANGE, TEAL, VIOLET, RED, "#b3942a", GREY)
#: Too few agents is red, too many blue; the middle is the page itself.
SHORT, OVER = RED, BLUE
ACTIVITY = {"shift": TEAL, "break": ORANGE, "lunch": VIOLET}
CELL_PX = 20
#: Numbers of axes and tooltips as Persian writes them.
PERSIAN = {
    "number": {
        "decimal": "٫",
        "thousands": "٬",
        "grouping": [3],
        "currency": ["", ""],
        "numerals": list("۰۱۲۳۴۵۶۷۸۹"),
        "percent": "٪",
    }
}
#: What tooltips call the columns of a chart's table.
NAMES = {
    "agent": marked("person"),
    "activity": marked("activity"),
    "at": marked("from"),
    "bin": marked("stated"),
    "cause": marked("cause"),
    "clock": marked("time"),
    "day": marked("day"),
    "days": marked("days"),
    "effect": marked("effect"),
    "event": marked("event"),
    "extra": marked("agents more"),
    "held": marked("held"),
    "high": marked("at most"),
    "horizon": marked("days ahead"),
    "hour": marked("hour"),
    "kind": marked("kind"),
    "label": marked("day"),
    "lost": marked("lost contacts"),
    "low": marked("at least"),
    "model": marked("model"),
    "more": marked("people more"),
    "name": marked("name"),
    "of": marked("what"),
    "p10": marked("1 in 10 below"),
    "p90": marked("1 in 10 above"),
    "paid_hours": marked("paid hours"),
    "people": marked("people"),
    "price": marked("cost of"),
    "promised": marked("stated"),
    "queue": marked("queue"),
    "scenario": marked("scenario"),
    "state": marked("state"),
    "total": marked("total"),
    "version": marked("version"),
    "wages": marked("wages"),
    "waiting": marked("waiting"),
    "weekday": marked("weekday"),
}
MANY_DAYS = 100  # from so many on, an axis of days is labelled by months


def clocked(table: pd.DataFrame, site: SiteCalendar, *columns: str) -> pd.DataFrame:
    """``table`` with the instants of ``columns`` as the site's wall clock; of the first, ``day``, ``clock`` and ``at``.

    A browser shows such times as they are, whatever its own zone.
    """
    shown = table.copy()
    for column in columns:
        shown[column] = shown[column].dt.tz_convert(site.zone).dt.tz_localize(None)
    shown["day"] = shown[columns[0]].dt.normalize()
    shown["clock"] = shown[columns[0]].dt.strftime("%H:%M")
    days = {day: f"{weekday_short(day)} {day_and_month(day, site)}" for day in shown["day"].drop_duplicates()}
    shown["at"] = shown["day"].map(days) + " " + shown["clock"]
    return shown


def tips(*columns: str, form: str | None = None) -> list[alt.Tooltip]:
    """Tooltips that call columns what a reader calls them; ``form`` is how numbers are written."""
    given: dict[str, Any] = {} if form is None else {"format": form}
    return [alt.Tooltip(column, title=said(NAMES[column]), **given) for column in columns]


def palette(names: list[str], colours: tuple[str, ...] = SERIES) -> alt.Scale:
    """A fixed colour per name, in order."""
    return alt.Scale(domain=names, range=[colours[k % len(colours)] for k in range(len(names))])


def time_x(times: pd.Series, site: SiteCalendar) -> alt.X:
    """The time axis of the intervals ``times``: hours for one day, else whole days, each labelled at its beginning."""
    first, last = times.min(), times.max()
    if first.normalize() == last.normalize():
        return alt.X("start:T", title=None, axis=alt.Axis(format="%H:%M", tickCount=14, labelOverlap=True))
    days = pd.date_range(first.normalize(), last.normalize())
    axis = alt.Axis(
        values=[moment(day) for day in days],
        labelExpr=_labels({day: f"{weekday_short(day)} {day_and_month(day, site)}" for day in days}),
        labelAlign="left",
        labelOffset=4,
        labelOverlap=True,
    )
    ends = [moment(days[0]), moment(days[-1] + pd.Timedelta(days=1))]
    return alt.X("start:T", title=None, axis=axis, scale=alt.Scale(domain=ends))


def day_axis(days: pd.Series, site: SiteCalendar) -> alt.Axis:
    """An axis of many days: a label at each month's first day, or each week's where there are few months."""
    every = pd.date_range(days.min(), days.max())
    weekly = len(every) < MANY_DAYS
    ticks = [day for day in every if (site.week_of(day.date()) == day.date() if weekly else is_month_start(day, site))]
    return dates_axis(ticks, site)


def dates_axis(days: Iterable[pd.Timestamp], site: SiteCalendar, **given: Any) -> alt.Axis:
    """An axis that is labelled at these days, as the site writes dates."""
    told = {day: day_and_month(day, site) for day in days}
    return alt.Axis(values=[moment(day) for day in told], labelExpr=_labels(told), labelOverlap=True, **given)


def _labels(told: dict[pd.Timestamp, str]) -> str:
    """What an axis says at each of these days."""
    words = json.dumps({f"{day:%Y-%m-%d}": label for day, label in told.items()}, ensure_ascii=False)
    return f"({words})[timeFormat(datum.value, '%Y-%m-%d')] || ''"


def moment(day: pd.Timestamp) -> alt.DateTime:
    """A day's midnight as a chart takes it, in the browser's own zone like all times here."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day, hours=0)


def zero_line() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=GREY, opacity=0.7).encode(y="zero:Q")


def sized(chart: Any, height: int | alt.Step) -> Any:
    """The chart at its height (or height per row), filling the width of the page."""
    return in_tongue(chart.properties(height=height, width="container").configure_view(strokeWidth=0))


def in_tongue(chart: Any) -> Any:
    """The chart with numbers as the reader writes them."""
    return chart.configure(locale=PERSIAN) if spoken().code == "fa" else chart
