"""What moves contacts: launches, campaigns, price changes, outages. Move, resize or switch them and see the week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from staffing.charts import demand
from staffing.charts import events as charts
from staffing.domain.changes import move, resize, switch
from staffing.domain.demand import Event
from staffing.domain.patches import REMOVE
from staffing.domain.scenario import Change
from staffing.language import digits, heard, marked, ntext
from staffing.language import text as said
from staffing.ui import address, dates, event_lessons, impact, launch_advice, text, views
from staffing.ui.event_grid import EventGrid
from staffing.ui.messages import show_error
from staffing.ui.state import Desk, show

CALENDAR_WEEKS = 6


def page(desk: Desk) -> None:
    st.title(said("Events"))
    st.caption(said("What the business plans and what it cannot help. Every change is tried in your draft first."))
    _timeline(desk)
    tabs = st.tabs([said(part) for part in PARTS], key=text.keyed("events-tab"), on_change="rerun")
    for tab, part in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                part(desk)
    st.subheader(
        said("What it does to the week"), help=said("The week of {week}.", week=text.week(desk.week, desk.site))
    )
    impact.strip(desk)
    _before_after(desk)


def _timeline(desk: Desk) -> None:
    events = desk.scenario.events
    if not events:
        st.info(
            said(
                "No events yet. Add one under *All events*: a launch, a campaign, an outage. Past events "
                "of the same kind teach the forecast what the next one will do."
            ),
            icon=":material/event_available:",
        )
        return
    near = st.segmented_control(
        said("Show"),
        ["near", "all"],
        default="near",
        format_func=lambda one: said("all") if one == "all" else said("around the week"),
        key="events-span",
        label_visibility="collapsed",
    )
    shown = events if near == "all" else tuple(event for event in events if _is_near(event, desk.week)) or events
    week = pd.DataFrame({"start": [pd.Timestamp(desk.week)], "until": [pd.Timestamp(desk.week) + pd.Timedelta(days=7)]})
    bars, month = st.tabs([said("Timeline"), said("Calendar")], key="events-view", on_change="rerun")
    if bars.open:
        bars.altair_chart(
            demand.timeline(views.timeline(shown, desk.site), week, desk.site), alt=said("Events on a time line")
        )
        bars.caption(said("The shaded days are the planned week; pale bars are switched off."))
    if month.open:
        days = event_lessons.month_days(events, desk, CALENDAR_WEEKS)
        month.altair_chart(charts.month(days, views.weekdays(desk.site)), alt=said("Events on a calendar"))
        month.caption(said("The planned week is framed."))


def _is_near(event: Event, week: dt.date) -> bool:
    return event.last >= week - dt.timedelta(days=45) and event.start <= week + dt.timedelta(days=60)


def _one_event(desk: Desk) -> None:
    events = desk.scenario.events
    if not events:
        st.caption(said("There is nothing to move yet."))
        return
    nearest = sorted(events, key=lambda event: (event.last < desk.week, abs((event.start - desk.week).days)))
    names = [event.name for event in nearest]
    address.stand("event-name", names, names[0], name="event")
    name = st.selectbox(
        said("Event"), names, key="event-name", help=said("Those ahead and nearest to the planned week come first.")
    )
    event = desk.scenario.event(name)
    begin, size, on, facts = st.columns([2, 1.4, 1, 3], vertical_alignment="bottom")
    version = f"{name}/{desk.version}"
    dates.field(
        begin,
        said("First day"),
        event.start,
        desk.site,
        key=f"event-start/{version}",
        disabled=not event.movable,
        on_change=_change,
        args=(desk, name, move, f"event-start/{version}"),
        help=said("The event keeps its length.") if event.movable else said("This event cannot be moved."),
    )
    size.number_input(
        said("Size"),
        0.0,
        value=event.size,
        key=f"event-size/{version}",
        on_change=_change,
        args=(desk, name, resize, f"event-size/{version}"),
        help=said("Reach, spend or tier, in one unit for all events of this kind. The forecast learns by size."),
    )
    on.toggle(
        said("On"),
        event.enabled,
        key=f"event-on/{version}",
        on_change=_change,
        args=(desk, name, switch, f"event-on/{version}"),
    )
    facts.caption(_facts(event, desk))
    _evidence(event, desk)
    _override(event, desk, version)


def _evidence(event: Event, desk: Desk) -> None:
    """Where its effect comes from, queue by queue, with the 80 % range."""
    told = event_lessons.evidence(desk, event)
    st.markdown("\n".join(f"- **{text.escape(queue)}** {text.escape(heard(words))}" for queue, words in told.items()))


def _override(event: Event, desk: Desk, version: str) -> None:
    """The planner's own effect instead of the learned one, with its reason kept."""
    with st.expander(said("Override what was learned"), expanded=event.effect is not None):
        value, why, go = st.columns([1.2, 3, 1], vertical_alignment="bottom")
        share = value.number_input(
            said("Your effect, %"),
            -99.0,
            2000.0,
            value=None if event.effect is None else 100 * event.effect,
            key=f"event-effect/{version}",
            help=said("Contacts added (+) or taken away (−). Empty: what past events taught."),
        )
        reason = why.text_input(said("Reason"), event.reason, key=f"event-reason/{version}", max_chars=300)
        go.button(
            said("Set"),
            key=f"event-override/{version}",
            disabled=share is not None and not reason.strip(),
            on_click=_set_effect,
            args=(desk, event, share, reason),
            help=said("A reason is needed: it is what your colleagues will ask for."),
            width="stretch",
        )


