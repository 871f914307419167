"""People: pasted from Excel, typed into a table, or as many as are wanted."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from staffing.domain.calendar import WEEKDAYS, clock_minutes, clock_text
from staffing.domain.workforce import Agent
from staffing.language import digits, ntext
from staffing.language import text as said
from staffing.store.pasted import pasted_people
from staffing.ui import text
from staffing.ui.setting_up.setting import Row, Setting, grid
from staffing.ui.setting_up.words import weekday

FIELDS = ("name", "team", "contract", "skills", "days", "earliest", "latest", "time_off", "senior")
TURNS = {"rotation": object, "rotation_week": float}  # shown where there are rotations
PASTED = "set-up-pasted"


def step(setting: Setting) -> None:
    """How many the workload asks for; a box to paste into; the table of everybody."""
    _asked_for(setting)
    paste, several = st.columns([2, 1], gap="large")
    with paste:
        _paste(setting)
    with several:
        _several(setting)
    _table(setting)


def _asked_for(setting: Setting) -> None:
    from staffing.planner.beginning import people_by_workload

    scenario = setting.scenario
    handle_s = {queue.name: queue.aht_s / queue.concurrency for queue in scenario.queues}
    lost = 1 - (1 - scenario.shrinkage.planned) * (1 - scenario.shrinkage.unplanned)
    hours = max((contract.max_hours for contract in scenario.contracts), default=40.0)
    asked = people_by_workload(setting.history, handle_s, hours, lost=lost) * scenario.volume_factor
    st.info(
        said(
            "The last four weeks' work would keep about {count} people of {hours} hours a week busy; a good service "
            "takes some more.",
            count=digits(text.count(asked)),
            hours=digits(text.count(hours)),
        ),
        icon=":material/groups:",
    )


def _paste(setting: Setting) -> None:
    typed = st.text_area(
        said("Paste rows from Excel"),
        key=PASTED,
        height=110,
        placeholder="Ada Lovelace\tnorth\tfull-time\tvoice; chat\nGrace Hopper\tsouth\tpart-time",
        help=said(
            "Name, team, contract, skills; or any columns under a row of headings. Without a contract: the first one."
        ),
    )
    st.button(
        said("Take these people"),
        icon=":material/content_paste:",
        disabled=not setting.scenario.contracts,
        on_click=setting.press,
        args=(partial(_take, setting, typed), "pasted"),
    )
    setting.fault("pasted")


def _take(setting: Setting, typed: str) -> None:
    people = pasted_people(typed, setting.scenario.contracts[0].name)
    setting.base.change({"agents": [one.model_dump(exclude_unset=True, exclude_none=True) for one in people]})


def _several(setting: Setting) -> None:
    left, right = st.columns(2)
    count = left.number_input(said("People without names"), 1, 300, 20, key="set-up-count")
    names = [contract.name for contract in setting.scenario.contracts]
    contract = right.selectbox(said("Contract"), names, key="set-up-contract")
    st.button(
        said("Add them"),
        icon=":material/group_add:",
        disabled=contract is None,
        on_click=setting.press,
        args=(partial(_add, setting, int(count), str(contract)), "several"),
    )
    setting.fault("several")


def _add(setting: Setting, count: int, contract: str) -> None:
    """So many people, named by number where the names are free."""
    taken = {agent.name for agent in setting.scenario.agents}
    word = said("Agent")
    free = (name for k in range(1, count + len(taken) + 1) if (name := f"{word} {k:02d}") not in taken)
    fresh = [{"name": name, "contract": contract} for name, _ in zip(free, range(count), strict=False)]
    setting.base.change({"agents": fresh})


def _table(setting: Setting) -> None:
    column = st.column_config
    scenario = setting.scenario
    turns = TURNS if scenario.rotations else {}
    frame = pd.DataFrame([_row(agent) for agent in scenario.agents], columns=[*FIELDS, *turns])
    grid(
        setting,
        "people",
        frame.astype({"name": object, "team": object, "contract": object, "senior": bool, **turns}),
        lambda now: setting.replace(agents=[_agent(setting, row) for row in now if "name" in row]),
        {
            "name": column.TextColumn(said("Name"), required=True, width="medium"),
            "team": column.TextColumn(said("Team")),
            "contract": column.SelectboxColumn(said("Contract"), options=[one.name for one in scenario.contracts]),
            "skills": column.MultiselectColumn(
                said("Skills"), options=[queue.name for queue in scenario.queues], help=said("None named: every queue.")
            ),
            "days": column.MultiselectColumn(
                said("Days"), options=list(WEEKDAYS), format_func=weekday, help=said("None named: every day.")
            ),
            "earliest": column.TextColumn(said("Not before")),
            "latest": column.TextColumn(said("Not after")),
            "time_off": column.TextColumn(
                said("Days off"), help=said("2026-12-24, 2026-12-24..2026-12-31 or 2026-12-24 13:00-17:00; with ;")
            ),
            "senior": column.CheckboxColumn(said("Senior"), default=False),
            "rotation": column.SelectboxColumn(
                said("Rotation"),
                options=[one.name for one in scenario.rotations],
                help=said("Empty: that of the team, if it has one."),
            ),
            "rotation_week": column.NumberColumn(
                said("Begins in its week"), min_value=1, step=1, help=said("Empty: the week in which the team begins.")
            ),
        },
    )
    count = len(scenario.agents)
    st.caption(ntext("{shown} person.", "{shown} people.", count, shown=text.count(count)))


def _row(agent: Agent) -> Row:
    from staffing.store.csv_files import cells_of_agent

    plain = cells_of_agent(agent)
    return {
        "name": agent.name,
        "team": agent.team,
        "contract": agent.contract,
        "skills": list(agent.skills),
        "days": [] if agent.days == WEEKDAYS else list(agent.days),
        "earliest": clock_text(agent.earliest) if agent.earliest else "",
        "latest": plain.get("latest", ""),
        "time_off": plain.get("time_off", ""),
        "senior": agent.senior,
        "rotation": agent.rotation or None,
        "rotation_week": None if agent.rotation_week is None else agent.rotation_week + 1,
    }


def _agent(setting: Setting, row: Row) -> Row:
    """The person of a row; what the table does not show stays."""
    before = next((one for one in setting.scenario.agents if one.name == row["name"]), None)
    kept = {} if before is None else before.model_dump(exclude_none=True)
    shown = {*FIELDS, *(TURNS if setting.scenario.rotations else ())}
    told = {name: value for name, value in kept.items() if name not in shown}
    told |= {name: row[name] for name in ("name", "team", "contract", "skills", "days", "senior", "rotation")
             if name in row}  # fmt: skip
    if "rotation_week" in row:
        told["rotation_week"] = int(row["rotation_week"]) - 1
    for name in ("earliest", "latest"):
        if name in row:
            told[name] = _minutes(row[name])
    spans = [span.strip() for span in str(row.get("time_off", "")).split(";") if span.strip()]
    first = setting.scenario.contracts[0].name if setting.scenario.contracts else ""
    return {"contract": first, **told, "time_off": spans}


def _minutes(typed: object) -> int | str:
    try:
        return clock_minutes(str(typed))
    except ValueError:
        return str(typed)
