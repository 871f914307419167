"""The Edit tab of the roster: a grid to change, its effect, sick calls and mending, undo and publishing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.language import text as said
from staffing.planner import Mending
from staffing.roster.desk.rows import differing
from staffing.store.absences import Absence
from staffing.ui import faults, roster_chance, roster_desk, roster_publish, tasks, text, views, waiting
from staffing.ui.jobs import Work
from staffing.ui.messages import show_error
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.given import Inputs

SPAN = r"^\s*(off|·|\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2})\s*$"
FAULTS_SHOWN = 12


def tab(desk: Desk, made: Plan, work: Working) -> None:
    """Everything a planner does to a roster by hand."""
    inputs = given(desk, made, work)
    st.caption(said("Type a shift as 09:00-17:30, or off. Breaks are placed where they cost least cover."))
    _grid(desk, made, work, inputs)
    if work.problem is not None:
        show_error(work.problem)
    _effect(desk, work, inputs)
    sick, publish = st.columns(2)
    with sick:
        _sick_calls(desk, made, work)
    with publish:
        roster_publish.section(desk, made, work, inputs)


def given(desk: Desk, made: Plan, work: Working) -> Inputs:
    """What edits are judged on: the plan's requirement and people, those who called in sick away, what has begun."""
    key = (content_hash(made.requirements, made.scenario), work.away)
    kept: tuple[object, Inputs] | None = st.session_state.get("roster-given")
    if kept is None or kept[0] != key:
        scenario = Mending(work.away).without_the_away(made.scenario)
        inputs = desk.planner.roster_inputs(replace(made, scenario=scenario))
        kept = (key, replace(inputs, now=desk.planner.now(made.scenario)))
        st.session_state["roster-given"] = kept
    return kept[1]


def _grid(desk: Desk, made: Plan, work: Working, inputs: Inputs) -> None:
    names = [agent.name for agent in made.scenario.agents]
    key = f"roster-grid-{desk.workspace.folder.name}-{made.scenario.name}-{desk.week}-{work.life}"
    days = {day.isoformat(): text.short_day(day, desk.site) for day in views.days_of(desk.week)}
    st.data_editor(
        roster_desk.grid_table(work.grid, desk, names),
        key=key,
        height=420,
        column_config={
            "_index": st.column_config.TextColumn(said("Agent"), width="medium", pinned=True, disabled=True),
            **{name: st.column_config.TextColumn(label, validate=SPAN) for name, label in days.items()},
        },
        on_change=lambda: work.take_edits(inputs, st.session_state[key], names),
    )


def _effect(desk: Desk, work: Working, inputs: Inputs) -> None:
    """What all edits since the roster was made do to cover, and every rule they break."""
    left, undo, redo = st.columns([4, 1, 1], vertical_alignment="center")
    undo.button(said("Undo"), key="roster-undo", icon=":material/undo:", disabled=not work.edited, on_click=work.undo,
                width="stretch")  # fmt: skip
    redo.button(said("Redo"), key="roster-redo", icon=":material/redo:", disabled=not work.undone, on_click=work.redo,
                width="stretch")  # fmt: skip
    if not work.edited:
        left.caption(said("Nothing has been changed since this roster was made."))
        return
    whole, last = (
        roster_desk.at_hand(inputs, before).effect(differing(before, work.table)) for before in (work.first, work.last)
    )
    left.markdown(
        said(
            "**{edits}** · short {short_hours} h · over {excess_hours} h · paid {paid_hours} h · the "
            "last one: short {last_short} h, over {last_over} h",
            edits=text.changes(work.edits),
            short_hours=text.signed(whole.short_hours, 1),
            excess_hours=text.signed(whole.excess_hours, 1),
            paid_hours=text.signed(whole.paid_hours, 1),
            last_short=text.signed(last.short_hours, 1),
            last_over=text.signed(last.excess_hours, 1),
        )
    )
    broken = roster_desk.at_hand(inputs, work.table).broken
    if not broken:
        st.success(said("Every rule holds."), icon=":material/check_circle:")
    else:
        lines = [f"- {text.escape(faults.line(fault, desk.site))}" for fault in broken[:FAULTS_SHOWN]]
        unseen = len(broken) - FAULTS_SHOWN
        more = [said("… and {count} more.", count=text.count(unseen))] if unseen > 0 else []
        head = said("Broken rules: {broken}", broken=text.count(len(broken)))
        st.error("\n".join([head, *lines, *more]), icon=":material/rule:")
    if not last.intervals.empty:
        with st.expander(said("Cover before and after the last change")):
            roster_chance.cover_changed(last.intervals, desk.site)


