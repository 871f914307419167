"""Who works when: the roster, what it covers, what it cannot, how fairly it is shared, and its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.charts import staff
from staffing.content import content_hash
from staffing.errors import Cancelled, StaffingError
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import (
    address,
    roster_board,
    roster_chance,
    roster_corrections,
    roster_desk,
    roster_edit,
    roster_figures,
    roster_files,
    roster_leave,
    roster_paper,
    roster_person,
    roster_tables,
    roster_today,
    roster_value,
    roster_why,
    tasks,
    text,
    views,
    waiting,
)
from staffing.ui.jobs import Work
from staffing.ui.messages import ink
from staffing.ui.state import Desk, show

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.planner import Plan

TAB = "roster-tab"


def page(desk: Desk) -> None:
    st.title(said("Roster"))
    st.html(roster_paper.PRINTED)
    st.caption(
        said("The week of {week} for one person.", week=text.week(desk.week, desk.site))
        if len(desk.scenario.agents) == 1
        else said(
            "The week of {week} for {agents} people.",
            week=text.week(desk.week, desk.site),
            agents=text.count(len(desk.scenario.agents)),
        )
    )
    plan = _made(desk)
    work = roster_desk.working(desk, plan)
    roster_figures.show(desk, plan, work)

    def made() -> Plan:
        return roster_desk.as_it_stands(desk, plan, work)

    drawn: dict[str, tuple[str, Callable[[], None]]] = {
        "board": (
            said("Board"),
            lambda: roster_board.tab(desk, plan, work, roster_edit.given(desk, plan, work)),
        ),
        "coverage": (said("Coverage"), lambda: _coverage(desk, made())),
        "day": (said("Day"), lambda: _day(desk, plan.scenario, work.table)),
        "week": (said("Week"), lambda: _week(desk, plan.scenario, work.table)),
        "agent": (said("Agent"), lambda: roster_person.tab(desk, made())),
        "edit": (said("Edit"), lambda: roster_edit.tab(desk, plan, work)),
        "today": (said("Today"), lambda: roster_today.tab(desk, work)),
        "leave": (said("Leave"), lambda: roster_leave.tab(desk)),
        "why": (said("Why"), lambda: roster_why.tab(desk, made())),
        "corrections": (said("Corrections"), lambda: roster_corrections.tab(desk, made(), work)),
        "value": (said("Value"), lambda: roster_value.tab(desk, made())),
        "fairness": (
            said("Fairness"),
            lambda: roster_tables.fairness(roster_figures.evaluated(desk, made()), desk.site),
        ),
        "hand-on": (said("Hand on"), lambda: roster_files.tab(desk, made())),
    }
    opened = address.tabs(TAB, {name: label for name, (label, _) in drawn.items()})
    for tab, (_, draw) in zip(opened, drawn.values(), strict=True):
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
            _reached(desk, key, job.error)
            made: Plan = waiting.outcome(key, job)  # it ended since the plan was looked for
            desk.keep(made)
            return made
        waiting.show_progress(key, said("Making the roster"))
    elif older is None:
        return _opened(desk, key)
    else:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.warning(
            said(
                "The scenario has changed since this roster was made. You see the old roster against the "
                "new requirement."
            ),
            icon=":material/history:",
        )
        with right:
            _make_button(desk, key, said("Make it anew"))
    if older is None:
        st.stop()
    return older


def _reached(desk: Desk, key: str, error: StaffingError | None) -> None:
    """Offer the roster that was complete when the work was stopped."""
    from staffing.roster import Roster

    if not isinstance(error, Cancelled) or not isinstance(error.best, Roster):
        return
    table = error.best.table

    def use() -> None:
        roster_desk.take_up(desk, table)
        waiting.jobs().forget(key)

    st.success(said("A whole roster had been found by then; it is not the best there is."), icon=":material/flag:")
    st.button(said("Use what was reached"), key="roster-reached", on_click=use, type="primary")


def _opened(desk: Desk, key: str) -> Plan:
    """The roster kept for the week: the planner's own work, the draft or what is published. Ends the page without."""
    table = roster_desk.kept_roster(desk)
    if table is None:
        st.info(
            said(
                "No roster yet. It will give every agent shifts that cover the requirement as well as "
                "the rules allow, and say what it cannot cover. It takes at most about {seconds} "
                "seconds; you can go on working and come back.",
                seconds=digits(f"{desk.scenario.solve.seconds:.0f}"),
            ),
            icon=":material/calendar_add_on:",
        )
        _make_button(desk, key, said("Make the roster"))
        st.stop()
    task = partial(tasks.held, desk.source, desk.scenario, table, desk.week)
    opening = Work(task, first=(desk.forecast_work(desk.scenario),))
    made: Plan = waiting.finished(
        f"open-{key}-{content_hash(table)[:16]}",
        said("Opening the roster"),
        opening,
    )
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


