"""The roster in money: what staffing costs beside what understaffing breaks, and the price of more certainty."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.charts import chances as charts
from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.waiting import finished

if TYPE_CHECKING:
    from staffing.api.value import Value
    from staffing.planner import Plan
    from staffing.ui.state import Desk


def tab(desk: Desk, made: Plan) -> None:
    """Money of the roster, of one with more or fewer people, and of what protects them."""
    key = desk.stage_key(f"value-{desk.week}-{made.roster.paid_hours:.2f}-{made.roster.objective:.4f}", made.scenario)
    found = finished(key, said("Valuing the roster"), Work(partial(tasks.value, made), history=desk.history.sha256))
    _headline(found)
    left, right = st.columns(2)
    drawn = (
        (left, "waited_hours", said("hours that customers wait")),
        (right, "lost_contacts", said("contacts lost")),
    )
    for column, against, what in drawn:
        chart = charts.frontier(found.frontier, against, hours=said("paid hours"), what=what)
        column.altair_chart(chart, alt=said("Paid hours against what customers bear, the plan in orange"))
    st.caption(
        said("The roster in orange; each point has people more or fewer, simulated {runs} times.", runs=found.runs)
    )
    _money(found)
    st.subheader(said("What protects people and quality"))
    _table(found.guards, {"guard": said("Guard-rail"), "hours": said("Hours a week"), "money": found.currency})


def certainty(desk: Desk) -> None:
    """What it costs that more days hold; worked out when it is asked for."""
    with st.expander(said("The price of certainty"), icon=":material/target:"):
        if not st.toggle(said("Work it out"), key="certainty-asked"):
            st.caption(said("Hours to roster for 80, 85, 90 and 95 % of days that hold."))
            return
        key = desk.stage_key(f"certainty-{desk.week}", desk.scenario)
        work = Work(partial(tasks.certainty, desk.source, desk.scenario, desk.week), history=desk.history.sha256)
        rows = finished(key, said("Pricing certainty"), work)
        share = [said("as promised") if pd.isna(meet) else text.share(meet, 0) for meet in rows["meet"]]
        shown = rows.assign(meet=share)[["meet", "rostered_hours", "cost"]]
        money = desk.scenario.prices.currency
        _table(shown, {"meet": said("Days that hold"), "rostered_hours": said("Hours a week"), "cost": money})


def _headline(found: Value) -> None:
    now, steps = found.plan, found.frontier.set_index("more")["total"]
    whole, fewer, more = st.columns(3)
    money = found.currency
    whole.metric(said("In all, a week"), text.with_unit(now["total"], 0, money), border=True)
    fewer.metric(said("One person fewer"), text.signed(steps[-1] - now["total"], 0, money), border=True)
    more.metric(said("One person more"), text.signed(steps[1] - now["total"], 0, money), border=True)


def _money(found: Value) -> None:
    names = {
        "more": said("People more"),
        "paid_hours": said("Paid hours"),
        "wages": said("Wages"),
        "overrun": said("Overrun"),
        "lost": said("Lost contacts"),
        "waiting": said("Waiting"),
        "repeats": said("Repeat contacts"),
        "leavers": said("People who leave"),
        "total": said("In all"),
    }
    _table(found.frontier[list(names)], names)
    st.caption(said("Wages and overrun are what staffing costs; the others what understaffing breaks."))


def _table(rows: pd.DataFrame, names: dict[str, str]) -> None:
    number = st.column_config.NumberColumn
    columns = {
        name: number(label, format="localized") if rows[name].dtype.kind in "if" else label
        for name, label in names.items()
    }
    figures = {name: rows[name].round(0) for name in rows if rows[name].dtype.kind == "f"}
    st.dataframe(rows.assign(**figures), hide_index=True, height="content", column_config=columns)
