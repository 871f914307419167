"""The forecast against what came: a past week as it was forecast from what was known before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from staffing.charts import spans
from staffing.evaluation.against import measures, pairs
from staffing.evaluation.came import by_levers
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import address, text

if TYPE_CHECKING:
    from staffing.ui.state import Desk

WEEKS_BACK = 8
WEEK = dt.timedelta(days=7)


def tab(desk: Desk, queue: str) -> None:
    """Choose a week that has come, at least in part; its picture, and its accuracy by interval and by day."""
    reached = desk.planner.day_after(desk.scenario)
    newest = desk.site.week_of(reached - dt.timedelta(days=1))
    weeks = {str(week): week for week in (newest - WEEK * k for k in range(WEEKS_BACK))}
    first = desk.week if desk.week in weeks.values() else newest
    address.stand("against-week", weeks, first, name="came")
    week = st.selectbox(said("Week that came"), list(weeks.values()), key="against-week",
                        format_func=lambda day: text.week(day, desk.site))  # fmt: skip
    then = replace(desk, week=week)
    made = then.forecast()
    came = desk.planner.history.aggregate(desk.site.interval_min).frame
    came = by_levers(came, desk.scenario)
    if queue not in {*made.paths, *made.sums}:
        st.info(said("The queue had no forecast in this week."), icon=":material/info:")
        return
    step, day = desk.site.interval_min, 24 * 60
    rows, days = (pairs(made, queue, minutes, came, desk.site) for minutes in (step, day))
    if rows.empty:
        st.info(said("Nothing of this week has come yet."), icon=":material/hourglass_empty:")
        return
    st.altair_chart(spans.against(rows, desk.site), alt=said("Forecast and what came"))
    st.caption(said("Line and band: the forecast from what was known before the week. The other line: what came."))
    _figures(measures(rows), measures(days))


def _figures(fine: dict[str, float], whole: dict[str, float]) -> None:
    """Accuracy in one row of figures, each with what it is."""
    told = (
        (
            said("Came"),
            digits(text.count(fine["came"])),
            said("Contacts that came; {calls} were expected.", calls=digits(text.count(fine["forecast"]))),
        ),
        (said("Bias"), digits(text.signed(100 * fine["bias"], 1, "%")), said("(Forecast − came) ÷ came.")),
        (
            said("WAPE by interval"),
            text.share(fine["wape"]),
            said("Sum of what each interval was off ÷ contacts that came."),
        ),
        (said("WAPE by day"), text.share(whole["wape"]), said("Sum of what each day was off ÷ contacts that came.")),
        (
            said("In the range"),
            text.share(fine["coverage"], 0),
            said("Intervals that came between p10 and p90; 80 % if the forecast knows how little it knows."),
        ),
    )
    for place, (label, value, meaning) in zip(st.columns(len(told)), told, strict=True):
        place.metric(label, value, help=meaning, border=True, height="stretch")
