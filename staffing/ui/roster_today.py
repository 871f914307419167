"""The rest of today: what the morning's news lets one still change, proposed, accepted and published."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.errors import StaffingError
from staffing.language import digits, heard
from staffing.language import text as said
from staffing.ui import tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.messages import show_error
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk
from staffing.ui.who import signed_in, user

if TYPE_CHECKING:
    from staffing.roster.desk.today.moment import Moment
    from staffing.roster.desk.today.propose import RestOfDay
    from staffing.store.rosters import Seen

DAYS = 7


def tab(desk: Desk, work: Working) -> None:
    """Ask for a moment of the week, show what is proposed for the rest of its day, publish what is accepted."""
    from staffing.planner.today import in_force

    st.caption(
        said(
            "By the contacts that came until a moment, without who is sick: breaks, training and "
            "people at another queue are moved, overtime and early leave offered, within all rules. "
            "What has begun stays as it is."
        )
    )
    try:
        seen = in_force(desk.workspace.rosters, desk.week)
    except StaffingError as error:
        show_error(error)
        return
    moment = _moment(desk)
    key = f"today-{content_hash((seen.version, desk.plan_key(desk.scenario), str(moment)))[:16]}"
    job = waiting.jobs().find(key)
    if job is None:
        st.button(said("See what can be changed"), key="today-go", type="primary", icon=":material/update:",
                  on_click=waiting.begin, args=(key, _work(desk, seen, moment)))  # fmt: skip
        return
    if not job.done:
        waiting.show_progress(key, said("Looking at the rest of the day"))
        return
    made: RestOfDay = waiting.outcome(key, job)
    _outlook(made)
    _proposals(made, desk)
    _accept(desk, work, made, seen)


def _moment(desk: Desk) -> Moment:
    """The moment asked about."""
    from staffing.roster.desk.today.moment import Moment

    day_box, clock_box, notice_box, sick_box = st.columns([2, 1, 1, 3], vertical_alignment="bottom")
    days = [desk.week + dt.timedelta(days=k) for k in range(DAYS)]
    here = pd.Timestamp.now(tz=desk.site.zone)
    today = here.date() if here.date() in days else days[0]
    day = day_box.selectbox(said("Day"), days, days.index(today), key="today-day",
                            format_func=lambda one: text.short_day(one, desk.site))  # fmt: skip
    usual = dt.time(here.hour, here.minute) if today == here.date() else dt.time(12)
    clock = clock_box.time_input(said("Now"), usual, key="today-clock", step=dt.timedelta(minutes=15))
    notice = notice_box.number_input(said("Notice, min"), 0, 240, 10, 5, key="today-notice",
                                     help=said("Between telling people and the first change."))  # fmt: skip
    names = [agent.name for agent in desk.scenario.agents]
    sick = sick_box.multiselect(said("Sick from now on"), names, key="today-sick", placeholder=said("nobody"))
    now = pd.Timestamp.combine(day, clock).tz_localize(desk.site.zone, ambiguous=True, nonexistent="shift_forward")
    return Moment(now, tuple(sick), notice_min=int(notice))


def _work(desk: Desk, seen: Seen, moment: Moment) -> Work:
    call = partial(tasks.rest_of_day, desk.source, desk.scenario, seen.table, moment)
    return Work(call, history=desk.source.history)


def _outlook(made: RestOfDay) -> None:
    boxes = st.columns(1 + len(made.before.in_time))
    change = made.after.short_hours - made.before.short_hours
    boxes[0].metric(
        said("Short"),
        text.hours(made.before.short_hours),
        said("{change} h with all", change=digits(f"{change:+.1f}")),
        delta_color="inverse",
    )
    for box, (queue, share) in zip(boxes[1:], made.before.in_time.items(), strict=True):
        if share != share:
            box.metric(
                said("{queue}: in time", queue=text.escape(queue)), "–", help=said("No waits are measured for it.")
            )
        else:
            more = made.after.in_time[queue] - share
            box.metric(
                said("{queue}: in time", queue=text.escape(queue)),
                text.share(share),
                said("{value} points with all", value=digits(f"{100 * more:+.1f}")),
            )
    for note in made.notes:
        st.caption(text.escape(heard(note)))


def _proposals(made: RestOfDay, desk: Desk) -> None:
    rows = [
        {
            "number": number,
            "kind": one.kind,
            "what": text.series(str(change) for change in one.changes),
            said("then ask"): text.listed(one.then),
            "pay": one.pay or None,
            said("in time"): one.contacts,
            "short h": one.short_hours,
        }
        for number, one in enumerate(made.proposals, start=1)
    ]
    if not rows:
        st.success(
            said("Nothing would help: no change within the rules saves more than it costs."), icon=":material/check:"
        )
        return
    figure = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        column_config={
            "pay": figure(said("Pay, {currency}", currency=desk.scenario.prices.currency), format="%+.2f"),
            said("in time"): figure(
                said("In time"), format="%+.1f", help=said("Contacts answered in time, beside those before it.")
            ),
            "short h": figure(said("Short, h"), format="%+.1f"),
        },
    )


def _accept(desk: Desk, work: Working, made: RestOfDay, seen: Seen) -> None:
    """Publish a new version of the week with what is accepted."""
    from staffing.planner.today import reason
    from staffing.store.publications import Signed

    with st.form("today-accept", border=False):
        numbers = list(range(1, len(made.proposals) + 1))
        chosen = st.multiselect(said("Accept"), numbers, numbers, key="today-numbers", placeholder=said("none"))
        left, right = st.columns(2)
        who = left.text_input(said("Name"), value=user(), key="today-who", max_chars=80, disabled=signed_in())
        why = right.text_input(said("Reason"), key="today-why", max_chars=200)
        asked = st.form_submit_button(said("Accept and publish"), icon=":material/publish:", type="primary")
    if not asked:
        return
    try:
        signed = Signed(who, reason(made, chosen, why), desk.scenario.name)
        book, when = desk.workspace.rosters, dt.datetime.now(dt.UTC)
        entry = book.publish(desk.week, made.accepted(chosen), signed, when, seen=seen)
        work.goes_on(book.seen(desk.week))
        st.success(
            said("Published as version {version}: {why}", version=entry.version, why=text.escape(entry.why)),
            icon=":material/check:",
        )
    except StaffingError as error:
        show_error(error)
