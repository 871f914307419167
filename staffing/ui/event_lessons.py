"""What past events taught, what history shows unannounced, and what was promised against what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from staffing.charts import events as charts
from staffing.content import content_hash
from staffing.domain.changes import add
from staffing.domain.demand import Event, ExcludedDays
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.promises import kept_runs, promises
from staffing.ui.state import Desk
from staffing.ui.tasks import Lessons
from staffing.ui.waiting import finished

MOST_PANELS = 12


def lessons(desk: Desk) -> None:
    """One kind: its effect by day and hour, and every past event it was learned from, aligned on day one."""
    taught: Lessons = _taught(desk, "lessons", tasks.lessons)
    table = taught.learned
    if table.empty:
        st.info(said("No event has begun within history yet; type an effect until one has."), icon=":material/school:")
        return
    kinds = sorted(table["kind"].unique())
    kind = st.selectbox(
        said("Kind"),
        kinds,
        key="lesson-kind",
        format_func=text.kind,
        help=said("Events of one kind share what they teach."),
    )
    rows = table[table["kind"] == kind]
    left, right = st.columns([3, 2])
    left.altair_chart(charts.learned(rows), alt=said("Effect of {kind} by day", kind=text.kind(kind)))
    left.caption(said("Dots are what one more event of the usual size is expected to do, bars its 80 % range."))
    own = taught.hours[taught.hours["kind"] == kind]
    if len(own):
        right.altair_chart(charts.hours(own), alt=said("Effect of {kind} by hour", kind=text.kind(kind)))
        right.caption(said("The hours it loads on its first day."))
    else:
        right.caption(said("It follows the usual course of the day: past events show no hour of its own."))
    queues = list(rows["queue"].unique())
    queue = st.selectbox(said("Queue"), queues, key="lesson-queue") if len(queues) > 1 else queues[0]
    _evidence(taught.past[kind, queue], rows[rows["queue"] == queue].iloc[0])


def evidence(desk: Desk, event: Event) -> dict[str, str]:
    """By queue where an event's effect comes from, in words."""
    told: dict[str, str] = _taught(desk, "evidence", tasks.evidence, event)
    return told


def _taught(desk: Desk, what: str, task: Callable[..., Any], *asked: Event) -> Any:
    """What the fit alone tells, worked out beside the page: two scenarios that are taught the same share it."""
    work = Work(partial(task, desk.source, desk.scenario, *asked), history=desk.history.sha256)
    key = f"{what}-{content_hash(desk.planner.fit(desk.scenario), asked)}"
    return finished(key, said("Learning from history"), work)


def _evidence(past: pd.DataFrame, learned: pd.Series) -> None:
    """Small multiples of the newest past events, and in words how the effect grows."""
    names = list(dict.fromkeys(past["event"]))[-MOST_PANELS:]
    shown = past[past["event"].isin(names)].dropna(subset=["actual"])
    if shown.empty:
        return
    grows = ""
    if pd.notna(learned["size_elasticity"]):
        doubled = 2 ** learned["size_elasticity"] - 1
        grows = said(" An event of twice the size does {share} % more.", share=digits(f"{100 * doubled:.0f}"))
    told = said(
        "{count} past events: bars are what came against the day without it, lines what is learned.",
        count=digits(str(int(learned["n_past"]))),
    )
    st.caption(told + grows)
    st.altair_chart(charts.past_responses(shown), alt=said("Past events aligned on day one"), width="content")


def candidates(desk: Desk) -> None:
    """Unannounced spikes, dips and shifts: to be named as an event, or left out of what the forecast learns from."""
    st.caption(
        said("Spikes, dips and level shifts that no event explains. Name one, or leave its days out of history.")
    )
    scenario = desk.scenario
    if not st.toggle(said("Look for them"), key="found-on", help=said("Scans every queue; takes seconds.")):
        return
    work = Work(partial(tasks.found_events, desk.source, scenario))
    table: pd.DataFrame = finished(desk.stage_key("found", scenario), said("Looking through history"), work)
    if table.empty:
        st.success(said("Nothing unannounced was found."), icon=":material/check:")
        return
    st.dataframe(_found_rows(table, desk), hide_index=True)
    labels = [f"{row.queue} · {text.day(row.start, desk.site)} · {row.change}" for row in table.itertuples()]
    at = labels.index(st.selectbox(said("Candidate"), labels, key="found-row"))
    _decide(desk, table.iloc[at])