def _coverage(desk: Desk, made: Plan) -> None:
    evaluation = roster_figures.evaluated(desk, made)
    queues = sorted(evaluation.intervals["queue"].unique())
    address.stand("roster-queue", queues, queues[0], name="queue")
    queue = st.selectbox(said("Queue"), queues, key="roster-queue") if len(queues) > 1 else queues[0]
    rows = evaluation.intervals[evaluation.intervals["queue"] == queue]
    st.altair_chart(staff.coverage(rows, desk.site), alt=said("Required and scheduled agents"))
    st.caption(said("Line: agents required on the phone. Area: agents there after breaks and shrinkage."))
    cells = views.net_cells(rows, desk.site)
    st.altair_chart(staff.net_heatmap(cells, list(dict.fromkeys(cells["label"])), ink()), alt=said("Net staffing"))
    st.caption(
        said(
            "Net agents: scheduled − required. Red with a minus is too few, blue with a plus too "
            "many; blank is less than half an agent."
        )
    )
    roster_chance.days(made.simulated, queue, desk.site)
    roster_tables.uncovered(evaluation, desk.site)
    roster_tables.promises(made.roster.promises, evaluation, desk.site)
    roster_tables.minimums(made, desk.site)
    with st.expander(said("Every interval")):
        roster_tables.intervals(rows, desk.site)


def _day(desk: Desk, scenario: Scenario, table: pd.DataFrame) -> None:
    days = views.days_of(desk.week)
    address.stand("roster-day", days, days[0], name="day")
    day = st.pills(
        said("Day"),
        days,
        format_func=lambda day: text.day_number(day, desk.site),
        key="roster-day",
        required=True,
    )
    assert day is not None  # it is required
    names = views.people(scenario, *_filters(scenario, "day"))
    rows = views.gantt(table[table["agent"].isin(names)], desk.site, day)
    if rows.empty:
        st.info(said("Nobody works on this day."), icon=":material/bedtime:")
        return
    st.altair_chart(staff.gantt(rows, desk.site), alt=said("Shifts and breaks of the day"))
    if set(rows["activity"]) & {queue.name for queue in scenario.queues}:
        st.caption(said("A shift is spent on its own queue; time on another one has that queue's colour and name."))


def _filters(scenario: Scenario, key: str) -> tuple[list[str], list[str]]:
    """Teams and skills chosen; none chosen means all."""
    teams = sorted({agent.team for agent in scenario.agents if agent.team})
    skills = [queue.name for queue in scenario.queues]
    left, right = st.columns(2)
    chosen = [
        place.pills(label, names, selection_mode="multi", format_func=text.escape, key=f"roster-{key}-{label}")
        if len(names) > 1
        else []
        for place, label, names in ((left, said("Teams"), teams), (right, said("Skills"), skills))
    ]
    return chosen[0], chosen[1]


def _week(desk: Desk, scenario: Scenario, table: pd.DataFrame) -> None:
    agents = views.people(scenario, *_filters(scenario, "week"))
    grid = views.week_grid(table, desk.site, desk.week, agents)
    st.dataframe(
        grid,
        height="content" if len(grid) <= 25 else 900,
        column_config={"_index": st.column_config.TextColumn(said("Agent"), width="medium", pinned=True)},
    )
    roster_paper.week(grid)


if __name__ == "__main__":
    show(page)
