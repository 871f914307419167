"""Why hours stay short and whose rules clash, with the cheapest ways out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.content import content_hash
from staffing.language import digits, heard, marked
from staffing.language import text as said
from staffing.ui import remedies, tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.desk.clash import Clash, WayOut
    from staffing.roster.desk.explain import Shortage

#: Rules that can clash, as `staffing.roster.desk.clash` names them.
RULES = (
    marked("rest between shifts"),
    marked("rest after nights"),
    marked("weekly rest"),
    marked("most days in a row"),
    marked("fewest days in a row"),
    marked("fewest days off in a row"),
    marked("most days off in a row"),
    marked("weekend days a week"),
    marked("weekends in the plan"),
    marked("whole weekends"),
    marked("nights a week"),
    marked("nights in a row"),
    marked("days off after nights"),
    marked("forbidden successions"),
    marked("spread of starts in a week"),
    marked("shifts of a kind"),
    marked("teams that work together"),
    marked("rules of some people or from a day on"),
    marked("rotation"),
    marked("time off"),
    marked("employment"),
    marked("work elsewhere"),
    marked("weekdays available"),
    marked("hours available"),
    marked("pinned shifts"),
    marked("most days of the contract"),
    marked("most hours of the contract"),
    marked("fewest days of the contract"),
    marked("fewest hours of the contract"),
)


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
        st.info(text.escape(heard(note, desk.site)), icon=":material/info:")
    for clash in clashes:
        _clash(clash, desk.scenario.prices.currency)
    for shortage in shortages:
        _shortage(shortage, desk)
    if not clashes and not shortages:
        st.success(said("Nothing is short, and no rules clash."), icon=":material/check_circle:")


def _work(desk: Desk, made: Plan) -> Work:
    return Work(partial(tasks.ways_out, desk.source, made, made.roster.table), "rosters")


def _clash(clash: Clash, currency: str) -> None:
    names = text.listed(text.escape(name) for name in clash.agents)
    rules = text.listed(said(rule) for rule in clash.rules) or said("other rules")
    ways = [f"- {_way(way, currency)}" for way in clash.ways_out]
    st.error(
        "\n".join([said("**No week exists for {names}.** These clash: {rules}.", names=names, rules=rules), "", *ways]),
        icon=":material/rule:",
    )


def _way(way: WayOut, currency: str) -> str:
    if way.hours is None or way.price is None:
        return said("Without “{rule}” alone there is no week either", rule=said(way.rule))
    told = {"rule": said(way.rule), "hours": text.hours(way.hours), "pays": remedies.pays(way.price, currency)}
    return said("Without “{rule}”: {hours} paid; {pays}", **told)


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
    st.markdown("\n".join(f"- {remedies.line(remedy, currency)}" for remedy in shortage.remedies))