def _found_rows(table: pd.DataFrame, desk: Desk) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "queue": table["queue"],
            "from": [text.day(day, desk.site) for day in table["start"]],
            "days": table["days"],
            "what": table["change"],
            "size": [text.signed(100 * effect, 0, "%") for effect in table["effect"]],
            "evidence": table["evidence"],
        }
    )


def _decide(desk: Desk, row: pd.Series) -> None:
    name, kind, named, left_out = st.columns([2, 2, 1, 1], vertical_alignment="bottom")
    title = name.text_input(
        said("Name"), f"{row['change']} {row['start']}", key=f"found-name/{row['queue']}/{row['start']}"
    )
    sort = kind.text_input(said("Kind"), "outage" if row["effect"] < 0 else "other", key=f"found-kind/{row['start']}")
    if named.button(said("Name it"), icon=":material/add:", width="stretch"):
        event = {"name": title, "kind": sort, "start": row["start"], "end": row["end"], "queues": (row["queue"],)}
        desk.attempt(lambda scenario: scenario.with_changes(add(Event.parse(event))))
        st.rerun()
    if left_out.button(said("Leave out"), icon=":material/block:", width="stretch"):
        span = ExcludedDays(queue=row["queue"], start=row["start"], end=row["end"], reason=title or "unexplained")
        desk.attempt(lambda scenario: scenario.with_changes(excluded=[*map(_plain, scenario.excluded), _plain(span)]))
        st.rerun()


def _plain(span: ExcludedDays) -> dict[str, Any]:
    return span.model_dump(exclude_none=True)


def promised(desk: Desk) -> None:
    """What events were promised to add before they began, what they added, and what the next is now expected to."""
    if not kept_runs(desk):
        st.caption(said("No forecast has been kept yet. The nightly run keeps them: `staffing batch`."))
        return
    found = promises(desk)
    if found is None:
        return
    for alarm in found.alarms:
        st.warning(text.escape(alarm), icon=":material/trending_up:")
    if found.events.empty:
        st.caption(said("No event that was promised has come yet."))
        return
    st.altair_chart(charts.promises(_promise_rows(found.events)), alt=said("Promised and real effect of events"))
    st.caption(said("What came feeds what the next event of the kind is expected to add."))


def _promise_rows(events: pd.DataFrame) -> pd.DataFrame:
    several = events["queue"].nunique() > 1
    names = events["event"] + (" · " + events["queue"] if several else "")
    told = {"promised": said("promised"), "came": said("came"), "next_estimate": said("next estimate")}
    parts = [pd.DataFrame({"name": names, "of": label, "share": events[column]}) for column, label in told.items()]
    return pd.concat(parts).dropna(subset=["share"])


def month_days(events: tuple[Event, ...], desk: Desk, weeks: int) -> pd.DataFrame:
    """Days around the planned week for the calendar: week, weekday, label, names, short, count, planned."""
    from staffing.ui.views import weekdays

    first = desk.week - dt.timedelta(weeks=1)
    names = weekdays(desk.site)
    rows = []
    for k in range(7 * weeks):
        day = first + dt.timedelta(days=k)
        on = [event.name for event in events if event.enabled and event.start <= day <= event.last]
        more = f" +{digits(str(len(on) - 1))}" if len(on) > 1 else ""
        rows.append(
            {
                "week": f"{k // 7:02d}",
                "weekday": names[k % 7],
                "label": text.short_day(day, desk.site).split(" ", 1)[1],
                "names": text.listed(on),
                "short": (text.short(on[0], 18) + more) if on else "",
                "count": len(on),
                "planned": desk.week <= day < desk.week + dt.timedelta(days=7),
            }
        )
    return pd.DataFrame(rows)
