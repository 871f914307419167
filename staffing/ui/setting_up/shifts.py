"""Contracts and the shift library: templates to start from, each shift with a picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from staffing.charts import shifts as pictures
from staffing.domain.base import Frozen
from staffing.domain.calendar import clock_minutes, clock_text
from staffing.domain.shifts import ShiftTemplate
from staffing.domain.starting import STEP_MIN, contract_kinds, even_breaks, shift_kinds
from staffing.language import text as said
from staffing.ui import text
from staffing.ui.setting_up.setting import Row, Setting, grid

SHIFT_FIELDS = ("name", "first", "last", "hours", "lunch", "breaks", "undesired")
CONTRACT_FIELDS = ("name", "min_hours", "max_hours", "min_days", "max_days", "shifts", "hour_cost")


def step(setting: Setting) -> None:
    """Shifts with their pictures, then contracts, then what can be added with one press."""
    scenario = setting.scenario
    st.subheader(said("Shifts"))
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _shifts(setting)
    with right:
        st.altair_chart(pictures.library(scenario.shifts), alt=said("Shifts with their breaks"))
        st.caption(said("Each kind at its first start: work, paid breaks and lunch. The thin line: its other starts."))
    have = {shift.name for shift in scenario.shifts}
    fresh = [shift for shift in shift_kinds(scenario.site.opening) if shift.name not in have]
    _more(said("Add a shift"), [(shift.name, partial(_add, setting, "shifts", shift)) for shift in fresh], setting)
    st.subheader(said("Contracts"))
    _contracts(setting)
    known = {contract.name for contract in scenario.contracts}
    more = [contract for contract in contract_kinds() if contract.name not in known]
    _more(said("Add a contract"), [(one.name, partial(_add, setting, "contracts", one)) for one in more], setting)


def _add(setting: Setting, field: str, item: Frozen) -> None:
    setting.base.change({field: [item.model_dump(exclude_none=True)]})


def _more(label: str, offers: list[tuple[str, Callable[[], None]]], setting: Setting) -> None:
    if offers:
        places = st.columns(max(4, len(offers)))
        for place, (name, change) in zip(places, offers, strict=False):
            place.button(
                f"{label}: {text.escape(name)}",
                icon=":material/add:",
                key=f"add-{name}",
                on_click=setting.press,
                args=(change, name),
                width="stretch",
            )


def _shifts(setting: Setting) -> None:
    column = st.column_config
    rows = [_row(shift) for shift in setting.scenario.shifts]
    grid(
        setting,
        "shifts",
        pd.DataFrame(rows, columns=list(SHIFT_FIELDS)),
        lambda now: setting.replace(shifts=[_shift(setting, row) for row in now]),
        {
            "name": column.TextColumn(said("Shift"), required=True),
            "first": column.TextColumn(said("First start"), default="08:00"),
            "last": column.TextColumn(said("Last start"), default="09:00"),
            "hours": column.NumberColumn(said("Hours"), default=8.5, help=said("From beginning to end, with breaks.")),
            "lunch": column.NumberColumn(said("Lunch, min"), default=30, help=said("Unpaid.")),
            "breaks": column.NumberColumn(said("Breaks"), default=2, help=said("Paid, a quarter of an hour each.")),
            "undesired": column.CheckboxColumn(
                said("Unloved"), default=False, help=said("Shared out fairly: nights, late ends.")
            ),
        },
    )


def _row(shift: ShiftTemplate) -> Row:
    lunch = sum(rule.minutes for rule in shift.breaks if not rule.paid)
    return {
        "name": shift.name,
        "first": clock_text(shift.first_start),
        "last": clock_text(shift.last_start),
        "hours": shift.length_min / 60,
        "lunch": lunch,
        "breaks": sum(rule.paid for rule in shift.breaks),
        "undesired": shift.undesired,
    }


def _shift(setting: Setting, row: Row) -> Row:
    """The shift of a row; what the table does not show, and breaks that it leaves alone, stay as they were."""
    before = next((one for one in setting.scenario.shifts if one.name == row.get("name")), None)
    length = round(float(row.get("hours", 8)) * 60)
    kept = {"step_min": STEP_MIN} if before is None else before.model_dump(exclude_none=True)
    told = {
        "name": row.get("name", ""),
        "length_min": length,
        "first_start": _clock(row.get("first", "08:00")),
        "last_start": _clock(row.get("last", row.get("first", "08:00"))),
        "undesired": bool(row.get("undesired", False)),
    }
    same = before is not None and all(_row(before)[name] == row.get(name) for name in ("hours", "lunch", "breaks"))
    if not same:
        rules = even_breaks(length, int(row.get("lunch", 0)), int(row.get("breaks", 0)))
        told["breaks"] = [rule.model_dump() for rule in rules]
    return {**kept, **told}


def _clock(typed: object) -> int | str:
    """Minutes after midnight; what is no time is left for the scenario to refuse."""
    try:
        return clock_minutes(str(typed))
    except ValueError:
        return str(typed)


def _contracts(setting: Setting) -> None:
    column = st.column_config
    number = column.NumberColumn
    rows = [
        {name: getattr(one, name) for name in CONTRACT_FIELDS} | {"shifts": list(one.shifts)}
        for one in setting.scenario.contracts
    ]
    frame = pd.DataFrame(rows, columns=list(CONTRACT_FIELDS)).astype({"hour_cost": float})
    grid(
        setting,
        "contracts",
        frame,
        lambda now: setting.replace(contracts=[_contract(setting, row) for row in now]),
        {
            "name": column.TextColumn(said("Contract"), required=True),
            "min_hours": number(said("Hours a week, least"), default=32.0, help=said("Paid.")),
            "max_hours": number(said("Hours a week, most"), default=40.0, help=said("Paid.")),
            "min_days": number(said("Days a week, least"), default=4),
            "max_days": number(said("Days a week, most"), default=5),
            "shifts": column.MultiselectColumn(
                said("Shifts"),
                options=[shift.name for shift in setting.scenario.shifts],
                help=said("Those it allows; none named: all."),
            ),
            "hour_cost": number(said("An hour costs"), help=said("Empty: the price of the prices' step.")),
        },
    )


def _contract(setting: Setting, row: Row) -> Row:
    before = next((one for one in setting.scenario.contracts if one.name == row.get("name")), None)
    kept = {} if before is None else before.model_dump(exclude_none=True)
    shown = {name: int(value) if name in ("min_days", "max_days") else value for name, value in row.items()}
    return {**{name: value for name, value in kept.items() if name not in CONTRACT_FIELDS}, **shown}
