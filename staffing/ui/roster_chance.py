"""What is to be expected of a roster under uncertainty, and how surely its days and weeks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from staffing.domain.calendar import SiteCalendar
from staffing.ui import text

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.simulation.result import Simulated


def headline(made: Plan) -> None:
    """Service under uncertainty: what is expected, and how surely days and the week hold."""
    played, prices = made.simulated, made.scenario.prices
    total, behind = played.total, f"By {played.runs} simulated weeks, contact by contact."
    expected, day, week, overrun = st.columns(4)
    expected.metric(
        "Expected service",
        text.share(total["service_level"]),
        help=f"{behind} The mean lies between {text.share(total['service_level_low'])} and "
        f"{text.share(total['service_level_high'])} (95 % interval); eight weeks in ten between "
        f"{text.share(total['service_level_p10'])} and {text.share(total['service_level_p90'])}.",
        border=True,
    )
    day.metric(
        "A day holds", text.share(total["p_day_meets_target"]), help=f"Chance, mean over days. {behind}", border=True
    )
    week.metric("The week holds", text.share(total["p_week_meets_target"]), help=f"Chance. {behind}", border=True)
    overrun.metric(
        "Overrun",
        text.hours(total["overrun_hours"]),
        help="Worked past shift ends and into breaks to finish the contact in hand: "
        f"{total['overrun_cost']:,.0f} {text.escape(prices.currency)}. {behind}",
        border=True,
    )


def days(played: Simulated, queue: str, site: SiteCalendar) -> None:
    """Each day of a queue: expected service, its range, and the chance that the day keeps every promise."""
    rows = played.days[(played.days["queue"] == queue) & played.days["p_meets_target"].notna()]
    st.subheader("How surely each day holds", help="All targets of the queue over the day as a whole.")
    number = st.column_config.NumberColumn
    shares = ["service_level", "service_level_p10", "service_level_p90", "p_meets_target", "p_low", "p_high"]
    st.dataframe(
        rows.assign(day=[text.day(day, site) for day in rows["day"]], **{name: 100 * rows[name] for name in shares}),
        hide_index=True,
        height="content",
        column_order=["day", *shares, "overrun_hours"],
        column_config={
            "day": st.column_config.TextColumn("Day", width="medium"),
            "service_level": number("Expected service", format="%.1f %%"),
            "service_level_p10": number("One in ten below", format="%.1f %%"),
            "service_level_p90": number("One in ten above", format="%.1f %%"),
            "p_meets_target": number("Chance that it holds", format="%.0f %%"),
            "p_low": number("at least", format="%.0f %%", help="95 % interval of the chance."),
            "p_high": number("at most", format="%.0f %%", help="95 % interval of the chance."),
            "overrun_hours": number("Overrun, h", format="%.1f"),
        },
    )
    st.caption(f"Each day was simulated {played.runs} times, contact by contact, with sample paths of the forecast.")
