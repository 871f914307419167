"""This week and the next at a glance: how they will be, where the risk is, what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from staffing.language import digits
from staffing.language import text as said
from staffing.ui import glance, home_news, home_roster, home_spans, terms, text, waiting
from staffing.ui.home_spans import leads
from staffing.ui.overview import WeekOverview, looking_at, overview
from staffing.ui.state import Desk, show

if TYPE_CHECKING:
    pass

SURE, RISKY = 0.85, 0.6
WEEK = dt.timedelta(days=7)


def page(desk: Desk) -> None:
    st.title(said("Home"))
    st.caption(said("What comes, how surely it is met, and what to do about it."))
    running = desk.site.week_of(desk.planner.day_after(desk.scenario))
    titles = (said("This week"), said("Next week"))
    for place, first, title in zip(st.columns(2, gap="large"), (running, running + WEEK), titles, strict=True):
        with place:
            _week(desk, overview(replace(desk, week=first), title, patient=False))
    left, right = st.columns(2, gap="large")
    with left:
        _events(desk, running)
    with right:
        home_news.show(desk)


def _week(desk: Desk, week: WeekOverview) -> None:
    st.subheader(week.title)
    st.caption(text.week(week.first, desk.site))
    if week.forecast.table.empty:
        st.info(said("The site is closed on every day of this week; nobody is needed."), icon=":material/bedtime:")
        return
    _contacts(desk, week)
    _days(desk, week)
    _roster(desk, week)
    _away(desk, week)


def _contacts(desk: Desk, week: WeekOverview) -> None:
    made = glance.expected(week.forecast, desk.history, desk.scenario, week.first)
    before = None if not made.before else text.delta(100 * (made.calls / made.before - 1), 1, "%")
    st.metric(
        said("Contacts expected"),
        digits(text.count(made.calls)),
        delta=said("{change} against the week before", change=digits(before)) if before else None,
        delta_color="off",
        help=said("Mean of the forecast. Eight weeks in ten lie in the range, by its sample paths."),
    )
    st.markdown(
        said("Eight weeks in ten between **{low}** and **{high}**.", low=_many(made.low), high=_many(made.high))
    )
    if made.until_now:
        share = text.signed(100 * (made.came / made.until_now - 1), 1, "%")
        now = {"came": _many(made.came), "expected": _many(made.until_now), "share": digits(share)}
        st.markdown(said("So far **{came}** came where {expected} were expected ({share}).", **now))
    if made.moved:
        causes = text.listed(f"{text.escape(said(name))} {digits(text.signed(calls))}" for name, calls in made.moved)
        st.markdown(said("Moved most by: {causes}.", causes=causes))
    leads("forecast", said("Why it looks so"), week=str(week.first))


def _days(desk: Desk, week: WeekOverview) -> None:
    """A badge a day: the chance that its promise holds, in words and colour."""
    found = glance.chances(week.forecast, week.plan, week.first)
    badges = []
    for day in found:
        name = text.escape(text.short_day(day.day, desk.site))
        if day.chance is None:
            badges.append(f":gray-badge[{name} · {_many(day.calls)}]")
        else:
            colour = "green" if day.chance >= SURE else "orange" if day.chance >= RISKY else "red"
            badges.append(f":{colour}-badge[{name} · {digits(text.share(day.chance, 0))}]")
    st.markdown(" ".join(badges))
    if week.plan is not None:
        target = terms.definition(desk.scenario.service)
        runs = _many(week.plan.simulated.runs)
        st.caption(said("Chance that each day holds ({target}), by {runs} simulated weeks.", target=target, runs=runs))
    elif not week.pending:
        st.caption(said("Contacts a day. How surely each holds is known once a roster is kept."))


def _roster(desk: Desk, week: WeekOverview) -> None:
    if week.pending:
        waiting.show_progress(week.pending, looking_at(week.first, desk.site))
        return
    if week.plan is None or week.edition is None:
        st.warning(said("No roster is kept for this week."), icon=":material/event_busy:")
        leads("roster", said("Make it"), week=str(week.first))
        return
    totals = week.plan.simulated.total
    st.markdown(
        said(
            "**{edition}** · expected service **{service}** · {short} h short on the phone",
            edition=text.escape(week.edition.told(desk.site)),
            service=digits(text.share(totals["service_level"])),
            short=digits(text.count(week.plan.evaluation.totals["short_hours"], 1)),
        )
    )
    home_spans.show(desk, week.plan)
    home_roster.at_hand(desk, week.plan, week.edition)
    leads("roster", said("Board, and what would help"), week=str(week.first), tab="board")
    leads("roster", said("Somebody calls in sick"), week=str(week.first), tab="edit")


def _away(desk: Desk, week: WeekOverview) -> None:
    found = glance.away(desk.scenario, week.first)
    if found:
        names = text.listed(f"{text.escape(name)} ({_many(days)})" for name, days in found[:8])
        more = said(" and {count} more", count=_many(len(found) - 8)) if len(found) > 8 else ""
        st.markdown(said("Away, days: {names}{more}", names=names, more=more))


def _events(desk: Desk, first: dt.date) -> None:
    st.subheader(said("Events coming"))
    found = glance.coming(desk.scenario, first, days=28)
    for event in found:
        day = text.escape(text.short_day(event.start, desk.site))
        week = str(desk.site.week_of(event.start))
        leads("events", f"**{day}** · {text.escape(event.name)} ({text.escape(text.kind(event.kind))})", week=week,
              event=event.name)  # fmt: skip
    if not found:
        st.caption(said("None in the next four weeks. Tell launches and campaigns, and the plan knows them."))
    leads("events", said("Move one, and see what it asks"))


def _many(value: float) -> str:
    return digits(text.count(value))


if __name__ == "__main__":
    show(page)
