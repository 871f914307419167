"""Who works when: the roster, what it covers, what it cannot, how fairly it is shared, and its files."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.charts import staff
from staffing.content import content_hash
from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.ui import (
    impact,
    roster_board,
    roster_chance,
    roster_desk,
    roster_edit,
    roster_files,
    roster_paper,
    roster_person,
    roster_tables,
    roster_today,
    roster_why,
    tasks,
    text,
    views,
    waiting,
)
from staffing.ui.jobs import Job, Work
from staffing.ui.messages import ink, show_error
from staffing.ui.state import Desk, show

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.evaluation import Evaluation
    from staffing.planner import Plan

NOTES_SHOWN = 2
LOOK_AGAIN_S = 1.0
TAB = "roster-tab"


def page(desk: Desk) -> None:
    st.title("Roster")
    st.html(roster_paper.PRINTED)
    st.caption(f"The week of {text.week(desk.week, desk.site)} for {len(desk.scenario.agents)} people.")
    plan = _made(desk)
    work = roster_desk.working(desk, plan)
    _figures(desk, plan, work)

    def made() -> Plan:
        return roster_desk.as_it_stands(desk, plan, work)

    drawn: dict[str, Callable[[], None]] = {
        "Board": lambda: roster_board.tab(desk, plan, work, roster_edit.given(desk, plan, work)),
        "Coverage": lambda: _coverage(desk, made()),
        "Day": lambda: _day(desk, plan.scenario, work.table),
        "Week": lambda: _week(desk, plan.scenario, work.table),
        "Agent": lambda: roster_person.tab(desk, made()),
        "Edit": lambda: roster_edit.tab(desk, plan, work),
        "Today": lambda: roster_today.tab(desk, work),
        "Why": lambda: roster_why.tab(desk, made()),
        "Fairness": lambda: roster_tables.fairness(_evaluated(desk, made())),
        "Hand on": lambda: roster_files.tab(desk, made()),
    }
    for tab, draw in zip(st.tabs(list(drawn), key=TAB, on_change="rerun"), drawn.values(), strict=True):
        if tab.open:  # what is not looked at is not worked out
            with tab:
                draw()


def _made(desk: Desk) -> Plan:
    """The roster to show: of the scenario as it stands, or the one that is kept, or the newest one, said to be older.

    Ends the page where there is none.
    """
    key, current = desk.plan_key(desk.scenario), desk.plan(desk.scenario)
    if current is not None:
        return current
    job, older = waiting.jobs().find(key), desk.latest_plan()
    if job is not None:
        if job.done:
            waiting.outcome(key, job)
        waiting.show_progress(key, "Making the roster")
    elif older is None:
        return _opened(desk, key)
    else:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.warning(
            "The scenario has changed since this roster was made. You see the old roster against the new requirement.",
            icon=":material/history:",
        )
        with right:
            _make_button(desk, key, "Make it anew")
    if older is None:
        st.stop()
    return older


def _opened(desk: Desk, key: str) -> Plan:
    """The roster kept for the week: the planner's own work, the draft or what is published. Ends the page without."""
    table = roster_desk.kept_roster(desk)
    if table is None:
        st.info(
            "No roster yet. It will give every agent shifts that cover the requirement as well as the rules allow, and "
            f"say what it cannot cover. It takes at most about {desk.scenario.solve.seconds:.0f} seconds; you can go "
            "on working and come back.",
            icon=":material/calendar_add_on:",
        )
        _make_button(desk, key, "Make the roster")
        st.stop()
    task = partial(tasks.held, desk.source, desk.scenario, table, desk.week)
    opening = Work(task, first=(desk.forecast_work(desk.scenario),))
    made: Plan = waiting.finished(f"open-{key}-{content_hash(table)[:16]}", "Opening the roster", opening)
    desk.keep(made)
    return made


def _make_button(desk: Desk, key: str, label: str) -> None:
    st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        on_click=waiting.begin,
        args=(key, desk.plan_work(desk.scenario)),
    )


def _figures(desk: Desk, plan: Plan, work: roster_desk.Working) -> None:
    """The figures of the roster as it stands; after an edit those before it, until the new ones are worked out."""
    job = roster_desk.figuring(desk, plan, work)
    waits = job is not None and not job.done
    st.fragment(_told, run_every=LOOK_AGAIN_S if waits else None)(desk, plan, work, job)


def _told(desk: Desk, plan: Plan, work: roster_desk.Working, job: Job | None) -> None:
    if job is not None and job.error is not None:
        show_error(job.error)
        return
    if job is not None and not job.done:
        told = said("Figures before the last change; the new ones are being worked out.")
        st.caption(f":material/hourglass_top: {told}")
    elif job is not None:
        work.figured = job.result
    made = plan if job is None else work.figured or plan
    _headline(made, _evaluated(desk, made))
    _notes(tuple(note for note in made.notes if note not in made.forecast.notes))


def _evaluated(desk: Desk, made: Plan) -> Evaluation:
    """The evaluation of a plan's roster: under the scenario as it stands now, or its own where it was edited."""
    if math.isnan(made.roster.objective):
        return made.evaluation
    try:
        return impact.under(desk, desk.scenario, made)
    except StaffingError as error:
        st.warning(
            "The people or queues have changed: this roster no longer fits the scenario.", icon=":material/group:"
        )
        show_error(error)
        return made.evaluation


