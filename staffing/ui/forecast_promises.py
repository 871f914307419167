"""Promises kept: the chances stated when weeks were published, against what came."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.charts import chances as charts
from staffing.language import digits
from staffing.language import text as said
from staffing.store.promised import published_rosters
from staffing.ui import tasks, text
from staffing.ui.waiting import Work, finished

if TYPE_CHECKING:
    import pandas as pd

    from staffing.planner import Plan
    from staffing.store.rosters import Publication
    from staffing.ui.state import Desk


def chances(desk: Desk) -> None:
    """Whether stated chances were true, with the days behind them."""
    st.caption(
        said("The chance of each day is kept when its week is published; what came is played against its roster.")
    )
    promised = desk.workspace.promised.all()
    if promised.empty:
        st.info(said("No week has been published with its chances yet."), icon=":material/hourglass_empty:")
        return
    key = desk.stage_key(f"chances-{len(promised)}-{desk.workspace.ground.stamp()}", desk.scenario)
    told = promised, published_rosters(promised, desk.workspace.rosters)
    work = Work(partial(tasks.chances, desk.source, told, desk.scenario), history=desk.history.sha256)
    found = finished(key, said("Holding chances against what came"), work)
    if found.bins.empty:
        st.info(said("No day that was promised has come yet."), icon=":material/hourglass_empty:")
        return
    if not found.enough:
        few = said("Not enough days yet to judge the chances: {days} have come.", days=digits(str(len(found.days))))
        st.warning(few, icon=":material/hourglass_top:")
    left, middle, right = st.columns(3)
    left.metric(said("Days that held"), text.share(found.days["held"].mean(), 0), border=True)
    middle.metric(said("Promised on average"), text.share(found.days["promised"].mean(), 0), border=True)
    score = said("Of stating the mean for every day: {score}. Lower is better.", score=text.count(found.base_brier, 3))
    right.metric(said("Brier score"), text.count(found.brier, 3), help=score, border=True)
    drawn = charts.calibration(found.bins, stated=said("stated chance"), held=said("days that held"))
    st.altair_chart(drawn, alt=said("Stated chance of days against the share that held"))
    st.caption(said("On the dashed line chances are true; numbers are days, bars their 95 % interval."))


def keep(desk: Desk, entry: Publication, made: Plan, table: pd.DataFrame) -> None:
    """Note the chances of a publication's days to come, where what is published is what was simulated."""
    if made.roster.table.equals(table):
        now = desk.history.frame["start"].max().tz_convert(desk.site.zone).date()
        days = made.simulated.days
        desk.workspace.promised.keep(entry, days[days["day"] > now], made.simulated.runs)
