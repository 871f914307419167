"""Why hours stay short and whose rules clash, with the cheapest ways out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.language import digits, heard
from staffing.language import text as said
from staffing.ui import remedies, tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.desk.clash import Clash
    from staffing.roster.desk.explain import Remedy, Shortage


def tab(desk: Desk, made: Plan) -> None:
    """Explanations on request: they solve many people's weeks again."""
    key = f"why-{content_hash(desk.plan_key(made.scenario), made.roster.table)}"
    job = waiting.jobs().find(key)
    st.caption(
        said(
            "The largest shortages, where the people are, and what would help: other shifts, "
            "overtime, work outside the stated availability or a shorter rest, each solved again and "
            "priced."
        )
    )
    if job is None:
        st.button(said("Find ways out"), key="roster-why-go", icon=":material/troubleshoot:", on_click=waiting.begin,
                  args=(key, _work(desk, made)))  # fmt: skip
        return
    if not job.done:
        waiting.show_progress(key, said("Looking for ways out"))
        return
    clashes, shortages, notes = waiting.outcome(key, job)
    for note in notes:
        st.info(text.escape(heard(note)), icon=":material/info:")
    for clash in clashes:
        _clash(clash)
    for shortage in shortages:
        _shortage(shortage, desk)
    if not clashes and not shortages:
        st.success(said("Nothing is short, and no rules clash."), icon=":material/check_circle:")


def _work(desk: Desk, made: Plan) -> Work:
    return Work(partial(tasks.ways_out, desk.source, made, made.roster.table), "rosters")


def _clash(clash: Clash) -> None:
    names = text.listed(text.escape(name) for name in clash.agents)
    rules = text.listed(text.escape(rule) for rule in clash.rules) or said("other rules")
    ways = [f"- {text.escape(str(way))}" for way in clash.ways_out]
    st.error(
        "\n".join([said("**No week exists for {names}.** These clash: {rules}.", names=names, rules=rules), "", *ways]),
        icon=":material/rule:",
    )


def _shortage(shortage: Shortage, desk: Desk) -> None:
    where = text.listed(f"{digits(str(count))} {said(what)}" for what, count in shortage.people.items() if count)
    st.markdown(
        said(
            "**{date}, {start}–{end}, {queue}: short {most_missing} agents, {short_hours} h** · of "
            "those with the skill: {where}",
            date=text.short_day(shortage.start.date(), desk.site),
            start=digits(f"{shortage.start:%H:%M}"),
            end=digits(f"{shortage.end:%H:%M}"),
            queue=text.escape(shortage.queue),
            most_missing=digits(f"{shortage.most_missing:.1f}"),
            short_hours=digits(f"{shortage.short_hours:.1f}"),
            where=where,
        )
    )
    if not shortage.remedies:
        st.caption(said("No week of up to three people, with any rule bent, covers it better."))
        return
    currency = desk.scenario.prices.currency
    st.dataframe(
        pd.DataFrame([_row(remedy) for remedy in shortage.remedies]),
        hide_index=True,
        column_config={
            "kind": said("Remedy"),
            "who": st.column_config.TextColumn(said("Who, and what changes"), width="large"),
            "covers": st.column_config.NumberColumn(said("Covers, h"), format="%.1f"),
            "pay": st.column_config.NumberColumn(said("More pay, {currency}", currency=currency), format="%+.0f"),
            "saves": st.column_config.NumberColumn(
                said("Saves, {currency}", currency=currency),
                format="%+.0f",
                help=said("All in: shortage, excess, wishes and pay at their prices."),
            ),
        },
    )


def _row(remedy: Remedy) -> dict[str, object]:
    who = text.series(
        f"{agent}: {remedies.moves(what)}" for agent, what in zip(remedy.agents, remedy.what, strict=True)
    )
    return {
        "kind": said(remedy.kind), "who": who, "covers": remedy.covers_hours, "pay": remedy.price, "saves": remedy.saves
    }  # fmt: skip