def _headline(made: Plan, evaluation: Evaluation) -> None:
    totals, scenario = evaluation.totals, evaluation.scenario
    roster_chance.headline(made)
    service, wait, lost, busy, short, over, paid, cost = st.columns([1, 1, 1, 1, 1, 1, 1.1, 1.5], gap="small")
    service.metric(
        "If the forecast comes exactly",
        text.share(totals["service_level"]),
        help=f"Service level: {scenario.service.definition_text()}, of the agents really there, weighted by contacts.",
    )
    wait.metric("Mean wait (ASA)", text.seconds(totals["asa_s"]), help="Of the answered, by contacts.")
    lost.metric("Abandonment", text.share(totals["abandonment"]), help="Abandoned ÷ offered.")
    busy.metric("Occupancy", text.share(totals["occupancy"]), help="Time handling ÷ time on the phone.")
    short.metric("Short", text.hours(totals["short_hours"]), help="On-phone hours missing below the need.")
    over.metric("Over", text.hours(totals["excess_hours"]), help="On-phone hours beyond the need.")
    paid.metric("Paid hours", text.hours(totals["paid_hours"]), help="Shifts less unpaid breaks.")
    cost.metric(
        "Cost",
        text.with_unit(totals["cost"], 0, scenario.prices.currency),
        help="Paid hours × the contract's hourly cost.",
    )
    found = made.roster
    if math.isnan(found.objective):
        st.caption("Edited, or kept: no solver's bound stands behind this roster; hours and service are counted anew.")
        return
    st.caption(
        f"Priced hours {found.objective:,.0f} · proven bound {found.bound:,.0f} · gap {found.gap:.2%} · "
        f"{text.escape(str(found.status))} after {found.seconds:.0f} s",
        help="The optimiser weighs paid, short and over hours and wishes by their prices. No roster under these rules "
        "can cost less than the bound; the gap is how far this one may be from the best.",
    )


def _notes(notes: tuple[str, ...]) -> None:
    """What the figures do not say by themselves; many at once are folded away."""
    for note in notes[:NOTES_SHOWN]:
        st.info(text.escape(note), icon=":material/info:")
    if notes[NOTES_SHOWN:]:
        with st.expander(f"{len(notes) - NOTES_SHOWN} more notes", icon=":material/info:"):
            st.markdown("\n".join(f"- {text.escape(note)}" for note in notes[NOTES_SHOWN:]))


def _coverage(desk: Desk, made: Plan) -> None:
    evaluation = _evaluated(desk, made)
    queues = sorted(evaluation.intervals["queue"].unique())
    queue = st.selectbox("Queue", queues, key="roster-queue") if len(queues) > 1 else queues[0]
    rows = evaluation.intervals[evaluation.intervals["queue"] == queue]
    st.altair_chart(staff.coverage(rows, desk.site), alt="Required and scheduled agents")
    st.caption("Line: agents required on the phone. Area: agents there after breaks and shrinkage.")
    cells = views.net_cells(rows, desk.site)
    st.altair_chart(staff.net_heatmap(cells, list(dict.fromkeys(cells["label"])), ink()), alt="Net staffing")
    st.caption(
        "Net agents: scheduled − required. Red with a minus is too few, blue with a plus too many; blank is less than "
        "half an agent."
    )
    roster_chance.days(made.simulated, queue, desk.site)
    roster_tables.uncovered(evaluation, desk.site)
    roster_tables.promises(made.roster.promises, evaluation, desk.site)
    roster_tables.minimums(made, desk.site)
    with st.expander("Every interval"):
        roster_tables.intervals(rows, desk.site)


def _day(desk: Desk, scenario: Scenario, table: pd.DataFrame) -> None:
    days = views.days_of(desk.week)
    day = st.pills(
        "Day",
        days,
        default=days[0],
        format_func=lambda day: text.short_day(day, desk.site),
        key="roster-day",
        required=True,
    )
    names = views.people(scenario, *_filters(scenario, "day"))
    rows = views.gantt(table[table["agent"].isin(names)], desk.site, day)
    if rows.empty:
        st.info("Nobody works on this day.", icon=":material/bedtime:")
        return
    st.altair_chart(staff.gantt(rows, desk.site), alt="Shifts and breaks of the day")


def _filters(scenario: Scenario, key: str) -> tuple[list[str], list[str]]:
    """Teams and skills chosen; none chosen means all."""
    teams = sorted({agent.team for agent in scenario.agents if agent.team})
    skills = [queue.name for queue in scenario.queues]
    left, right = st.columns(2)
    chosen = [
        place.pills(label, names, selection_mode="multi", format_func=text.escape, key=f"roster-{key}-{label}")
        if len(names) > 1
        else []
        for place, label, names in ((left, "Teams", teams), (right, "Skills", skills))
    ]
    return chosen[0], chosen[1]


def _week(desk: Desk, scenario: Scenario, table: pd.DataFrame) -> None:
    agents = views.people(scenario, *_filters(scenario, "week"))
    grid = views.week_grid(table, desk.site, desk.week, agents)
    st.dataframe(
        grid,
        height="content" if len(grid) <= 25 else 900,
        column_config={"_index": st.column_config.TextColumn("Agent", width="medium", pinned=True)},
    )
    roster_paper.week(grid)


if __name__ == "__main__":
    show(page)
