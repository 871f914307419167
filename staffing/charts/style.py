"""Colours that read on light and dark and to the colour-blind, and time as the site's clock shows it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from staffing.domain.calendar import SiteCalendar

schemapi.disable_debug_mode()  # every part of a chart checked against the grammar takes longer than the chart itself

BLUE, ORANGE, TEAL, VIOLET, RED, GREY = "#3f86d0", "#dd8a35", "#23998c", "#9273c6", "#cc5062", "#84919c"
SERIES = (BLUE, ORANGE, TEAL, VIOLET, RED, "#b3942a", GREY)
#: Too few agents is red, too many blue; the middle is the page itself.
SHORT, OVER = RED, BLUE
ACTIVITY = {"shift": TEAL, "break": ORANGE, "lunch": VIOLET}
CELL_PX = 20


def clocked(table: pd.DataFrame, site: SiteCalendar, *columns: str) -> pd.DataFrame:
    """``table`` with the instants of ``columns`` as the site's wall clock, and ``day`` and ``clock`` of the first.

    A browser shows such times as they are, whatever its own zone.
    """
    shown = table.copy()
    for column in columns:
        shown[column] = shown[column].dt.tz_convert(site.zone).dt.tz_localize(None)
    shown["day"] = shown[columns[0]].dt.normalize()
    shown["clock"] = shown[columns[0]].dt.strftime("%H:%M")
    return shown


def palette(names: list[str], colours: tuple[str, ...] = SERIES) -> alt.Scale:
    """A fixed colour per name, in order."""
    return alt.Scale(domain=names, range=[colours[k % len(colours)] for k in range(len(names))])


def time_x(times: pd.Series) -> alt.X:
    """The time axis of the intervals ``times``: hours for one day, else whole days, each labelled at its beginning."""
    first, last = times.min(), times.max()
    if first.normalize() == last.normalize():
        return alt.X("start:T", title=None, axis=alt.Axis(format="%H:%M", tickCount=14, labelOverlap=True))
    days = pd.date_range(first.normalize(), last.normalize())
    axis = alt.Axis(
        format="%a %d %b", values=[moment(day) for day in days], labelAlign="left", labelOffset=4, labelOverlap=True
    )
    ends = [moment(days[0]), moment(days[-1] + pd.Timedelta(days=1))]
    return alt.X("start:T", title=None, axis=axis, scale=alt.Scale(domain=ends))


def moment(day: pd.Timestamp) -> alt.DateTime:
    """A day's midnight as a chart takes it, in the browser's own zone like all times here."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day, hours=0)


def zero_line() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=GREY, opacity=0.7).encode(y="zero:Q")


def sized(chart: Any, height: int | alt.Step) -> Any:
    """The chart at its height (or height per row), filling the width of the page."""
    return chart.properties(height=height, width="container").configure_view(strokeWidth=0)
