"""What is expected: contacts with their uncertainty, why a day looks as it does, handle time, and corrections."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from staffing.charts import demand, spans
from staffing.domain.calendar import DAY_MIN
from staffing.evaluation import grains
from staffing.evaluation.came import by_levers
from staffing.forecast import Forecast
from staffing.language import digits, heard, marked
from staffing.language import text as said
from staffing.ui import (
    address,
    forecast_against,
    forecast_corrections,
    forecast_promises,
    forecast_weeks,
    grain,
    impact,
    promises,
    text,
    views,
)
from staffing.ui.messages import show_notes
from staffing.ui.state import Desk, show

SHARES = {
    "abandonment": marked("Abandoned"),
    "planned_shrinkage": marked("Planned shrinkage"),
    "unplanned_shrinkage": marked("Unplanned shrinkage"),
}  # shown where history tells them


def page(desk: Desk) -> None:
    st.title(said("Forecast"))
    st.caption(said("The week of {week}, per queue and interval.", week=text.week(desk.week, desk.site)))
    made = desk.forecast()
    if made.table.empty:
        st.info(said("The site is closed on every day of this week; nobody is needed."), icon=":material/bedtime:")
        return
    impact.strip(desk)
    queues = [*sorted(made.table["queue"].unique()), *made.sums]
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        queue = grain.queue(queues, "forecast")
    with right:
        day, step = grain.choose(desk, "forecast")
    _band(desk, made, queue, day, step)
    promises.worse(desk)
    names = {
        "why": said("Why"),
        "handle-time": said("Handle time"),
        "corrections": said("Corrections"),
        "figures": said("Figures"),
        "came": said("Against what came"),
        "weeks": said("Weeks ahead"),
        "promises": said("Promises"),
    }
    reasons, times, corrections, table, came, weeks, kept = address.tabs("forecast-tab", names)
    with reasons:
        _reasons(desk, made, queue, day)
    with times:
        _handle_time(desk, made, queue, day)
    with corrections:
        forecast_corrections.tab(desk, sorted(made.paths))
    with table:
        _figures(desk, made, queue, day, step)
    with came:
        if came.open:
            forecast_against.tab(desk, queue)
    with weeks:
        if weeks.open:
            forecast_weeks.tab(desk)
    with kept:
        if kept.open:
            forecast_promises.chances(desk)


def _band(desk: Desk, made: Forecast, queue: str, day: dt.date | None, step: int) -> None:
    rows = views.on_day(grains.forecast_in(made, queue, step, desk.site), desk.site, day)
    if rows.empty:
        st.info(said("The queue is closed on this day."), icon=":material/bedtime:")
        return
    queues = made.sums.get(queue, (queue,))
    came = by_levers(desk.history.frame, desk.scenario)
    past = views.on_day(views.before_the_week(came, desk.site, desk.week, queues), desk.site, day)
    past = grains.came_in(past, step, desk.site)
    factors = {desk.scenario.volume_factors().get(name, 1.0) for name in queues}
    factor = factors.pop() if len(factors) == 1 else desk.scenario.volume_factor
    if step == DAY_MIN:
        rows, past = (part.assign(label=views.day_labels(part, desk.site)) for part in (rows, past))
        drawn = spans.day_bars(rows, past, list(dict.fromkeys(rows["label"])))
    else:
        drawn = demand.forecast_band(rows, past, desk.site)
    st.altair_chart(drawn, alt=said("Expected contacts with their range"))
    scaled = (
        said(" Actual contacts are multiplied by {factor}, as the forecast is.", factor=digits(f"{factor:g}"))
        if factor != 1
        else ""
    )
    st.caption(
        said("Expected contacts, and the range (p10 to p90) in which eight of ten should lie, step by step.") + scaled
    )
    show_notes((*made.notes, *desk.history.notes), desk.site)


def _reasons(desk: Desk, made: Forecast, queue: str, day: dt.date | None) -> None:
    rows = made.why(queue)
    rows = rows.assign(cause=[said(cause) for cause in rows["cause"]])
    dates = pd.to_datetime(rows["day"]).dt.date
    if day is not None:
        rows, dates = rows[dates == day], dates[dates == day]
        shown = rows[rows["calls"].abs() > 0.05]
        st.altair_chart(demand.causes(shown), alt=said("What makes the day"))
        st.caption(said("{day}: {sum} contacts.", day=text.day(day, desk.site), sum=text.count(shown["calls"].sum())))
    wide = rows.assign(day=dates).pivot_table(index="cause", columns="day", values="calls", sort=False, aggfunc="sum")
    wide = wide[[day for day in wide if desk.site.is_open_day(day)]]
    wide = wide[(wide.abs() > 0.05).any(axis=1)]
    if wide.empty:
        st.info(said("The queue is closed on this day."), icon=":material/bedtime:")
        return
    shown = wide.map(lambda value: text.signed(value) if abs(value) > 0.05 else "·").astype(object)
    shown.iloc[0] = wide.iloc[0].map(text.count)
    shown.loc[said("contacts of the day")] = wide.sum().map(text.count)
    days = {day: text.short_day(day, desk.site) for day in wide}
    column = st.column_config.TextColumn
    st.dataframe(
        shown.rename(columns=days).rename_axis(columns=None),
        column_config={
            "_index": column(said("Cause"), width="medium"),
            **{day: column(alignment="right") for day in days.values()},
        },
    )
    st.caption(said(_REASONS))
    weights = made.weights[made.weights["queue"] == queue]
    if weights["model"].nunique() > 1:
        _by_model(desk, made, queue)
    if day is None and weights["model"].nunique() > 1:
        st.subheader(
            said("Who forecasts"),
            help=said("Weight of each model by days ahead, from how it did on past days it had not seen."),
        )
        st.altair_chart(demand.weights(weights), alt=said("Weights of the models"))


def _by_model(desk: Desk, made: Forecast, queue: str) -> None:
    """What each model says by itself, beside the mix."""
    alone = made.alone(queue)
    names = list(dict.fromkeys(alone["model"]))
    st.subheader(said("Each model alone"), help=said("Whole days, under the same events and corrections."))
    chosen = st.pills(
        said("Models beside the mix"),
        names,
        selection_mode="multi",
        default=[name for name in names if name == "prophet"],
        format_func=demand.model_name,
        key="forecast-models",
    )
    why = made.why(queue).groupby("day", as_index=False, sort=True)["calls"].sum().assign(model="mix")
    shown = pd.concat([why, alone[alone["model"].isin(chosen)]], ignore_index=True)
    shown["label"] = [text.short_day(day, desk.site) for day in pd.to_datetime(shown["day"]).dt.date]
    st.altair_chart(demand.by_model(shown), alt=said("Contacts a day by model"))
    if sentence := made.departure(queue):
        st.caption(heard(sentence))


_REASONS = marked(
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
            said("Handle time ×"),
            0.1,
            said("Multiplies every handle time of the scenario: 1.10 is ten per cent longer."),
        )
        _factor(
            desk,
            "volume_factor",
            said("Contacts ×"),
            0.01,
            said("Multiplies every forecast contact of the scenario: what if ten per cent more?"),
        )
    rows = views.on_day(made.queue(queue), desk.site, day)
    right.altair_chart(demand.handle_time(rows, desk.site), alt=said("Expected handle time"))
    right.caption(said("Mean of talk, hold and wrap-up per interval, in seconds."))


def _set(desk: Desk, field: str, key: str) -> None:
    value = st.session_state[key]
    desk.attempt(lambda scenario: scenario.with_changes(**{field: value}))


def _figures(desk: Desk, made: Forecast, queue: str, day: dt.date | None, step: int) -> None:
    rows = views.on_day(grains.forecast_in(made, queue, step, desk.site), desk.site, day)
    number = st.column_config.NumberColumn
    st.dataframe(
        rows.assign(
            start=views.moments(rows, desk.site), **{name: rows[name] * 100 for name in SHARES if name in rows}
        ),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=["start", "calls", "p10", "p50", "p90", "aht_s", "patience_s", *SHARES],
        column_config={
            "start": st.column_config.TextColumn(said("From")),
            "calls": number(said("Expected"), format="%.1f", help=said("Mean of contacts in the interval.")),
            "p10": number("p10", format="%.0f", help=said("One time in ten it should be fewer.")),
            "p50": number("p50", format="%.0f", help=said("As often more as fewer.")),
            "p90": number("p90", format="%.0f", help=said("One time in ten it should be more.")),
            "aht_s": number(said("Handle time, s"), format="%.0f"),
            "patience_s": number(
                said("Patience, s"),
                format="%.0f",
                help=said("Mean, from past waits and abandoned contacts, by weekday and time."),
            ),
            **{
                name: number(label, format="%.1f %%", help=said("In the past, by weekday and time."))
                for name, label in SHARES.items()
            },
        },
    )


if __name__ == "__main__":
    show(page)