def _set_effect(desk: Desk, event: Event, share: float | None, reason: str) -> None:
    effect = REMOVE if share is None else share / 100
    patch = {"name": event.name, "effect": effect, "reason": reason, "effect_low": REMOVE, "effect_high": REMOVE}
    desk.attempt(lambda scenario: scenario.patched({"events": [patch]}))


def _change(desk: Desk, name: str, change: Callable[[str, Any], Change], key: str) -> None:
    value = dates.chosen(key) if change is move else st.session_state[key]
    if value is not None:
        desk.attempt(lambda scenario: scenario.with_changes(change(name, value)))


def _facts(event: Event, desk: Desk) -> str:
    parts = [
        text.escape(text.kind(event.kind)),
        ntext("{days} day", "{days} days", event.days, days=digits(str(event.days))),
        text.day(event.start, desk.site),
    ]
    if event.effect is not None:
        between = ""
        if event.effect_low is not None and event.effect_high is not None:
            low, high = text.signed(event.effect_low * 100), text.signed(event.effect_high * 100)
            between = said(" ({low} to {high} %)", low=low, high=high)
        parts.append(
            said("your estimate {effect} % contacts{between}", effect=text.signed(event.effect * 100), between=between)
        )
    else:
        parts.append(said("effect learnt from past events of its kind"))
    if event.queues:
        parts.append(said("only {queues}", queues=text.escape(text.listed(event.queues))))
    return " · ".join(parts)


def _grid(desk: Desk) -> None:
    grid: EventGrid | None = st.session_state.get("event-grid")
    if grid is None or grid.result is not desk.scenario:
        life = st.session_state.get("event-grid-life", 0) + 1
        st.session_state["event-grid-life"] = life
        grid = st.session_state["event-grid"] = EventGrid(f"events-{life}", desk.scenario, desk.scenario)
    queues = [queue.name for queue in desk.scenario.queues]
    st.data_editor(
        dates.cells(grid.table, ("start", "end"), desk.site),
        key=grid.key,
        num_rows="dynamic",
        hide_index=True,
        on_change=_take,
        args=(desk, grid),
        column_config=_columns(desk, queues),
    )
    if grid.problem is not None:
        show_error(grid.problem)
        st.caption(said("The draft keeps its last sound version; mend the cell and go on."))
    st.caption(
        said(
            "Double-click a cell to edit it, use the last row to add an event, tick rows and press "
            "Delete to remove them."
        )
    )


def _take(desk: Desk, grid: EventGrid) -> None:
    changed = grid.take(st.session_state[grid.key])
    if changed is not None:
        desk.change(changed)
        grid.result = desk.scenario


def _columns(desk: Desk, queues: list[str]) -> dict[str, Any]:
    config, site = st.column_config, desk.site
    kinds = sorted({*text.KINDS, *(event.kind for event in desk.scenario.events)})
    return {
        "enabled": config.CheckboxColumn(said("On"), width="small", default=True),
        "name": config.TextColumn(said("Event"), required=True, max_chars=80, width="medium"),
        "kind": config.SelectboxColumn(
            said("Kind"),
            options=kinds,
            required=True,
            format_func=text.kind,
            help=said("Events of one kind share what they teach."),
        ),
        "start": dates.column(said("First day"), site, required=True, format="ddd D MMM YYYY"),
        "end": dates.column(said("Last day"), site, format="ddd D MMM YYYY", help=said("Empty: one day.")),
        "size": config.NumberColumn(said("Size"), min_value=0.0, help=said("Reach, spend or tier; one unit per kind.")),
        "effect": config.NumberColumn(
            said("Effect, %"),
            min_value=-99.0,
            max_value=2000.0,
            format="%.1f",
            help=said("Your own estimate of contacts added (+) or taken away (−). Empty: learnt from past events."),
        ),
        "aht_effect": config.NumberColumn(
            said("Handle time, %"),
            min_value=-99.0,
            max_value=2000.0,
            format="%.1f",
            help=said("Change of handle time, your estimate."),
        ),
        "queues": config.MultiselectColumn(said("Queues"), options=queues, help=said("Empty: all queues.")),
        "movable": config.CheckboxColumn(said("Movable"), width="small", default=True),
        "reason": config.TextColumn(said("Reason"), max_chars=300, width="large"),
    }


def _before_after(desk: Desk) -> None:
    draft = desk.draft
    if not draft.changed:
        st.caption(said("Change an event above to see the week before and after."))
        return
    before, after = desk.forecast(draft.saved).table, desk.forecast(draft.current).table
    queues = sorted(after["queue"].unique())
    queue = st.selectbox(said("Queue"), queues, key="events-queue") if len(queues) > 1 else queues[0]
    rows = [
        frame[frame["queue"] == queue].assign(version=version)
        for version, frame in ((said("as saved"), before), (said("your draft"), after))
    ]
    left, right = st.columns([3, 2])
    left.altair_chart(demand.before_after(pd.concat(rows), desk.site), alt=said("Forecast before and after"))
    totals = [views.day_totals(frame, desk.site) for frame in rows]
    days = views.days_of(desk.week)
    change = pd.DataFrame(
        {
            "label": [text.short_day(day, desk.site) for day in days],
            "difference": [float(totals[1].get(day, 0.0) - totals[0].get(day, 0.0)) for day in days],
        }
    )
    right.altair_chart(demand.day_differences(change), alt=said("Contacts a day, change"))


#: What stands behind each tab; only the open one is worked out.
PARTS: dict[str, Callable[[Desk], None]] = {
    marked("Move, resize, switch"): _one_event,
    marked("All events"): _grid,
    marked("What they did"): event_lessons.lessons,
    marked("Found in history"): event_lessons.candidates,
    marked("Best date"): launch_advice.advice,
    marked("Promised and came"): event_lessons.promised,
}

if __name__ == "__main__":
    show(page)
