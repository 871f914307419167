"""What is to be expected of a roster under uncertainty, and how surely its days and weeks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.domain.calendar import SiteCalendar
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import terms, text, views

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation
    from staffing.planner import Plan
    from staffing.simulation.result import Simulated


def headline(made: Plan) -> None:
    """Service under uncertainty: what is expected, and how surely days and the week hold."""
    played, prices = made.simulated, made.scenario.prices
    total, behind = played.total, said("By {runs} simulated weeks, contact by contact.", runs=played.runs)
    expected, day, week, overrun = st.columns(4)
    expected.metric(
        said("Expected service"),
        text.share(total["service_level"]),
        help=said(
            "{behind} The mean lies between {service_level_low} and {service_level_high} (95 % "
            "interval); eight weeks in ten between {service_level_p10} and {service_level_p90}.",
            behind=behind,
            service_level_low=text.share(total["service_level_low"]),
            service_level_high=text.share(total["service_level_high"]),
            service_level_p10=text.share(total["service_level_p10"]),
            service_level_p90=text.share(total["service_level_p90"]),
        ),
        border=True,
    )
    day.metric(
        said("A day holds"),
        text.share(total["p_day_meets_target"]),
        help=said("Chance, mean over days. {behind}", behind=behind),
        border=True,
    )
    week.metric(
        said("The week holds"),
        text.share(total["p_week_meets_target"]),
        help=said("Chance. {behind}", behind=behind),
        border=True,
    )
    overrun.metric(
        said("Overrun"),
        text.hours(total["overrun_hours"]),
        help=said(
            "Worked past shift ends and into breaks to finish the contact in hand: {overrun_cost} {currency}. {behind}",
            overrun_cost=digits(f"{total['overrun_cost']:,.0f}"),
            currency=text.escape(prices.currency),
            behind=behind,
        ),
        border=True,
    )


def days(played: Simulated, queue: str, site: SiteCalendar) -> None:
    """Each day of a queue: expected service, its range, and the chance that the day keeps every promise."""
    rows = played.days[(played.days["queue"] == queue) & played.days["p_meets_target"].notna()]
    st.subheader(said("How surely each day holds"), help=said("All targets of the queue over the day as a whole."))
    number = st.column_config.NumberColumn
    shares = ["service_level", "service_level_p10", "service_level_p90", "p_meets_target", "p_low", "p_high"]
    st.dataframe(
        rows.assign(day=[text.day(day, site) for day in rows["day"]], **{name: 100 * rows[name] for name in shares}),
        hide_index=True,
        height="content",
        column_order=["day", *shares, "overrun_hours"],
        column_config={
            "day": st.column_config.TextColumn(said("Day"), width="medium"),
            "service_level": number(said("Expected service"), format="%.1f %%"),
            "service_level_p10": number(said("One in ten below"), format="%.1f %%"),
            "service_level_p90": number(said("One in ten above"), format="%.1f %%"),
            "p_meets_target": number(said("Chance that it holds"), format="%.0f %%"),
            "p_low": number(said("at least"), format="%.0f %%", help=said("95 % interval of the chance.")),
            "p_high": number(said("at most"), format="%.0f %%", help=said("95 % interval of the chance.")),
            "overrun_hours": number(said("Overrun, h"), format="%.1f"),
        },
    )
    st.caption(
        said(
            "Each day was simulated {runs} times, contact by contact, with sample paths of the forecast.",
            runs=played.runs,
        )
    )


def cover_changed(rows: pd.DataFrame, site: SiteCalendar) -> None:
    """Intervals whose cover an edit changed: before and after, short or over."""
    net = rows["after"] - rows["required"]
    state_of = pd.cut(net, [-float("inf"), -1e-9, 1 - 1e-9, float("inf")], labels=["short", "even", "over"])
    st.dataframe(
        rows.assign(start=views.moments(rows, site), state=state_of.astype(str)),
        hide_index=True,
        column_config={
            "queue": said("Queue"),
            "start": st.column_config.TextColumn(said("From")),
            "required": st.column_config.NumberColumn(said("Required"), format="%.1f"),
            "before": st.column_config.NumberColumn(said("Before"), format="%d"),
            "after": st.column_config.NumberColumn(said("After"), format="%d"),
            "state": said("State"),
        },
    )


def exactly(evaluation: Evaluation) -> None:
    """What the roster gives if the forecast comes exactly."""
    totals, scenario = evaluation.totals, evaluation.scenario
    st.caption(said("If the forecast comes exactly:"))
    figures = (
        (
            said("Service level"),
            text.share(totals["service_level"]),
            said(
                "Service level: {definition_text}, of the agents really there, weighted by contacts.",
                definition_text=terms.definition(scenario.service),
            ),
        ),
        (said("Mean wait"), text.seconds(totals["asa_s"]), said("Of the answered, by contacts.")),
        (said("Abandonment"), text.share(totals["abandonment"]), said("Abandoned ÷ offered.")),
        (said("Occupancy"), text.share(totals["occupancy"]), said("Time handling ÷ time on the phone.")),
        (said("Short"), text.hours(totals["short_hours"]), said("On-phone hours missing below the need.")),
        (said("Over"), text.hours(totals["excess_hours"]), said("On-phone hours beyond the need.")),
        (said("Paid hours"), text.hours(totals["paid_hours"]), said("Shifts less unpaid breaks.")),
        (
            said("Cost"),
            text.with_unit(totals["cost"], 0, scenario.prices.currency),
            said("Paid hours × the contract's hourly cost."),
        ),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, figure, meaning in figures:
            st.metric(label, figure, help=meaning, width="content")
