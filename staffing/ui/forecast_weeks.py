"""The quarter ahead, week by week: contacts with their range, hours to roster beside what contracts hold, events."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.charts import spans
from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.waiting import finished

if TYPE_CHECKING:
    import pandas as pd

    from staffing.ui.state import Desk


def tab(desk: Desk) -> None:
    """Thirteen weeks from the planned one on, worked out beside the page."""
    task = partial(tasks.quarter, desk.source, desk.scenario, desk.week)
    work = Work(task, first=(desk.forecast_work(desk.scenario),), history=desk.history.sha256)
    rows: pd.DataFrame = finished(desk.stage_key("quarter", desk.scenario), said("Forecasting the quarter"), work)
    shown = rows.assign(
        label=[text.short_day(day, desk.site) for day in rows["week"]],
        told=[text.week(day, desk.site) for day in rows["week"]],
    )
    st.altair_chart(spans.weeks_ahead(shown, list(shown["label"])), alt=said("Hours to roster week by week"))
    st.caption(
        said(
            "Bars: hours to roster so that the targets hold, shrinkage included; red where contracts hold fewer. "
            "Marks: the most hours that contracts hold, days off known so far taken out."
        )
    )
    number = st.column_config.NumberColumn
    currency = desk.scenario.prices.currency
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_order=["told", "calls", "low", "high", "hours", "people_hours", "gap", "cost", "events"],
        column_config={
            "told": st.column_config.TextColumn(said("Week"), width="medium"),
            "calls": number(said("Contacts"), format="localized", step=1),
            "low": number(said("From"), format="localized", step=1, help=said("One week in ten has fewer.")),
            "high": number(said("To"), format="localized", step=1, help=said("One week in ten has more.")),
            "hours": number(said("Hours to roster"), format="localized", step=1),
            "people_hours": number(said("Contracts hold, h"), format="localized", step=1),
            "gap": number(said("Left, h"), format="localized", step=1, help=said("Below zero people are missing.")),
            "cost": number(said("Cost of hours, {currency}", currency=currency), format="localized", step=1),
            "events": st.column_config.TextColumn(said("Events"), width="medium"),
        },
    )
