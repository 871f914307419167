"""The list of shifts by person, each with its queue and breaks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from staffing.evaluation.timeline import ON_PHONE
from staffing.export.clock import breaks_told, clock_spans
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import Book
from staffing.language import jalali, marked, text, weekday_name


def shift_sheet(sheet: Any, book: Book, plan: PlanLike) -> None:
    """Fill ``sheet`` (its title stands in row 1): one row per shift, by person and time."""
    site = plan.scenario.site
    shows_jalali = site.display == "jalali"
    dates = [marked("Date"), *([marked("Jalali")] if shows_jalali else [])]
    heads = [marked("Agent"), marked("Team"), marked("Day"), *dates, marked("Hours"), marked("Kind")]
    heads += [marked("Queue"), marked("Breaks")]
    for column, label in enumerate([*heads, marked("Paid hours")]):
        sheet.write_string(1, column, text(label), book.style("head_left"))
    shifts = _in_order(plan)
    queues, breaks = _queues(plan.evaluation.activities), breaks_told(plan.evaluation.activities, site)
    for row, (shift, hours) in enumerate(zip(shifts.itertuples(), clock_spans(shifts, site), strict=True), 2):
        dated = [jalali(shift.day)] if shows_jalali else []
        before = [shift.agent, shift.team, weekday_name(shift.day)]
        after = [*dated, hours, shift.kind, queues.get(shift.Index, ""), breaks.get(shift.Index, "")]
        for column, told in enumerate(before):
            sheet.write_string(row, column, told, book.style("name"))
        sheet.write_datetime(row, 3, dt.datetime.combine(shift.day, dt.time()), book.style("date"))
        for column, told in enumerate(after, 4):
            sheet.write_string(row, column, told, book.style("name"))
        sheet.write_number(row, len(heads), shift.paid_hours, book.style("hours"))
    sheet.autofilter(1, 0, 1 + len(shifts), len(heads))
    sheet.freeze_panes(2, 1)
    for column, width in enumerate([24, 13, 11, 11, *([11] if shows_jalali else []), 13, 13, 13, 52, 10]):
        sheet.set_column(column, column, width)


def _in_order(plan: PlanLike) -> pd.DataFrame:
    place = {agent.name: number for number, agent in enumerate(plan.scenario.agents)}
    shifts = plan.evaluation.shifts
    return shifts.assign(place=shifts["agent"].map(place)).sort_values(["place", "start"], kind="stable")


def _queues(activities: pd.DataFrame) -> dict[int, str]:
    rows = activities[activities["activity"].isin(ON_PHONE)].sort_values("start", kind="stable")
    return {int(number): ", ".join(dict.fromkeys(own)) for number, own in rows.groupby("shift")["queue"]}
