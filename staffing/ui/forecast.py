"""What is expected: contacts with their uncertainty, why a day looks as it does, handle time, and corrections."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from staffing.charts import demand
from staffing.domain.demand import Adjustment
from staffing.forecast import Forecast
from staffing.ui import impact, promises, text, views
from staffing.ui.state import Desk, show

SHARES = {
    "abandonment": "Abandoned",
    "planned_shrinkage": "Planned shrinkage",
    "unplanned_shrinkage": "Unplanned shrinkage",
}  # shown where history tells them


def page(desk: Desk) -> None:
    st.title("Forecast")
    st.caption(f"The week of {text.week(desk.week, desk.site)}, per queue and interval.")
    made = desk.forecast()
    impact.strip(desk)
    queues = [*sorted(made.table["queue"].unique()), *made.sums]
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    queue = left.selectbox("Queue", queues, key="forecast-queue")
    day = right.pills(
        "Day",
        views.days_of(desk.week),
        format_func=lambda day: text.short_day(day, desk.site),
        key="forecast-day",
        help="Pick a day to see it alone and what makes it; none shows the week.",
    )
    _band(desk, made, queue, day)
    promises.worse(desk)
    reasons, times, corrections, table = st.tabs(["Why", "Handle time", "Corrections", "Figures"])
    with reasons:
        _reasons(desk, made, queue, day)
    with times:
        _handle_time(desk, made, queue, day)
    with corrections:
        _corrections(desk, sorted(made.paths))
    with table:
        _figures(desk, made, queue, day)


def _band(desk: Desk, made: Forecast, queue: str, day: dt.date | None) -> None:
    rows = views.on_day(made.queue(queue), desk.site, day)
    if rows.empty:
        st.info("The queue is closed on this day.", icon=":material/bedtime:")
        return
    queues = made.sums.get(queue, (queue,))
    past = views.before_the_week(desk.history.frame, desk.site, desk.week, queues)
    factor = desk.scenario.volume_factor
    past = views.on_day(past.assign(calls=past["calls"] * factor), desk.site, day)
    st.altair_chart(demand.forecast_band(rows, past, desk.site), alt="Expected contacts with their range")
    scaled = f" Actual contacts are multiplied by {factor:g}, as the forecast is." if factor != 1 else ""
    st.caption(
        "Line: expected contacts. Band: eight days in ten should lie inside it (p10 to p90), interval by interval."
        + scaled
    )
    for note in made.notes:
        st.info(text.escape(note), icon=":material/info:")


def _reasons(desk: Desk, made: Forecast, queue: str, day: dt.date | None) -> None:
    rows = made.why(queue)
    dates = pd.to_datetime(rows["day"]).dt.date
    if day is not None:
        rows, dates = rows[dates == day], dates[dates == day]
        shown = rows[rows["calls"].abs() > 0.05]
        st.altair_chart(demand.causes(shown), alt="What makes the day")
        st.caption(f"{text.day(day, desk.site)}: {text.count(shown['calls'].sum())} contacts.")
    wide = rows.assign(day=dates).pivot_table(index="cause", columns="day", values="calls", sort=False, aggfunc="sum")
    wide = wide[[day for day in wide if desk.site.is_open_day(day)]]
    wide = wide[(wide.abs() > 0.05).any(axis=1)]
    shown = wide.map(lambda value: text.signed(value) if abs(value) > 0.05 else "·")
    shown.iloc[0] = wide.iloc[0].map(text.count)
    shown.loc["contacts of the day"] = wide.sum().map(text.count)
    days = {day: text.short_day(day, desk.site) for day in wide}
    column = st.column_config.TextColumn
    st.dataframe(
        shown.rename(columns=days).rename_axis(columns=None),
        column_config={
            "_index": column("Cause", width="medium"),
            **{day: column(alignment="right") for day in days.values()},
        },
    )
    st.caption(_REASONS)
    weights = made.weights[made.weights["queue"] == queue]
    if weights["model"].nunique() > 1:
        _by_model(desk, made, queue)
    if day is None and weights["model"].nunique() > 1:
        st.subheader(
            "Who forecasts", help="Weight of each model by days ahead, from how it did on past days it had not seen."
        )
        st.altair_chart(demand.weights(weights), alt="Weights of the models")


def _by_model(desk: Desk, made: Forecast, queue: str) -> None:
    """What each model says by itself, beside the mix."""
    alone = made.alone(queue)
    names = list(dict.fromkeys(alone["model"]))
    st.subheader("Each model alone", help="Whole days, under the same events and corrections.")
    chosen = st.pills(
        "Models beside the mix",
        names,
        selection_mode="multi",
        default=[name for name in names if name == "prophet"],
        format_func=lambda name: name.replace("_", " "),
        key="forecast-models",
    )
    why = made.why(queue).groupby("day", as_index=False, sort=True)["calls"].sum().assign(model="mix")
    shown = pd.concat([why, alone[alone["model"].isin(chosen)]], ignore_index=True)
    shown["label"] = [text.day(day, desk.site) for day in pd.to_datetime(shown["day"]).dt.date]
    st.altair_chart(demand.by_model(shown), alt="Contacts a day by model")
    if sentence := made.departure(queue):
        st.caption(sentence)


_REASONS = (
    "Effects multiply: each cause shows what it adds to the causes before it. The level is what the queue does now, "
    "the weekday, calendar and events move it."
)


def _factor(desk: Desk, field: str, label: str, least: float, meaning: str) -> None:
    key = f"{field.replace('_', '-')}/{desk.version}"
    st.number_input(
        label,
        min_value=least,
        max_value=20.0,
        step=0.05,
        value=getattr(desk.scenario, field),
        key=key,
        on_change=_set,
        args=(desk, field, key),
        help=meaning,
    )


def _handle_time(desk: Desk, made: Forecast, queue: str, day: dt.date | None) -> None:
    left, right = st.columns([1, 3])
    with left:
        _factor(
            desk,
            "aht_factor",
            "Handle time ×",
            0.1,
            "Multiplies every handle time of the scenario: 1.10 is ten per cent longer.",
        )
        _factor(
            desk,
            "volume_factor",
            "Contacts ×",
            0.01,
            "Multiplies every forecast contact of the scenario: what if ten per cent more?",
        )
    rows = views.on_day(made.queue(queue), desk.site, day)
    right.altair_chart(demand.handle_time(rows, desk.site), alt="Expected handle time")
    right.caption("Mean of talk, hold and wrap-up per interval, in seconds.")


def _set(desk: Desk, field: str, key: str) -> None:
    value = st.session_state[key]
    desk.attempt(lambda scenario: scenario.with_changes(**{field: value}))


def _corrections(desk: Desk, queues: list[str]) -> None:
    made = desk.scenario.adjustments
    st.caption("Your own knowledge on top of the forecast, always with its reason, so that others can follow it.")
    for place, adjustment in enumerate(made):
        line, button = st.columns([6, 1], vertical_alignment="center")
        line.markdown(_words(adjustment, desk))
        button.button(
            "Remove",
            key=f"remove-{place}",
            on_click=_replace,
            args=(desk, made[:place] + made[place + 1 :]),
            width="stretch",
        )
    with st.form("correction", clear_on_submit=True):
        who, first, last, change = st.columns(4)
        queue = who.selectbox("Queue", ["", *queues], format_func=lambda name: name or "all queues")
        start = first.date_input("From", desk.week, format="YYYY-MM-DD")
        end = last.date_input("To", desk.week, format="YYYY-MM-DD")
        percent = change.number_input("Contacts, %", -99.0, 1900.0, 0.0, 1.0, help="+10 is ten per cent more.")
        reason = st.text_input("Reason", max_chars=200, placeholder="why you expect it")
        if st.form_submit_button("Add the correction", icon=":material/add:"):
            fields = {"queue": queue, "start": start, "end": end, "factor": 1 + percent / 100, "reason": reason}
            new = Adjustment.parse(fields)
            _replace(desk, (*made, new))
            st.rerun()


def _words(adjustment: Adjustment, desk: Desk) -> str:
    queue = text.escape(adjustment.queue) or "all queues"
    days = text.day(adjustment.start, desk.site)
    if adjustment.end != adjustment.start:
        days += f" – {text.day(adjustment.end, desk.site)}"
    change = text.signed((adjustment.factor - 1) * 100, 1)
    return f"**{change} %** · {queue} · {days} · {text.escape(adjustment.reason)}"


def _replace(desk: Desk, adjustments: tuple[Adjustment, ...]) -> None:
    desk.attempt(lambda scenario: scenario.patched({"adjustments": [one.model_dump() for one in adjustments]}))


def _figures(desk: Desk, made: Forecast, queue: str, day: dt.date | None) -> None:
    rows = views.on_day(made.queue(queue), desk.site, day)
    number = st.column_config.NumberColumn
    st.dataframe(
        rows.assign(start=views.local(rows, desk.site), **{name: rows[name] * 100 for name in SHARES if name in rows}),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=["start", "calls", "p10", "p50", "p90", "aht_s", "patience_s", *SHARES],
        column_config={
            "start": st.column_config.DatetimeColumn("From", format="ddd D MMM, HH:mm"),
            "calls": number("Expected", format="%.1f", help="Mean of contacts in the interval."),
            "p10": number("p10", format="%.0f", help="One time in ten it should be fewer."),
            "p50": number("p50", format="%.0f", help="As often more as fewer."),
            "p90": number("p90", format="%.0f", help="One time in ten it should be more."),
            "aht_s": number("Handle time, s", format="%.0f"),
            "patience_s": number(
                "Patience, s", format="%.0f", help="Mean, from past waits and abandoned contacts, by weekday and time."
            ),
            **{
                name: number(label, format="%.1f %%", help="In the past, by weekday and time.")
                for name, label in SHARES.items()
            },
        },
    )


if __name__ == "__main__":
    show(page)