def _sick_calls(desk: Desk, made: Plan, work: Working) -> None:
    """Who cannot come after all, and the roster mended with few changes."""
    st.subheader(said("Sick calls and mending"))
    names, days = [agent.name for agent in made.scenario.agents], views.days_of(desk.week)
    with st.form("roster-away", border=False):
        who = st.multiselect(
            said("Away"), names, key="roster-away-who", format_func=text.escape, placeholder=said("nobody")
        )
        span = st.select_slider(
            said("Days"), days, value=(days[0], days[0]), format_func=lambda day: text.short_day(day, desk.site)
        )
        keep = st.multiselect(
            said("Leave as they are"),
            _keepable(work, desk, names),
            key="roster-keep",
            placeholder=said("nothing"),
            format_func=lambda kept: text.escape(kept[0]) + _day_text(kept[1], desk),
            help=said("Whole weeks of people, or single shifts."),
        )
        asked = st.form_submit_button(said("Mend the roster"), icon=":material/healing:", type="primary")
    if asked:
        held = work.away
        work.away = tuple(dict.fromkeys((*held, *(Absence(name, *span, said("called in")) for name in who))))
        st.session_state["roster-mending"], st.session_state["roster-away-before"] = keep, held
        waiting.jobs().forget(_mend_key(desk, made, work))
        waiting.begin(_mend_key(desk, made, work), _mend_work(desk, made, work, keep))
    _proposal(desk, made, work)


def _keepable(work: Working, desk: Desk, names: list[str]) -> list[tuple[str, dt.date | None]]:
    """Everybody's week, then every shift."""
    shifts = work.table[work.table["activity"] == "shift"]
    days = shifts["start"].dt.tz_convert(desk.site.zone).dt.date
    return [*((name, None) for name in names), *zip(shifts["agent"], days, strict=True)]


def _day_text(day: dt.date | None, desk: Desk) -> str:
    return "" if day is None else f", {text.short_day(day, desk.site)}"


def _mend_key(desk: Desk, made: Plan, work: Working) -> str:
    kept = st.session_state.get("roster-mending", [])
    return f"mend-{content_hash(desk.plan_key(made.scenario), work.edits, work.life, str(work.away), kept)}"


def _mend_work(desk: Desk, made: Plan, work: Working, keep: list[tuple[str, dt.date | None]]) -> Work:
    """Days edited by hand stay, but for those on which their person is away."""
    edited = work.by_hand | desk.workspace.rosters.by_hand(desk.week) - work.released
    stay = [(name, day) for name, day in sorted(edited) if not any(one.covers(name, day) for one in work.away)]
    task = partial(tasks.mend, desk.source, made, work.table, Mending(work.away, (*keep, *stay)))
    return Work(task, "rosters")


def _proposal(desk: Desk, made: Plan, work: Working) -> None:
    """The changes that mending proposes, to be accepted or not."""
    key = _mend_key(desk, made, work)
    job = waiting.jobs().find(key)
    if job is None:
        return
    if not job.done:
        waiting.show_progress(key, said("Mending the roster"))
        return
    found = waiting.outcome(key, job)
    st.markdown(
        said(
            "**{changes}**, {forced} of them forced; {changed_share} of the other shifts; breaks move "
            "in {breaks_moved} more. Short {short_hours}; a roster made afresh would be short "
            "{fresh_hours} and change {free_changed_share}.",
            changes=text.changes(len(found.changes)),
            forced=text.count(int(found.changes["forced"].sum())),
            changed_share=text.share(found.changed_share),
            breaks_moved=text.count(found.breaks_moved),
            short_hours=text.hours(found.roster.short_hours),
            fresh_hours=text.hours(found.free.short_hours),
            free_changed_share=text.share(found.free_changed_share, 0),
        )
    )
    st.dataframe(
        found.changes.assign(date=[text.short_day(day, desk.site) for day in found.changes["date"]]),
        hide_index=True,
        column_config={
            "agent": said("Agent"),
            "date": said("Day"),
            "before": said("Before"),
            "after": said("After"),
            "forced": said("Forced"),
        },
    )
    left, right = st.columns(2)
    left.button(said("Accept"), type="primary", icon=":material/check:", key="roster-accept", width="stretch",
                on_click=_accept, args=(work, key, found.roster.table))  # fmt: skip
    right.button(said("Discard"), icon=":material/close:", key="roster-discard", width="stretch",
                 on_click=_discard, args=(work, key))  # fmt: skip


def _accept(work: Working, key: str, table: pd.DataFrame) -> None:
    st.session_state.pop("roster-away-before", None)
    work.take(table)
    waiting.jobs().forget(key)


def _discard(work: Working, key: str) -> None:
    work.away = st.session_state.pop("roster-away-before", ())
    waiting.jobs().forget(key)
