"""Scenarios side by side: the same week, the same people, what differs in hours, money, waits and risk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.charts import staff
from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.export import roster_xlsx_bytes
from staffing.language import digits, heard
from staffing.language import text as said
from staffing.ui import drafts, tasks, text, views, waiting
from staffing.ui.drafts import changes
from staffing.ui.jobs import Work
from staffing.ui.roster_files import KINDS
from staffing.ui.state import Desk, show

if TYPE_CHECKING:
    from staffing.evaluation import Comparison
    from staffing.planner import Plan

DRAFT = ".draft"
CHOSEN = "compare"  # of the session and the address: the scenarios that are compared


def page(desk: Desk) -> None:
    st.title(said("Compare"))
    st.caption(
        said("The week of {week} under several scenarios. The first is the base.", week=text.week(desk.week, desk.site))
    )
    chosen = _choose(desk)
    if len(chosen) < 2:
        st.info(
            said(
                "Choose at least two scenarios. To make one, change something on Events, Forecast or "
                "Staffing and compare your draft with the scenario as saved, or press Duplicate in the "
                "sidebar."
            ),
            icon=":material/balance:",
        )
        return
    made = _planned(desk, chosen)
    from staffing.evaluation import compare

    comparison = compare(made)
    for note in comparison.notes:
        st.warning(text.escape(heard(note, desk.site)), icon=":material/warning:")
    table, days, differs, files = st.tabs([said("Figures"), said("Day by day"), said("What differs"), said("Download")])
    with table:
        _figures(comparison)
        _risk(desk, made)
    with days:
        _days(desk, comparison, made)
    with differs:
        _differs(made)
    with files:
        _files(made)


def _choose(desk: Desk) -> list[Scenario]:
    """The scenarios ticked; a changed draft stands beside its saved self under its own name."""
    offered: dict[str, Scenario] = {}
    for name in desk.workspace.scenario_names:
        draft = drafts.draft_of(desk.workspace, name)
        offered[name] = draft.saved
        if draft.changed:
            offered[name + DRAFT] = draft.current.model_copy(update={"name": name + DRAFT})
    wished = [name for name in (desk.name, desk.name + DRAFT) if name in offered]
    default = list(dict.fromkeys(["base", *wished, *offered]))[: max(2, len({"base", *wished}))]
    asked = st.session_state.get(CHOSEN) or st.query_params.get_all(CHOSEN)
    st.session_state[CHOSEN] = [name for name in asked if name in offered] or default
    names = st.multiselect(
        said("Scenarios"),
        list(offered),
        key=CHOSEN,
        placeholder=said("Choose scenarios"),
        format_func=lambda name: (
            said("{name} · my draft", name=name.removesuffix(DRAFT)) if name.endswith(DRAFT) else name
        ),
        help=said("As many as you like; differences are to the first one."),
    )
    st.query_params[CHOSEN] = names
    return [offered[name] for name in names]


def _planned(desk: Desk, scenarios: list[Scenario]) -> list[Plan]:
    """Plans of all scenarios, from this session or made now in one job; ends the page until they are there."""
    found = [desk.plan(scenario) for scenario in scenarios]
    if None not in found:
        return [plan for plan in found if plan is not None]
    key = "compare-" + content_hash(*(desk.plan_key(scenario) for scenario in scenarios))
    job = waiting.jobs().find(key)
    if job is None:
        missing = found.count(None)
        st.caption(
            said(
                "{missing} of {found} still need a roster, at most about {seconds} s each. You can go on "
                "working meanwhile.",
                missing=digits(str(missing)),
                found=digits(str(len(found))),
                seconds=digits(f"{scenarios[0].solve.seconds:.0f}"),
            )
        )
        st.button(
            said("Plan and compare"),
            type="primary",
            icon=":material/play_arrow:",
            on_click=waiting.begin,
            args=(key, _plan_all(desk, scenarios)),
        )
        return st.stop()
    made: list[Plan] = waiting.finished(key, said("Planning the scenarios"), _plan_all(desk, scenarios))
    for plan in made:
        desk.keep(plan)
    return made


def _plan_all(desk: Desk, scenarios: list[Scenario]) -> Work:
    return desk.plans_work(scenarios, partial(tasks.plans, desk.source, scenarios, desk.week))


def _figures(comparison: Comparison) -> None:
    definitions = comparison.table.drop_duplicates("measure")["definition"]
    header = ["", *comparison.text_header()]
    rows = pd.DataFrame(comparison.text_rows())
    rows[said("what it is")] = definitions.to_numpy()
    columns = {
        str(k): st.column_config.TextColumn(head, width="small", alignment="right") for k, head in enumerate(header)
    }
    columns["0"] = st.column_config.TextColumn(said("Measure"), width=130, pinned=True)
    columns[said("what it is")] = st.column_config.TextColumn(said("What it is"), width="large")
    rows.columns = [str(name) for name in rows.columns]
    st.dataframe(rows, hide_index=True, height="content", column_config=columns)
    st.caption(
        said("Week totals, all queues. A difference in shares is in percentage points. “Undefined”: no contacts.")
    )


def _risk(desk: Desk, made: list[Plan]) -> None:
    """How much the forecast itself may be off, beside what the scenarios differ by."""
    from staffing.evaluation.outlook import volume_range

    rows = []
    for plan in made:
        low, high = volume_range(plan.forecast.paths)
        rows.append(
            {
                "scenario": plan.scenario.name,
                "expected": round(plan.forecast.table["calls"].sum()),
                "low": round(low),
                "high": round(high),
                "short": int((plan.evaluation.intervals["net"] < -0.5).sum()),
                "worst": plan.evaluation.intervals["net"].min(),
                "expected_service": 100 * plan.simulated.total["service_level"],
                "day_holds": 100 * plan.simulated.total["p_day_meets_target"],
                "week_holds": 100 * plan.simulated.total["p_week_meets_target"],
            }
        )
    st.subheader(
        said("Risk"), help=said("From the sample paths of the forecast: eight weeks in ten lie between low and high.")
    )
    share = said("By simulation of {runs} weeks, contact by contact.", runs=made[0].simulated.runs)
    number = st.column_config.NumberColumn
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "scenario": said("Scenario"),
            "expected": number(said("Contacts expected"), format="localized"),
            "low": number(said("Low (p10)"), format="localized", help=said("One week in ten it should be fewer.")),
            "high": number(said("High (p90)"), format="localized", help=said("One week in ten it should be more.")),
            "short": number(said("Intervals short"), help=said("With at least half an agent fewer than required.")),
            "worst": number(said("Worst interval"), format="%+.1f", help=said("Scheduled − required, agents.")),
            "expected_service": number(said("Expected service"), format="%.1f %%", help=share),
            "day_holds": number(said("Days that hold"), format="%.0f %%", help=share),
            "week_holds": number(said("Week holds"), format="%.0f %%", help=share),
        },
    )


def _days(desk: Desk, comparison: Comparison, made: list[Plan]) -> None:
    from staffing.evaluation import ALL_QUEUES, MEASURES

    name = st.selectbox(said("Measure"), list(MEASURES), 2, format_func=lambda name: MEASURES[name].label)
    rows = comparison.table[
        (comparison.table["level"] == "day")
        & (comparison.table["measure"] == name)
        & (comparison.table["queue"] == ALL_QUEUES)
    ]
    labels = [text.short_day(day, desk.site) for day in rows["day"]]
    days = [text.short_day(day, desk.site) for day in views.days_of(desk.week)]
    chart = staff.measure_by_day(rows.assign(label=labels), days, MEASURES[name].label, MEASURES[name].unit == "share")
    st.altair_chart(chart, alt=said("One measure, day by day"))
    unit = "" if MEASURES[name].unit == "share" else f", {text.escape(rows['unit'].iloc[0])}"
    st.caption(f"{text.escape(rows['definition'].iloc[0])}{unit}.")
    queues = sorted(made[0].evaluation.intervals["queue"].unique())
    queue = st.selectbox(said("Net staffing of"), queues, key="compare-queue") if len(queues) > 1 else queues[0]
    nets = pd.concat(
        plan.evaluation.intervals.loc[plan.evaluation.intervals["queue"] == queue, ["start", "net"]].assign(
            scenario=plan.scenario.name
        )
        for plan in made
    )
    st.altair_chart(staff.net_lines(nets, desk.site), alt=said("Net staffing by interval"))


def _differs(made: list[Plan]) -> None:
    base = made[0].scenario
    rows = [
        {"scenario": plan.scenario.name, "what": what, base.name: before, "there": after}
        for plan in made[1:]
        for what, before, after in changes(base, plan.scenario)
    ]
    if not rows:
        st.info(said("These scenarios are the same but for their names."), icon=":material/info:")
        return
    config = st.column_config.TextColumn
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "scenario": said("Scenario"),
            "what": config(said("What"), width="large"),
            base.name: config(said("In {name}", name=base.name), width="medium"),
            "there": config(said("There"), width="medium"),
        },
    )


def _files(made: list[Plan]) -> None:
    st.markdown(said("The roster of each scenario as a workbook."))
    for plan in made:
        st.download_button(
            f"{text.escape(plan.scenario.name)}.xlsx",
            partial(roster_xlsx_bytes, plan),
            f"roster-{plan.scenario.name}-{plan.start:%Y-%m-%d}.xlsx",
            KINDS[".xlsx"][2],
            key=f"download-{plan.scenario.name}",
            icon=":material/table_view:",
            on_click="ignore",
        )


if __name__ == "__main__":
    show(page)
