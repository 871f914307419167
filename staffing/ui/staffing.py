"""How many agents each interval needs, for which promise to customers, and what one agent more or fewer changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import streamlit as st

from staffing.charts import spans, staff
from staffing.domain.calendar import DAY_MIN
from staffing.domain.service import ServiceTarget
from staffing.evaluation import grains
from staffing.evaluation.outlook import outlook, staffed_at
from staffing.evaluation.rollup import AMOUNTS, with_ratios
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import address, grain, impact, levers, moved, roster_value, terms, text, views
from staffing.ui.state import Desk, show


def page(desk: Desk) -> None:
    st.title(said("Staffing"))
    st.caption(said("Agents needed in the week of {week}.", week=text.week(desk.week, desk.site)))
    queues = [queue.name for queue in desk.scenario.queues]
    with st.container(border=True):
        levers.panel(desk)
        roster_value.certainty(desk)
    calls, needed = desk.forecast(), desk.requirements()
    impact.strip(desk)
    moved.each(desk)
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        queue = grain.queue(queues, "staffing")
    with right:
        day, step = grain.choose(desk, "staffing")
    rows = views.on_day(needed[needed["queue"] == queue], desk.site, day)
    if rows.empty:
        st.info(said("The queue is closed on this day."), icon=":material/bedtime:")
        return
    names = {
        "agents": said("Agents"),
        "service": said("Service"),
        "one": said("One agent more or fewer"),
        "shared": said("Shared agents"),
        "figures": said("Figures"),
    }
    tabs = address.tabs("staffing-tab", names)
    at_need = views.on_day(staffed_at(calls.table, needed, desk.scenario), desk.site, day)
    at_need = grains.service_in(at_need[at_need["queue"] == queue], step, desk.site)
    drawn: list[Callable[[], None]] = [
        lambda: _agents(desk, grains.need_in(rows, step, desk.site), step),
        lambda: _service(desk, queue, at_need, step),
        lambda: _steps(desk, queue, outlook(calls.table, needed, desk.scenario)),
        lambda: _shared(desk, day),
        lambda: _figures(desk, at_need, step),
    ]
    for tab, draw in zip(tabs, drawn, strict=True):
        if tab.open:  # what is not looked at is not worked out
            with tab:
                draw()


def _agents(desk: Desk, rows: pd.DataFrame, step: int) -> None:
    if step == DAY_MIN:
        rows = rows.assign(label=views.day_labels(rows, desk.site))
        st.altair_chart(spans.required_days(rows, list(rows["label"])), alt=said("Agents needed"))
    else:
        st.altair_chart(staff.required(rows, desk.site), alt=said("Agents needed"))
    on_phone, to_roster = (float(rows[name].sum()) for name in ("hours", "hours_scheduled"))
    lost = text.share(1 - on_phone / to_roster) if to_roster else text.UNDEFINED
    st.caption(
        said(
            "Dark: agents on the phone. Light: agents to roster, so that enough are left after "
            "shrinkage, here {lost} of their time; sessions that the roster places are not in it. In longer steps "
            "agents are means of the open intervals; days are in hours.",
            lost=lost,
        )
    )


def _service(desk: Desk, queue: str, at_need: pd.DataFrame, step: int) -> None:
    target = desk.scenario.target(desk.scenario.queue(queue))
    if at_need["service_level"].isna().all():
        st.info(
            said("This queue is not answered live: hours are planned, waits are not measured here."),
            icon=":material/mail:",
        )
        return
    if step == DAY_MIN:
        days = at_need.assign(label=views.day_labels(at_need, desk.site))
        drawn = spans.service_days(days, target.service_level, list(days["label"]))
    else:
        drawn = staff.service(at_need, target.service_level, desk.site)
    st.altair_chart(drawn, alt=said("Service level by interval"))
    st.caption(
        said(
            "Service level with exactly the agents needed: {definition_text}. {why_not_equal}",
            definition_text=terms.definition(target),
            why_not_equal=_why_not_equal(target),
        )
    )
    if target.over != "interval":
        whole = with_ratios(at_need[list(AMOUNTS)].sum().to_frame().T)["service_level"].iloc[0]
        st.metric(
            said("Service level shown"),
            text.share(whole),
            help=said("Weighted by contacts, over the intervals of the picture."),
        )


def _why_not_equal(target: ServiceTarget) -> str:
    if target.over != "interval":
        return said(
            "The target (dashed) is kept {span}; intervals lie above and below it.",
            span=terms.span(target.over),
        )
    return said("It lies above the target (dashed) where another promise binds, or because agents are whole.")


def _steps(desk: Desk, queue: str, table: pd.DataFrame) -> None:
    rows = table[table["queue"] == queue]
    left, right = st.columns([2, 1])
    number = st.column_config.NumberColumn
    left.dataframe(
        rows.assign(
            extra=rows["extra"].map(text.signed),
            **{name: rows[name] * 100 for name in ("service_level", "abandonment", "occupancy")},
            **{name: rows[name].round() for name in ("lost", "rostered_hours", "hours_cost", "lost_cost")},
        ),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=[
            "extra",
            "service_level",
            "asa_s",
            "abandonment",
            "occupancy",
            "lost",
            "rostered_hours",
            "hours_cost",
            "lost_cost",
        ],
        column_config={
            "extra": st.column_config.TextColumn(
                said("Agents"),
                alignment="right",
                help=said("More or fewer than needed, in every interval of the week."),
            ),
            "service_level": number(said("Service level"), format="%.1f %%", help=_definition(desk, queue)),
            "asa_s": number(said("ASA, s"), format="%.1f", help=said("Mean wait of the answered.")),
            "abandonment": number(said("Abandoned"), format="%.1f %%", help=said("Abandoned ÷ offered.")),
            "occupancy": number(said("Occupancy"), format="%.1f %%", help=said("Time handling ÷ time on the phone.")),
            "lost": number(said("Lost"), format="localized", help=said("Contacts that hang up in the week.")),
            "rostered_hours": number(said("Hours"), format="localized", help=said("To roster, shrinkage included.")),
            "hours_cost": number(
                said("Cost of hours"), format="localized", help=said("Hours × the price of an agent hour.")
            ),
            "lost_cost": number(
                said("Cost of lost"), format="localized", help=said("Lost contacts × the price of one.")
            ),
        },
    )
    right.altair_chart(staff.steps(rows), alt=said("Cost of agents and of lost contacts"))
    prices = desk.scenario.prices
    st.caption(
        said(
            "The whole week with one agent more or fewer than needed in every open interval. Money "
            "in {currency}; a lost contact is priced at {lost_contact}, an hour at {agent_hour}.",
            currency=text.escape(prices.currency),
            lost_contact=digits(f"{prices.lost_contact:g}"),
            agent_hour=digits(f"{prices.agent_hour:g}"),
        )
    )


def _shared(desk: Desk, day: dt.date | None) -> None:
    scenario = desk.scenario
    if len(scenario.queues) < 2 or not scenario.agents:
        st.info(said("Agents are shared where there are several queues and people."), icon=":material/diversity_3:")
        return
    found = desk.shared_staff()
    totals, groups = (views.on_day(part, desk.site, day) for part in (found.totals, found.groups))
    hours = totals[["apart", "shared", "bound", "missing"]].sum() * desk.site.interval_min / 60
    labels = {
        "apart": (said("Each queue its own"), said("On-phone hours if no agent served two queues.")),
        "shared": (said("Agents shared"), said("On-phone hours of a staffing in which each agent is counted once.")),
        "bound": (said("No fewer than"), said("On-phone hours below which no sharing can go.")),
        "missing": (
            said("More than there are"),
            said("Of the shared hours, those beyond the people who know the queues."),
        ),
    }
    for place, (name, (label, words)) in zip(st.columns(len(labels)), labels.items(), strict=True):
        place.metric(label, text.with_unit(hours[name], 1, "h"), help=words, border=True)
    wide = groups.pivot_table(index="start", columns="group", values="agents", aggfunc="sum", fill_value=0)
    table = totals.merge(wide.reset_index(), on="start", how="left").fillna(0)
    st.dataframe(
        table.assign(start=views.moments(table, desk.site)),
        hide_index=True,
        column_config={
            "start": st.column_config.TextColumn(said("From")),
            **{name: st.column_config.NumberColumn(label, format="%d") for name, (label, _) in labels.items()},
        },
    )
    st.caption(
        said(
            "Agents on the phone by the queues they know. Calls wait in one line for agents who know "
            "all its queues; chats and deferred work keep their own agents from the same people. "
            "Each interval by itself, every person there."
        )
    )


def _definition(desk: Desk, queue: str) -> str:
    return terms.definition(desk.scenario.target(desk.scenario.queue(queue)))


def _figures(desk: Desk, at_need: pd.DataFrame, step: int) -> None:
    number = st.column_config.NumberColumn
    percent = {name: at_need[name] * 100 for name in ("service_level", "abandonment", "occupancy")}
    open_hours = at_need["open_hours"] if "open_hours" in at_need else step / 60
    to_roster = at_need["rostered_hours"] / open_hours
    st.dataframe(
        at_need.assign(start=views.moments(at_need, desk.site), to_roster=to_roster, **percent),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=[
            "start",
            "calls",
            "aht_s",
            "agents",
            "to_roster",
            "service_level",
            "asa_s",
            "abandonment",
            "occupancy",
        ],
        column_config={
            "start": st.column_config.TextColumn(said("From")),
            "calls": number(said("Contacts"), format="%.1f"),
            "aht_s": number(said("Handle time, s"), format="%.0f"),
            "agents": number(said("Agents"), format="%.1f", help=said("On the phone.")),
            "to_roster": number(said("To roster"), format="%.1f", help=said("Before shrinkage.")),
            "service_level": number(said("Service level"), format="%.1f %%"),
            "asa_s": number(said("ASA, s"), format="%.1f", help=said("Mean wait of the answered.")),
            "abandonment": number(said("Abandoned"), format="%.1f %%"),
            "occupancy": number(said("Occupancy"), format="%.1f %%"),
        },
    )


if __name__ == "__main__":
    show(page)
