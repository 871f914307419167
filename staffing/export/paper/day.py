"""A day on paper: each person's shift as a bar over the hours, breaks left white."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from staffing.export.clock import clock_spans
from staffing.export.paper.sheet import BOTTOM_MM, HEAD, NAME, QUIET, ROOM_MM, RULE, Look, Paper, colour
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import KIND_FILLS
from staffing.language import date_text, digits, text, weekday_name

NAME_MM, SPAN_MM, ROW_MM = 42.0, 26.0, 5.2
BAR_MM = ROOM_MM - NAME_MM - SPAN_MM
WHITE = (255, 255, 255)
CLOCK = Look(ink=QUIET, size=6.5, align="L", border=False)


def day_page(sheet: Paper, plan: PlanLike, day: dt.date) -> None:
    """Everybody who works on a day, those whose shift began the evening before first; no page for a day without."""
    site = plan.scenario.site
    first, last = site.midnight(day), site.midnight(day + dt.timedelta(days=1))
    made = plan.evaluation
    shifts = made.shifts[(made.shifts["start"] < last) & (made.shifts["end"] > first)]
    if shifts.empty:
        return
    shifts = shifts.sort_values(["start", "end", "agent"], kind="stable")
    spans = clock_spans(shifts, site)
    fills = {shift.name: colour(KIND_FILLS[k % len(KIND_FILLS)]) for k, shift in enumerate(plan.scenario.shifts)}
    heading = f"{weekday_name(day)} {date_text(day, site)}"
    scale = _Scale(first, last, shifts, mirrored=sheet.mirrored)
    top = BOTTOM_MM
    for shift, span in zip(shifts.itertuples(), spans, strict=True):
        if top + ROW_MM > BOTTOM_MM:
            top = _head(sheet, heading, scale, site.zone)
        sheet.row(top, ROW_MM, (NAME_MM, SPAN_MM), ((shift.agent, NAME), (digits(span), Look(size=7))))
        sheet.bar(top + 0.8, *scale.place(shift.start, shift.end), ROW_MM - 1.6, fills.get(shift.kind, RULE))
        own = made.activities[(made.activities["shift"] == shift.Index)]
        for row in own[~own["activity"].isin(("shift", "work"))].itertuples():
            sheet.bar(top + 1.6, *scale.place(row.start, row.end), ROW_MM - 3.2, WHITE)
        top += ROW_MM


class _Scale:
    """Where an instant of the day lies on the page: the hours in which anybody works."""

    def __init__(self, first: pd.Timestamp, last: pd.Timestamp, shifts: pd.DataFrame, *, mirrored: bool) -> None:
        self.mirrored = mirrored
        self.first = max(first, shifts["start"].min().floor("h"))
        self.last = min(last, shifts["end"].max().ceil("h"))

    def place(self, start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
        """Side and width of a span, cut to the day; time runs from left to right on every page."""
        begin, stop = (self._at(min(max(moment, self.first), self.last)) for moment in (start, end))
        return NAME_MM + SPAN_MM + (BAR_MM - stop if self.mirrored else begin), stop - begin

    def _at(self, moment: pd.Timestamp) -> float:
        return BAR_MM * float((moment - self.first) / (self.last - self.first))


def _head(sheet: Paper, heading: str, scale: _Scale, zone: dt.tzinfo) -> float:
    top = sheet.page(heading)
    sheet.row(top, ROW_MM, (NAME_MM, SPAN_MM), ((text("Agent"), HEAD), (text("Hours"), HEAD)))
    for hour in pd.date_range(scale.first, scale.last, freq="h", inclusive="left"):
        side, width = scale.place(hour, hour + pd.Timedelta(hours=1))
        sheet.bar(top, side, 0.2, BOTTOM_MM - top, RULE)
        sheet.write(top, side, max(width, 8.0), ROW_MM, digits(f"{hour.tz_convert(zone):%H}"), CLOCK)
    return top + ROW_MM
